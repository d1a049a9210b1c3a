"""What was mined -> the family: nothing described is lost, and order is irrelevant."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.selection import naive
from tests.selection.examples import family, random_params, random_redescriptions

from redescribe.core.dataset import Dataset
from redescribe.core.view import View
from redescribe.mining.miner import mine
from redescribe.selection.params import Score, SelectParams, Strategy
from redescribe.selection.select import select

if TYPE_CHECKING:
    from redescribe.core.redescription import Redescription, RedescriptionSet

CHOOSING = [Strategy.EXTRACTION, Strategy.EXCHANGE, Strategy.COVER]


@st.composite
def problems(draw: st.DrawFn) -> tuple[RedescriptionSet, SelectParams]:
    seed = draw(st.integers(0, 10_000))
    params = random_params(
        seed,
        select=draw(st.sampled_from(list(Strategy))),
        score=draw(st.sampled_from(list(Score))),
        max_per_target=draw(st.integers(1, 6)),
        near_duplicate=draw(st.sampled_from([0.5, 0.95, 1.0])),
        keep_equal_support=draw(st.booleans()),
    )
    found = random_redescriptions(
        seed,
        n=draw(st.integers(0, 25)),
        n_targets=draw(st.integers(1, 3)),
        partners=draw(st.sampled_from([("y",), ("y", "z")])),
    )
    return family(found), params


def of_target(found: RedescriptionSet, attribute: str) -> list[Redescription]:
    return [r for r in found if r.attribute == attribute]


@given(problems())
def test_a_described_target_keeps_its_best(
    problem: tuple[RedescriptionSet, SelectParams],
) -> None:
    mined, params = problem
    chosen = select(mined, params)
    for attribute in {r.attribute for r in mined}:
        best = max(r.rank for r in of_target(mined, attribute))
        assert best in {r.rank for r in of_target(chosen, attribute)}


@given(problems())
def test_at_most_so_many_per_target_and_kind(
    problem: tuple[RedescriptionSet, SelectParams],
) -> None:
    mined, params = problem
    chosen = select(mined, params)
    counts = Counter((r.view, r.attribute, r.kind) for r in chosen)
    if params.select is not Strategy.ALL:
        assert max(counts.values(), default=0) <= params.max_per_target
    assert set(chosen) <= set(mined)
    assert len(set(chosen)) == len(chosen)


@given(problems())
def test_selecting_again_changes_nothing(
    problem: tuple[RedescriptionSet, SelectParams],
) -> None:
    mined, params = problem
    chosen = select(mined, params)
    assert select(chosen, params) == chosen


@given(problems(), st.randoms())
def test_the_order_of_the_input_is_irrelevant(
    problem: tuple[RedescriptionSet, SelectParams], random: np.random.Generator
) -> None:
    mined, params = problem
    shuffled = list(mined)
    random.shuffle(shuffled)
    again = select(replace(mined, redescriptions=tuple(shuffled)), params)
    assert again == select(mined, params)


@given(problems())
def test_the_rest_of_the_set_stays(problem: tuple[RedescriptionSet, SelectParams]) -> None:
    mined, params = problem
    chosen = select(mined, params)
    rest = replace(chosen, redescriptions=mined.redescriptions, near_duplicates={})
    assert rest == mined


@pytest.mark.parametrize("seed", range(10))
def test_other_targets_change_nothing(seed: int) -> None:
    found = random_redescriptions(seed, n=40, n_targets=3, partners=("y", "z"))
    alone = family([r for r in found if r.attribute == "a1"])
    for strategy in CHOOSING[:2]:
        params = SelectParams(select=strategy)
        together = select(family(found), params)
        assert of_target(together, "a1") == list(select(alone, params))


@pytest.mark.parametrize("strategy", CHOOSING[:2])
def test_each_set_of_views_gets_its_turn(strategy: Strategy) -> None:
    for seed in range(10):
        found = family(random_redescriptions(seed, n=40, partners=("y", "z")))
        chosen = select(found, SelectParams(select=strategy, max_per_target=2))
        for kind in {r.kind for r in found}:
            views = {r.queries[1].view for r in found if r.kind is kind}
            kept = [r.queries[1].view for r in chosen if r.kind is kind]
            assert sorted(kept) == sorted(views)
            for view in views:
                of_view = [r for r in found if r.kind is kind and r.queries[1].view == view]
                assert naive.in_order(of_view)[0] in chosen.redescriptions


@pytest.mark.parametrize("strategy", CHOOSING[:2])
def test_places_that_one_set_of_views_leaves_go_to_others(strategy: Strategy) -> None:
    found = random_redescriptions(1, n=40) + random_redescriptions(1, n=1, partners=("z",))
    individual = [r for r in found if r.kind == "individual"]
    params = SelectParams(select=strategy, max_per_target=4, near_duplicate=1.0)
    chosen = select(family(individual), params)
    assert Counter(r.queries[1].view for r in chosen) == {"y": 3, "z": 1}


def test_all_keeps_near_duplicates() -> None:
    found = random_redescriptions(2, n=40)
    everything = select(family(found), SelectParams(select=Strategy.ALL))
    kept = naive.without_duplicates(found, keep_equal_support=False)
    assert set(everything) == set(kept)
    assert len(naive.links(kept, 0.95, same_attributes=False)) < len(kept)


def test_the_family_is_in_the_order_of_targets_and_quality() -> None:
    found = random_redescriptions(4, n=40, n_targets=3)
    chosen = select(family(found), SelectParams(score=Score.JACCARD))
    order = [(r.attribute, r.kind, -r.rank) for r in chosen]
    assert order == sorted(order)


def test_nothing_mined_is_nothing_selected() -> None:
    for strategy in Strategy:
        assert len(select(family([]), SelectParams(select=strategy))) == 0


def test_a_search_keeps_its_descriptions() -> None:
    x = np.random.default_rng(3).normal(size=(150, 3))
    views = [View.of("x", x), View.of("y", x[:, :2] + 0.4 * x[:, 1:]), View.of("z", x**2)]
    mined = mine(Dataset.of(views))
    chosen = select(mined)
    assert len(chosen) < len(mined)
    assert {r.target for r in chosen} == {r.target for r in mined}
    counts = Counter((r.target, r.kind) for r in chosen)
    assert max(counts.values()) == SelectParams().max_per_target
