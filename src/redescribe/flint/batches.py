"""What a FLINT runs on: arrays cut into batches, or batches that are given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from redescribe.errors import ParameterError
from redescribe.flint._torch import nn, torch

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from torch import Tensor

Inputs: TypeAlias = "Tensor | Mapping[str, Tensor]"
"""The one input of a network, or its inputs by name."""
Data: TypeAlias = "Any"
"""Inputs, a pair (inputs, labels), or an iterable of batches such as a DataLoader."""


@dataclass(frozen=True, slots=True, eq=False)
class Batches:
    """Inputs and labels that are cut into batches, in a new order each time.

    Parameters
    ----------
    inputs
        Tensor or array, or several by the names of the network's arguments; one row per
        entity.
    labels
        Tensor or array; None where there are none.
    batch_size
        Entities of a batch; the last one may be smaller.
    shuffle
        Whether the order is drawn anew, from torch's own generator: `fit` seeds it.

    Raises
    ------
    ParameterError
        If the rows of inputs and labels differ.

    Examples
    --------
    >>> batches = Batches(np.zeros((5, 2)), [0, 1, 0, 1, 0], batch_size=2, shuffle=False)
    >>> [len(inputs) for inputs, labels in batches]
    [2, 2, 1]
    """

    inputs: Any
    labels: Any = None
    batch_size: int = 64
    shuffle: bool = True

    def __post_init__(self) -> None:
        named = self.inputs if isinstance(self.inputs, Mapping) else {"": self.inputs}
        named = {name: _tensor(value) for name, value in named.items()}
        object.__setattr__(self, "inputs", named.get("", named))
        if self.labels is not None:
            object.__setattr__(self, "labels", _tensor(self.labels))
        lengths = {len(value) for value in named.values()}
        if self.labels is not None:
            lengths.add(len(self.labels))
        if len(lengths) != 1 or lengths == {0}:
            em = (
                f"Inputs and labels have {sorted(lengths)} rows. Give the same number of "
                "rows of each, at least one."
            )
            raise ParameterError(em)

    @property
    def n_entities(self) -> int:
        """Rows of the inputs."""
        return n_rows(self.inputs)

    def __len__(self) -> int:
        return ceil(self.n_entities / self.batch_size)

    def __iter__(self) -> Iterator[tuple[Inputs, Tensor | None]]:
        n = self.n_entities
        order = torch.randperm(n) if self.shuffle else torch.arange(n)
        for rows in torch.split(order, self.batch_size):
            labels = None if self.labels is None else self.labels[rows]
            if isinstance(self.inputs, Mapping):
                yield {name: value[rows] for name, value in self.inputs.items()}, labels
            else:
                yield self.inputs[rows], labels


def batches_in_order(data: Data, batch_size: int) -> Iterable[Any]:
    """Return batches of the data, in their order.

    Parameters
    ----------
    data
        An array or tensor of inputs; several by name; a tuple (inputs, labels); or an
        iterable of batches, which stay as they are. Give a loader that does not shuffle.
    batch_size
        Of batches that are cut here.
    """
    if isinstance(data, Batches):
        return Batches(data.inputs, data.labels, batch_size, shuffle=False)
    if isinstance(data, Mapping) or hasattr(data, "shape"):
        return Batches(data, None, batch_size, shuffle=False)
    if isinstance(data, tuple) and len(data) == 2 and _are_arrays(*data):
        return Batches(data[0], data[1], batch_size, shuffle=False)
    if not isinstance(data, Iterable):
        em = (
            f"Data are inputs, (inputs, labels) or batches of these. Got a "
            f"{type(data).__name__}."
        )
        raise ParameterError(em)
    return data


def parts_of(batch: Any) -> tuple[Inputs, Tensor | None]:  # noqa: ANN401 - of any loader
    """Return inputs and labels of a batch: a pair, or inputs alone.

    >>> parts_of([torch.ones(2), torch.zeros(2)])[1]
    tensor([0., 0.])
    """
    if isinstance(batch, (tuple, list)):
        labels = None if len(batch) < 2 or batch[1] is None else _tensor(batch[1])
        return as_tensors(batch[0]), labels
    return as_tensors(batch), None


def placed(inputs: Inputs, model: nn.Module) -> Inputs:
    """Return inputs where the parameters of a model are; real numbers take their type."""
    like = next(model.parameters(), None)
    if like is None:
        return inputs
    if isinstance(inputs, Mapping):
        return {name: _placed(value, like) for name, value in inputs.items()}
    return _placed(inputs, like)


def n_rows(inputs: Inputs) -> int:
    """Return how many entities inputs have.

    >>> n_rows({"words": torch.zeros(3, 7)})
    3
    """
    return len(next(iter(inputs.values())) if isinstance(inputs, Mapping) else inputs)


def taken(inputs: Inputs, rows: Tensor | slice) -> Inputs:
    """Return some rows of inputs.

    >>> n_rows(taken(torch.zeros(5, 2), slice(0, 3)))
    3
    """
    if isinstance(inputs, torch.Tensor):
        return inputs[rows]
    return {name: value[rows] for name, value in inputs.items()}


def rows_joined(parts: Sequence[Inputs]) -> Inputs:
    """Return inputs of several batches as those of one.

    >>> rows_joined([torch.zeros(1), torch.ones(1)])
    tensor([0., 1.])
    """
    first = parts[0]
    if isinstance(first, Mapping):
        names = list(first)
        named = [part for part in parts if isinstance(part, Mapping)]
        return {name: torch.cat([part[name] for part in named]) for name in names}
    return torch.cat([part for part in parts if isinstance(part, torch.Tensor)])


def _tensor(value: Any) -> Tensor:  # noqa: ANN401 - array-like
    """An array as a tensor; one that is read only, such as a mapped file, is copied."""
    if isinstance(value, np.ndarray) and not value.flags.writeable:
        value = value.copy()
    return torch.as_tensor(value)


def _placed(value: Tensor, like: Tensor) -> Tensor:
    if value.is_floating_point():
        return value.to(like.device, like.dtype)
    return value.to(like.device)


def as_tensors(inputs: Any) -> Inputs:  # noqa: ANN401 - of any loader
    """Return arrays as tensors: one, or several by name."""
    if isinstance(inputs, Mapping):
        return {name: _tensor(value) for name, value in inputs.items()}
    return _tensor(inputs)


def _are_arrays(inputs: object, labels: object) -> bool:
    shaped = hasattr(inputs, "shape") or isinstance(inputs, Mapping)
    return shaped and np.ndim(labels) > 0  # type: ignore[arg-type]  # whatever it is
