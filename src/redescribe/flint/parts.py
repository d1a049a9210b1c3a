"""Parts of a FLINT as they are given: words, parameters or modules."""

from __future__ import annotations

import warnings

from redescribe.errors import ParameterError
from redescribe.flint._torch import nn
from redescribe.flint.params import DecoderKind


def check_network(model: object) -> None:
    """Check that a network is a module.

    Raises
    ------
    ParameterError
        If it is none.
    """
    if not isinstance(model, nn.Module):
        em = f"FLINT wraps a torch.nn.Module. Got a {type(model).__name__}."
        raise ParameterError(em)


def check_word(name: str, part: object, word: str, *, ok: bool) -> None:
    """Check that a part is a module, or the word for what is made here.

    Raises
    ------
    ParameterError
        If it is neither.
    """
    if not (ok or part == word or isinstance(part, nn.Module)):
        em = f"The {name} is {word!r} or a torch.nn.Module. Got {part!r}."
        raise ParameterError(em)


def decoder_kind(decoder: str | nn.Module | None) -> DecoderKind:
    """Return the kind of a decoder.

    >>> decoder_kind(None)
    <DecoderKind.NONE: 'none'>
    """
    if decoder is None:
        return DecoderKind.NONE
    return DecoderKind.GIVEN if isinstance(decoder, nn.Module) else decoder  # type: ignore[return-value]  # checked by FlintParams


def freeze(model: nn.Module) -> None:
    """Freeze a trained network and put it into evaluation mode.

    Warns
    -----
    UserWarning
        If it is in training mode.
    """
    if any(module.training for module in model.modules()):
        message = (
            "The network is in training mode: FLINT.post_hoc explains a trained network "
            "and puts it into evaluation mode. Call model.eval() first to say so yourself."
        )
        warnings.warn(message, stacklevel=4)
    model.requires_grad_(requires_grad=False)
    model.eval()
