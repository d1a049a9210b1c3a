"""Texts -> tokens: runs of letters and digits, as numbers in a vocabulary.

A token is a run of letters, digits and the marks that belong to them (vowel signs,
accents) in any script, with apostrophes and joiners inside it. It is folded to one case,
and a final 's is dropped: `Don't`, `U.N.` and `Iraq's` are `don't`, `u` and `n`, `iraq`.
Scripts without blanks (Chinese, Japanese, Thai) give one token from sign to sign: divide
such texts by blanks first, or look for patterns.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from array import array
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from redescribe._typing import Int32s, Ints, Mask, Values

_BLOCK = 4096
_LAST_MARK = 0x1FFFF
_VARIATION_SELECTORS = range(0xFE00, 0xFE10)
_POSSESSIVE, _CURLED = "'s", "\u2019"
# The same tokens as below, in a third of the time.
_ASCII_TOKEN = re.compile("[a-z0-9]+(?:'[a-z0-9]+)*")


@dataclass(frozen=True, slots=True, eq=False)
class Tokens:
    """The tokens of some texts, in order.

    Attributes
    ----------
    vocabulary
        The distinct tokens, in order of their first occurrence.
    codes
        ndarray of int32, shape (n_tokens,): positions in the vocabulary, text after text.
    starts
        ndarray of int64, shape (n_texts + 1,): where the tokens of each text begin; the
        last one is the end.

    Examples
    --------
    >>> tokens = Tokens.of(["Oil, oil and Iraq's oil", ""])
    >>> tokens.vocabulary, tokens.codes.tolist(), tokens.counts.tolist()
    (('oil', 'and', 'iraq'), [0, 0, 1, 2, 0], [5, 0])
    """

    vocabulary: tuple[str, ...]
    codes: Int32s
    starts: Ints

    @classmethod
    def of(cls, texts: Iterable[str]) -> Tokens:
        """Divide texts into tokens; four bytes are kept for each."""
        find, find_ascii = _token().findall, _ASCII_TOKEN.findall
        number: defaultdict[str, int] = defaultdict(count().__next__)
        codes, lengths = array("i"), array("q", [0])
        for text in texts:
            folded = _folded(text)
            found = find_ascii(folded) if folded.isascii() else find(folded)
            codes.extend(map(number.__getitem__, found))
            lengths.append(len(found))
        stems: defaultdict[str, int] = defaultdict(count().__next__)
        stem_of = np.array(
            [stems[token.removesuffix(_POSSESSIVE)] for token in number], np.int32
        )
        read = np.frombuffer(codes, np.int32) if codes else np.zeros(0, np.int32)
        starts = np.cumsum(np.frombuffer(lengths, np.int64))
        return cls(tuple(stems), stem_of[read], starts)

    @property
    def counts(self) -> Ints:
        """How many tokens each text has, shape (n_texts,)."""
        return np.diff(self.starts)

    def document_frequencies(self) -> Ints:
        """Return in how many texts each token of the vocabulary occurs."""
        n_tokens = len(self.vocabulary)
        frequencies = np.zeros(n_tokens, np.int64)
        for _, codes, owners in self._blocks():
            distinct = np.unique(owners * n_tokens + codes)
            frequencies += np.bincount(distinct % n_tokens, minlength=n_tokens)
        return frequencies

    def counts_of(self, members: Mask) -> Ints:
        """Return how many tokens of each text are members, shape (n_texts,).

        Parameters
        ----------
        members
            ndarray of bool, shape (n_vocabulary,).
        """
        found = np.zeros(self.starts.size - 1, np.int64)
        for first, codes, owners in self._blocks():
            counted = np.bincount(owners[members[codes]])
            found[first : first + counted.size] = counted
        return found

    def fill_presence(self, chosen: Sequence[str], rows: Values) -> None:
        """Write 1 where a chosen token occurs in a text, else 0.

        Parameters
        ----------
        chosen
            Tokens, folded; those outside the vocabulary occur nowhere.
        rows
            ndarray, shape (n_chosen, n_texts), filled in place.
        """
        rows[:] = 0
        row_of_token = {token: row for row, token in enumerate(chosen)}
        row_of = np.array([row_of_token.get(token, -1) for token in self.vocabulary])
        for first, codes, owners in self._blocks():
            row = row_of[codes]
            hit = row >= 0
            rows[row[hit], first + owners[hit]] = 1

    def _blocks(self) -> Iterator[tuple[int, Int32s, Ints]]:
        """Yield the first text of a block, its codes, and the text in the block of each."""
        if not self.codes.size:
            return
        for first in range(0, self.starts.size - 1, _BLOCK):
            starts = self.starts[first : first + _BLOCK + 1]
            lengths = np.diff(starts)
            yield first, self.codes[starts[0] : starts[-1]], _repeated(lengths)


def folded_token(text: str) -> str | None:
    """Return the token that a text is, folded; None where it is none, or several.

    >>> folded_token("Iraq's"), folded_token("New York")
    ('iraq', None)
    """
    folded = _folded(text)
    return folded.removesuffix(_POSSESSIVE) if _token().fullmatch(folded) else None


def has_token(text: str) -> bool:
    """Return whether a text has a token.

    >>> has_token("..."), has_token("4 p.m.")
    (False, True)
    """
    return _token().search(text) is not None


def _repeated(lengths: Ints) -> Ints:
    return np.repeat(np.arange(lengths.size), lengths)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold().replace(_CURLED, "'")


@lru_cache(maxsize=1)
def _token() -> re.Pattern[str]:
    # Python's \w leaves out the marks, which would cut Hindi or Arabic words at vowels.
    last = min(_LAST_MARK, sys.maxunicode)
    marks = "".join(
        chr(point)
        for point in range(0x300, last + 1)
        if unicodedata.category(chr(point)) in {"Mn", "Mc"}
        and point not in _VARIATION_SELECTORS
    )
    return re.compile(rf"[^\W_]+(?:(?:[{marks}\u200c\u200d]|'(?=[^\W_]))[^\W_]*)*")
