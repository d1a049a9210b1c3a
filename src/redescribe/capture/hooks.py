"""Hooks on the layers of a PyTorch model that never outlive their block."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from redescribe.capture.network import Side

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from torch.nn import Module
    from torch.utils.hooks import RemovableHandle

    from redescribe.capture.network import Take


@contextmanager
def hooked(modules: Mapping[str, Module], side: Side, take: Take) -> Iterator[None]:
    """Hand what the layers take or give to `take`, at every call."""
    with ExitStack() as hooks:
        for layer, module in modules.items():
            hooks.callback(_hook(module, layer, side, take).remove)
        yield


def _hook(module: Module, layer: str, side: Side, take: Take) -> RemovableHandle:
    if side is Side.OUTPUT:

        def after(_module: Module, _args: object, value: object) -> None:
            take(layer, value)

        return module.register_forward_hook(after)

    def before(_module: Module, args: tuple[Any, ...], named: dict[str, Any]) -> None:
        # As the outputs: a single value is itself, several are a tuple or a mapping.
        values = args or named
        take(layer, args[0] if len(args) == 1 else values)

    return module.register_forward_pre_hook(before, with_kwargs=True)
