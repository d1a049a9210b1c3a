"""Texts -> how many characters of each kind they have."""

from __future__ import annotations

import unicodedata
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redescribe._typing import Ints

_BLOCK = 4096
_N_POINTS = 0x110000
_UNSEEN = 255
_SIGNS = {
    "question": "?\uff1f\u061f\u2e2e\u055e",
    "exclamation": "!\uff01\u00a1\u055c",
    "quote": '"\u201c\u201d\u201e\u201f\u00ab\u00bb\u2039\u203a'
    "\u300c\u300d\u300e\u300f\uff02",
}
"""Full width, Arabic, reversed and Armenian signs; quotes of many languages."""


class CharacterKind(IntEnum):
    """Kinds of characters; each character is of one kind."""

    BLANK = 0
    DIGIT = 1
    CAPITAL = 2
    OTHER_LETTER = 3
    QUESTION_MARK = 4
    EXCLAMATION_MARK = 5
    QUOTE = 6
    OTHER_PUNCTUATION = 7
    CURRENCY_SIGN = 8
    OTHER = 9


PUNCTUATION = (
    CharacterKind.QUESTION_MARK,
    CharacterKind.EXCLAMATION_MARK,
    CharacterKind.QUOTE,
    CharacterKind.OTHER_PUNCTUATION,
)
WORD_CHARACTERS = (
    CharacterKind.DIGIT,
    CharacterKind.CAPITAL,
    CharacterKind.OTHER_LETTER,
)


def count_characters(texts: Sequence[str]) -> Ints:
    """Return how many characters (code points) of each kind each text has.

    Parameters
    ----------
    texts
        Any texts.

    Returns
    -------
    ndarray of int64, shape (n_texts, n_kinds)
        In the order of `CharacterKind`. Kinds follow the categories of Unicode; marks
        (accents, vowel signs) count as letters, other numbers (½) as digits.

    Examples
    --------
    >>> counts = count_characters(["Up 5%!", ""])
    >>> counts[:, CharacterKind.CAPITAL], counts[:, list(PUNCTUATION)].sum(axis=1)
    (array([1, 0]), array([2, 0]))
    """
    n_kinds = len(CharacterKind)
    kinds = np.full(_N_POINTS, _UNSEEN, np.uint8)
    counts = np.zeros((len(texts), n_kinds), np.int64)
    for first in range(0, len(texts), _BLOCK):
        block = texts[first : first + _BLOCK]
        # A lone half of a surrogate pair is a character too, of kind OTHER.
        encoded = "".join(block).encode("utf-32-le", "surrogatepass")
        points = np.frombuffer(encoded, np.dtype("<u4"))
        found = kinds[points]
        if (found == _UNSEEN).any():
            for point in np.unique(points[found == _UNSEEN]):
                kinds[point] = _kind(chr(point))
            found = kinds[points]
        owners = np.repeat(np.arange(len(block)), [len(text) for text in block])
        cells = np.bincount(owners * n_kinds + found, minlength=len(block) * n_kinds)
        counts[first : first + len(block)] = cells.reshape(-1, n_kinds)
    return counts


def _kind(character: str) -> CharacterKind:
    for kind, signs in (
        (CharacterKind.QUESTION_MARK, _SIGNS["question"]),
        (CharacterKind.EXCLAMATION_MARK, _SIGNS["exclamation"]),
        (CharacterKind.QUOTE, _SIGNS["quote"]),
    ):
        if character in signs:
            return kind
    if character.isspace():
        return CharacterKind.BLANK
    category = unicodedata.category(character)
    if category in {"Lu", "Lt"}:
        return CharacterKind.CAPITAL
    if category == "Sc":
        return CharacterKind.CURRENCY_SIGN
    if category in {"Me", "Cf", "Cs"} or "VARIATION SELECTOR" in unicodedata.name(
        character, ""
    ):
        return CharacterKind.OTHER
    by_group = {
        "N": CharacterKind.DIGIT,
        "L": CharacterKind.OTHER_LETTER,
        "M": CharacterKind.OTHER_LETTER,
        "P": CharacterKind.OTHER_PUNCTUATION,
    }
    return by_group.get(category[0], CharacterKind.OTHER)
