"""One opening of the hold-out: which family was tested on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Opening:
    """A family that was tested on a hold-out.

    Attributes
    ----------
    run
        Name of the run folder as it was called then.
    key
        Stage key of the run.
    family_size
        Redescriptions that were tested.
    n_candidates
        Candidates of which they were chosen.
    """

    run: str
    key: str
    family_size: int
    n_candidates: int


def opened_before_text(before: Sequence[Opening]) -> str:
    """Return a sentence on earlier openings of the same hold-out; empty without any.

    >>> opened_before_text([Opening("a", "k", 12, 900), Opening("b", "l", 9, 800)])[:64]
    'The hold-out had been opened 2 times before, for families of 12 '
    >>> opened_before_text([])
    ''
    """
    if not before:
        return ""
    sizes = [f"{opening.family_size:,}" for opening in before]
    last = f" and {sizes[-1]}" if len(sizes) > 1 else sizes[-1]
    families = "a family of" if len(sizes) == 1 else "families of"
    times = "once" if len(sizes) == 1 else f"{len(sizes)} times"
    return (
        f"The hold-out had been opened {times} before, for {families} "
        f"{', '.join(sizes[:-1])}{last}: q-values hold if no run was planned by what it "
        "showed."
    )
