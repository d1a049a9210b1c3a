"""A third, fourth … view: queries of further views for pairs that were found."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from redescribe.search.admit import admit
from redescribe.search.compose import FixedSets, compose
from redescribe.search.growth import binary_targets, gathered, grow_rules, limits_for
from redescribe.search.pool import RulePool
from redescribe.search.ranking import best_distinct

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from redescribe.search.base import Candidate, Task
    from redescribe.search.coded import CodedQuery

_PER_FIXED = 2
_EXTENSION = 1_000
"""Tells the seeds of this step from those of the rounds of alternation."""


def extend(
    tasks: Sequence[Task], pairs: Iterable[Candidate], max_views: int
) -> tuple[list[Candidate], int]:
    """Return candidates that cover three views and more, and how many were scored.

    To the best candidates of each set of views a query of every further view is added,
    grown from trees on that view whose targets are their shared supports. Then each query
    of a partner view is grown anew for the others, which may raise the Jaccard again. All
    orders of adding views are tried; positive and negated queries compete on equal terms.
    The order of the tasks decides nothing but the order of the queries in a candidate.

    Parameters
    ----------
    tasks
        One per partner view, all of one target.
    pairs
        Candidates over the target's view and one partner view.
    max_views
        Views of a candidate at most.

    References
    ----------
    Specification of redescription mining, section 5.8.
    """
    order = [task.partner.name for task in tasks]
    tasks = sorted(tasks, key=lambda task: task.partner.name)
    limit = tasks[0].params.budget.max_extended
    level = _best_of_each(pairs, limit)
    found: list[Candidate] = []
    n_scored = 0
    for n_views in range(3, min(max_views, len(tasks) + 1) + 1):
        grown: list[Candidate] = []
        for task in tasks:
            bases = [
                found.queries for found in level if task.partner.name not in found.views
            ]
            answers, n_more = _answers(task, bases, (n_views, 0))
            grown += answers
            n_scored += n_more
        revised: list[Candidate] = []
        for task in tasks:
            bases = [
                tuple(query for query in found.queries if query.view is not task.partner)
                for found in _best_of_each(grown, limit)
            ]
            bases = [base for base in bases if len(base) == n_views - 1]
            answers, n_more = _answers(task, bases, (n_views, 1))
            revised += answers
            n_scored += n_more
        level = _best_of_each([*grown, *revised], limit)
        found += level
    return [_ordered(candidate, order) for candidate in found], n_scored


def _ordered(candidate: Candidate, order: Sequence[str]) -> Candidate:
    """The candidate with the queries of partner views in this order."""
    places = [order.index(view) for view in candidate.views[1:]]
    rest = [1 + int(i) for i in np.argsort(places)]
    return replace(
        candidate,
        queries=tuple(candidate.queries[i] for i in (0, *rest)),
        sizes=tuple(candidate.sizes[i] for i in (0, *rest)),
    )


def _best_of_each(candidates: Iterable[Candidate], limit: int) -> list[Candidate]:
    """The best candidates of each set of views."""
    ordered = sorted(candidates, key=lambda candidate: candidate.views)
    groups = groupby(ordered, key=lambda candidate: candidate.views)
    return [best for _, group in groups for best in best_distinct(group, limit)]


def _answers(
    task: Task, bases: Sequence[tuple[CodedQuery, ...]], step: tuple[int, int]
) -> tuple[list[Candidate], int]:
    """Candidates that a query of the task's partner view makes of others."""
    fixed = {_code(base): (base, task.others(base)) for base in bases}
    if not fixed:
        return [], 0
    others = [found for _, found in fixed.values()]
    sets = FixedSets(
        np.array([found.all_of for found in others]),
        np.array([found.any_of for found in others]),
    )
    targets = binary_targets(sets.all_of, task.view.n_entities)
    seed = task.child_seed(_EXTENSION, *step)
    grown = grow_rules(task, task.partner, targets, seed)
    rules = gathered(task, task.partner, [grown, task.partner_rules])
    pool = RulePool.of(rules, task.partner, task.params.language.of(task.partner.name))
    if not len(pool):
        return [], 0
    limits = limits_for(task, pool, task.params.budget.max_candidates, _PER_FIXED)
    compositions, n_scored = compose(sets, pool, task.params, limits)
    known = list(fixed.values())
    found = []
    for position, joined, disjunct in compositions:
        query = task.simplified(pool.query(joined, disjunct), sets.others(position))
        own, *partners = _simplified_again(task, [*known[position][0], query])
        partners.sort(key=lambda partner: partner.view.name)
        found.append(admit(task, (own, *partners)))
    return [candidate for candidate in found if candidate is not None], n_scored


def _simplified_again(task: Task, queries: list[CodedQuery]) -> list[CodedQuery]:
    """All queries but the last, each made short against the others as they are now."""
    for position in range(len(queries) - 1):
        rest = [query for i, query in enumerate(queries) if i != position]
        queries[position] = task.simplified(queries[position], task.others(rest).words)
    return queries


def _code(base: Sequence[CodedQuery]) -> tuple[object, ...]:
    """What tells queries apart: one code means different things in different views."""
    return tuple(
        (
            query.view,
            query.literals.tobytes(),
            query.terms.tobytes(),
            query.negated.tobytes(),
        )
        for query in base
    )
