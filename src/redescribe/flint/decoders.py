"""The decoder d: attributes -> inputs of the network."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from redescribe.errors import ParameterError
from redescribe.flint._torch import nn
from redescribe.flint.dictionary_decoder import NmfDecoder
from redescribe.flint.params import DecoderKind

if TYPE_CHECKING:
    from torch import Tensor

_HIDDEN = 64
_GREY, _COLOUR = 2, 10
_SMALLEST_IMAGE = 16


class MlpDecoder(nn.Module):
    """One hidden layer of 64 units, then the input, linear.

    Parameters
    ----------
    n_attributes
        J.
    shape
        Of an input, without the batch.

    Examples
    --------
    >>> import torch
    >>> tuple(MlpDecoder(4, (1, 8, 8))(torch.ones(2, 4)).shape)
    (2, 1, 8, 8)
    """

    def __init__(self, n_attributes: int, shape: tuple[int, ...]) -> None:
        super().__init__()
        self._shape = shape
        self.layers = nn.Sequential(
            nn.Linear(n_attributes, _HIDDEN), nn.ReLU(), nn.Linear(_HIDDEN, prod(shape))
        )

    def forward(self, attributes: Tensor) -> Tensor:
        """Return inputs, shape (n, *shape)."""
        values: Tensor = self.layers(attributes)
        return values.reshape(len(values), *self._shape)


class ConvDecoder(nn.Module):
    """A small picture that two transposed convolutions double, linear at the end.

    Parameters
    ----------
    n_attributes
        J.
    shape
        (channels, rows, columns) of an image; rows and columns are multiples of 4.

    Raises
    ------
    ParameterError
        If they are not.

    References
    ----------
    Parekh, Mozharovskyi, d'Alché-Buc (2021), supplement: decoders of MNIST and CIFAR-10.

    Examples
    --------
    >>> import torch
    >>> tuple(ConvDecoder(4, (3, 32, 32))(torch.ones(2, 4)).shape)
    (2, 3, 32, 32)
    """

    def __init__(self, n_attributes: int, shape: tuple[int, ...]) -> None:
        super().__init__()
        if len(shape) != 3 or shape[1] % 4 or shape[2] % 4:
            em = (
                f"The decoder 'conv' makes images whose sides are multiples of 4. Inputs "
                f"have the shape {shape}. Choose 'mlp', or give a module."
            )
            raise ParameterError(em)
        channels, rows, columns = shape
        first = _GREY if channels == 1 else _COLOUR
        self._small = (first, rows // 4, columns // 4)
        self.first = nn.Linear(n_attributes, prod(self._small))
        self.layers = nn.Sequential(
            _doubling(first, 4 * first),
            nn.ReLU(),
            _doubling(4 * first, channels),
        )

    def forward(self, attributes: Tensor) -> Tensor:
        """Return images, shape (n, *shape)."""
        small: Tensor = self.first(attributes)
        images: Tensor = self.layers(small.reshape(len(small), *self._small))
        return images


def _doubling(n_inputs: int, n_outputs: int) -> nn.Module:
    """A convolution that doubles the sides of a map."""
    return nn.ConvTranspose2d(n_inputs, n_outputs, 3, stride=2, padding=1, output_padding=1)


def made_decoder(
    kind: DecoderKind, n_attributes: int, shape: tuple[int, ...]
) -> nn.Module | None:
    """Return the decoder of a kind; `auto` takes transposed convolutions for images.

    Parameters
    ----------
    kind
        One that is made here, not `given`.
    n_attributes
        J.
    shape
        Of an input that can be reconstructed, without the batch; empty where it cannot,
        as with token numbers.

    Returns
    -------
    decoder
        None for `none`, and for `auto` where inputs cannot be reconstructed.

    Raises
    ------
    ParameterError
        If a decoder is asked for that cannot make such inputs.

    Examples
    --------
    >>> type(made_decoder(DecoderKind.AUTO, 4, (30,))).__name__
    'MlpDecoder'
    """
    if kind is DecoderKind.NONE or (kind is DecoderKind.AUTO and not shape):
        return None
    if not shape:
        em = (
            f"The decoder {kind.value!r} needs inputs that are one tensor of real numbers. "
            "Use decoder=None."
        )
        raise ParameterError(em)
    if kind is DecoderKind.NMF:
        return NmfDecoder(n_attributes, shape)
    image = len(shape) == 3 and not (shape[1] % 4 or shape[2] % 4)
    large = image and min(shape[1:]) >= _SMALLEST_IMAGE
    if kind is DecoderKind.CONV or (kind is DecoderKind.AUTO and large):
        return ConvDecoder(n_attributes, shape)
    return MlpDecoder(n_attributes, shape)
