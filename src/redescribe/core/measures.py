"""How well queries agree: Jaccard under missing values, what chance gives, contingency."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import reduce
from math import prod
from typing import TYPE_CHECKING

import numpy as np

from redescribe._kernels import bitset
from redescribe.core.missing import MissingPolicy
from redescribe.core.support import check_same_entities

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redescribe._typing import Words
    from redescribe.core.support import Support


# Chosen by the hold-out on splits of the Wisconsin data: docs/decisions/0008.
_BITS_PER_LITERAL = 2


@dataclass(frozen=True, slots=True)
class Contingency:
    """Four cells of two queries, over the entities for which both are known.

    Examples
    --------
    >>> Contingency(both=3, left_only=1, right_only=0, neither=6).n_known
    10
    """

    both: int
    left_only: int
    right_only: int
    neither: int

    @property
    def n_known(self) -> int:
        """Number of entities for which both queries are known."""
        return self.both + self.left_only + self.right_only + self.neither


def jaccard(
    supports: Sequence[Support], policy: MissingPolicy = MissingPolicy.QUERY_NON_MISSING
) -> float:
    """Return |∩| / |∪| of the supports, in [0, 1]; 0 where the union is empty.

    Parameters
    ----------
    supports
        One per query, over the same entities.
    policy
        What unknown query values mean.

    Raises
    ------
    EntityMismatchError
        If the supports cover different numbers of entities.

    References
    ----------
    Specification of redescription mining, sections 1 and 6.

    Examples
    --------
    >>> from redescribe.core.support import Support
    >>> a = Support.from_mask(np.array([True, True, False, False]))
    >>> b = Support.from_mask(np.array([True, False, True, False]))
    >>> round(jaccard([a, b]), 3)
    0.333
    """
    shared, reached = jaccard_sets(supports, policy)
    size = int(bitset.set_size(reached))
    return int(bitset.set_size(shared)) / size if size else 0.0


def jaccard_sets(
    supports: Sequence[Support], policy: MissingPolicy = MissingPolicy.QUERY_NON_MISSING
) -> tuple[Words, Words]:
    """Return the two sets, packed, whose sizes a Jaccard divides: the first is smaller.

    Parameters and errors are those of `jaccard`.

    Examples
    --------
    >>> from redescribe.core.support import Support
    >>> a = Support.from_mask(np.array([True, True, False]))
    >>> [words.tolist() for words in jaccard_sets([a, ~a])]
    [[0], [7]]
    """
    check_same_entities(supports)
    intersection = _all_of([support.satisfied for support in supports])
    union = _any_of([support.satisfied for support in supports])
    unknown = _any_of([support.unknown for support in supports])
    if policy is MissingPolicy.REJECTIVE:
        union = union & ~(unknown & ~intersection)
    elif policy is MissingPolicy.PESSIMISTIC:
        union = union | unknown
    elif policy is MissingPolicy.OPTIMISTIC:
        intersection = _all_of([s.satisfied | s.unknown for s in supports])
        union = union | intersection
    return intersection, union


def jaccard_by_policy(supports: Sequence[Support]) -> dict[MissingPolicy, float]:
    """Return the Jaccard under every policy, in the order of `MissingPolicy`.

    All are reported where data are incomplete.

    Raises
    ------
    EntityMismatchError
        If the supports cover different numbers of entities.

    References
    ----------
    Specification of redescription mining, section 6.

    Examples
    --------
    >>> from redescribe.core.support import Support
    >>> a = Support.from_mask(np.array([True, True, False]))
    >>> b = Support.from_mask(a.mask, unknown=np.array([False, True, False]))
    >>> list(jaccard_by_policy([a, b]).values())
    [0.5, 1.0, 0.5, 1.0]
    """
    return {policy: jaccard(supports, policy) for policy in MissingPolicy}


def intersection_size(supports: Sequence[Support]) -> int:
    """Return the number of entities in all supports."""
    return int(bitset.set_size(_all_of([support.satisfied for support in supports])))


def union_size(supports: Sequence[Support]) -> int:
    """Return the number of entities in at least one support."""
    return int(bitset.set_size(_any_of([support.satisfied for support in supports])))


def contingency(left: Support, right: Support) -> Contingency:
    """Return the four cells of two queries.

    >>> from redescribe.core.support import Support
    >>> a = Support.from_mask(np.array([True, True, False, False]))
    >>> contingency(a, ~a)
    Contingency(both=0, left_only=2, right_only=2, neither=0)
    """
    check_same_entities([left, right])
    not_left, not_right = ~left, ~right
    both, left_only, right_only, neither = (
        int(bitset.intersection_size(x.satisfied, y.satisfied))
        for x, y in (
            (left, right),
            (left, not_right),
            (not_left, right),
            (not_left, not_right),
        )
    )
    return Contingency(both, left_only, right_only, neither)


def expected_jaccard(sizes: Sequence[int], n_entities: int) -> float:
    """Return J0, the Jaccard of independent queries with these support sizes.

    J0 = prod p_j / (1 - prod(1 - p_j)) with p_j = n_j / n; 0 where the union is empty.

    >>> round(expected_jaccard([80, 80], 100), 3)
    0.667
    """
    if not n_entities:
        return 0.0
    shares = [size / n_entities for size in sizes]
    union = 1 - prod(1 - share for share in shares)
    return prod(shares) / union if union else 0.0


def adjusted_jaccard(value: float, expected: float) -> float:
    """Return (J - J0) / (1 - J0): 1 is perfect, 0 is chance; 0 by definition if J0 is 1.

    >>> adjusted_jaccard(0.8, 0.6)
    0.5
    """
    return (value - expected) / (1 - expected) if expected < 1 else 0.0


def cautious_jaccard(value: float, union: int, n_literals: int) -> float:
    """Return the lower end of an interval of the Jaccard that widens with the length.

    |I| of |U| entities agree: Wilson's score interval bounds the share that it estimates.
    A search that tries all queries of a length finds the luckiest of some 2^(bits times
    length), so the interval is taken at the level of one in that many, two bits for each
    literal: z^2 = 2 ln(2) 2 n_literals. It ranks what was mined; it is no evidence.

    Parameters
    ----------
    value
        Jaccard, 0 to 1.
    union
        |U|; the bound is 0 where it is 0.
    n_literals
        Literals of all queries.

    References
    ----------
    Wilson, 1927. Blumer and others, Occam's razor, 1987.

    Examples
    --------
    >>> round(cautious_jaccard(0.9, 50, 2), 3), round(cautious_jaccard(0.9, 50, 6), 3)
    (0.757, 0.62)
    """
    if not (union and value):
        return 0.0
    z2 = 2 * math.log(2) * _BITS_PER_LITERAL * n_literals / union
    spread = math.sqrt(z2 * (value * (1 - value) + z2 / 4))
    # (a - b) / c as (a^2 - b^2) / (c (a + b)): no small difference of large numbers.
    return value * value / (value + z2 / 2 + spread)


def _all_of(words: Sequence[Words]) -> Words:
    return reduce(np.bitwise_and, words)


def _any_of(words: Sequence[Words]) -> Words:
    return reduce(np.bitwise_or, words)
