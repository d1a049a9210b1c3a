"""The tensor of a layer of a PyTorch model, read or changed in a forward pass."""

from __future__ import annotations

import re
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from redescribe.capture.network import Side
from redescribe.errors import CaptureError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor
    from torch.nn import Module

_CALL = re.compile(r"(.+)#([1-9]\d*)")


def module_of(model: Module, layer: str) -> tuple[Module, int]:
    """Return the module of a layer, and which of its calls is meant; 0 is the only one.

    Raises
    ------
    UnknownNameError
        If the model has no such layer.

    Examples
    --------
    >>> from torch import nn
    >>> module_of(nn.Sequential(nn.ReLU()), "0#2")
    (ReLU(), 2)
    """
    known = {name: m for name, m in model.named_modules(remove_duplicate=False) if name}
    if layer in known:
        return known[layer], 0
    call = _CALL.fullmatch(layer)
    if call is not None and call[1] in known:
        return known[call[1]], int(call[2])
    what = "The model has no layer"
    raise UnknownNameError.among(what, layer, known)


def units_first(
    module: Module, value: Tensor, layer: str, units: tuple[int, ...]
) -> Tensor:
    """Return a view of a layer's tensor, shape (n_entities, n_units, …positions).

    Units stand second, but last in outputs of three dimensions, (batch, tokens, units),
    unless the module says that it is made for sequences, as `Conv1d`.

    Raises
    ------
    CaptureError
        If it is no tensor of two dimensions at least, or has no such unit.
    """
    shape = tuple(getattr(value, "shape", ()))
    if len(shape) < 2 or not hasattr(value, "movedim"):
        what = f"shape {shape}" if shape else f"type {type(value).__name__}"
        em = (
            f"Layer {layer!r} has activations of {what}; a tensor of two dimensions or "
            "more is needed. Choose another layer."
        )
        raise CaptureError(em)
    if len(shape) == 3 and not type(module).__name__.endswith("1d"):
        value = value.movedim(2, 1)
    if max(units) >= value.shape[1]:
        em = f"Layer {layer!r} has {value.shape[1]} units. Got unit {max(units)}."
        raise CaptureError(em)
    return value


def reduced(value: Tensor, reducer: str) -> Tensor:
    """Return one value per entity of a unit's activation, shape (n_entities, …positions).

    Raises
    ------
    CaptureError
        If there are several positions and no reducer.
    """
    flat = value.reshape(value.shape[0], -1)
    if flat.shape[1] == 1:
        return flat[:, 0]
    if reducer == "mean":
        return flat.mean(dim=1)
    if reducer in {"max", "min"}:
        return flat.amax(dim=1) if reducer == "max" else flat.amin(dim=1)
    em = f"An activation has {flat.shape[1]} positions. Name the reducer: mean, max or min."
    raise CaptureError(em)


@contextmanager
def tensor_hooked(model: Module, layer: str, side: Side, change: Any) -> Iterator[None]:  # noqa: ANN401 - a function of a module and a tensor
    """Hand the tensor of a layer to `change(module, tensor)` in each forward pass.

    What `change` returns takes its place; None leaves it. Of a tuple or list, the first
    element is the tensor. The hooks are gone on every way out.

    Raises
    ------
    UnknownNameError
        If the model has no such layer.
    CaptureError
        If the layer runs several times in a forward pass and the call is not named.
    """
    module, wanted = module_of(model, layer)
    n_calls = 0

    def begin(_module: Module, _args: object) -> None:
        nonlocal n_calls
        n_calls = 0

    def changed(value: Any) -> Any:  # noqa: ANN401 - what a layer gives
        nonlocal n_calls
        n_calls += 1
        if not wanted and n_calls > 1:
            em = (
                f"Layer {layer!r} runs more than once in a forward pass; which activation "
                f"is meant is undecided. Name the call, such as '{layer}#2'."
            )
            raise CaptureError(em)
        if wanted and n_calls != wanted:
            return None
        several = isinstance(value, (tuple, list)) and bool(value)
        new = change(module, value[0] if several else value)
        if new is None or not several:
            return new
        parts = [new, *value[1:]]
        return type(value)(*parts) if hasattr(value, "_fields") else type(value)(parts)

    def after(_module: Module, _args: object, value: object) -> Any:  # noqa: ANN401
        return changed(value)

    def before(_module: Module, args: tuple[Any, ...]) -> Any:  # noqa: ANN401
        new = changed(args[0] if args else None)
        return None if new is None else (new, *args[1:])

    with ExitStack() as hooks:
        hooks.callback(model.register_forward_pre_hook(begin).remove)
        register = (
            module.register_forward_hook(after)
            if side is Side.OUTPUT
            else module.register_forward_pre_hook(before)
        )
        hooks.callback(register.remove)
        yield
