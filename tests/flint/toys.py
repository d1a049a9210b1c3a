"""Tiny networks and data on which a FLINT learns within a second."""

from __future__ import annotations

from collections import OrderedDict
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import nn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from redescribe._typing import Floats, Ints


def blobs(n: int = 120, *, n_classes: int = 3, seed: int = 0) -> tuple[Floats, Ints]:
    """Points around the corners of a cube, and the corner of each."""
    generator = np.random.default_rng(seed)
    y = np.arange(n) % n_classes
    centres = 3.0 * np.eye(n_classes, 4)
    return centres[y] + generator.normal(scale=0.4, size=(n, 4)), y


@contextmanager
def seeded(seed: int = 0) -> Iterator[None]:
    """The same random numbers each time."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        yield


def mlp(n_classes: int = 3, *, seed: int = 0) -> nn.Sequential:
    """Two hidden layers: fc1 and fc2."""
    with seeded(seed):
        return nn.Sequential(
            OrderedDict(
                fc1=nn.Sequential(nn.Linear(4, 16), nn.ReLU()),
                fc2=nn.Sequential(nn.Linear(16, 8), nn.ReLU()),
                output=nn.Linear(8, n_classes),
            )
        )


def trained_mlp(n_classes: int = 3) -> nn.Sequential:
    """The same after it learned the blobs, in evaluation mode."""
    model = mlp(n_classes)
    x, y = blobs(n_classes=n_classes)
    optimiser = torch.optim.Adam(model.parameters(), lr=2e-2)
    for _ in range(60):
        optimiser.zero_grad()
        logits = model(torch.as_tensor(x, dtype=torch.float32))
        torch.autograd.backward(nn.functional.cross_entropy(logits, torch.as_tensor(y)))
        optimiser.step()
    model.zero_grad()
    return model.eval()


def images(n: int = 24, *, side: int = 8) -> tuple[torch.Tensor, torch.Tensor]:
    """Noise whose left or right half is bright, and which."""
    generator = torch.Generator().manual_seed(0)
    x = 0.2 * torch.rand(n, 1, side, side, generator=generator)
    y = torch.arange(n) % 2
    x[y == 0, :, :, : side // 2] += 0.8
    x[y == 1, :, :, side // 2 :] += 0.8
    return x, y


class TinyCNN(nn.Module):
    """Two blocks of maps of different sizes, dropout and batch normalisation."""

    def __init__(self) -> None:
        super().__init__()
        with seeded():
            self._make()

    def _make(self) -> None:
        self.block1 = nn.Sequential(nn.Conv2d(1, 4, 3, padding=1), nn.BatchNorm2d(4))
        self.relu = nn.ReLU(inplace=True)  # after the tap
        self.block2 = nn.Sequential(nn.Conv2d(4, 6, 3, stride=2, padding=1), nn.ReLU())
        self.dropout = nn.Dropout(0.5)
        self.output = nn.Linear(6, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        maps = self.block2(self.relu(self.block1(x)))
        logits: torch.Tensor = self.output(self.dropout(maps.mean((2, 3))))
        return logits


class TinyText(nn.Module):
    """An embedding, a layer on tokens that also gives a state, and their mean."""

    def __init__(self) -> None:
        super().__init__()
        with seeded():
            self._make()

    def _make(self) -> None:
        self.embedding = nn.Embedding(10, 6)
        self.rnn = nn.GRU(6, 5, batch_first=True)  # gives a tuple
        self.output = nn.Linear(5, 2)

    def forward(self, words: torch.Tensor) -> Any:  # noqa: ANN401 - as Hugging Face has it
        tokens, _ = self.rnn(self.embedding(words))
        return {"logits": self.output(tokens.mean(1))}["logits"], tokens


def parameters_of(model: nn.Module) -> dict[str, torch.Tensor]:
    """Copies of all parameters and buffers."""
    return {name: value.clone() for name, value in model.state_dict().items()}
