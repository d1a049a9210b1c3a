"""What is left out, and in which order, so that a report stays within its size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redescribe.report.blocks import Block
    from redescribe.report.schema import CutRecord

DEFAULT_BUDGET = 15_000_000
"""Bytes of a report at most."""


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
    rounded
        For each block a smaller one that tells the same less exactly, or None. They are
        taken before a block of this part or a later one goes. Empty where there are none.
    """

    what: str
    blocks: tuple[Block, ...]
    sizes: tuple[int, ...]
    more: int = 0
    rounded: tuple[Block | None, ...] = ()


def fit(
    required: int, cuttable: Sequence[Cuttable], budget: int
) -> tuple[list[Block], list[CutRecord]]:
    """Return the blocks that fit, and what was cut: first of `cuttable` first.

    Blocks are rounded first, the last one of a part first, and go where that is not enough.

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
    >>> columns = Cuttable("columns", (Block.of("a", b""), Block.of("b", b"")), (1, 1))
    >>> kept, cuts = fit(3, [columns], 3 + len(columns.blocks[0]))
    >>> [block.name for block in kept], cuts
    (['a'], [{'what': 'columns', 'shown': 1, 'total': 2}])
    """
    excess = required + sum(len(b) for o in cuttable for b in o.blocks) - budget
    kept: list[Block] = []
    rounded: list[CutRecord] = []
    cuts: list[CutRecord] = []
    best = [list(part.blocks) for part in cuttable]
    for position, part in enumerate(cuttable):
        if part.rounded:  # all that can be is rounded before the first of them goes
            for later in range(position, len(cuttable)):
                excess = _round(cuttable[later], best[later], excess)
        blocks = best[position]
        shown = len(blocks)
        while excess > 0 and shown:
            shown -= 1
            excess -= len(blocks[shown])
        kept += blocks[:shown]
        total = sum(part.sizes) + part.more
        pairs = zip(blocks[:shown], part.blocks, part.sizes, strict=False)
        exact = sum(size for block, whole, size in pairs if block is whole)
        if exact < sum(part.sizes[:shown]):
            what = f"all digits of {part.what}"
            rounded.append({"what": what, "shown": exact, "total": total})
        if shown < len(blocks) or part.more:
            counted = sum(part.sizes[:shown])
            cuts.append({"what": part.what, "shown": counted, "total": total})
    return kept, rounded + cuts


def _round(part: Cuttable, blocks: list[Block], excess: int) -> int:
    """Round blocks from the last one on while bytes are too many; return how many are."""
    for position in reversed(range(len(part.rounded))):
        if excess <= 0:
            break
        rounded = part.rounded[position]
        if rounded is not None and len(rounded) < len(blocks[position]):
            excess -= len(blocks[position]) - len(rounded)
            blocks[position] = rounded
    return excess
