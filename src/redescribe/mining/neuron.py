"""Everything about one target: its bins, its baseline, its redescriptions, its report."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from redescribe.core.redescription import (
    Kind,
    OneLiteralBaseline,
    Redescription,
    TargetReport,
    TargetState,
)
from redescribe.mining.coded_target import CodedTarget, reason_against
from redescribe.search.admit import admit
from redescribe.search.base import Description
from redescribe.search.baseline import one_literal_baseline
from redescribe.search.extension import extend
from redescribe.search.front import length_front
from redescribe.search.individual import describe_individually
from redescribe.search.interaction import describe_interactions
from redescribe.search.ranking import best_distinct
from redescribe.search.registry import strategy

if TYPE_CHECKING:
    from redescribe.core.binned import Bins
    from redescribe.core.certificate import Certificate
    from redescribe.core.front import FrontPoint
    from redescribe.core.view import View
    from redescribe.mining.tasks import Chunk, SearchInput, Target
    from redescribe.search.base import Candidate, Task
    from redescribe.search.baseline import Baseline

TargetResult = tuple[TargetReport, tuple[Redescription, ...]]
"""What one target gave: its report and its redescriptions, perhaps none."""


def mine_chunk(chunk: Chunk) -> tuple[int, tuple[TargetResult, ...]]:
    """Return the number of a chunk and the result of each of its targets."""
    return chunk.number, tuple(
        describe_target(target, chunk.shared) for target in chunk.targets
    )


def describe_target(target: Target, shared: SearchInput) -> TargetResult:
    """Return what can be said about one target, from the mining part alone."""
    view = shared.part.view(target.view)
    position = view.position(target.attribute)
    bins = shared.coarse[target.view][position]
    reason = reason_against(target, shared)
    if reason is not None:
        return _report(target, view, bins, reason=reason.value), ()
    searched = search(CodedTarget.of(target, shared), shared)
    found = [
        _redescription(kind, candidate, target, shared)
        for kind, candidate in searched.candidates
    ]
    report = _report(
        target,
        view,
        bins,
        found=found,
        baseline=_best_baseline(searched.baselines),
        front=length_front(searched.alone, shared.params.search.thresholds),
        n=searched.n_scored,
    )
    return replace(report, certificates=searched.certificates), tuple(found)


class Searched(NamedTuple):
    """What the search of one target gives.

    The candidates have passed every gate and may be reported; those alone in their view
    come with all that were not handed on. `n_scored` counts what was scored on the way.
    """

    candidates: list[tuple[Kind, Candidate]]
    alone: list[Candidate]
    baselines: list[Baseline]
    certificates: tuple[Certificate, ...]
    n_scored: int


def search(target: CodedTarget, shared: SearchInput) -> Searched:
    """Return what the search of one target gives, all partner views together."""
    tasks = target.tasks(shared)
    baselines = [one_literal_baseline(task) for task in tasks]
    n_scored = sum(baseline.n_pairs for baseline in baselines)
    pairs: dict[Kind, list[Candidate]] = {Kind.INDIVIDUAL: [], Kind.INTERACTION: []}
    pool_size = shared.params.search.budget.pool_per_target
    alone: list[Candidate] = []
    certificates: list[Certificate] = []
    for task, baseline in zip(tasks, baselines, strict=True):
        described = _described(task, baseline)
        n_scored += described.n_scored
        alone += described.by_kind[Kind.INDIVIDUAL]
        if described.certificate is not None:
            certificates.append(described.certificate)
        for kind, candidates in described.by_kind.items():
            pairs[kind] += best_distinct(candidates, pool_size)
    found: list[tuple[Kind, Candidate]] = []
    required = set(shared.params.required_views)
    for kind, candidates in pairs.items():
        wider, n_more = extend(tasks, candidates, shared.params.max_views)
        n_scored += n_more
        found += [
            (kind, candidate)
            for candidate in [*candidates, *wider]
            if required <= set(candidate.views)
            and candidate.is_interaction is (kind is Kind.INTERACTION)
        ]
    return Searched(found, alone, baselines, tuple(certificates), n_scored)


class _Described(NamedTuple):
    """The candidates of each kind for one partner view, and how many were scored."""

    by_kind: dict[Kind, list[Candidate]]
    n_scored: int
    certificate: Certificate | None


def _described(task: Task, baseline: Baseline) -> _Described:
    # Rounds of alternation start from trees, whatever describes the target alone.
    interactions = task.params.alternation.interactions
    grown = describe_individually(task) if interactions else None
    own_search = task.params.search != "trees" or not interactions
    if own_search:
        described = strategy(task.params.search).describe(task)
    else:
        described = Description(grown.candidates, grown.n_scored) if grown else None
    candidates = list(described.candidates) if described else []
    n_scored = described.n_scored if described else 0
    admitted = admit(task, baseline.pair) if baseline.pair else None
    if admitted is not None:
        candidates.append(admitted)
    by_kind = {Kind.INDIVIDUAL: candidates}
    if grown is not None:
        by_kind[Kind.INTERACTION], n_more = describe_interactions(task, grown)
        n_scored += n_more + (grown.n_scored if own_search else 0)
    return _Described(by_kind, n_scored, described.certificate if described else None)


def _redescription(
    kind: Kind, candidate: Candidate, target: Target, shared: SearchInput
) -> Redescription:
    queries = tuple(query.query() for query in candidate.queries)
    supports = tuple(query.on(shared.part.view(query.view)) for query in queries)
    return Redescription(
        view=target.view,
        attribute=target.attribute,
        target=shared.part.view(target.view).target_name(target.attribute),
        kind=kind,
        queries=queries,
        supports=supports,
        missing=shared.params.search.thresholds.missing,
        penalty=candidate.penalty,
        work_mined=candidate.work,
        log10_p_mined=candidate.log_p / math.log(10),
    )


def _best_baseline(baselines: list[Baseline]) -> OneLiteralBaseline | None:
    """The best over all partner views; None where no pair is admissible anywhere."""
    usable = [(b, b.pair) for b in baselines if b.pair is not None]
    if not usable:
        return None
    best, (left, right) = max(usable, key=lambda found: found[0].jaccard)
    return OneLiteralBaseline(
        left=left.query(),
        right=right.query(),
        jaccard=best.jaccard,
        adjusted_jaccard=max(baseline.adjusted_jaccard for baseline, _ in usable),
        log10_p=min(baseline.log_p for baseline, _ in usable) / math.log(10),
        n_pairs=sum(baseline.n_pairs for baseline in baselines),
    )


def _report(
    target: Target,
    view: View,
    bins: Bins,
    *,
    reason: str = "",
    found: list[Redescription] | None = None,
    baseline: OneLiteralBaseline | None = None,
    front: tuple[FrontPoint, ...] = (),
    n: int = 0,
) -> TargetReport:
    if reason:
        state = TargetState.NOT_DESCRIBABLE
    else:
        state = TargetState.DESCRIBED if found else TargetState.NOT_DESCRIBED
    reached = [redescription.mined.jaccard for redescription in found or ()]
    if baseline is not None:
        reached.append(baseline.jaccard)
    return TargetReport(
        view=target.view,
        attribute=target.attribute,
        target=view.target_name(target.attribute),
        state=state,
        reason=reason,
        n_bins=len(bins),
        best_jaccard_mined=max(reached, default=None),
        baseline=baseline,
        n_candidates=n,
        front=front,
    )
