"""What a layer gives -> the one tensor that is captured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from redescribe.errors import CaptureError

FIRST = "0"
"""The path of what is captured unless another is asked for."""


def tensor_of(value: Any, path: str, *, layer: str) -> Any:  # noqa: ANN401 - a tensor
    """Return the tensor at a path inside what a layer gives.

    Parameters
    ----------
    value
        A tensor, or tuples, lists and mappings (also a Hugging Face `ModelOutput`) that
        hold one.
    path
        Positions and keys, separated by dots: `0` is the first, `1.0` the first of the
        second, `last_hidden_state` that key. A layer that gives a single tensor has only
        the first.
    layer
        Named in messages.

    Raises
    ------
    CaptureError
        If there is no such element or it is no tensor.

    Examples
    --------
    >>> import numpy as np
    >>> pair = (np.zeros(3), {"state": np.ones(2)})
    >>> tensor_of(pair, "1.state", layer="rnn")
    array([1., 1.])
    """
    if _is_tensor(value) and path == FIRST:
        return value
    found = value
    for step in path.split("."):
        found = _element(found, step, path, layer=layer)
    if not _is_tensor(found):
        em = (
            f"Layer {layer!r} gives {described(value)}; what stands at {path!r} is "
            f"{described(found)} and no tensor. Choose another element with item=, such "
            "as '1', '1.0' or a key."
        )
        raise CaptureError(em)
    return found


def _element(value: Any, step: str, path: str, *, layer: str) -> Any:  # noqa: ANN401
    if isinstance(value, Mapping):
        if step in value:
            return value[step]
        if step.isdecimal() and int(step) < len(value):
            return list(value.values())[int(step)]
    elif (
        isinstance(value, Sequence)
        and not isinstance(value, str)
        and step.isdecimal()
        and int(step) < len(value)
    ):
        return value[int(step)]
    em = f"Layer {layer!r} gives {described(value)}, which has no {step!r} (item={path!r})."
    raise CaptureError(em)


def _is_tensor(value: object) -> bool:
    return hasattr(value, "shape") and hasattr(value, "dtype")


def described(value: object) -> str:
    """Return what a layer gives, in a few words."""
    kind = type(value).__name__
    if _is_tensor(value):
        return f"a {kind} of shape {tuple(value.shape)}"  # type: ignore[attr-defined]
    if isinstance(value, Mapping):
        return f"a {kind} with the keys {', '.join(map(str, value))}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"a {kind} of {len(value)}"
    return f"a {kind}"
