"""Evaluation mode and device of a PyTorch model, restored on every way out."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    import torch
    from torch.nn import Module


@contextmanager
def in_evaluation_mode(model: Module) -> Iterator[None]:
    """Put all modules into evaluation mode, and each back into the one it had."""
    modes = [(module, module.training) for module in model.modules()]
    try:
        model.eval()
        yield
    finally:
        for module, training in modes:
            module.training = training


@contextmanager
def moved_to(model: Module, device: torch.device | str | None) -> Iterator[None]:
    """Move a model to a device, and back; None leaves it where it is."""
    parameter = next(model.parameters(), None)
    if device is None or parameter is None:
        yield
        return
    home = parameter.device
    try:
        model.to(device)
        yield
    finally:
        model.to(home)
