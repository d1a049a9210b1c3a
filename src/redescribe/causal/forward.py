"""A network and its inputs, ready to run on some of the entities."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from redescribe._lazy import require
from redescribe.capture.modes import in_evaluation_mode, moved_to
from redescribe.causal.layers import reduced, tensor_hooked, units_first
from redescribe.errors import CaptureError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    import torch
    from torch import Tensor
    from torch.nn import Module

    from redescribe._typing import Floats, Ints
    from redescribe.causal.interventions import Units

_LISTED = (tuple, list)


@dataclass(frozen=True, slots=True, eq=False)
class Forward:
    """A network and its inputs; made by `running`.

    Attributes
    ----------
    model
        In evaluation mode, without gradients.
    inputs
        One tensor or array, or several by the names of the model's arguments; one row per
        entity.
    batch_size
        Entities per forward pass.
    """

    model: Module
    inputs: Mapping[str, Any]
    batch_size: int

    def __len__(self) -> int:
        return len(next(iter(self.inputs.values())))

    def outputs(
        self, positions: Ints, change: AbstractContextManager[None] | None = None
    ) -> Floats:
        """Return what the network gives for some entities, shape (n, n_outputs).

        Parameters
        ----------
        positions
            Of the entities.
        change
            An intervention to run under.

        Raises
        ------
        CaptureError
            If the network gives no vector, or a number that is not finite.
        """
        with change if change is not None else nullcontext():
            rows = [_vector(self._run(some)) for some in self._batches(positions)]
        whole: Floats = np.concatenate(rows)
        n_bad = int(whole.size - np.isfinite(whole).sum())
        if n_bad:
            em = (
                f"The network gives {n_bad} outputs that are NaN or infinite. Check inputs."
            )
            raise CaptureError(em)
        return whole

    def activations(self, positions: Ints, at: Units) -> Tensor:
        """Return raw activations of some units, shape (n, n_units, …positions), on the CPU.

        Raises
        ------
        CaptureError
            If the layer does not run, or its positions differ from batch to batch.
        """
        torch = require("torch", extra="torch", purpose="Interventions on networks")
        kept = self._recorded(positions, at, lambda value: value.cpu())
        shapes = {tuple(one.shape[2:]) for one in kept}
        if len(shapes) > 1:
            em = (
                f"Layer {at.layer!r} has other positions in other batches: "
                f"{sorted(shapes)}. Pad the inputs to one size, or use zero or mean."
            )
            raise CaptureError(em)
        whole: Tensor = torch.cat(kept)
        return whole

    def values(self, positions: Ints, at: Units) -> Floats:
        """Return one value per entity and unit, by the reducer, shape (n, n_units).

        Raises
        ------
        CaptureError
            If the layer does not run, or has several positions and no reducer is named.
        """

        def value_of_each(value: Tensor) -> Tensor:
            units = value.reshape(value.shape[0] * value.shape[1], *value.shape[2:])
            return reduced(units, at.reducer).reshape(value.shape[:2]).cpu()

        kept = self._recorded(positions, at, value_of_each)
        return np.concatenate([one.numpy().astype(np.float64) for one in kept])

    def _recorded(
        self, positions: Ints, at: Units, keep: Callable[[Tensor], Tensor]
    ) -> list[Tensor]:
        kept: list[Tensor] = []

        def record(module: Module, value: Tensor) -> None:
            units = units_first(module, value, at.layer, at.units)[:, list(at.units)]
            kept.append(keep(units.detach().float()))

        with tensor_hooked(self.model, at.layer, at.side, record):
            for some in self._batches(positions):
                n_kept = len(kept)
                self._run(some)
                if len(kept) == n_kept:
                    em = f"Layer {at.layer!r} does not run in the forward pass."
                    raise CaptureError(em)
        return kept

    def with_inputs(self, inputs: Any) -> Forward:  # noqa: ANN401 - array-like
        """Return the same network with other inputs."""
        return Forward(self.model, _by_name(inputs), self.batch_size)

    def _batches(self, positions: Ints) -> Iterator[Ints]:
        for start in range(0, len(positions), self.batch_size):
            yield positions[start : start + self.batch_size]

    def _run(self, positions: Ints) -> Any:  # noqa: ANN401 - whatever it gives
        like = next(self.model.parameters(), None)
        named = {
            name: _tensor(value, positions, like) for name, value in self.inputs.items()
        }
        first = named.pop("", None)
        return self.model(**named) if first is None else self.model(first, **named)


@contextmanager
def running(
    model: Module,
    inputs: Any,  # noqa: ANN401 - array-like, by name, or batches
    *,
    batch_size: int,
    device: torch.device | str | None = None,
) -> Iterator[Forward]:
    """Prepare a network and its inputs; modes and device are restored on every way out.

    Parameters
    ----------
    model
        A `torch.nn.Module` whose output is a tensor of shape (batch, outputs) or (batch,);
        of a tuple the first, of an object with `logits` these.
    inputs
        A tensor or array, one row per entity; several by the names of the model's
        arguments; or batches of these, such as a DataLoader that does not shuffle (of a
        batch that is a tuple or list, the first element).
    batch_size
        Entities per forward pass.
    device
        Where the model runs meanwhile; None is where it is.

    Raises
    ------
    CaptureError
        If the model is none of PyTorch, or the inputs are empty or of different lengths.
    """
    torch = require("torch", extra="torch", purpose="Interventions on networks")
    if not isinstance(model, torch.nn.Module):
        em = (
            f"The model is a {type(model).__name__}. Causal checks change PyTorch models: "
            "give a torch.nn.Module."
        )
        raise CaptureError(em)
    with ExitStack() as stack:
        stack.enter_context(torch.no_grad())
        stack.enter_context(in_evaluation_mode(model))
        stack.enter_context(moved_to(model, device))
        yield Forward(model, _by_name(inputs), batch_size)


def _by_name(inputs: Any) -> dict[str, Any]:  # noqa: ANN401 - array-like or batches
    """The inputs by name; the one that is positional is called by the empty name."""
    if isinstance(inputs, Mapping):
        named = dict(inputs)
    elif getattr(inputs, "shape", ()):
        named = {"": inputs if hasattr(inputs, "detach") else np.asarray(inputs)}
    else:
        named = _joined(inputs)
    lengths = {len(value) for value in named.values()}
    if len(lengths) != 1 or lengths == {0}:
        em = (
            f"The inputs have {sorted(lengths) or 'no'} rows. Give one array, or several "
            "by name, with one row per entity."
        )
        raise CaptureError(em)
    return named


def _joined(batches: Any) -> dict[str, Any]:  # noqa: ANN401 - an iterable of batches
    """Batches, one after the other, as one set of inputs."""
    torch = require("torch", extra="torch", purpose="Interventions on networks")
    firsts = [batch[0] if isinstance(batch, _LISTED) else batch for batch in batches]
    sets = [batch if isinstance(batch, Mapping) else {"": batch} for batch in firsts]
    names = list(sets[0]) if sets else []
    return {name: torch.cat([torch.as_tensor(one[name]) for one in sets]) for name in names}


def _tensor(value: Any, positions: Ints, like: Tensor | None) -> Tensor:  # noqa: ANN401
    """Some rows as a tensor where the model is; NumPy's floats take the model's dtype."""
    torch = require("torch", extra="torch", purpose="Interventions on networks")
    if isinstance(value, np.ndarray):
        tensor: Tensor = torch.as_tensor(value[positions])
        if like is not None and tensor.is_floating_point():
            tensor = tensor.to(like.dtype)
    else:
        tensor = value[torch.as_tensor(positions, device=value.device)]
    return tensor if like is None else tensor.to(like.device)


def _vector(value: Any) -> Floats:  # noqa: ANN401 - whatever a network gives
    """The outputs as numbers, shape (n, n_outputs)."""
    value = getattr(value, "logits", value)
    value = value[0] if isinstance(value, _LISTED) and value else value
    shape = tuple(getattr(value, "shape", ()))
    if len(shape) not in {1, 2}:
        what = f"the shape {shape}" if shape else f"the type {type(value).__name__}"
        em = (
            f"The output of the network has {what}; (batch, outputs) or (batch,) is "
            "needed. Wrap the model in a module that returns the outputs to watch."
        )
        raise CaptureError(em)
    numbers: Floats = value.detach().double().cpu().numpy().reshape(shape[0], -1)
    return numbers
