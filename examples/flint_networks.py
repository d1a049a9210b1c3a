"""Networks, attribute networks and decoders of the paper on FLINT, for small images."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

import torch
from torch import nn

if TYPE_CHECKING:
    from collections.abc import Sequence

GRID = 3


def conv(n_in: int, n_out: int, stride: int = 1) -> nn.Conv2d:
    """Return a convolution of 3 × 3 pixels that keeps the borders."""
    return nn.Conv2d(n_in, n_out, 3, stride, padding=1)


def doubled(n_in: int, n_out: int) -> nn.ConvTranspose2d:
    """Return a transposed convolution that doubles the side of maps."""
    return nn.ConvTranspose2d(n_in, n_out, 3, 2, padding=1, output_padding=1)


def digits_cnn(n_classes: int = 10) -> nn.Module:
    """Return a network for digits of 8 × 8 pixels; `block` is tapped."""
    block = (conv(1, 16), nn.ReLU(), conv(16, 32), nn.MaxPool2d(2), nn.ReLU())
    dense = (nn.Linear(512, 64), nn.ReLU(), nn.Dropout(0.25), nn.Linear(64, n_classes))
    return nn.Sequential(
        OrderedDict(
            block=nn.Sequential(*block), flat=nn.Flatten(), dense=nn.Sequential(*dense)
        )
    )


def lenet(n_classes: int = 10) -> nn.Module:
    """Return the network of the paper for MNIST, 1 × 28 × 28; `block` is tapped."""
    block = (
        *(conv(1, 16), nn.ReLU(), conv(16, 32), nn.MaxPool2d(2)),
        *(nn.Dropout(0.5), nn.ReLU()),
    )
    dense = (nn.Linear(6272, 128), nn.ReLU(), nn.Dropout(0.5), nn.Linear(128, n_classes))
    return nn.Sequential(
        OrderedDict(
            block=nn.Sequential(*block), flat=nn.Flatten(), dense=nn.Sequential(*dense)
        )
    )


def lenet_attributes(n_attributes: int) -> nn.Module:
    """Return Ψ of the paper for MNIST: of 32 maps of 14 × 14 pixels."""
    return Joined([nn.Sequential(conv(32, 64), nn.LeakyReLU())], None, 64, n_attributes)


def lenet_decoder(n_attributes: int) -> nn.Module:
    """Return d of the paper for MNIST."""
    start = (nn.Linear(n_attributes, 98), nn.Unflatten(1, (2, 7, 7)))
    return nn.Sequential(*start, doubled(2, 8), nn.ReLU(), doubled(8, 1), nn.ReLU())


class Block(nn.Module):
    """Two convolutions beside a short cut, without batch normalisation."""

    def __init__(self, n_in: int, n_out: int, stride: int) -> None:
        super().__init__()
        self.conv1, self.conv2 = conv(n_in, n_out, stride), conv(n_out, n_out)
        same = stride == 1 and n_in == n_out
        self.short = nn.Identity() if same else nn.Conv2d(n_in, n_out, 1, stride)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return maps of another number and size."""
        inner = self.conv2(torch.relu(self.conv1(x)))
        return torch.relu(inner + self.short(x))


def resnet(n_classes: int = 10, width: int = 64) -> nn.Module:
    """Return the network of the paper for CIFAR-10; `layer3` and `layer4.0` are tapped.

    The layout of ResNet-18 without batch normalisation; the paper's width is 64.
    """
    stages: OrderedDict[str, nn.Module] = OrderedDict(
        stem=nn.Sequential(conv(3, width), nn.ReLU())
    )
    n_in = width
    for stage in range(4):
        n_out = width * 2**stage
        first = Block(n_in, n_out, 1 if stage == 0 else 2)
        stages[f"layer{stage + 1}"] = nn.Sequential(first, Block(n_out, n_out, 1))
        n_in = n_out
    stages["mean"] = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
    stages["dense"] = nn.Sequential(nn.Linear(n_in, n_in), nn.ReLU())
    stages["output"] = nn.Linear(n_in, n_classes)
    return nn.Sequential(stages)


def resnet_attributes(n_attributes: int, width: int = 64) -> nn.Module:
    """Return Ψ of the paper for CIFAR-10: of the maps of `layer3` and `layer4.0`."""
    branches = [
        nn.Sequential(conv(4 * width, 64, stride=2), nn.ReLU()),
        nn.Sequential(conv(8 * width, 64), nn.ReLU()),
    ]
    return Joined(branches, nn.Sequential(conv(128, 64), nn.ReLU()), 64, n_attributes)


def resnet_decoder(n_attributes: int) -> nn.Module:
    """Return d of the paper for CIFAR-10."""
    start = (nn.Linear(n_attributes, 640), nn.Unflatten(1, (10, 8, 8)))
    middle = (doubled(10, 24), nn.ReLU(), doubled(24, 8), nn.ReLU(), nn.Flatten())
    return nn.Sequential(
        *start, *middle, nn.Linear(8192, 3072), nn.Unflatten(1, (3, 32, 32))
    )


class Joined(nn.Module):
    """An attribute network: a branch per tapped layer, their mix, a grid of means."""

    def __init__(
        self, branches: Sequence[nn.Module], mix: nn.Module | None, width: int, n: int
    ) -> None:
        super().__init__()
        self.branches = nn.ModuleList(branches)
        self.mix = mix or nn.Identity()
        self.last = nn.Linear(width * GRID**2, n)

    def forward(self, features: Sequence[torch.Tensor]) -> torch.Tensor:
        """Return values of shape (n, J), before the activation of the attributes."""
        maps = [one(x) for one, x in zip(self.branches, features, strict=True)]
        grid = nn.functional.adaptive_avg_pool2d(self.mix(torch.cat(maps, 1)), GRID)
        values: torch.Tensor = self.last(grid.flatten(1))
        return values
