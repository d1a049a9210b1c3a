"""Networks with weights set by hand, and what they should give."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import nn

# hidden = x @ [[1, 0], [0, -1], [1, 1]].T + [0, 1, 0], then ReLU; output is their sum.
INPUTS = np.array([[1.0, 2.0], [-1.0, 0.5], [0.0, 0.0]])
HIDDEN = np.array([[1.0, -1.0, 3.0], [-1.0, 0.5, -0.5], [0.0, 1.0, 0.0]])
RECTIFIED = np.maximum(HIDDEN, 0)

TOKENS = np.array([[1.0, 4.0, 2.0], [3.0, 0.0, -1.0]])
"""One number per token of two texts of three tokens; units are it and its negative."""


def network(*, inplace: bool = False) -> nn.Sequential:
    hidden, output = nn.Linear(2, 3), nn.Linear(3, 1)
    with torch.no_grad():
        hidden.weight.copy_(torch.tensor([[1.0, 0.0], [0.0, -1.0], [1.0, 1.0]]))
        hidden.bias.copy_(torch.tensor([0.0, 1.0, 0.0]))
        output.weight.fill_(1.0)
        output.bias.fill_(0.0)
    model = nn.Sequential()
    model.add_module("hidden", hidden)
    model.add_module("relu", nn.ReLU(inplace=inplace))
    model.add_module("dropout", nn.Dropout(0.5))
    model.add_module("output", output)
    return model


class Twice(nn.Module):
    """fc doubles its input and runs twice; unused never runs."""

    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(2, 2, bias=False)
        self.unused = nn.Linear(2, 2)
        with torch.no_grad():
            self.fc.weight.copy_(2 * torch.eye(2))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        result: torch.Tensor = self.fc(self.fc(x))
        return result


class Raising(nn.Module):
    """Raises in the forward pass of one batch, counted from 0."""

    def __init__(self, error: BaseException, *, batch: int = 0) -> None:
        super().__init__()
        self.fc = nn.Linear(2, 2)
        self.error, self.countdown = error, batch

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        result: torch.Tensor = self.fc(x)
        if self.countdown == 0:
            raise self.error
        self.countdown -= 1
        return result


class Signed(nn.Module):
    """(batch, tokens) -> (batch, tokens, 2): each number and its negative."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.stack([x, -x], dim=-1)


class Reader(nn.Module):
    """Takes named inputs as a language model does."""

    def __init__(self) -> None:
        super().__init__()
        self.signed = Signed()

    def forward(self, values: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        result: torch.Tensor = self.signed(
            values * attention_mask + 9 * (1 - attention_mask)
        )
        return result


class Gives(nn.Module):
    """A layer that gives what a function makes of its input."""

    def __init__(self, what: Any) -> None:  # noqa: ANN401 - a function of a tensor
        super().__init__()
        self.layer = _Made(what)

    def forward(self, x: torch.Tensor) -> Any:  # noqa: ANN401 - whatever it gives
        return self.layer(x)


class _Made(nn.Module):
    def __init__(self, what: Any) -> None:  # noqa: ANN401
        super().__init__()
        self.what = what

    def forward(self, x: torch.Tensor) -> Any:  # noqa: ANN401
        return self.what(x)


def n_hooks(model: nn.Module) -> int:
    return sum(
        len(module._forward_hooks) + len(module._forward_pre_hooks)
        for module in model.modules()
    )
