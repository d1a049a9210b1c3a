"""PyTorch, or the words that say which extra to install: imported here only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redescribe._lazy import require

if TYPE_CHECKING:
    import torch
    from torch import nn
    from torch.nn import functional
else:
    torch = require("torch", extra="torch", purpose="FLINT")
    nn = torch.nn
    functional = torch.nn.functional

__all__ = ["functional", "nn", "torch"]
