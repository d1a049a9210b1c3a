"""What is found between two networks, beside what is found where one means nothing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from redescribe.core.assessed import Cell
    from redescribe.core.null_table import NullTable
    from redescribe.core.redescription import TargetReport


class NullKind(StrEnum):
    """What stands in the place of the network that explains.

    >>> NullKind("rotated")
    <NullKind.ROTATED: 'rotated'>
    """

    PERMUTED = "permuted"
    ROTATED = "rotated"
    UNTRAINED = "untrained"


NULL_NETWORKS = (NullKind.ROTATED, NullKind.UNTRAINED)
"""Those that are networks of their own; in the first kind entities change places."""


@dataclass(frozen=True, slots=True)
class NullSeries:
    """The best that searches find where one network is replaced, again and again.

    Attributes
    ----------
    null
        By what.
    partner
        The view that is replaced; the targets are of other views and only it explains them.
    searches
        Largest statistics of each search.
    """

    null: NullKind
    partner: str
    searches: NullTable


@dataclass(frozen=True, slots=True)
class NetworkNull:
    """A statistic beside those of searches in which one network is replaced.

    Attributes
    ----------
    null, partner
        By what, and the view that is replaced.
    value
        The statistic with the network as it is; 0 where nothing passed the gates.
    n_searches
        Searches with something in its place.
    mean, maximum
        Of their statistics.
    p_value
        (1 + searches that reach the value) / (1 + searches).

    Examples
    --------
    >>> found = NetworkNull(NullKind.UNTRAINED, "net", 0.8, 5, 0.3, 0.5, 1 / 6)
    >>> round(found.excess, 1), found.is_above
    (0.5, True)
    """

    null: NullKind
    partner: str
    value: float
    n_searches: int
    mean: float
    maximum: float
    p_value: float

    @property
    def excess(self) -> float:
        """The value less the mean of the searches."""
        return self.value - self.mean

    @property
    def is_above(self) -> bool:
        """Whether the value is larger than in any of the searches."""
        return self.value > self.maximum

    @property
    def smallest_p(self) -> float:
        """The smallest p-value that so many searches can give."""
        return 1 / (1 + self.n_searches)

    def __str__(self) -> str:
        networks = "permutations" if self.null is NullKind.PERMUTED else "networks"
        return (
            f"{self.null} ({self.n_searches:,} {networks}): mean {self.mean:.2f}, largest "
            f"{self.maximum:.2f}; excess {self.excess:.2f}, p {self.p_value:.2g} "
            f"(smallest possible {self.smallest_p:.2g})"
        )


@dataclass(frozen=True, slots=True)
class RelatedNetwork:
    """How well one other network explains a target, beside null networks.

    Attributes
    ----------
    partner
        The view of the other network.
    jaccard, adjusted_jaccard
        The largest of the target's redescriptions over these two views, before any was
        chosen; 0 without one.
    nulls
        One for each kind that was asked for.
    """

    partner: str
    jaccard: float
    adjusted_jaccard: float
    nulls: tuple[NetworkNull, ...]


@dataclass(frozen=True, slots=True)
class NullShare:
    """How many pairs of a target and another network are above all searches of a null.

    Attributes
    ----------
    null
        What replaced the other network.
    n_above, n_pairs
        Pairs above it, of those compared.
    n_searches
        The fewest of a pair.
    """

    null: NullKind
    n_above: int
    n_pairs: int
    n_searches: int

    def __str__(self) -> str:
        chance = f"by chance 1 of {self.n_searches + 1:,}"
        return (
            f"{self.null} {self.n_above:,} of {self.n_pairs:,} "
            f"({self.n_searches:,} searches; {chance})"
        )


def null_shares(targets: Iterable[TargetReport]) -> tuple[NullShare, ...]:
    """Return the share of pairs above each kind of null that any target was compared with.

    >>> null_shares(())
    ()
    """
    found = [n for target in targets for one in target.networks for n in one.nulls]
    n_pairs = Counter(one.null for one in found)
    n_above = Counter(one.null for one in found if one.is_above)
    return tuple(
        NullShare(
            null,
            n_above[null],
            n_pairs[null],
            min(one.n_searches for one in found if one.null is null),
        )
        for null in NullKind
        if null in n_pairs
    )


def share_counts(targets: Iterable[TargetReport]) -> dict[str, int]:
    """Return the counts of `null_shares` as a run has them; empty without null networks.

    >>> share_counts(())
    {}
    """
    shares = null_shares(targets)
    if not shares:
        return {}
    pairs = {"network_pairs": max(share.n_pairs for share in shares)}
    return pairs | {f"above_{share.null}": share.n_above for share in shares}


def network_cells(
    networks: tuple[RelatedNetwork, ...], kinds: Iterable[NullKind]
) -> dict[str, Cell]:
    """Return what the table of targets has of the network that explains a target best.

    >>> list(network_cells((), ()))
    ['network_partner', 'network_jaccard', 'network_adjusted_jaccard']
    """
    # The first of equals: the order of the views.
    best = max(networks, key=lambda one: one.adjusted_jaccard, default=None)
    cells: dict[str, Cell] = {
        "network_partner": best.partner if best else None,
        "network_jaccard": best.jaccard if best else None,
        "network_adjusted_jaccard": best.adjusted_jaccard if best else None,
    }
    by_kind = {one.null: one for one in (best.nulls if best else ())}
    for kind in kinds:
        found = by_kind.get(kind)
        cells |= {
            f"{kind}_searches": found.n_searches if found else None,
            f"{kind}_mean": found.mean if found else None,
            f"{kind}_maximum": found.maximum if found else None,
            f"{kind}_excess": found.excess if found else None,
            f"p_{kind}": found.p_value if found else None,
        }
    return cells
