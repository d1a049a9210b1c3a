"""Zero, mean, resample or patch units of a layer inside a `with` block."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from redescribe._lazy import require
from redescribe._validation import choose
from redescribe.capture.network import Side
from redescribe.causal.layers import reduced, tensor_hooked, units_first
from redescribe.errors import CaptureError, ParameterError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor
    from torch.nn import Module

    from redescribe._typing import Mask
    from redescribe.core.query import Query

REDUCERS = ("", "mean", "max", "min")
"""What an activation of several positions may be reduced by to compare it with a range."""


@dataclass(frozen=True, slots=True)
class Units:
    """Which units of which layer are changed, and for which entities.

    Parameters
    ----------
    layer
        Dotted name of a module; `fc#2` is its second call in a forward pass.
    units
        Numbers of the units, from 0.
    side
        Whether what the layer gives is changed, or what it takes.
    within
        A query over one attribute: only entities whose activation satisfies it are changed
        (`patch`: only those whose activation does not). None is all of them. It is asked of
        the first of the units.
    reducer
        How the activation at several positions becomes the one value that `within` is
        asked of: mean, max or min.

    Raises
    ------
    ParameterError
        If no unit is named, one is negative, or there is no such reducer.

    Examples
    --------
    >>> Units("fc", (3,)).side
    <Side.OUTPUT: 'output'>
    """

    layer: str
    units: tuple[int, ...]
    side: Side = Side.OUTPUT
    within: Query | None = None
    reducer: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "side", choose(Side, self.side, parameter="side"))
        if not self.units or min(self.units) < 0:
            em = f"Units of layer {self.layer!r} are numbers from 0. Got {self.units}."
            raise ParameterError(em)
        if self.reducer not in REDUCERS:
            em = (
                f"The reducer {self.reducer!r} cannot be compared with a range here; "
                "use mean, max or min."
            )
            raise ParameterError(em)


@contextmanager
def zero(model: Module, at: Units) -> Iterator[None]:
    """Set units to 0 inside the block.

    Raises
    ------
    UnknownNameError
        If the model has no such layer.
    CaptureError
        If the layer has no such unit, or gives no tensor, or runs several times.

    Examples
    --------
    >>> import torch
    >>> model = torch.nn.Sequential(torch.nn.Identity(), torch.nn.Flatten())
    >>> with zero(model, Units("0", (1,))):
    ...     model(torch.ones(1, 3))
    tensor([[1., 0., 1.]])
    """
    with _replaced(model, at, 0.0):
        yield


@contextmanager
def mean(model: Module, at: Units, means: Any) -> Iterator[None]:  # noqa: ANN401 - array-like
    """Set units to constants inside the block, such as means of other entities.

    Parameters
    ----------
    model
        The model.
    at
        Which units.
    means
        One number per unit; every position of a map or of a text gets it.

    Raises
    ------
    ParameterError
        If there is not one per unit.
    UnknownNameError, CaptureError
        As in `zero`.

    Examples
    --------
    >>> import torch
    >>> model = torch.nn.Sequential(torch.nn.Identity(), torch.nn.Flatten())
    >>> with mean(model, Units("0", (0, 1)), [0.5, 0.25]):
    ...     model(torch.ones(1, 3))
    tensor([[0.5000, 0.2500, 1.0000]])
    """
    constants = np.asarray(means, dtype=np.float64).reshape(-1)
    if constants.size != len(at.units):
        em = f"There are {constants.size} means for {len(at.units)} units. Give one each."
        raise ParameterError(em)
    with _replaced(model, at, constants[None]):
        yield


@contextmanager
def resample(model: Module, at: Units, donors: Any) -> Iterator[None]:  # noqa: ANN401 - array-like
    """Give each entity the activations of another one inside the block.

    Parameters
    ----------
    model
        The model.
    at
        Which units.
    donors
        Array or tensor, shape (n_entities, n_units, …): one row for each entity that
        passes, in the order in which they pass; … are the positions of the layer.

    Raises
    ------
    ParameterError
        If more entities pass than there are donors.
    UnknownNameError, CaptureError
        As in `zero`; also where donors have other positions than the layer.

    Examples
    --------
    >>> import torch
    >>> model = torch.nn.Sequential(torch.nn.Identity(), torch.nn.Flatten())
    >>> with resample(model, Units("0", (2,)), [[7.0], [8.0]]):
    ...     model(torch.ones(2, 3))
    tensor([[1., 1., 7.],
            [1., 1., 8.]])
    """
    with _replaced(model, at, donors, per_entity=True):
        yield


@contextmanager
def patch(model: Module, at: Units, sources: Any) -> Iterator[None]:  # noqa: ANN401 - array-like
    """Give entities outside of the range the activations of entities inside of it.

    Parameters
    ----------
    model
        The model.
    at
        Which units; entities whose activation satisfies `within` stay as they are.
    sources
        As the donors of `resample`: activations of entities inside of the range.

    Raises
    ------
    ParameterError, UnknownNameError, CaptureError
        As in `resample`.

    Examples
    --------
    >>> import torch
    >>> from redescribe.core.grammar import parse_query
    >>> model = torch.nn.Sequential(torch.nn.Identity(), torch.nn.Flatten())
    >>> high = Units("0", (0,), within=parse_query("unit > 2", "net"))
    >>> with patch(model, high, [[9.0], [9.0]]):
    ...     model(torch.tensor([[1.0], [3.0]])).flatten()
    tensor([9., 3.])
    """
    with _replaced(model, at, sources, per_entity=True, outside=True):
        yield


@contextmanager
def _replaced(
    model: Module,
    at: Units,
    values: Any,  # noqa: ANN401 - a number, or array-like
    *,
    per_entity: bool = False,
    outside: bool = False,
) -> Iterator[None]:
    """Give the units other values; `outside`: where `within` does not hold."""
    torch = require("torch", extra="torch", purpose="Interventions on networks")
    new = torch.as_tensor(values)
    if per_entity and (new.ndim < 2 or new.shape[1] != len(at.units)):
        em = (
            f"Donors have the shape {tuple(new.shape)}; (n_entities, {len(at.units)}, …) "
            "is needed: one activation per entity and unit."
        )
        raise ParameterError(em)
    n_passed = 0

    def change(module: Module, value: Tensor) -> Tensor:
        nonlocal n_passed
        units_first(module, value, at.layer, at.units)
        whole = value.clone()
        view = units_first(module, whole, at.layer, at.units)
        rows = new
        if per_entity:
            rows = new[n_passed : n_passed + len(value)]
            n_passed += len(value)
            _check_rows(rows, view, at, n_rows=len(new))
        replacement = rows.to(value.device, value.dtype)
        old = view[:, list(at.units)]
        if replacement.ndim < old.ndim:
            replacement = replacement.reshape(
                *replacement.shape, *([1] * (old.ndim - replacement.ndim))
            )
        if at.within is None:
            view[:, list(at.units)] = replacement.expand_as(old)
            return whole
        holds = satisfied(at, reduced(view[:, at.units[0]], at.reducer))
        mask = torch.as_tensor(~holds if outside else holds, device=value.device)
        chosen = mask.reshape(-1, *([1] * (old.ndim - 1)))
        view[:, list(at.units)] = torch.where(chosen, replacement, old)
        return whole

    with tensor_hooked(model, at.layer, at.side, change):
        yield


def satisfied(at: Units, values: Tensor) -> Mask:
    """Return which activations of a unit satisfy the query of the range."""
    from redescribe.core.view import View  # noqa: PLC0415 - where a range is given

    query = at.within
    column = values.detach().float().cpu().numpy()
    if query is None or not column.size:
        return np.ones(column.size, np.bool_)
    name = query.attributes[0]
    return query.on(View.of(query.view, column[:, None], names=[name])).mask


def _check_rows(rows: Tensor, view: Tensor, at: Units, *, n_rows: int) -> None:
    if len(rows) < len(view):
        em = f"More entities pass layer {at.layer!r} than the {n_rows} donors given."
        raise ParameterError(em)
    positions, own = tuple(rows.shape[2:]), tuple(view.shape[2:])
    if positions != own:
        em = (
            f"Donors of layer {at.layer!r} have the positions {positions} and its entities "
            f"{own}. Give inputs of one size, or use zero or mean."
        )
        raise CaptureError(em)
