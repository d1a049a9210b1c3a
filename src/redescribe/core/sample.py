"""A sample of the targets: how it is asked for, and what it left out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from redescribe.errors import ParameterError

IS_SAMPLE = "sample"
"""Marks a text that says which targets are drawn."""
SampleText = Annotated[str, IS_SAMPLE]

ALL = "all"
"""The text that asks for no sample."""

_SIZE = "[1-9][0-9]{0,17}"
SAMPLE_PATTERN = f"(all|(random|stratified):(layer=)?{_SIZE}|layers:{_SIZE})"
"""Every text that says which targets are drawn, as a regular expression."""


class SampleMethod(StrEnum):
    """How targets are drawn.

    >>> SampleMethod("stratified").phrase
    'stratified sample'
    """

    RANDOM = "random"
    LAYERS = "layers"
    STRATIFIED = "stratified"

    @property
    def phrase(self) -> str:
        """What the sample is called in a sentence."""
        return "layer-balanced sample" if self is self.LAYERS else f"{self.value} sample"


@dataclass(frozen=True, slots=True)
class SampleRequest:
    """How many of the chosen targets are explained, and how they are drawn.

    Parameters
    ----------
    method
        `random`: each target is as likely as any other; `layers`: as many of each layer as
        of any other, as far as it has them; `stratified`: in proportion to the layers and,
        within each, to the quarters of activity (`redescribe.mining.sampling`).
    size
        Number of targets, 1 or more.
    per_layer
        Whether the size counts the targets of each layer, rather than all.

    Examples
    --------
    >>> SampleRequest.parse("stratified:layer=64")
    SampleRequest(method=<SampleMethod.STRATIFIED: 'stratified'>, size=64, per_layer=True)
    >>> str(SampleRequest.parse("random:100"))
    'random:100'
    """

    method: SampleMethod
    size: int
    per_layer: bool = False

    def __str__(self) -> str:
        return f"{self.method.value}:{'layer=' if self.per_layer else ''}{self.size}"

    @classmethod
    def parse(cls, text: str) -> SampleRequest | None:
        """Read the text form; None is no sample: all chosen targets.

        Raises
        ------
        ParameterError
            If the text is neither `all` nor a sample.
        """
        if not re.fullmatch(SAMPLE_PATTERN, text):
            em = (
                "The 'neurons' parameter of MineParams must be 'all', or a sample: "
                "'random:64', 'layers:64' or 'stratified:64' (64 in all), "
                "'random:layer=64' or 'stratified:layer=64' (64 of each layer). Got "
                f"{text!r} instead."
            )
            raise ParameterError(em)
        if text == ALL:
            return None
        method, _, size = text.partition(":")
        number = size.removeprefix("layer=")
        return cls(SampleMethod(method), int(number), per_layer=number != size)


@dataclass(frozen=True, slots=True)
class TargetSample:
    """What a sample was drawn of: nothing is known about the targets that it left out.

    Attributes
    ----------
    request
        How the targets were drawn.
    seed
        Seed of the draw.
    n_sampled, n_available
        Targets explained, and targets of which they were drawn.

    Examples
    --------
    >>> request = SampleRequest(SampleMethod.STRATIFIED, 64)
    >>> print(TargetSample(request, 0, 64, 1200))
    64 of 1,200 targets (stratified sample, seed 0)
    """

    request: SampleRequest
    seed: int
    n_sampled: int
    n_available: int

    @property
    def caveat(self) -> str:
        """One sentence on what counts of targets are counts of."""
        return f"Only a sample was explained: {self}. Counts of targets are of the sample."

    def __str__(self) -> str:
        request = self.request
        limit = f", at most {request.size:,} of each layer" if request.per_layer else ""
        return (
            f"{self.n_sampled:,} of {self.n_available:,} targets "
            f"({request.method.phrase}{limit}, seed {self.seed})"
        )
