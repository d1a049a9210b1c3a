"""'beam' and 'auto': what they find, and that they keep to language, gates and demands."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.search import examples

from redescribe.core.constraint import Constraints
from redescribe.core.measures import jaccard
from redescribe.discretize.modes import Discretization
from redescribe.search.beam import Beam
from redescribe.search.language import QueryLanguage
from redescribe.search.params import LiteralSearch, SearchParams, Thresholds
from redescribe.search.registry import strategy

if TYPE_CHECKING:
    from redescribe.core.view import View
    from redescribe.search.base import Candidate, Task

seeds = st.integers(0, 1_000)
BEAM = SearchParams(search="beam", literals=LiteralSearch(beam_length=3))


def found(task: Task) -> list[Candidate]:
    described = strategy(task.params.search).describe(task)
    return described.candidates if described else []


def best(task: Task) -> Candidate:
    return max(found(task), key=lambda c: (c.jaccard, -len(c)))


def normal(seed: int, n_entities: int = 200, n: int = 4) -> dict[str, np.ndarray]:
    values = np.random.default_rng(seed).normal(size=(n, n_entities))
    return dict(zip("abcd", values, strict=False))


def target(holds: np.ndarray, seed: int) -> View:
    """A unit that is above 2 where `holds` says so; its largest gap lies elsewhere."""
    rng = np.random.default_rng(seed)
    values = np.where(holds, 2 + rng.random(holds.size), 2 - 2 * rng.random(holds.size))
    return examples.view("x", {"t": values})


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("shape", ["and", "or", "not and", "and or"])
def test_a_query_is_found_together_with_the_cut_of_the_target(
    shape: str, seed: int
) -> None:
    columns = normal(seed)
    a, b, c = (columns[name] for name in "abc")
    holds = {
        "and": (a > -0.2) & (b <= 0.5) & (c > -1),
        "or": (a > 0.8) | (b <= -0.7),
        "not and": (a > 0.9) | (b <= -0.9) | (c > 1),
        "and or": ((a > 0.1) & (b <= 0.7)) | (c > 1.2),
    }[shape]
    winner = best(examples.task(target(holds, seed), examples.view("y", columns), BEAM))
    assert winner.jaccard >= 0.95
    query = winner.queries[1].query()
    assert set(query.attributes) == set("ab" if shape == "or" else "abc")
    assert len(query) <= 3


@pytest.mark.parametrize("objective", ["jaccard", "adjusted-jaccard", "log-p"])
@given(seed=seeds, missing_share=st.sampled_from([0.0, 0.2]))
@settings(max_examples=10)
def test_candidates_are_what_they_say_and_pass_the_gates(
    objective: str, seed: int, missing_share: float
) -> None:
    own = examples.mixed(seed, 150, missing_share=missing_share, name="x")
    partner = examples.mixed(seed, 150, missing_share=missing_share)
    noise = np.random.default_rng(seed).normal(size=partner.values.shape)
    partner = replace(
        partner, values=partner.values + np.array([[0.3], [1], [0], [0]]) * noise
    )
    params = SearchParams(
        search="beam",
        literals=LiteralSearch(objective=objective, beam_length=3),  # type: ignore[arg-type]  # checked there
        thresholds=Thresholds(min_jaccard=0.2),
    )
    task = examples.task(own, partner, params)
    candidates = found(task)
    for candidate in candidates:
        own_query, partner_query = (query.query() for query in candidate.queries)
        supports = own_query.on(own), partner_query.on(partner)
        assert jaccard(supports, params.thresholds.missing) == candidate.jaccard >= 0.2
        low, high = task.support_bounds
        assert low <= candidate.support <= high
        assert low <= candidate.sizes[0] <= high
        assert own_query.attributes == ("a",)
        assert len(partner_query) <= 3
        assert candidate.log_p <= params.thresholds.log_max_p_mined
    assert candidates


@pytest.mark.parametrize(
    ("language", "max_length"),
    [
        ({"disjunction": False}, 6),
        ({"negation": False}, 6),
        ({"conjunction": False}, 6),
        ({"disjunction": False, "negation": False}, 6),
        ({"conjunction": False, "disjunction": False}, 1),
        ({"max_literals": 3}, 2),
        ({"view_language": ("y: max_literals=2 disjunction=no",)}, 2),
    ],
)
def test_the_language_is_kept(language: dict[str, object], max_length: int) -> None:
    columns = normal(3)
    holds = (columns["a"] > 0.9) | (columns["b"] <= -0.9) | (columns["c"] > 1)
    params = SearchParams(search="beam", language=QueryLanguage(**language))  # type: ignore[arg-type]
    candidates = found(examples.task(target(holds, 3), examples.view("y", columns), params))
    assert candidates
    allowed = params.language.of("y")
    for candidate in candidates:
        query = candidate.queries[1]
        assert len(query) <= max_length
        assert allowed.negation or not query.negated.any()
        assert allowed.disjunction or query.negated.size == 1
        assert allowed.conjunction or len(query) == query.negated.size


def test_not_around_an_and_says_three_alternatives() -> None:
    columns = normal(5)
    holds = (columns["a"] > 0.9) | (columns["b"] <= -0.9) | (columns["c"] > 1)
    params = SearchParams(search="beam", language=QueryLanguage(disjunction=False))
    winner = best(examples.task(target(holds, 5), examples.view("y", columns), params))
    text = str(winner.queries[1].query())
    assert text.startswith("NOT (")
    assert text.count(" AND ") == 2
    assert winner.jaccard >= 0.95


def test_nominal_attributes_on_both_sides() -> None:
    rng = np.random.default_rng(0)
    colour = rng.integers(0, 4, 200).astype(np.float64)
    own = examples.view("x", {"t": colour}, nominal=("t",))
    partner = examples.view("y", {"k": colour, "a": rng.normal(size=200)}, nominal=("k",))
    winner = best(examples.task(own, partner, BEAM))
    assert winner.jaccard == 1.0
    assert len(winner) == 2


def test_attributes_that_are_demanded() -> None:
    columns = normal(1)
    partner = examples.view("y", columns)
    task = examples.task(target(columns["a"] > 0.3, 1), partner, BEAM)
    assert {str(c.queries[1].query().attributes) for c in found(task)} >= {"('a',)"}
    demanded = replace(task, constraints=Constraints.parse(["all y: a; b"]))
    candidates = found(demanded)
    assert candidates
    assert all({"a", "b"} <= set(c.queries[1].query().attributes) for c in candidates)


def test_inner_bins_and_their_complements_are_literals_of_the_target() -> None:
    rng = np.random.default_rng(2)
    inside = rng.random(200) < 0.5
    values = np.where(inside, 5.0, np.where(rng.random(200) < 0.5, 0.0, 10.0))
    own = examples.view("x", {"t": (values + 0.1 * rng.random(200)).astype(np.float64)})
    partner = examples.view("y", {"a": inside + 0.1 * rng.random(200)})
    task = examples.task(own, partner, BEAM, mode=Discretization.KMEANS)
    winner = best(task)
    assert winner.jaccard == 1.0
    assert len(winner) == 2


def test_a_cut_becomes_an_interval_only_if_that_pays() -> None:
    rng = np.random.default_rng(4)
    values = rng.random(300).astype(np.float64)
    partner = examples.view(
        "y", {"a": ((values > 0.3) & (values <= 0.7)).astype(np.float64)}
    )
    winner = best(examples.task(examples.view("x", {"t": values}), partner, BEAM))
    assert winner.jaccard == 1.0
    assert str(winner.own.query()).count("<") == 2


def test_nothing_to_find_it_with() -> None:
    own = examples.view("x", {"t": np.arange(40.0)})
    constant = examples.view("y", {"a": np.zeros(40)})
    task = examples.task(own, constant, BEAM)
    assert Beam().describe(task) is None
    strict = SearchParams(search="beam", thresholds=Thresholds(min_support=30))
    rare = examples.view("x", {"t": np.r_[np.zeros(35), np.ones(5)]})
    assert Beam().describe(examples.task(rare, own, strict)) is None


def test_trees_are_asked_where_beam_finds_nothing() -> None:
    """Four literals are needed; beam may use one."""
    columns = normal(7, 400)
    holds = np.ones(400, np.bool_)
    for name in "abcd":
        holds &= columns[name] > -0.8
    own = examples.view("x", {"t": np.where(holds, 5.0, 0.0)})
    partner = examples.view("y", columns)
    thresholds = Thresholds(min_jaccard=0.6)
    short = LiteralSearch(beam_length=1)
    by_search = {
        name: examples.task(
            own, partner, SearchParams(search=name, literals=short, thresholds=thresholds)
        )
        for name in ("beam", "trees", "auto")
    }
    described = {name: strategy(name).describe(task) for name, task in by_search.items()}
    beam, trees, auto = (described[name] for name in ("beam", "trees", "auto"))
    assert beam is not None
    assert trees is not None
    assert auto is not None
    assert not beam.candidates
    assert [c.code for c in auto.candidates] == [c.code for c in trees.candidates]
    assert auto.candidates
    assert auto.n_scored == beam.n_scored + trees.n_scored
