"""Runs a network batch by batch and writes what its layers give."""

from __future__ import annotations

import hashlib
import re
import time
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from redescribe.capture.joining import SHARD
from redescribe.capture.layers import REGEX, choose_layers, listed
from redescribe.capture.passes import Passed, Sent, passed_elsewhere
from redescribe.capture.plan import CapturePlan
from redescribe.capture.reading import LayerReader
from redescribe.capture.reduce import Reducer
from redescribe.core.entities import EntityIndex
from redescribe.errors import CaptureError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from redescribe.capture.batches import Batch, Inputs
    from redescribe.capture.layers import Choice
    from redescribe.capture.network import Network
    from redescribe.capture.params import CaptureParams
    from redescribe.capture.passes import Passes
    from redescribe.capture.sinks import ActivationOutput
    from redescribe.core.protocols import ActivationSink, Executor, Progress
    from redescribe.executors.shards import Shard

    Announce = Callable[[CapturePlan], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """One capture: which network, what of it, for which entities, and where to.

    Attributes
    ----------
    network, choices, params
        What is captured.
    inputs, entities
        Of what. With the reducer `each`, every token becomes an entity and its text the
        group.
    output, dtype, model_name
        Where to, and how it is called.
    executor
        Runs batches in other processes; None: they run in this one.
    shard
        Of which shard these inputs are; None: of none.
    announce
        Hears the plan, after the first batch and before anything is written.
    progress
        Hears how many entities are done.
    """

    network: Network
    choices: Choice | Sequence[Choice]
    params: CaptureParams
    inputs: Inputs
    entities: EntityIndex
    output: ActivationOutput
    dtype: str
    model_name: str
    executor: Executor | None = None
    shard: Shard | None = None
    announce: Announce | None = None
    progress: Progress | None = None

    def run(self) -> CapturePlan:
        """Run all batches; return what was planned and captured.

        Raises
        ------
        RedescribeError
            If there is no such layer, too little room, or an activation that is none.
        """
        network, params = self.network, self.params
        wanted = choose_layers(network.layers, self.choices)
        reader = LayerReader(network.layers, wanted, params)
        layers = tuple(dict.fromkeys(layer.layer for layer in wanted))
        with network.running(layers, params.side) as forward:
            batches = self.inputs.batches(params.batch_size)
            first = next(batches, None)
            if first is None:
                em = "The inputs are empty: there is no batch to capture."
                raise CaptureError(em)
            started = time.perf_counter()
            values = reader.read(forward, first)
            seconds = time.perf_counter() - started
            sizes = _Sizes(len(values) // len(first), each=Reducer.EACH in params.reduce)
            entities = self._entities(sizes)
            plan = CapturePlan(
                tuple(block.units for block in reader.blocks),
                len(entities),
                self.dtype,
                network.device,
                seconds * len(entities) / len(values),
            )
            plan.check_room(self.output.room())
            if self.announce is not None:
                self.announce(plan)
            rest = chain([first], batches)

            def passed_here(todo: Iterable[Sent]) -> Iterator[Passed]:
                for sent in todo:
                    is_first = sent.batch is first
                    yield Passed(
                        sent, values if is_first else reader.read(forward, sent.batch)
                    )

            if self.executor is None:
                self._write(plan, entities, rest, sizes=sizes, passes=passed_here)
                return plan
        # No hook of ours is left on the network that is sent.
        passes = partial(
            passed_elsewhere,
            executor=self.executor,
            network=network,
            reader=reader,
            layers=layers,
            side=params.side,
            plan=plan,
        )
        self._write(plan, entities, rest, sizes=sizes, passes=passes)
        return plan

    def _write(
        self,
        plan: CapturePlan,
        entities: EntityIndex,
        batches: Iterable[Batch],
        *,
        sizes: _Sizes,
        passes: Passes,
    ) -> None:
        details = self._details() if self.output.permanent else {}
        writer = self.output.writer(
            plan.layers,
            entities,
            dtype=self.dtype,
            model_name=self.model_name,
            details=details,
        )
        with _stage(self.progress, len(entities)) as advance, writer as sink:
            if sink.n_kept:
                advance(sink.n_kept)
            for sent, values in passes(self._left(batches, sink, sizes, len(entities))):
                sink.write(values, inputs=sent.inputs)
                advance(sent.n_entities)

    def _left(
        self, batches: Iterable[Batch], sink: ActivationSink, sizes: _Sizes, n_entities: int
    ) -> Iterator[Sent]:
        """The batches that were not written before; all inputs are checked on the way."""
        digest = _Digest(active=self.output.permanent)
        n_kept, inputs_kept = sink.n_kept, sink.inputs_kept
        n_seen = 0
        for batch in batches:
            digest.update(batch)
            before, n_seen = n_seen, n_seen + sizes.of(batch)
            if n_seen > n_entities:
                break
            if n_seen > n_kept and before >= n_kept:
                yield Sent(batch, n_seen - before, digest.text)
            elif n_seen >= n_kept and digest.text != inputs_kept:
                em = (
                    f"The inputs are not those of the interrupted capture to "
                    f"{self.output.room().place}. Give the same inputs in the same "
                    "batches, or capture to another folder."
                )
                raise CaptureError(em)
        _check_count(n_seen, n_entities)

    def _entities(self, sizes: _Sizes) -> EntityIndex:
        if not sizes.each:
            return self.entities
        if not self.inputs.repeatable:
            em = (
                "reduce='each' counts the tokens of all inputs before it captures them. "
                "Give a list of batches or a DataLoader, not a generator."
            )
            raise CaptureError(em)
        positions = [
            row
            for batch in self.inputs.batches(self.params.batch_size)
            for row in sizes.positions(batch)
        ]
        _check_count(len(positions), len(self.entities))
        texts = self.entities.ids
        groups = self.entities.groups or texts
        return EntityIndex(
            tuple(f"{texts[i]}#{p}" for i, row in enumerate(positions) for p in row),
            tuple(groups[i] for i, row in enumerate(positions) for _ in row),
        )

    def _details(self) -> dict[str, Any]:
        """What decides about the values, as JSON."""
        params = self.params
        shard = {} if self.shard is None else {SHARD: str(self.shard)}
        return shard | {
            "framework": self.network.framework,
            "model_fingerprint": self.network.fingerprint(),
            "layers": [_text_of(choice) for choice in listed(self.choices)],
            "reduce": [reducer.value for reducer in params.reduce],
            "side": params.side.value,
            "item": params.item,
            "units": params.units.value,
            "neurons": params.neurons,
            "seed": params.seed,
            "batch_size": params.batch_size,
        }


@dataclass(frozen=True, slots=True)
class _Sizes:
    """How many entities a batch has: its rows or, with `each`, its tokens that count."""

    n_positions: int
    each: bool

    def of(self, batch: Batch) -> int:
        if not self.each:
            return len(batch)
        if batch.tokens is None:
            return len(batch) * self.n_positions
        return int(batch.tokens.counted.sum())

    def positions(self, batch: Batch) -> list[Sequence[int]]:
        """The positions of the tokens of each row that count."""
        if batch.tokens is None:
            return [range(self.n_positions)] * len(batch)
        return [np.flatnonzero(row).tolist() for row in batch.tokens.counted]


class _Digest:
    """A running hash of the inputs."""

    def __init__(self, *, active: bool) -> None:
        self._hash = hashlib.sha256() if active else None

    @property
    def text(self) -> str:
        return self._hash.hexdigest() if self._hash is not None else ""

    def update(self, batch: Batch) -> None:
        if self._hash is None:
            return
        for name, array in batch.arrays():
            self._hash.update(f"{name} {array.dtype.str} {array.shape}".encode())
            self._hash.update(np.ascontiguousarray(array).tobytes())


def _text_of(choice: Choice) -> str:
    if isinstance(choice, str):
        return choice
    if isinstance(choice, re.Pattern):
        return f"{REGEX}{choice.pattern}"
    return f"function {getattr(choice, '__name__', type(choice).__name__)}"


def _check_count(n_seen: int, n_entities: int) -> None:
    if n_seen != n_entities:
        had = f"more than {n_entities}" if n_seen > n_entities else f"only {n_seen}"
        em = (
            f"The inputs had {had} entities; {n_entities} were announced. Give the ids of "
            "all entities that the inputs yield, in their order."
        )
        raise CaptureError(em)


@contextmanager
def _stage(progress: Progress | None, total: int) -> Iterator[Callable[[int], None]]:
    if progress is None:
        yield lambda _steps: None
        return
    with progress.stage("capture", total) as advance:
        yield advance
