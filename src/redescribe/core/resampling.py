"""What repeated searches, and resamples of the hold-out, say about findings and targets."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from redescribe.core.network_null import NULL_NETWORKS, NullKind, network_cells

if TYPE_CHECKING:
    from redescribe.core.assessed import Cell, Finding
    from redescribe.core.redescription import TargetReport


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
    n_rotations
        Rotations of each network that explains neurons of another one.
    n_untrained
        Untrained networks that were given, of all views together.
    """

    n_permutations: int = 0
    n_recovery: int = 0
    n_bootstrap: int = 0
    statistic: str = ""
    within: str = ""
    n_rotations: int = 0
    n_untrained: int = 0

    @property
    def null_networks(self) -> tuple[NullKind, ...]:
        """What replaced the network that explains neurons of another one.

        >>> Resampling(n_untrained=5).null_networks
        (<NullKind.UNTRAINED: 'untrained'>,)
        """
        given = {NullKind.ROTATED: self.n_rotations, NullKind.UNTRAINED: self.n_untrained}
        return tuple(null for null, n in given.items() if n)

    @property
    def caveat(self) -> str:
        """What repeated searches are evidence of; empty without any.

        >>> Resampling(99, statistic="jaccard").caveat[:38]
        'p_search compares with 99 searches of '
        """
        texts = []
        if self.n_permutations:
            within = f" within {self.within}" if self.within else ""
            texts.append(
                f"p_search compares with {self.n_permutations} searches of entities "
                f"permuted{within}, by {self.statistic}: it covers the whole search of the "
                "mining part."
            )
        if self.null_networks:
            names = " and ".join(f"p_{null}" for null in self.null_networks)
            texts.append(
                f"{names}: neurons of one network explained by null networks in the place "
                f"of another, by {self.statistic}, on the mining part."
            )
        return " ".join(texts)

    def target_cells(self, target: TargetReport) -> dict[str, Cell]:
        """Return what the table of targets has of a target; null where it was not searched.

        >>> from redescribe.core.redescription import TargetReport, TargetState
        >>> dead = TargetState.NOT_DESCRIBABLE
        >>> target = TargetReport("x", "a", "x:a", dead, "constant", 1, None, None, 0)
        >>> Resampling().target_cells(target), len(Resampling(9).target_cells(target))
        ({}, 5)
        """
        nulls = self.null_networks
        return (_search_cells(target.search) if self.n_permutations else {}) | (
            network_cells(target.networks, nulls) if nulls else {}
        )


def _search_cells(found: TargetSearch | None) -> dict[str, Cell]:
    return {
        "search_best": found.best if found else None,
        "search_null_mean": found.null_mean if found else None,
        "search_corrected": found.corrected if found else None,
        "p_search": found.p_value.value if found else None,
        "p_search_family": found.p_value.family if found else None,
    }


def finding_cells(found: Finding) -> dict[str, Cell]:
    """Return what the table of findings has of one: a column for each that is there.

    >>> from redescribe.core.assessed import Finding
    >>> from redescribe.core.redescription import Kind, Redescription
    >>> blank = Redescription("", "", "", Kind.INDIVIDUAL, (), (), 0.0, 0.0)
    >>> finding_cells(Finding("R1", blank, None, p_search=SearchPValue(0.01, 0.05)))
    {'p_search': 0.01, 'p_search_family': 0.05}
    """
    cells: dict[str, Cell] = {}
    p_search, recovery = found.p_search, found.recovery
    if p_search is not None:
        cells |= {"p_search": p_search.value, "p_search_family": p_search.family}
    nulls = [null for null in found.nulls if null.null in NULL_NETWORKS]
    cells |= {f"p_{null.null}": null.p_value for null in nulls}
    if found.stability is not None:
        cells["stability"] = found.stability
    if recovery is not None:
        cells |= {"recovery": recovery.share, "recovery_mean": recovery.mean}
    return cells
