"""The best candidate of each length."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redescribe.core.front import FrontPoint
from redescribe.core.redescription import Agreement

if TYPE_CHECKING:
    from collections.abc import Iterable

    from redescribe.search.base import Candidate
    from redescribe.search.params import Thresholds


def length_front(
    candidates: Iterable[Candidate], thresholds: Thresholds
) -> tuple[FrontPoint, ...]:
    """Return the front of length and Jaccard, the shortest pair first.

    A longer pair is on the front if its Jaccard is larger than that of all shorter ones. It
    pays if it is larger than that of the last one that pays by `literal_epsilon`, and by
    one entity of the union, for every literal more.

    References
    ----------
    Specification of redescription mining, section 8.1.
    """
    best: dict[int, Candidate] = {}
    for candidate in candidates:
        length = len(candidate)
        if length not in best or candidate.by_jaccard < best[length].by_jaccard:
            best[length] = candidate
    front: list[FrontPoint] = []
    paying, largest = 0.0, -1.0
    paid_length = 0
    for length in sorted(best):
        found = best[length]
        if found.jaccard <= largest:
            continue
        largest = found.jaccard
        price = max(thresholds.literal_epsilon, 1 / found.union)
        pays = not front or largest - paying > price * (length - paid_length)
        if pays:
            paying, paid_length = largest, length
        front.append(_point(found, thresholds, pays=pays))
    return tuple(front)


def _point(found: Candidate, thresholds: Thresholds, *, pays: bool) -> FrontPoint:
    own, partner = (query.query() for query in found.queries)
    mined = Agreement(
        found.own.view.n_entities, found.sizes, found.support, found.union, found.jaccard
    )
    return FrontPoint((own, partner), thresholds.missing, mined, pays, None)
