"""Small convolutional networks for 28 × 28 and 32 × 32 images, and how they are trained."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.nn.functional import cross_entropy, relu

if TYPE_CHECKING:
    from torch import Tensor


class SmallCNN(nn.Sequential):
    """Three convolutions, each halving the picture, and two linear layers."""

    def __init__(self, n_channels: int, n_classes: int) -> None:
        super().__init__()
        widths = (n_channels, 32, 64, 64)
        for i, (n_in, n_out) in enumerate(pairwise(widths), start=1):
            layers = (
                nn.Conv2d(n_in, n_out, 3, padding=1),
                nn.BatchNorm2d(n_out),
                nn.ReLU(),
            )
            self.add_module(f"conv{i}", nn.Sequential(*layers))
            self.add_module(f"pool{i}", nn.MaxPool2d(2))
        self.add_module("flat", nn.Sequential(nn.AdaptiveAvgPool2d(2), nn.Flatten()))
        self.add_module("fc", nn.Sequential(nn.Linear(256, 64), nn.ReLU()))
        self.add_module("output", nn.Linear(64, n_classes))


class Block(nn.Module):
    """Two convolutions around a shortcut."""

    def __init__(self, n_in: int, n_out: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(n_in, n_out, 3, stride, padding=1, bias=False)
        self.norm1 = nn.BatchNorm2d(n_out)
        self.conv2 = nn.Conv2d(n_out, n_out, 3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(n_out)
        same = n_in == n_out and stride == 1
        shortcut = (nn.Conv2d(n_in, n_out, 1, stride, bias=False), nn.BatchNorm2d(n_out))
        self.shortcut = nn.Identity() if same else nn.Sequential(*shortcut)

    def forward(self, x: Tensor) -> Tensor:
        """Add what the convolutions change to what comes in."""
        changed = self.norm2(self.conv2(relu(self.norm1(self.conv1(x)))))
        return relu(changed + self.shortcut(x))


class SmallResNet(nn.Sequential):
    """A stem, four residual blocks, the mean over the picture, one linear layer."""

    def __init__(self, n_channels: int, n_classes: int) -> None:
        super().__init__()
        stem = (nn.Conv2d(n_channels, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16))
        self.add_module("stem", nn.Sequential(*stem, nn.ReLU()))
        sizes = ((16, 16, 1), (16, 32, 2), (32, 64, 2), (64, 64, 1))
        for i, (n_in, n_out, stride) in enumerate(sizes, start=1):
            self.add_module(f"block{i}", Block(n_in, n_out, stride))
        self.add_module("flat", nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten()))
        self.add_module("output", nn.Linear(64, n_classes))


NETWORKS = {"cnn": SmallCNN, "resnet": SmallResNet}


def train(
    kind: str, images: Tensor, labels: Tensor, *, seed: int, epochs: int, n_classes: int
) -> nn.Module:
    """Return a network trained with AdamW and one cycle of the learning rate.

    Parameters
    ----------
    kind
        "cnn" or "resnet".
    images, labels
        float32, shape (n_images, n_channels, height, width); int64, shape (n_images,).
    seed
        Of the weights, the order and the shifts; torch's global state is left as it was.
    epochs
        Passes over the images, each shifted by up to two pixels.
    n_classes
        Number of outputs.
    """
    size = 128
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network: nn.Module = NETWORKS[kind](images.shape[1], n_classes)
        optimizer = torch.optim.AdamW(network.parameters(), lr=3e-3, weight_decay=1e-2)
        n_steps = epochs * -(-len(images) // size)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 3e-3, total_steps=n_steps)
        network.train()
        for _ in range(epochs):
            for chosen in torch.randperm(len(images)).split(size):
                shift = torch.randint(-2, 3, (2,)).tolist()
                batch = torch.roll(images[chosen], shift, dims=(2, 3))
                optimizer.zero_grad()
                cross_entropy(network(batch), labels[chosen]).backward()
                optimizer.step()
                schedule.step()
    return network.eval()


def predicted(network: nn.Module, images: Tensor) -> Tensor:
    """Return the class that a network gives each image, int64."""
    with torch.no_grad():
        return torch.cat(
            [network(batch).argmax(dim=1) for batch in torch.split(images, 256)]
        )
