"""Everything that was mined -> the family that is reported."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from redescribe.core.near_duplicate import NearDuplicate
from redescribe.selection.candidates import question, target_kind
from redescribe.selection.cover import select_cover
from redescribe.selection.duplicates import drop_duplicates, near_duplicates
from redescribe.selection.exchange import select_exchange
from redescribe.selection.params import SelectParams, Strategy
from redescribe.selection.reduced_set import select_extraction

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence

    from redescribe.core.redescription import Redescription, RedescriptionSet
    from redescribe.selection.duplicates import Linked


def select(
    family: RedescriptionSet, params: SelectParams | None = None
) -> RedescriptionSet:
    """Return the redescriptions that are reported; every described target keeps some.

    Duplicates are dropped, near duplicates give way to the better one, and a strategy
    chooses of the rest, `max_per_target` for each target and kind at most. The one with the
    largest cautious Jaccard of each target is always among those chosen.

    Extraction and exchange divide `max_per_target` among the sets of views over which the
    target is described: what a neuron means in the attributes and in another network are
    two questions. Pairs come first, then triples and so on. The answer with the largest
    cautious Jaccard to each is among those chosen: where a question has one place only, the
    scores would rather fill it with a rare support, and such answers did worse on held-out
    entities.

    Each of several rows of weights gives a set of its own, bounded as above; their union is
    returned.

    Parameters
    ----------
    family
        What `mine` gives; the hold-out plays no part.
    params
        Strategy and weights.

    Returns
    -------
    RedescriptionSet
        In the order of the targets, then of the quality; it does not depend on the order
        of the input. Near duplicates are linked to what they gave way to, if that is
        returned; links that the input has stay.

    References
    ----------
    Specification of redescription mining, sections 5.9 and 5.10.

    Examples
    --------
    >>> import redescribe as rd
    >>> import numpy as np
    >>> x = np.random.default_rng(0).normal(size=(150, 2))
    >>> views = [rd.View.of("x", x), rd.View.of("y", x + 0.3 * x[:, ::-1])]
    >>> mined = rd.mine(rd.Dataset.of(views))
    >>> family = select(mined, SelectParams(max_per_target=1))
    >>> len(mined) > len(family) == 4
    True
    """
    params = params or SelectParams()
    chosen: Iterable[Redescription] = drop_duplicates(
        family, keep_equal_support=params.keep_equal_support
    )
    links: Sequence[Linked] = ()
    if params.select is not Strategy.ALL:
        links = near_duplicates(
            chosen, params.near_duplicate, same_attributes=params.keep_equal_support
        )
        kept = [linked.redescription for linked in links]
        chosen = dict.fromkeys(one for row in params.rows for one in _chosen(kept, row))
    order = {(t.view, t.attribute): i for i, t in enumerate(family.targets)}

    def rank(found: Redescription) -> tuple[int, str, float, int, str]:
        position = order.get((found.view, found.attribute), len(order))
        return position, found.kind, -found.rank, len(found), str(found)

    ranked = tuple(sorted(chosen, key=rank))
    return replace(
        family, redescriptions=ranked, near_duplicates=_linked(family, ranked, links)
    )


def _linked(
    family: RedescriptionSet, chosen: Iterable[Redescription], links: Iterable[Linked]
) -> dict[Redescription, tuple[NearDuplicate, ...]]:
    """What each of the chosen stands for: as the family says, and what gave way now."""
    gave_way = {linked.redescription: linked.near_duplicates for linked in links}
    near = {
        one: (
            *family.near_duplicates.get(one, ()),
            *(NearDuplicate.of(other, one) for other in gave_way.get(one, ())),
        )
        for one in chosen
    }
    return {one: duplicates for one, duplicates in near.items() if duplicates}


def _chosen(
    redescriptions: Sequence[Redescription], params: SelectParams
) -> list[Redescription]:
    """What the strategy takes of redescriptions that are ordered by their rank."""
    if params.select is Strategy.COVER:
        n_all = len(redescriptions)
        return list(select_cover(redescriptions, params, limit=n_all, with_best=True))
    strategy = select_exchange if params.select is Strategy.EXCHANGE else select_extraction
    chosen: list[Redescription] = []
    for of_kind in _grouped(redescriptions, target_kind):
        # Pairs first, then triples, …; within a width the best question first.
        by_views = sorted(_grouped(of_kind, question), key=_n_views)
        limits = _shares([len(group) for group in by_views], params.max_per_target)
        for group, limit in zip(by_views, limits, strict=True):
            if limit:
                found = strategy(group, params, limit=limit)
                chosen += _with_best(found, group[0])
    return chosen


def _grouped(
    redescriptions: Iterable[Redescription], key: Callable[[Redescription], Hashable]
) -> list[list[Redescription]]:
    """Lists of equal key, in the order of their first members."""
    groups: dict[Hashable, list[Redescription]] = {}
    for redescription in redescriptions:
        groups.setdefault(key(redescription), []).append(redescription)
    return list(groups.values())


def _n_views(group: Sequence[Redescription]) -> int:
    return len(group[0].queries)


def _shares(sizes: Sequence[int], limit: int) -> list[int]:
    """Divide a limit among groups one by one, none getting more than it has.

    >>> _shares([5, 1, 5], 4)
    [2, 1, 1]
    """
    turns = (g for turn in range(limit) for g, size in enumerate(sizes) if turn < size)
    shares = Counter(islice(turns, limit))
    return [shares[group] for group in range(len(sizes))]


def _with_best(
    found: tuple[Redescription, ...], best: Redescription
) -> tuple[Redescription, ...]:
    """Let the best one take the last place, unless it has a place."""
    return found if any(one is best for one in found) else (*found[:-1], best)
