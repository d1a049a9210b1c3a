"""The tree search: what it finds, the gates, and the switches of the language."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.search import examples

from redescribe.core.measures import jaccard
from redescribe.discretize.modes import Discretization
from redescribe.search.admit import admit
from redescribe.search.baseline import one_literal_baseline
from redescribe.search.individual import describe_individually
from redescribe.search.language import QueryLanguage
from redescribe.search.params import Budget, SearchParams, Thresholds
from redescribe.search.ranking import best_distinct
from redescribe.trees.rules import rule_support

if TYPE_CHECKING:
    from redescribe.core.view import View
    from redescribe.search.base import Candidate, Task

seeds = st.integers(0, 1_000)


def planted(seed: int, n_entities: int = 150, *, noise: float = 0.03) -> tuple[View, View]:
    """x is high where y:signal > 0.3, but for some noise; y:other is unrelated."""
    rng = np.random.default_rng(seed)
    signal, other = rng.normal(size=(2, n_entities))
    high = (signal > 0.3) ^ (rng.random(n_entities) < noise)
    own = examples.view("x", {"t": np.where(high, 5.0, 0.0)})
    return own, examples.view("y", {"other": other, "signal": signal})


def found(task: Task) -> list[Candidate]:
    individual = describe_individually(task)
    return individual.candidates if individual else []


def best(task: Task) -> Candidate:
    return max(found(task), key=lambda c: (c.jaccard, -len(c)))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("mode", ["two-bin", "kmeans"])
def test_a_planted_threshold_is_found(seed: int, mode: str) -> None:
    task = examples.task(*planted(seed), mode=Discretization(mode))
    winner = best(task)
    assert winner.jaccard >= 0.85
    assert "signal" in winner.queries[1].query().attributes
    exact = best(examples.task(*planted(seed, noise=0.0), mode=Discretization(mode)))
    assert exact.jaccard == 1.0
    assert exact.queries[1].query().attributes == ("signal",)
    assert len(exact) == 2


@pytest.mark.parametrize("seed", range(4))
def test_a_planted_conjunction_and_a_disjunction_are_found(seed: int) -> None:
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=(2, 200))
    partner = examples.view("y", {"a": a, "b": b})
    for high in ((a > -0.3) & (b > -0.3), (a > 0.5) | (b > 0.5)):
        own = examples.view("x", {"t": np.where(high, 5.0, 0.0)})
        winner = best(examples.task(own, partner))
        assert winner.jaccard == 1.0
        assert set(winner.queries[1].query().attributes) == {"a", "b"}


def test_a_planted_category_is_found() -> None:
    rng = np.random.default_rng(0)
    colour = rng.integers(0, 4, 120).astype(np.float64)
    partner = examples.view("y", {"k": colour}, nominal=("k",))
    own = examples.view("x", {"t": np.where(colour == 2, 5.0, 0.0)})
    exact = [c for c in found(examples.task(own, partner)) if c.jaccard == 1.0]
    assert 'k = "grey"' in {str(c.queries[1].query()) for c in exact}
    back = best(examples.task(partner, own))
    assert back.jaccard == 1.0


def test_noise_is_not_described() -> None:
    rng = np.random.default_rng(0)
    own = examples.view("x", {"t": np.repeat([0.0, 9.0], 60) + rng.random(120) / 9})
    partner = examples.view("y", {"a": np.tile([0.0, 1.0], 60)})
    assert found(examples.task(own, partner)) == []


PARAMS = (
    Thresholds(min_jaccard=0.3, max_p_mined=1.0),
    Thresholds(min_jaccard=0.6, min_support=20, max_support=60),
    Thresholds(min_jaccard=0.3, max_p_mined=1e-6),
    Thresholds(min_jaccard=0.3, min_work=0.2),
)


@pytest.mark.parametrize("thresholds", PARAMS)
@given(seed=seeds)
@settings(max_examples=10)
def test_candidates_pass_every_gate_on_the_values(
    thresholds: Thresholds, seed: int
) -> None:
    own, partner = planted(seed, noise=0.15)
    language = QueryLanguage(max_literals=4)
    params = SearchParams(thresholds=thresholds, language=language)
    task = examples.task(own, partner, params, Discretization.EQUAL_WIDTH)
    low, high = task.support_bounds
    baseline = one_literal_baseline(task)
    admitted = admit(task, baseline.pair) if baseline.pair else None
    for candidate in [*found(task), *([admitted] if admitted else [])]:
        left, right = (
            candidate.own.query().on(own),
            candidate.queries[1].query().on(partner),
        )
        assert candidate.support == len(left & right)
        assert (candidate.sizes[0], candidate.sizes[1]) == (len(left), len(right))
        assert candidate.jaccard == jaccard([left, right]) >= thresholds.min_jaccard
        assert low <= candidate.support <= high
        assert low <= candidate.sizes[0] <= high
        assert candidate.work > max(thresholds.min_work, 1 / len(left | right))
        assert np.exp(candidate.log_p) <= thresholds.max_p_mined * (1 + 1e-9)
        assert len(candidate) <= 4
        assert candidate.own.query().attributes == ("t",)


@pytest.mark.parametrize("negation", [False, True])
@pytest.mark.parametrize("disjunction", [False, True])
@pytest.mark.parametrize("mode", ["two-bin", "equal-width", "equal-frequency"])
def test_switches_leave_not_and_or_out(
    *, negation: bool, disjunction: bool, mode: str
) -> None:
    language = QueryLanguage(negation=negation, disjunction=disjunction)
    thresholds = Thresholds(min_jaccard=0.2, max_p_mined=1.0)
    params = SearchParams(language=language, thresholds=thresholds)
    seen: set[str] = set()
    for seed in range(8):
        rng = np.random.default_rng(seed)
        own = examples.mixed(seed, 120)
        middle = (np.abs(own.values[0]) < 0.6) + rng.normal(size=120) / 3
        partner = examples.view("y", {"m": middle, "b": own.values[1]})
        task = examples.task(own, partner, params, Discretization(mode))
        texts = [(c.own.query(), c.queries[1].query()) for c in found(task)]
        pair = one_literal_baseline(task).pair
        texts += [(pair[0].query(), pair[1].query())] if pair else []
        seen |= {word for x in texts for q in x for word in str(q).split()}
    # Two bins have neither unions nor complements, so little to say with either word.
    if not disjunction or mode != "two-bin":
        assert ("OR" in seen) == disjunction
    if not negation or mode != "two-bin":
        assert ("NOT" in seen) == negation


@pytest.mark.parametrize("max_joins", [0, 2])
def test_without_joins_a_conjunction_is_one_rule(max_joins: int) -> None:
    own, partner = planted(1, noise=0.2)
    params = SearchParams(language=QueryLanguage(max_joins=max_joins, disjunction=False))
    assert all(
        c.queries[1].negated.size == 1 for c in found(examples.task(own, partner, params))
    )


def test_a_target_without_admissible_literal_or_partner_rule() -> None:
    own, partner = planted(0)
    strict = SearchParams(thresholds=Thresholds(min_support=140, max_support=145))
    assert describe_individually(examples.task(own, partner, strict)) is None
    dead = examples.view("y", {"a": np.ones(150)})
    assert describe_individually(examples.task(own, dead)) is None


def test_the_budget_limits_the_candidates() -> None:
    own, partner = planted(2, noise=0.2)
    few = SearchParams(budget=Budget(max_candidates=3, n_bases=1))
    # Each with the target's bin and with its best cut.
    assert len(found(examples.task(own, partner, few))) <= 2 * 3


@given(seed=seeds)
@settings(max_examples=15)
def test_the_same_task_gives_the_same_candidates(seed: int) -> None:
    own, partner = planted(seed, noise=0.2)
    first, second = (
        [(str(c.own.query()), str(c.queries[1].query())) for c in found(task)]
        for task in (examples.task(own, partner), examples.task(own, partner))
    )
    assert first == second


@given(seed=seeds, limit=st.integers(1, 6))
@settings(max_examples=15)
def test_ranking_keeps_distinct_supports_and_the_largest_jaccard(
    seed: int, limit: int
) -> None:
    candidates = found(examples.task(*planted(seed, noise=0.2)))
    kept = best_distinct(candidates, limit)
    supports = {c.shared.tobytes() for c in candidates}
    assert len(kept) == len({c.shared.tobytes() for c in kept}) == min(limit, len(supports))
    best, best_kept = (
        max((c.jaccard for c in some), default=0.0) for some in (candidates, kept)
    )
    assert best_kept == best
    ranks = [c.rank for c in kept]
    assert ranks == sorted(ranks)
    # Of candidates with one support none is better than the one kept.
    largest = min(candidates, key=lambda c: c.by_jaccard, default=None)
    for candidate in kept:
        same = [c for c in candidates if (c.shared == candidate.shared).all()]
        assert min(c.rank for c in same) == candidate.rank or candidate is largest
    backwards = best_distinct(candidates[::-1], limit)
    assert [str(c.queries[1].query()) for c in kept] == [
        str(c.queries[1].query()) for c in backwards
    ]


def test_ranking_nothing() -> None:
    assert best_distinct([], 3) == []


def test_rules_know_the_entities_without_a_target_value() -> None:
    # Trees are grown where the target is known; rules hold elsewhere too.
    own, partner = (
        examples.mixed(5, 120, name="x", missing_share=0.3),
        examples.mixed(5, 120),
    )
    task = examples.task(own, partner)
    found = describe_individually(task)
    assert found is not None
    rules = found.pool.rules
    for rule, satisfied in zip(rules.literals, rules.satisfied, strict=True):
        assert (rule_support(rule, task.partner)[0] == satisfied).all()
