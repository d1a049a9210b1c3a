"""Interactions: the target and others of its view do work together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from tests.search import examples

from redescribe.core.measures import jaccard
from redescribe.core.missing import MissingPolicy
from redescribe.core.view import View
from redescribe.discretize.modes import Discretization
from redescribe.search.individual import describe_individually
from redescribe.search.interaction import describe_interactions
from redescribe.search.language import QueryLanguage
from redescribe.search.necessity import jaccard_without
from redescribe.search.others import Others
from redescribe.search.params import Alternation, SearchParams

if TYPE_CHECKING:
    from redescribe.search.base import Candidate

MODES = [Discretization.TWO_BIN, Discretization.KMEANS]


def planted(seed: int, n_entities: int = 200) -> tuple[View, View]:
    """x:t and x:u are both high where y:signal is; alone, each also is elsewhere."""
    rng = np.random.default_rng(seed)
    t, u = (rng.random(size=(2, n_entities)) < 0.6).astype(float)
    signal = np.where((t > 0) & (u > 0), 1.0, -1.0) + 0.3 * rng.normal(size=n_entities)
    other = rng.normal(size=n_entities)
    own = examples.view("x", {"t": t * 3, "u": u * 2, "v": other})
    return own, examples.view("y", {"noise": rng.normal(size=n_entities), "signal": signal})


def found(
    own: View, partner: View, *, iterations: int = 1, mode: Discretization = MODES[0]
) -> list[Candidate]:
    params = SearchParams(alternation=Alternation(iterations=iterations))
    task = examples.task(own, partner, params, mode)
    individual = describe_individually(task)
    assert individual is not None
    candidates, n_scored = describe_interactions(task, individual)
    assert n_scored > 0
    return candidates


def others_of(candidate: Candidate) -> Others:
    return Others.of(candidate.queries[1:], MissingPolicy.QUERY_NON_MISSING)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("mode", MODES)
def test_a_planted_conjunction_on_the_targets_side_is_found(
    seed: int, mode: Discretization
) -> None:
    best = max(found(*planted(seed), mode=mode), key=lambda c: (c.jaccard, -len(c)))
    assert best.jaccard >= 0.95
    assert set(best.own.query().attributes) == {"t", "u"}
    assert best.queries[1].query().attributes == ("signal",)


@pytest.mark.parametrize("missing_share", [0.0, 0.1])
def test_target_and_others_do_work_and_counts_are_those_of_the_queries(
    missing_share: float,
) -> None:
    own = examples.mixed(3, 150, name="x", missing_share=missing_share)
    follower = own.values + 0.3 * np.random.default_rng(4).normal(size=own.values.shape)
    partner = View("y", own.entities, own.attributes[:3], follower[:3])
    candidates = found(own, partner, iterations=2, mode=Discretization.KMEANS)
    assert candidates
    for candidate in candidates:
        query, other = candidate.own.query(), candidate.queries[1].query()
        assert "a" in query.attributes
        assert len(query.attributes) > 1
        supports = (query.on(own), other.on(partner))
        assert candidate.jaccard == pytest.approx(jaccard(supports))
        assert len(supports[0]) == candidate.sizes[0]
        without = jaccard_without(candidate.own, 0, others_of(candidate))
        assert candidate.work == pytest.approx(candidate.jaccard - without)
        union = candidate.sizes[0] + candidate.sizes[1] - candidate.support
        assert candidate.work > max(0.01, 1 / union)


def test_more_rounds_never_lose_a_better_candidate() -> None:
    best = [
        max(candidate.jaccard for candidate in found(*planted(5), iterations=n))
        for n in (1, 2, 4)
    ]
    assert best == sorted(best)


def test_switches_of_the_language_are_obeyed() -> None:
    params = SearchParams(
        language=QueryLanguage(negation=False, disjunction=False, max_literals=4)
    )
    task = examples.task(*planted(1), params)
    individual = describe_individually(task)
    assert individual is not None
    candidates, _ = describe_interactions(task, individual)
    assert candidates
    for candidate in candidates:
        for query in (candidate.own.query(), candidate.queries[1].query()):
            assert len(query.terms) == 1
            assert not query.terms[0].negated
        assert len(candidate) <= 4


def test_a_view_with_one_attribute_has_no_interactions() -> None:
    own, partner = planted(2)
    alone = View("x", own.entities, own.attributes[:1], own.values[:1])
    assert found(alone, partner) == []


def test_all_ways_to_do_without_the_target_are_tried() -> None:
    own, partner = planted(0)
    task = examples.task(own, partner)
    t, u = own.values[0] > 1, own.values[1] > 1
    signal = partner.values[1] > 0
    individual = describe_individually(task)
    assert individual is not None
    candidate = next(
        c
        for c in describe_interactions(task, individual)[0]
        if str(c.own.query()) == "t > 2 AND u > 1"
    )
    others = others_of(candidate)
    with_u = (u & signal).sum() / (u | signal).sum()
    assert (t & u & signal).sum() > 0
    assert jaccard_without(candidate.own, 0, others) == pytest.approx(with_u, abs=0.05)
