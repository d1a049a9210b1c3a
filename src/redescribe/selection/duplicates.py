"""Redescriptions that say the same again: dropped, or linked to a better one."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from redescribe._kernels.pairs import intersections
from redescribe.selection.candidates import Candidates, attributes_of, question

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

    from redescribe._typing import Mask
    from redescribe.core.redescription import Redescription
    from redescribe.selection.candidates import Sets

_BLOCK = 256
# The kernel leaves out pairs by their sizes; rounding must not make it leave out too many.
_ROUNDING = 1e-9


class Linked(NamedTuple):
    """A redescription that is kept, and those that give way to it, best first."""

    redescription: Redescription
    near_duplicates: tuple[Redescription, ...]


def drop_duplicates(
    redescriptions: Iterable[Redescription], *, keep_equal_support: bool = False
) -> tuple[Redescription, ...]:
    """Return one redescription for each support (the entities that satisfy all queries).

    Of equal ones the larger cautious Jaccard stays, then fewer literals, fewer NOTs, the
    text.
    They are compared with others of the same target, kind and views only: each target
    stays described, in each way that it was.

    Parameters
    ----------
    redescriptions
        In any order.
    keep_equal_support
        Whether redescriptions by other attributes are others.

    Returns
    -------
    tuple of Redescription
        Larger cautious Jaccard first.

    References
    ----------
    Specification of redescription mining, section 5.9.
    """
    candidates = Candidates.of(redescriptions)
    best: dict[Hashable, Redescription] = {}
    for row, redescription in enumerate(candidates.redescriptions):
        words = sha256(candidates.supports.words[row].data).digest()
        attributes = attributes_of(redescription) if keep_equal_support else None
        best.setdefault((question(redescription), words, attributes), redescription)
    return tuple(best.values())


def near_duplicates(
    redescriptions: Iterable[Redescription],
    threshold: float,
    *,
    same_attributes: bool = False,
) -> tuple[Linked, ...]:
    """Return the redescriptions that are no near duplicates of better ones, with links.

    Two are near duplicates if their supports have a Jaccard of at least `threshold` and the
    target's literals are the same; target, kind and views as in `drop_duplicates`. A near
    duplicate is linked to the best kept one.

    A pair over two views whose supports are the complements of those of a better pair
    (t <= 1 <=> NOT P, of t > 1 <=> P) says the same again: it gives way too, with its near
    duplicates. This needs known values: no query may be unknown for an entity.

    Parameters
    ----------
    redescriptions
        In any order; the better one has the larger cautious Jaccard.
    threshold
        0 to 1.
    same_attributes
        Whether near duplicates must have the same attributes.

    Returns
    -------
    tuple of Linked
        Larger cautious Jaccard first.

    References
    ----------
    Specification of redescription mining, section 5.9.
    """
    candidates = Candidates.of(redescriptions)
    found = candidates.redescriptions
    attributes = [attributes_of(one) if same_attributes else None for one in found]
    questions = list(zip(map(question, found), attributes, strict=True))
    groups: dict[Hashable, list[int]] = {}
    for row, redescription in enumerate(found):
        same = questions[row], _target_literals(redescription)
        groups.setdefault(same, []).append(row)
    leaders = [0] * len(found)
    for rows in groups.values():
        near = _leaders(candidates.supports, rows, threshold)
        for row, leader in zip(rows, near, strict=True):
            leaders[row] = leader
    links: dict[int, list[int]] = {}
    for row, leader in enumerate(_without_complements(found, questions, leaders)):
        linked = links.setdefault(leader, [])
        if row != leader:
            linked.append(row)
    return tuple(Linked(found[leader], candidates.at(links[leader])) for leader in links)


def _without_complements(
    found: Sequence[Redescription], questions: Sequence[Hashable], leaders: Sequence[int]
) -> list[int]:
    """The leader of each row, once leaders follow the better pair they complement."""
    known: dict[Hashable, int] = {}
    result: list[int] = []
    for row, redescription in enumerate(found):
        leader, supports = leaders[row], redescription.supports
        is_complete = len(supports) == 2 and not any(s.unknown.any() for s in supports)
        if leader < row:
            leader = result[leader]
        elif is_complete:
            better = known.get((questions[row], tuple(~s for s in supports)))
            leader = row if better is None else result[better]
        if is_complete:
            known.setdefault((questions[row], supports), row)
        result.append(leader)
    return result


def _target_literals(redescription: Redescription) -> frozenset[tuple[str, bool]]:
    return frozenset(
        (str(literal), term.negated)
        for term in redescription.queries[0].terms
        for literal in term.literals
        if literal.attribute == redescription.attribute
    )


def _leaders(sets: Sets, rows: list[int], threshold: float) -> list[int]:
    """For each row the first leader that it is close to, else itself: a leader as well."""
    leaders: list[int] = []
    result: list[int] = []
    for start in range(0, len(rows), _BLOCK):
        block = rows[start : start + _BLOCK]
        known = _close(sets, block, leaders, threshold)
        among = _close(sets, block, block, threshold)
        is_leader = np.zeros(len(block), np.bool_)
        for i, row in enumerate(block):
            if known[i].any():
                result.append(leaders[int(known[i].argmax())])
                continue
            nearby = among[i] & is_leader
            is_leader[i] = not nearby.any()
            result.append(row if is_leader[i] else block[int(nearby.argmax())])
        leaders += [row for row, leads in zip(block, is_leader, strict=True) if leads]
    return result


def _close(sets: Sets, left: list[int], right: list[int], threshold: float) -> Mask:
    """Whether the sets at two lists of positions have at least this Jaccard."""
    left_sizes, right_sizes = sets.sizes[left], sets.sizes[right]
    shared = np.empty((len(left), len(right)), np.int32)
    intersections(
        sets.words[left],
        left_sizes,
        sets.words[right],
        right_sizes,
        max(0.0, threshold - _ROUNDING),
        shared,
    )
    union = np.maximum(left_sizes[:, None] + right_sizes[None, :] - shared, 1)
    close: Mask = (shared >= 0) & (shared / union >= threshold)
    return close
