"""What is left out, and in which order, so that a report stays within its size."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from redescribe.errors import ParameterError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redescribe.report.blocks import Block
    from redescribe.report.schema import CutRecord

DEFAULT_BUDGET = 25_000_000
"""Bytes of a report at most."""

_UNITS = {"": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9}
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([kmg]?b)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cuttable:
    """Blocks that can go, the last one first; what they hold is counted in `what`.

    Attributes
    ----------
    what
        What is shown, in words: "columns of neurons without a finding".
    blocks
        The most important one first.
    sizes
        How many of `what` each block holds.
    more
        How many of `what` there are that no block holds.
    """

    what: str
    blocks: tuple[Block, ...]
    sizes: tuple[int, ...]
    more: int = 0


def fit(
    required: int, cuttable: Sequence[Cuttable], budget: int
) -> tuple[list[Block], list[CutRecord]]:
    """Return the blocks that fit, and what was cut: first of `cuttable` first.

    Parameters
    ----------
    required
        Bytes that cannot go. A budget below them leaves nothing cuttable.
    cuttable
        In the order in which they are cut.
    budget
        Bytes in all.

    Examples
    --------
    >>> from redescribe.report.blocks import Block
    >>> columns = Cuttable("columns", (Block("a", "xxxx"), Block("b", "xxxx")), (1, 1))
    >>> kept, cuts = fit(3, [columns], 8)
    >>> [block.name for block in kept], cuts
    (['a'], [{'what': 'columns', 'shown': 1, 'total': 2}])
    """
    excess = required + sum(len(b) for o in cuttable for b in o.blocks) - budget
    kept: list[Block] = []
    cuts: list[CutRecord] = []
    for part in cuttable:
        shown = len(part.blocks)
        while excess > 0 and shown:
            shown -= 1
            excess -= len(part.blocks[shown])
        kept += part.blocks[:shown]
        if shown < len(part.blocks) or part.more:
            total = sum(part.sizes) + part.more
            counts = {"shown": sum(part.sizes[:shown]), "total": total}
            cuts.append({"what": part.what, **counts})  # type: ignore[typeddict-item]
    return kept, cuts


def parse_size(text: str) -> int:
    """Return a size such as "25MB" in bytes.

    Raises
    ------
    ParameterError
        If it is no size.

    Examples
    --------
    >>> parse_size("25MB"), parse_size("1.5 kB"), parse_size("800")
    (25000000, 1500, 800)
    """
    match = _SIZE.fullmatch(text.strip())
    if match is None or not float(match[1]):
        em = f"A size is a number with kB, MB or GB, such as 25MB. Got {text!r} instead."
        raise ParameterError(em)
    return int(float(match[1]) * _UNITS[(match[2] or "").lower().removeprefix("b")])
