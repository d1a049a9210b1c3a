"""Further views: pairs of one target grow by queries of views that nobody asked yet."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from tests.mining import naive
from tests.search import examples

from redescribe.core.constraint import Constraints
from redescribe.core.redescription import Kind, Redescription
from redescribe.core.view import View
from redescribe.discretize.modes import Discretization
from redescribe.search.extension import extend
from redescribe.search.individual import describe_individually
from redescribe.search.language import QueryLanguage
from redescribe.search.params import Budget, SearchParams, Thresholds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redescribe.search.base import Candidate, Task

N = 130


def followers(names: str, seed: int = 0, noise: float = 0.4) -> list[View]:
    """x and further views, each with an attribute that follows x:a, and one of noise."""
    rng = np.random.default_rng(seed)
    hidden = rng.normal(size=N)
    return [
        examples.view(
            name, {"a": hidden + noise * rng.normal(size=N), "b": rng.normal(size=N)}
        )
        for name in ("x", *names)
    ]


def extended(
    views: Sequence[View], params: SearchParams | None = None, max_views: int = 4
) -> tuple[list[Candidate], list[Task]]:
    params = params or SearchParams(thresholds=Thresholds(min_jaccard=0.3))
    tasks = [
        examples.task(views[0], partner, params, Discretization.KMEANS)
        for partner in views[1:]
    ]
    # As in a run, all tasks of one target share the binned view.
    tasks = [replace(task, own=tasks[0].own, view=tasks[0].view) for task in tasks]
    pairs: list[Candidate] = []
    for task in tasks:
        individual = describe_individually(task)
        pairs += individual.candidates if individual else []
    found, n_scored = extend(tasks, pairs, max_views)
    assert (n_scored > 0) == (max_views > 2 and len(tasks) > 1)
    return found, tasks


def texts(candidates: Sequence[Candidate]) -> set[frozenset[tuple[str, str]]]:
    return {
        frozenset((q.view.name, str(q.query())) for q in found.queries)
        for found in candidates
    }


def test_counts_are_those_of_the_queries() -> None:
    views = followers("yzu")
    found, _ = extended(views)
    by_name = {view.name: view for view in views}
    assert {len(candidate.queries) for candidate in found} == {3, 4}
    for candidate in found:
        values = [
            naive.truths(q.query().terms, by_name[q.view.name]) for q in candidate.queries
        ]
        rows = list(zip(*values, strict=True))
        assert candidate.sizes == tuple(column.count(True) for column in values)
        assert candidate.support == sum(map(all, rows))
        assert candidate.union == sum(map(any, rows))
        assert candidate.jaccard == candidate.support / candidate.union


def test_every_set_of_views_with_the_targets_is_reached() -> None:
    found, _ = extended(followers("yzu"))
    views = {frozenset(candidate.views) for candidate in found}
    assert views == {frozenset(v) for v in ("xyz", "xyu", "xzu", "xyzu")}


def test_another_order_of_the_tasks_gives_the_same_candidates() -> None:
    x, y, z, u = followers("yzu", seed=1)
    first, _ = extended([x, y, z, u])
    for order in ([x, u, z, y], [x, z, u, y]):
        found, tasks = extended(order)
        assert texts(found) == texts(first)
        names = ["x", *(task.partner.name for task in tasks)]
        for candidate in found:
            assert list(candidate.views) == [n for n in names if n in candidate.views]
            assert candidate.sizes == tuple(len(q.support()) for q in candidate.queries)


def test_views_whose_queries_have_one_code_are_told_apart() -> None:
    # y and z hold the same values: a pair with either has the same coded query.
    x, y, u = followers("yu", noise=0.0)
    z = View("z", y.entities, y.attributes, y.values)
    found, _ = extended([x, y, z, u], max_views=3)
    of_views = {
        names: {
            frozenset(text for text in candidate if text[0] not in "yz")
            for candidate in texts([c for c in found if set(c.views) == set(names)])
        }
        for names in ("xyu", "xzu")
    }
    assert of_views["xyu"]
    assert of_views["xyu"] == of_views["xzu"]


@pytest.mark.parametrize("max_views", [2, 3, 4, 9])
def test_views_at_most(max_views: int) -> None:
    found, _ = extended(followers("yzu"), max_views=max_views)
    sizes = {len(candidate.views) for candidate in found}
    assert sizes == set(range(3, min(max_views, 4) + 1))


def test_one_partner_view_is_never_extended() -> None:
    assert extended(followers("y"))[0] == []


def test_candidates_of_each_set_of_views_are_limited_and_distinct() -> None:
    thresholds = Thresholds(min_jaccard=0.2)
    params = SearchParams(thresholds=thresholds, budget=Budget(max_extended=2))
    found, _ = extended(followers("yzu"), params)
    for names in {candidate.views for candidate in found}:
        supports = [c.shared.tobytes() for c in found if c.views == names]
        assert 1 <= len(supports) == len(set(supports)) <= 2


@pytest.mark.parametrize("max_literals", [3, 4])
def test_literals_of_all_queries_together_are_limited(max_literals: int) -> None:
    params = SearchParams(
        language=QueryLanguage(max_literals=max_literals),
        thresholds=Thresholds(min_jaccard=0.2),
    )
    found, _ = extended(followers("yzu"), params)
    assert found
    assert max(map(len, found)) <= max_literals


def test_rules_that_serve_any_target_are_tried() -> None:
    # Trees know few rules of one literal; the rules that are handed on are more.
    views = followers("yz")
    params = SearchParams(
        language=QueryLanguage(conjunction=False, negation=False, disjunction=False),
        thresholds=Thresholds(min_jaccard=0.2),
    )
    to_y, to_z = (
        examples.task(views[0], partner, params, Discretization.KMEANS)
        for partner in views[1:]
    )
    to_z = replace(to_z, own=to_y.own, view=to_y.view)
    pairs, known = describe_individually(to_y), describe_individually(to_z)
    assert pairs is not None
    assert known is not None
    few, n_few = extend([to_y, to_z], pairs.candidates, 3)
    handed_on = replace(to_z, partner_rules=known.pool.rules)
    more, n_more = extend([to_y, handed_on], pairs.candidates, 3)
    assert n_more > n_few
    best = [max(candidate.jaccard for candidate in found) for found in (few, more)]
    assert best == sorted(best)


def test_constraints_bind_the_query_of_a_further_view() -> None:
    x, y, z = followers("yz", seed=2)
    params = SearchParams(thresholds=Thresholds(min_jaccard=0.2))
    tasks = [examples.task(x, v, params, Discretization.KMEANS) for v in (y, z)]
    constraints = Constraints.parse(["all z: b"])
    tasks = [
        replace(task, own=tasks[0].own, view=tasks[0].view, constraints=constraints)
        for task in tasks
    ]
    individual = describe_individually(tasks[0])
    assert individual is not None
    found, _ = extend(tasks, individual.candidates, 3)
    assert found
    for candidate in found:
        assert "b" in candidate.queries[2].attributes


def test_a_negated_query_is_taken_where_it_agrees_best() -> None:
    # z:c and z:d are both low outside of the set: NOT (low AND low).
    rng = np.random.default_rng(4)
    shared = rng.random(N) < 0.4
    part = rng.random(N) < 0.5
    a = np.where(shared, 1.0, 0.0) + 0.1 * rng.random(N)
    views = [
        examples.view("x", {"a": a}),
        examples.view("y", {"b": a[::1] + 0.1 * rng.random(N)}),
        examples.view(
            "z",
            {
                "c": np.where(shared & part, 1.0, 0.0) + 0.1 * rng.random(N),
                "d": np.where(shared & ~part, 1.0, 0.0) + 0.1 * rng.random(N),
            },
        ),
    ]
    params = SearchParams(
        language=QueryLanguage(disjunction=False), thresholds=Thresholds(min_jaccard=0.6)
    )
    found, _ = extended(views, params)
    best = max(found, key=lambda candidate: candidate.jaccard)
    assert best.jaccard == 1.0
    negated = {bool(candidate.queries[2].negated.any()) for candidate in found}
    assert True in negated


def test_a_finding_may_be_made_of_a_candidate_of_three_views() -> None:
    views = followers("yz")
    found, _ = extended(views)
    best = max(found, key=lambda candidate: candidate.jaccard)
    queries = tuple(query.query() for query in best.queries)
    supports = tuple(q.on(v) for q, v in zip(queries, views, strict=True))
    made = Redescription(
        *("x", "a", "x:a", Kind.INDIVIDUAL, queries, supports, best.work, best.log_p)
    )
    assert made.mined.jaccard == best.jaccard
    assert made.mined.union == best.union
