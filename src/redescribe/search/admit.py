"""The gates: what queries of different views must reach to become a candidate."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from redescribe._kernels.bitset import set_size
from redescribe._kernels.gates import pair_passes
from redescribe._kernels.tails import log_intersection_tail
from redescribe.core.missing import MissingPolicy
from redescribe.search.base import Candidate
from redescribe.search.necessity import jaccard_without

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redescribe.search.base import Task
    from redescribe.search.coded import CodedQuery


def admit(task: Task, queries: Sequence[CodedQuery]) -> Candidate | None:
    """Return the queries, the target's first, as a candidate if they pass every gate.

    Where the target stands alone, its query's own support is within the bounds too.
    """
    thresholds, (low, high) = task.params.thresholds, task.support_bounds
    own, *rest = queries
    if len(rest) == 1 and not _may_pass(task, own, rest[0]):
        return None
    words = own.satisfied()
    others = task.others(rest)
    shared, reached = words & others.all_of, words | others.any_of
    support, union = int(set_size(shared)), int(set_size(reached))
    sizes = (int(set_size(words)), *(int(set_size(q.satisfied())) for q in rest))
    possible = (
        low <= support <= high
        and (not own.is_alone or low <= sizes[0] <= high)
        and max(sizes) < own.view.n_entities
    )
    if not possible:
        return None
    jaccard = others.jaccard(own)
    if jaccard < thresholds.min_jaccard:
        return None
    log_p = log_intersection_tail(
        support,
        own.view.n_entities,
        np.array(sorted(sizes), np.int64),
        task.log_factorials,
    )
    # The costly gates last: most candidates do not get here.
    if log_p > thresholds.log_max_p_mined or not _is_spoken(task, queries):
        return None
    position = task.position if own.view is task.view else 0
    work = jaccard - jaccard_without(own, position, others)
    least_work = max(thresholds.min_work, 1 / union)
    if work <= least_work or not _constraints_hold(task, queries, jaccard - least_work):
        return None
    return Candidate(
        queries=tuple(queries),
        shared=shared,
        reached=reached,
        sizes=sizes,
        support=support,
        union=union,
        jaccard=jaccard,
        log_p=float(log_p),
        work=work,
        penalty=task.constraints.penalty({q.view.name: q.attributes for q in queries}),
    )


def _may_pass(task: Task, own: CodedQuery, other: CodedQuery) -> bool:
    """Whether a pair passes the gates that sizes decide: nearly all fail here, cheaply."""
    thresholds = task.params.thresholds
    if thresholds.missing is not MissingPolicy.QUERY_NON_MISSING:
        return True
    is_alone = own.is_alone
    without_other = is_alone and own.negated.size == 1 and not own.negated[0]
    return bool(
        pair_passes(
            own.satisfied(),
            other.satisfied(),
            own.view.n_entities,
            is_alone,
            without_other,
            *task.support_bounds,
            thresholds.min_jaccard,
            thresholds.log_max_p_mined,
            thresholds.min_work,
            task.log_factorials,
        )
    )


def _is_spoken(task: Task, queries: Sequence[CodedQuery]) -> bool:
    """Whether the queries are of the language that the user allows."""
    language = task.params.language
    lengths = [len(query) for query in queries]
    if sum(lengths) > language.max_literals:
        return False
    for query, length in zip(queries, lengths, strict=True):
        allowed = language.of(query.view.name)
        n_terms = query.negated.size
        spoken = (
            length <= allowed.max_literals
            and (allowed.negation or not query.negated.any())
            and (allowed.disjunction or n_terms == 1)
            and (allowed.conjunction or length == n_terms)
        )
        if not spoken:
            return False
    return True


def _constraints_hold(
    task: Task, queries: Sequence[CodedQuery], most_without: float
) -> bool:
    """Whether the attributes are as demanded; some must lower the Jaccard by leaving."""
    if not task.constraints.each:
        return True
    by_view = {query.view.name: query for query in queries}

    def works(view: str, name: str) -> bool:
        query = by_view[view]
        rest = task.others([other for other in queries if other is not query])
        position = [attribute.name for attribute in query.view.attributes].index(name)
        return jaccard_without(query, position, rest) < most_without

    return task.constraints.hold(
        {view: query.attributes for view, query in by_view.items()}, works
    )
