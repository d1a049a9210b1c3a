"""Hooks on the layers of a PyTorch model that never outlive their block."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from redescribe.errors import CaptureError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from torch.nn import Module
    from torch.utils.hooks import RemovableHandle


class Side(StrEnum):
    """Which side of a layer is captured."""

    INPUT = "input"
    OUTPUT = "output"


@contextmanager
def recording(modules: Mapping[str, Module], side: Side) -> Iterator[dict[str, Any]]:
    """Collect what the layers take or give in each forward pass; the caller clears it."""
    record: dict[str, Any] = {}
    with ExitStack() as hooks:
        for layer, module in modules.items():
            hooks.callback(_hook(module, layer, side, record).remove)
        yield record


def _hook(
    module: Module, layer: str, side: Side, record: dict[str, Any]
) -> RemovableHandle:
    def keep(value: object) -> None:
        if layer in record:
            em = (
                f"Layer {layer!r} runs more than once in a forward pass; which activation "
                "is meant is undecided. Choose a layer that runs once."
            )
            raise CaptureError(em)
        # Later layers may work in place: what is kept must be a copy.
        record[layer] = value.clone() if hasattr(value, "clone") else value

    if side is Side.OUTPUT:
        return module.register_forward_hook(lambda _m, _args, value: keep(value))
    return module.register_forward_pre_hook(
        lambda _m, args: keep(args[0] if args else None)
    )
