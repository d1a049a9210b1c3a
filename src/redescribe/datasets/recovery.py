"""Whether a planted redescription is among those that a search found."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING

from redescribe.core.measures import jaccard

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from redescribe.core.redescription import Redescription
    from redescribe.core.support import Support
    from redescribe.datasets.planted import Planted

MIN_OVERLAP = 0.9
"""Jaccard of a found with a planted set of entities from which on they are the same."""


@dataclass(frozen=True, slots=True)
class Recovery:
    """What of a planted redescription was found, over each of its partner views.

    Attributes
    ----------
    support
        Whether a finding has the planted support and union.
    attributes
        Whether such a finding names exactly the planted attributes on every side.
    complement
        Whether a finding with exactly the planted attributes has the support and union of
        the negated queries: it says NOT own <=> NOT partner, the same in other words.
    """

    support: bool
    attributes: bool
    complement: bool


def recovery(planted: Planted, found: Iterable[Redescription]) -> Recovery:
    """Return whether a planted redescription was found.

    Only findings on the planted target and of the planted kind count. On *all* entities,
    those of the hold-out too, the support of a finding (where all of its queries hold) is
    compared with that of the planted queries of the same views, on the same, perhaps noisy
    and incomplete, data, and likewise its union (where one of its queries holds): both
    Jaccards must be at least 0.9. So the planted queries themselves are always a recovery,
    while an unrelated set, or a query that lacks a literal on one side only, is none. The
    form of the queries is free (NOT (x > 0 AND y > 0) is x <= 0 OR y <= 0), the attributes
    are not. With several partner views each must be covered by a finding.

    Parameters
    ----------
    planted
        From `plant`.
    found
        Redescriptions of its dataset.

    Examples
    --------
    >>> from redescribe.datasets.planted import plant
    >>> from redescribe.mining.miner import mine
    >>> from redescribe.mining.params import MineParams
    >>> planted = plant()
    >>> recovery(planted, mine(planted.dataset, MineParams(targets=(planted.target,))))
    Recovery(support=True, attributes=True, complement=True)
    """
    dataset, covered = planted.dataset, {name: set[str]() for name in Recovery.__slots__}
    names = {query.view: set(query.attributes) for query in planted.queries}
    for redescription in found:
        target = f"{redescription.view}:{redescription.attribute}"
        if target != planted.target or redescription.kind is not planted.kind:
            continue
        views = {query.view for query in redescription.queries}
        wanted = [
            query.on(dataset.view(query.view))
            for query in planted.queries
            if query.view in views
        ]
        supports = redescription.supports_on(dataset)
        exact = all(set(q.attributes) == names[q.view] for q in redescription.queries)
        if _same(supports, wanted):
            covered["support"] |= views
            covered["attributes"] |= views if exact else set()
        if exact and _same(supports, [~support for support in wanted]):
            covered["complement"] |= views
    return Recovery(**{name: views == names.keys() for name, views in covered.items()})


def _same(supports: Sequence[Support], wanted: Sequence[Support]) -> bool:
    return all(
        jaccard([reduce(combined, supports), reduce(combined, wanted)]) >= MIN_OVERLAP
        for combined in (and_, or_)
    )
