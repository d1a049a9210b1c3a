"""Which tokens become attributes of texts, and what a lexical class counts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from annotated_types import doc

from redescribe._validation import Count, Share, check_bounds
from redescribe.errors import ParameterError
from redescribe.readers.word_lists import STOP_WORDS


class ClassValues(StrEnum):
    """What the attribute of a lexical class holds."""

    COUNT = "count"
    """`n_negations`: how many of the words of the text belong to the class."""
    PRESENCE = "presence"
    """`has_negations`: whether there is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenParams:
    """Which tokens are looked for in texts (`mentions_oil`).

    Without a `vocabulary`, the candidates are the tokens that occur in at least
    `min_share` and at most `max_share` of the texts that are not missing, without stop
    words and single letters or digits of ASCII. The most telling of them are those whose
    presence varies most, s (1 - s) for a share s of the texts; ties go by alphabet.

    Examples
    --------
    >>> TokenParams(n_tokens=20).max_share
    0.5
    """

    n_tokens: Annotated[Count, doc("how many tokens at most; 0 = none")] = 100
    min_share: Annotated[Share, doc("share of the texts that have it, at least")] = 0.01
    max_share: Annotated[Share, doc("share of the texts that have it, at most")] = 0.5
    stop_words: Annotated[tuple[str, ...], doc("words that are left out")] = STOP_WORDS
    vocabulary: Annotated[
        tuple[str, ...], doc("these tokens instead, however often they occur")
    ] = ()

    def __post_init__(self) -> None:
        check_bounds(self)
        if self.min_share > self.max_share:
            em = (
                f"The 'min_share' parameter of TokenParams is {self.min_share:g}, above "
                f"'max_share', {self.max_share:g}: no token fits. Lower it."
            )
            raise ParameterError(em)
        for name in ("stop_words", "vocabulary"):
            words = getattr(self, name)
            if isinstance(words, str):
                em = f"The {name!r} parameter of TokenParams is one text: give words."
                raise ParameterError(em)
            object.__setattr__(self, name, tuple(words))
