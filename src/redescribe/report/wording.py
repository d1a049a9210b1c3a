"""Nouns, lists, counts and shares in the sentences of the report."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def plural(noun: str) -> str:
    """Return the plural of a regular English noun.

    >>> plural("sample"), plural("entity"), plural("batch"), plural("day")
    ('samples', 'entities', 'batches', 'days')
    """
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    return noun + ("es" if noun.endswith(("s", "x", "z", "ch", "sh")) else "s")


def listed(names: Sequence[str]) -> str:
    """Return names as a list in words.

    >>> listed(["a"]), listed(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def number(count: int) -> str:
    """Return a small count as a word.

    >>> number(3), number(12)
    ('three', '12')
    """
    words = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    return words[count - 2] if 2 <= count <= 10 else str(count)


def rounded(count: int) -> str:
    """Return a count as people say it.

    >>> rounded(18412), rounded(262024579), rounded(3 * 10**9)
    ('18,412', '262 million', '3 billion')
    """
    for size, name in ((10**9, "billion"), (10**6, "million")):
        if count >= size:
            return f"{count / size:.3g} {name}"
    return f"{count:,}"


def how_often(jaccard: float) -> str:
    """Return the adverb that a Jaccard warrants: where one rule holds, so often both do.

    >>> how_often(1.0), how_often(0.93), how_often(0.4)
    ('always', 'almost always', 'sometimes')
    """
    steps = (
        (1.0, "always"),
        (0.9, "almost always"),
        (0.7, "mostly"),
        (0.5, "more often than not"),
    )
    return next((adverb for least, adverb in steps if jaccard >= least), "sometimes")
