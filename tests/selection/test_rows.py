"""Several rows of weights: a set for each, and their union."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.selection.examples import family, random_redescriptions, random_row

from redescribe.selection.params import Score, SelectParams, Strategy
from redescribe.selection.select import select
from redescribe.selection.weights import Weights

if TYPE_CHECKING:
    import random

    from redescribe.core.redescription import RedescriptionSet

CHOOSING = [Strategy.EXTRACTION, Strategy.EXCHANGE, Strategy.COVER]
Problem = tuple["RedescriptionSet", SelectParams]


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    seed = draw(st.integers(0, 10_000))
    found = random_redescriptions(
        seed,
        n=draw(st.integers(0, 25)),
        n_targets=draw(st.integers(1, 3)),
        partners=draw(st.sampled_from([("y",), ("y", "z")])),
    )
    params = SelectParams(
        select=draw(st.sampled_from(CHOOSING)),
        score=draw(st.sampled_from(list(Score))),
        max_per_target=draw(st.integers(1, 4)),
        preferences=tuple(random_row(seed + i) for i in range(draw(st.integers(1, 4)))),
    )
    return family(found), params


@given(problems())
def test_the_union_is_that_of_the_sets_of_the_rows(problem: Problem) -> None:
    mined, params = problem
    union = select(mined, params)
    sets = [select(mined, row) for row in params.rows]
    assert set(union) == {one for of_row in sets for one in of_row}
    assert len(set(union)) == len(union)


@given(problems())
def test_each_row_is_bounded(problem: Problem) -> None:
    mined, params = problem
    counts = Counter((r.view, r.attribute, r.kind) for r in select(mined, params))
    assert max(counts.values(), default=0) <= len(params.rows) * params.max_per_target


@given(problems(), st.randoms())
def test_no_order_matters(problem: Problem, generator: random.Random) -> None:
    mined, params = problem
    chosen = select(mined, params)
    assert select(mined, params) == chosen
    shuffled, rows = list(mined), list(params.preferences)
    generator.shuffle(shuffled)
    generator.shuffle(rows)
    again = select(
        replace(mined, redescriptions=tuple(shuffled)),
        replace(params, preferences=(*rows, *rows[:1])),
    )
    assert again == chosen


@pytest.mark.parametrize("strategy", CHOOSING)
@pytest.mark.parametrize("seed", range(10))
def test_one_row_is_the_single_row(seed: int, strategy: Strategy) -> None:
    mined = family(random_redescriptions(seed, n=40, n_targets=2, partners=("y", "z")))
    row = random_row(seed)
    named = {f"weight_{k}": v for k, v in Weights.of(row)._asdict().items()}
    single = SelectParams(select=strategy, **named)
    one = SelectParams(select=strategy, preferences=(row,))
    assert one.weights == single.weights
    assert select(mined, one) == select(mined, single)


@pytest.mark.parametrize("strategy", CHOOSING)
def test_rows_can_add_to_one_another(strategy: Strategy) -> None:
    rows = ("jaccard=1", "coverage=1", "jaccard=0.5,size=0.5")
    grown = 0
    for seed in range(10):
        mined = family(random_redescriptions(seed, n=40, partners=("y", "z")))
        params = SelectParams(select=strategy, preferences=rows)
        grown += len(select(mined, params)) > len(select(mined, params.rows[0]))
    assert grown > 2
