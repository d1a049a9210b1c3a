"""What a search found about each target, in the mining part and on the hold-out."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field
from statistics import fmean, stdev
from typing import TYPE_CHECKING

from redescribe.core.redescription import Agreement

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from redescribe.core.dataset import Dataset
    from redescribe.core.query import Query

Z = 1.96
"""Standard errors on each side of an interval of 95 %, by normal theory."""


@dataclass(frozen=True)
class Description:
    """Two queries, one of them about the target alone, and how well they agree.

    Attributes
    ----------
    rank
        The cautious Jaccard by which findings are ranked; the hold-out plays no part.
    text
        The queries, which break ties.
    """

    mined: float
    adjusted: float
    held_out: float
    held_out_adjusted: float
    length: int
    rank: float
    text: str

    @classmethod
    def of(
        cls, queries: Sequence[Query], mined: Agreement, hold_out: Dataset
    ) -> Description:
        """Evaluate queries on the hold-out; `mined` is their agreement before."""
        supports = tuple(query.on(hold_out.view(query.view)) for query in queries)
        tested, length = Agreement.of(supports), sum(map(len, queries))
        return cls(
            mined=mined.jaccard,
            adjusted=mined.adjusted_jaccard,
            held_out=tested.jaccard,
            held_out_adjusted=tested.adjusted_jaccard,
            length=length,
            rank=mined.cautious_jaccard(length),
            text=" <=> ".join(map(str, queries)),
        )


Descriptions = tuple[Description, ...]


def first(found: Iterable[Description]) -> Description | None:
    """The one that the ranking puts first."""
    return min(found, key=lambda one: (-one.rank, one.length, one.text), default=None)


def largest(found: Iterable[Description]) -> Description | None:
    """The one with the largest mined Jaccard: the luckiest as well."""
    return min(found, key=lambda one: (-one.mined, one.length, one.text), default=None)


def largest_within(found: Iterable[Description], max_length: int) -> Description | None:
    """The one with the largest mined Jaccard among those of at most so many literals."""
    return largest(one for one in found if one.length <= max_length)


@dataclass(frozen=True)
class Outcome:
    """What one program did with one case.

    Attributes
    ----------
    wall, cpu
        Seconds of the search.
    peak
        Largest resident memory of its process so far, in MB.
    described
        Descriptions of each target that stands alone on its side.
    mentioned
        Targets that some redescription uses, alone or not.
    n_candidates
        Candidates scored; None where the program does not say.
    describable
        Targets that can be described at all; None where the program does not say.
    note
        What went wrong; empty: nothing.
    proven
        Largest mined Jaccard of the language of 'exact', of each target where it is proven.
    """

    wall: float
    cpu: float
    peak: float
    described: Mapping[str, Descriptions]
    mentioned: frozenset[str]
    n_candidates: int | None = None
    describable: frozenset[str] | None = None
    note: str = ""
    proven: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Means:
    """Means over the descriptions chosen for all targets of all cases."""

    mined: float
    adjusted: float
    held_out: float
    held_out_adjusted: float
    length: float

    @classmethod
    def of(cls, chosen: Sequence[Description]) -> Means | None:
        """Return the means; None of nothing."""
        if not chosen:
            return None
        return cls(
            mined=fmean(one.mined for one in chosen),
            adjusted=fmean(one.adjusted for one in chosen),
            held_out=fmean(one.held_out for one in chosen),
            held_out_adjusted=fmean(one.held_out_adjusted for one in chosen),
            length=fmean(one.length for one in chosen),
        )


@dataclass(frozen=True)
class Difference:
    """A mean difference, and its interval of 95 %; None for a single target."""

    mean: float
    low: float | None
    high: float | None

    @classmethod
    def of(cls, values: Sequence[float]) -> Difference:
        """Return the mean and its interval by normal theory: independent values."""
        mean = fmean(values)
        if len(values) == 1:
            return cls(mean, None, None)
        half = Z * stdev(values) / math.sqrt(len(values))
        return cls(mean, mean - half, mean + half)

    def __str__(self) -> str:
        if self.low is None or self.high is None:
            return f"{self.mean:+.3f}"
        return f"{self.mean:+.3f} ({self.low:+.3f} to {self.high:+.3f})"


@dataclass(frozen=True)
class Comparison:
    """One program less another on the hold-out, for the targets that both describe.

    Attributes
    ----------
    n_targets
        Targets; each counts by its mean over the splits in which both describe it.
    jaccard, adjusted
        Of the hold-out Jaccard, and of the chance-corrected one.
    length, base_length
        Mean literals of both.
    """

    n_targets: int
    jaccard: Difference
    adjusted: Difference
    length: float
    base_length: float


def compared(
    other: Sequence[Mapping[str, Description]], base: Sequence[Mapping[str, Description]]
) -> Comparison | None:
    """Compare what two programs chose for each target in each case, in the same order.

    None where they have no target in common.
    """
    by_target: dict[str, list[tuple[Description, Description]]] = defaultdict(list)
    for of_other, of_base in zip(other, base, strict=True):
        for target in sorted(of_other.keys() & of_base.keys()):
            by_target[target].append((of_other[target], of_base[target]))
    if not by_target:
        return None

    def mean(value: Callable[[Description, Description], float]) -> list[float]:
        return [fmean(value(*pair) for pair in pairs) for pairs in by_target.values()]

    return Comparison(
        n_targets=len(by_target),
        jaccard=Difference.of(mean(lambda one, basis: one.held_out - basis.held_out)),
        adjusted=Difference.of(
            mean(lambda one, basis: one.held_out_adjusted - basis.held_out_adjusted)
        ),
        length=fmean(mean(lambda one, _: one.length)),
        base_length=fmean(mean(lambda _, basis: basis.length)),
    )


def chosen_by(
    choose: Callable[[Descriptions], Description | None], outcome: Outcome
) -> dict[str, Description]:
    """The description that is chosen for each target; targets without any are left out."""
    chosen = {target: choose(found) for target, found in outcome.described.items()}
    return {target: one for target, one in chosen.items() if one is not None}
