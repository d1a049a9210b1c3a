"""What repeated searches, and resamples of the hold-out, say about findings and targets."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from redescribe.core.assessed import Cell


class Statistic(StrEnum):
    """What the best of a search is measured by.

    >>> Statistic("log_p")
    <Statistic.LOG_P: 'log_p'>
    """

    ADJUSTED_JACCARD = "adjusted_jaccard"
    JACCARD = "jaccard"
    LOG_P = "log_p"


@dataclass(frozen=True, slots=True)
class SearchPValue:
    """How often a search of permuted entities reaches what was found.

    Attributes
    ----------
    value
        For the target: (1 + searches in which the target gets as much) / (1 + searches).
    family
        Over all targets: (1 + searches in which any target gets as much) / (1 + searches).
    """

    value: float
    family: float


@dataclass(frozen=True, slots=True)
class TargetSearch:
    """The best that was found for a target beside what permuted entities give.

    Attributes
    ----------
    best
        The statistic of the best redescription before any was chosen; 0 without one.
    null_mean
        Its mean over the permutations.
    corrected
        (best - null_mean) / (1 - null_mean): 1 is perfect, 0 is what searching finds by
        chance. None where the statistic has no largest value, or that is the mean.
    p_value
        Of the whole search for the target.
    """

    best: float
    null_mean: float
    corrected: float | None
    p_value: SearchPValue


@dataclass(frozen=True, slots=True)
class Recovery:
    """What searches of resampled entities find again.

    Attributes
    ----------
    share
        Share of them that find, for the same target, a support with Jaccard >= 0.8 to this
        one on all mined entities.
    mean
        Mean of the largest such Jaccard.
    """

    share: float
    mean: float


@dataclass(frozen=True, slots=True)
class Resampling:
    """How often was permuted and resampled; 0 is what was not asked for.

    Attributes
    ----------
    n_permutations, n_recovery
        Searches of permuted, of resampled entities of the mining part.
    n_bootstrap
        Resamples of the hold-out.
    statistic
        Name of the statistic that `p_search` compares; empty without permutations.
    within
        VIEW:ATTRIBUTE within whose values entities were permuted; empty: among all.
    """

    n_permutations: int = 0
    n_recovery: int = 0
    n_bootstrap: int = 0
    statistic: str = ""
    within: str = ""

    @property
    def caveat(self) -> str:
        """One sentence on what `p_search` is evidence of; empty without permutations.

        >>> Resampling(99, statistic="jaccard").caveat[:38]
        'p_search compares with 99 searches of '
        """
        if not self.n_permutations:
            return ""
        within = f" within {self.within}" if self.within else ""
        return (
            f"p_search compares with {self.n_permutations} searches of entities permuted"
            f"{within}, by {self.statistic}: it covers the whole search of the mining part."
        )

    def target_cells(self, found: TargetSearch | None) -> dict[str, Cell]:
        """Return what the table of targets has of a target; null where it was not searched.

        >>> Resampling().target_cells(None), len(Resampling(9).target_cells(None))
        ({}, 5)
        """
        if not self.n_permutations:
            return {}
        return {
            "search_best": found.best if found else None,
            "search_null_mean": found.null_mean if found else None,
            "search_corrected": found.corrected if found else None,
            "p_search": found.p_value.value if found else None,
            "p_search_family": found.p_value.family if found else None,
        }


def finding_cells(
    p_search: SearchPValue | None, stability: float | None, recovery: Recovery | None
) -> dict[str, Cell]:
    """Return what the table of findings has of one: a column for each that is there.

    >>> finding_cells(SearchPValue(0.01, 0.05), None, None)
    {'p_search': 0.01, 'p_search_family': 0.05}
    """
    cells: dict[str, Cell] = {}
    if p_search is not None:
        cells |= {"p_search": p_search.value, "p_search_family": p_search.family}
    if stability is not None:
        cells["stability"] = stability
    if recovery is not None:
        cells |= {"recovery": recovery.share, "recovery_mean": recovery.mean}
    return cells
