"""One forward pass -> the reduced values of each layer that is wanted."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from redescribe.capture.outputs import tensor_of
from redescribe.capture.reduce import (
    FLATTEN_LIMIT,
    Reducer,
    UnitsAxis,
    reduce_positions,
    to_float32,
)
from redescribe.core.captured import LayerUnits
from redescribe.errors import CaptureError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from redescribe._typing import Values
    from redescribe.capture.batches import Batch
    from redescribe.capture.layers import WantedLayer
    from redescribe.capture.network import Forward, KnownLayer
    from redescribe.capture.params import CaptureParams

_SAMPLING = 7
"""First part of the spawn key of the samples of units."""


@dataclass(frozen=True, slots=True)
class Block:
    """The units of one call of a layer under one reducer."""

    layer: str
    call: int
    units: LayerUnits

    @property
    def reducer(self) -> str:
        """Empty where the layer has one value per unit."""
        return self.units.reducer


@dataclass(slots=True)
class Calls:
    """What the layers gave in one pass: by layer and call, then by reducer."""

    values: dict[tuple[str, int], dict[str, Values]] = field(default_factory=dict)
    n_calls: dict[str, int] = field(default_factory=dict)


class LayerReader:
    """Reads the wanted layers in every pass; after the first one it knows their units.

    Parameters
    ----------
    known
        The layers of the network.
    wanted
        Those that are captured.
    params
        What is captured of them.
    """

    def __init__(
        self,
        known: Mapping[str, KnownLayer],
        wanted: Sequence[WantedLayer],
        params: CaptureParams,
    ) -> None:
        self._known, self._wanted, self._params = known, wanted, params
        self._first: Calls | None = None
        self.blocks: tuple[Block, ...] = ()

    def read(self, forward: Forward, batch: Batch) -> Values:
        """Run one batch and return the values of all units side by side.

        Returns
        -------
        values
            float32, shape (n_entities, n_units) in the order of `blocks`; all finite. With
            `each`, one row per token.

        Raises
        ------
        CaptureError
            If a layer does not run as often as in the first pass, or its values are not
            what can be captured.
        """
        calls = Calls()

        def take(layer: str, value: Any) -> None:  # noqa: ANN401 - what a layer gives
            call = calls.n_calls.get(layer, 0) + 1
            calls.n_calls[layer] = call
            if self._first is None or (layer, call) in self._first.values:
                calls.values[layer, call] = self._reduced(layer, value, batch)

        if batch.tokens is not None and Reducer.EACH not in self._params.reduce:
            batch.tokens.check_counted(batch=batch.number)
        forward(batch, take)
        if self._first is None:
            self.blocks = self._chosen(calls)
            kept = [(block.layer, block.call) for block in self.blocks]
            self._first = Calls({call: {} for call in kept}, calls.n_calls)
        self._check_calls(calls, batch)
        return np.concatenate([_of_block(b, calls, batch) for b in self.blocks], axis=1)

    def _reduced(self, layer: str, value: object, batch: Batch) -> dict[str, Values]:
        tensor = tensor_of(value, self._params.item, layer=layer)
        shape = tuple(tensor.shape)
        if not shape or shape[0] != len(batch):
            hint = (
                " The entities come second there: build it with batch_first=True."
                if len(shape) > 2 and shape[1] == len(batch)
                else ""
            )
            em = (
                f"Layer {layer!r} gives shape {shape} for a batch of {len(batch)}; the "
                f"first dimension has to be the entities.{hint}"
            )
            raise CaptureError(em)
        reducers = self._params.reduce
        if len(shape) <= 2:
            if Reducer.EACH in reducers:
                em = (
                    f"Layer {layer!r} gives shape {shape}, which has no tokens for "
                    "reduce='each'. Capture it apart."
                )
                raise CaptureError(em)
            return {"": to_float32(tensor.reshape(shape[0], -1))}
        first = self.units_first(layer, len(shape))
        if not reducers:
            suggested = suggested_reducer(len(shape), units_first=first)
            em = (
                f"Layer {layer!r} gives shape {shape} for a batch of {len(batch)}. Say "
                f"what its positions become: reduce={suggested.value!r} (suggested), or "
                f"one of {', '.join(Reducer)}."
            )
            raise CaptureError(em)
        return {
            reducer.value: reduce_positions(
                tensor, reducer, units_first=first, tokens=batch.tokens, layer=layer
            )
            for reducer in reducers
        }

    def units_first(self, layer: str, n_dims: int) -> bool:
        """Return whether the units of a layer stand before its positions."""
        asked = self._params.units
        if asked is not UnitsAxis.AUTO:
            return asked is UnitsAxis.FIRST
        return self._known[layer].units_first[0 if n_dims == 3 else 1]

    def _chosen(self, calls: Calls) -> tuple[Block, ...]:
        chosen: dict[tuple[str, int], str] = {}
        for wanted in self._wanted:
            n_calls = calls.n_calls.get(wanted.layer, 0)
            for call in _calls_of(wanted, n_calls):
                name = wanted.layer if n_calls == 1 else f"{wanted.layer}#{call}"
                chosen[wanted.layer, call] = name
        if not chosen:
            em = (
                "None of the layers that match runs in the forward pass: "
                f"{', '.join(repr(w.layer) for w in self._wanted[:12])}."
            )
            raise CaptureError(em)
        return tuple(
            Block(layer, call, self._units(name, values.shape[1], reducer))
            for (layer, call), name in chosen.items()
            for reducer, values in calls.values[layer, call].items()
        )

    def _units(self, name: str, n_units: int, reducer: str) -> LayerUnits:
        units = sampled_units(name, n_units, self._params.n_sampled, self._params.seed)
        if reducer == Reducer.FLATTEN and len(units) > FLATTEN_LIMIT:
            em = (
                f"reduce='flatten' makes {n_units:,} units of layer {name!r}; "
                f"{FLATTEN_LIMIT:,} is the limit. Draw some of them (neurons=64), or use "
                "max or mean."
            )
            raise CaptureError(em)
        return LayerUnits(name, units, n_units, reducer)

    def _check_calls(self, calls: Calls, batch: Batch) -> None:
        first = self._first.n_calls if self._first is not None else {}
        for block in self.blocks:
            before, now = first.get(block.layer, 0), calls.n_calls.get(block.layer, 0)
            if before != now:
                em = (
                    f"Layer {block.layer!r} ran {before} times in the first batch and "
                    f"{now} times in batch {batch.number}; its calls cannot be told apart."
                )
                raise CaptureError(em)


def sampled_units(
    layer: str, n_units: int, n_sampled: int | None, seed: int
) -> Sequence[int]:
    """Return the units of a layer that are captured, ascending.

    The draw depends on the layer's name and the seed, not on what else is captured.

    >>> sampled_units("fc", 5, None, 0), sampled_units("fc", 5, 9, 0)
    (range(0, 5), range(0, 5))
    >>> len(sampled_units("fc", 100, 3, 0))
    3
    """
    if n_sampled is None or n_sampled >= n_units:
        return range(n_units)
    name = int.from_bytes(hashlib.sha256(layer.encode()).digest()[:8], "little")
    sequence = np.random.SeedSequence(seed, spawn_key=(_SAMPLING, name))
    drawn = np.random.default_rng(sequence).choice(n_units, n_sampled, replace=False)
    return tuple(np.sort(drawn).tolist())


def suggested_reducer(n_dims: int, *, units_first: bool) -> Reducer:
    """Return what is usual: the maximum of a map, the mean of tokens."""
    return Reducer.MAX if n_dims > 3 or units_first else Reducer.MEAN


def _calls_of(wanted: WantedLayer, n_calls: int) -> Sequence[int]:
    if not wanted.named:
        return range(1, n_calls + 1)
    if n_calls == 0:
        em = (
            f"Layer {wanted.layer!r} does not run in the forward pass. Choose one that "
            "does."
        )
        raise CaptureError(em)
    if wanted.call > n_calls or (wanted.call == 0 and n_calls > 1):
        names = " or ".join(repr(f"{wanted.layer}#{c}") for c in range(1, n_calls + 1)[:3])
        em = (
            f"Layer {wanted.layer!r} runs {n_calls} times in a forward pass. Name the call "
            f"that is meant: {names}{', …' if n_calls > 3 else ''}."
        )
        raise CaptureError(em)
    return [wanted.call or 1]


def _of_block(block: Block, calls: Calls, batch: Batch) -> Values:
    found = calls.values[block.layer, block.call].get(block.reducer)
    if found is None or found.shape[1] != block.units.n_units:
        shapes = {n: v.shape for n, v in calls.values[block.layer, block.call].items()}
        em = (
            f"Layer {block.units.name!r} had {block.units.n_units} units in the first "
            f"batch and now, in batch {batch.number}, values of shape "
            f"{', '.join(map(str, shapes.values()))}. Give all inputs one size."
        )
        raise CaptureError(em)
    whole = isinstance(block.units.units, range)
    values: Values = found if whole else found[:, list(block.units.units)]
    n_bad = int(values.size - np.isfinite(values).sum())
    if n_bad:
        em = (
            f"Layer {block.units.name!r} has {n_bad} activations that are NaN or infinite "
            f"in batch {batch.number}. Check the inputs of that batch and the model."
        )
        raise CaptureError(em)
    return values
