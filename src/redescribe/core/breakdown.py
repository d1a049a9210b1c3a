"""How queries divide the entities: each by itself, in pairs, and all combinations."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from redescribe.core.measures import jaccard, jaccard_by_policy, union_size
from redescribe.core.missing import MissingPolicy
from redescribe.core.redescription import Agreement

if TYPE_CHECKING:
    from collections.abc import Mapping

    from redescribe._typing import Mask
    from redescribe.core.support import Support


class PairAgreement(NamedTuple):
    """Positions of two queries and their Jaccard; None where neither holds anywhere."""

    first: int
    second: int
    jaccard: float | None


class Combination(NamedTuple):
    """Which queries hold together and no others, and for how many entities."""

    holds: tuple[bool, ...]
    n_entities: int


@dataclass(frozen=True, slots=True)
class Breakdown:
    """How two or more queries divide the entities.

    Attributes
    ----------
    agreement
        Sizes, intersection, union, and the Jaccard under `missing`.
    pairs
        Every two queries, by position.
    combinations
        Those that occur, over the entities for which all queries are known: more queries
        first, then earlier ones.
    n_unknown
        Entities for which some query is unknown; they are in no combination.
    missing
        What unknown query values mean for the Jaccards above.
    jaccards
        The Jaccard of all queries under every policy; all the same where nothing is
        unknown.

    Examples
    --------
    >>> from redescribe.core.support import Support
    >>> masks = np.array([[1, 1, 0, 0], [1, 1, 1, 0], [1, 0, 1, 0]], bool)
    >>> found = Breakdown.of(tuple(map(Support.from_mask, masks)))
    >>> found.agreement.support, found.agreement.union, found.pairs[0].jaccard
    (1, 3, 0.6666666666666666)
    >>> [(sum(holds), n) for holds, n in found.combinations]
    [(3, 1), (2, 1), (2, 1), (0, 1)]
    """

    agreement: Agreement
    pairs: tuple[PairAgreement, ...]
    combinations: tuple[Combination, ...]
    n_unknown: int
    missing: MissingPolicy
    jaccards: Mapping[MissingPolicy, float]

    @classmethod
    def of(
        cls,
        supports: tuple[Support, ...],
        missing: MissingPolicy = MissingPolicy.QUERY_NON_MISSING,
    ) -> Breakdown:
        """Return how these supports divide the entities.

        Raises
        ------
        EntityMismatchError
            If they cover different numbers of entities.
        """
        agreement = Agreement.of(supports, missing)
        unknown = np.any([support.unknown_mask for support in supports], axis=0)
        pairs = []
        for first, second in combinations(range(len(supports)), 2):
            two = [supports[first], supports[second]]
            value = jaccard(two, missing) if union_size(two) else None
            pairs.append(PairAgreement(first, second, value))
        return cls(
            agreement,
            tuple(pairs),
            _combinations(np.array([s.mask for s in supports])[:, ~unknown]),
            int(np.count_nonzero(unknown)),
            missing,
            jaccard_by_policy(supports),
        )


def _combinations(masks: Mask) -> tuple[Combination, ...]:
    """The combinations of rows that are true together; shape (queries, entities)."""
    rows, counts = np.unique(masks.T, axis=0, return_counts=True)
    found = [
        Combination(tuple(map(bool, row)), int(n))
        for row, n in zip(rows, counts, strict=True)
    ]
    return tuple(
        sorted(found, key=lambda one: (-sum(one.holds), [not h for h in one.holds]))
    )
