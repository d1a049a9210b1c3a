"""Maps and tokens -> one value per unit and entity; masks are respected."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np

from redescribe.errors import CaptureError

if TYPE_CHECKING:
    from redescribe._typing import Ints, Values
    from redescribe.capture.tokens import Tokens

FLATTEN_LIMIT = 4096
"""Units that `flatten` may make of one layer."""


class Reducer(StrEnum):
    """What becomes of the positions (pixels of a map, tokens of a text) of a unit.

    `mean`, `max`, `min` and `std` (of the population) are taken over the positions; `cls`
    and `last` are the value at the first and at the last token; `flatten` makes a unit of
    every element, numbered in the order of the layer's own shape; `each` makes an entity of
    every token.
    """

    MEAN = "mean"
    MAX = "max"
    MIN = "min"
    STD = "std"
    CLS = "cls"
    LAST = "last"
    FLATTEN = "flatten"
    EACH = "each"


class UnitsAxis(StrEnum):
    """Where the units of a layer stand: after the entities, at the end, or as usual."""

    AUTO = "auto"
    FIRST = "first"
    LAST = "last"


_TOKENS_ONLY = (Reducer.CLS, Reducer.LAST, Reducer.EACH)


def reduce_positions(
    value: Any,  # noqa: ANN401 - a tensor or array
    reducer: Reducer,
    *,
    units_first: bool,
    tokens: Tokens | None,
    layer: str,
) -> Values:
    """Return one value per unit and entity.

    Parameters
    ----------
    value
        Tensor or array, shape (n_entities, n_units, …) or (n_entities, …, n_units), with at
        least three dimensions.
    reducer
        What becomes of the positions.
    units_first
        Which of the two shapes it is.
    tokens
        Which positions count, of a value of three dimensions; None is all.
    layer
        Named in messages.

    Returns
    -------
    values
        float32, shape (n_entities, n_units): a copy. With `each`, one row per token that
        counts, entity by entity.

    Raises
    ------
    CaptureError
        If the reducer or the mask does not fit the shape.

    Examples
    --------
    >>> tokens = np.array([[[1.0, 2.0], [3.0, 6.0]]])
    >>> reduce_positions(tokens, Reducer.MEAN, units_first=False, tokens=None, layer="h")
    array([[2., 4.]], dtype=float32)
    """
    n_dims = len(value.shape)
    if reducer in _TOKENS_ONLY and n_dims != 3:
        em = (
            f"reduce={reducer.value!r} is for (batch, tokens, units); layer {layer!r} "
            f"gives shape {tuple(value.shape)}. Use max, mean, min, std or flatten."
        )
        raise CaptureError(em)
    masks = tokens if n_dims == 3 else None
    if reducer is Reducer.FLATTEN:
        return _flattened(value, masks, layer=layer)
    whole = _positions_in_the_middle(value, units_first=units_first)
    n_entities, n_positions, _ = whole.shape
    if masks is not None and masks.counted.shape != (n_entities, n_positions):
        em = (
            f"Layer {layer!r} has {n_positions} positions where the mask of the inputs has "
            f"{masks.counted.shape[1]}: which of them are padding is unknown. Capture a "
            "layer with one position per token."
        )
        raise CaptureError(em)
    return to_float32(_REDUCED[reducer](whole, masks))


def to_float32(value: Any) -> Values:  # noqa: ANN401 - a tensor or array
    """Return a copy as a NumPy array of float32."""
    if hasattr(value, "detach"):
        value = value.detach().float().cpu().numpy()
    return np.array(value, dtype=np.float32)


def _positions_in_the_middle(value: Any, *, units_first: bool) -> Any:  # noqa: ANN401
    n_entities = value.shape[0]
    if units_first:
        return value.reshape(n_entities, value.shape[1], -1).swapaxes(1, 2)
    return value.reshape(n_entities, -1, value.shape[-1])


def _flattened(value: Any, tokens: Tokens | None, *, layer: str) -> Values:  # noqa: ANN401
    if tokens is not None and not tokens.attended.all():
        em = (
            f"reduce='flatten' needs inputs of one length; those of layer {layer!r} are "
            "padded. Use mean, max, min, std, cls, last or each."
        )
        raise CaptureError(em)
    return to_float32(value.reshape(value.shape[0], -1))


def _mean(whole: Any, tokens: Tokens | None) -> Any:  # noqa: ANN401
    xp, value, n_counted = _counted(whole, tokens, 0.0)
    return xp.sum(value, 1) / n_counted


def _std(whole: Any, tokens: Tokens | None) -> Any:  # noqa: ANN401
    centred = _float(whole) - _mean(whole, tokens)[:, None]
    xp, value, n_counted = _counted(centred * centred, tokens, 0.0)
    return xp.sqrt(xp.sum(value, 1) / n_counted)


def _max(whole: Any, tokens: Tokens | None) -> Any:  # noqa: ANN401
    xp, value, _ = _counted(whole, tokens, -np.inf)
    return xp.amax(value, 1)


def _min(whole: Any, tokens: Tokens | None) -> Any:  # noqa: ANN401
    xp, value, _ = _counted(whole, tokens, np.inf)
    return xp.amin(value, 1)


def _cls(whole: Any, tokens: Tokens | None) -> Any:  # noqa: ANN401
    return whole[:, 0] if tokens is None else _at(whole, tokens.first)


def _last(whole: Any, tokens: Tokens | None) -> Any:  # noqa: ANN401
    return whole[:, -1] if tokens is None else _at(whole, tokens.last)


def _each(whole: Any, tokens: Tokens | None) -> Any:  # noqa: ANN401
    if tokens is None:
        return whole.reshape(-1, whole.shape[-1])
    return whole[_like(whole, tokens.counted)]


_REDUCED = {
    Reducer.MEAN: _mean,
    Reducer.STD: _std,
    Reducer.MAX: _max,
    Reducer.MIN: _min,
    Reducer.CLS: _cls,
    Reducer.LAST: _last,
    Reducer.EACH: _each,
}


def _counted(whole: Any, tokens: Tokens | None, other: float) -> tuple[Any, Any, Any]:  # noqa: ANN401
    """The functions of the value's framework; the value, `other` where it does not count.

    NumPy and torch have the same functions when arguments are given by position, so that a
    map is reduced where it is and never copied to the processor as a whole. The last
    element is how many positions count: a number, or one of each entity.
    """
    xp = sys.modules["torch"] if hasattr(whole, "detach") else np
    if tokens is None:
        return xp, _float(whole), whole.shape[1]
    value = xp.where(_like(whole, tokens.counted[:, :, None]), _float(whole), other)
    n_counted = tokens.counted.sum(axis=1)[:, None].astype(np.float32)
    return xp, value, _like(whole, n_counted)


def _at(whole: Any, positions: Ints) -> Any:  # noqa: ANN401
    return whole[_like(whole, np.arange(len(whole))), _like(whole, positions)]


def _float(value: Any) -> Any:  # noqa: ANN401
    return value.float() if hasattr(value, "detach") else value.astype(np.float32)


def _like(whole: Any, array: np.ndarray[Any, Any]) -> Any:  # noqa: ANN401
    """An array in the framework and on the device of a value."""
    if hasattr(whole, "detach"):
        return sys.modules["torch"].as_tensor(array, device=whole.device)
    return array
