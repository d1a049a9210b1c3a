"""The best pair of one literal each, on values."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.search import examples

from redescribe.core.measures import adjusted_jaccard, expected_jaccard, jaccard
from redescribe.core.support import pack
from redescribe.core.view import View
from redescribe.discretize.base import discretize
from redescribe.discretize.modes import Discretization
from redescribe.discretize.quantile import bin_view
from redescribe.search.admit import admit
from redescribe.search.baseline import baseline_grid, best_cut, one_literal_baseline
from redescribe.search.language import QueryLanguage
from redescribe.search.params import Budget, SearchParams, Thresholds

seeds = st.integers(0, 1_000)
LOOSE = SearchParams(thresholds=Thresholds(min_jaccard=0.0, max_p_mined=1.0))


@given(
    seed=seeds,
    n_entities=st.sampled_from([40, 63, 64, 65, 130]),
    share=st.sampled_from([0.0, 0.3]),
    mode=st.sampled_from(list(Discretization)),
)
@settings(max_examples=25)
def test_the_pair_is_worth_what_the_baseline_says(
    seed: int, n_entities: int, share: float, mode: Discretization
) -> None:
    own = examples.mixed(seed, n_entities, missing_share=share, name="x")
    partner = examples.mixed(seed + 1, n_entities, missing_share=share)
    task = examples.task(own, partner, LOOSE, mode)
    found = one_literal_baseline(task)
    if found.pair is None:
        assert found.jaccard == -1.0
        return
    left, right = found.pair[0].query().on(own), found.pair[1].query().on(partner)
    assert len(found.pair[0]) == len(found.pair[1]) == 1
    assert jaccard([left, right]) == found.jaccard
    chance = expected_jaccard([len(left), len(right)], n_entities)
    assert found.adjusted_jaccard >= adjusted_jaccard(found.jaccard, chance) - 1e-12
    admitted = admit(task, found.pair)
    assert admitted is not None
    assert admitted.jaccard == found.jaccard
    assert admitted.log_p >= found.log_p - 1e-9


def test_a_value_that_is_known_where_the_target_is_high() -> None:
    # Only "known" would describe the target, and that is no literal.
    rng = np.random.default_rng(0)
    own = rng.normal(size=100)
    partner = np.where(own < 0, np.nan, rng.normal(size=100))
    views = examples.view("x", {"t": own}), examples.view("y", {"a": partner})
    found = one_literal_baseline(examples.task(*views, LOOSE))
    assert found.pair is not None
    assert " a " in f" {found.pair[1].query()} "


def test_the_complement_of_a_category_that_nobody_shows() -> None:
    rng = np.random.default_rng(0)
    colour = rng.integers(0, 3, 90).astype(np.float64)
    colour[:30] = np.nan
    own = examples.view("x", {"k": colour}, nominal=("k",))
    partner = examples.view("y", {"a": np.where(colour == 1, 5.0, 0.0) + rng.random(90)})
    found = one_literal_baseline(examples.task(own, partner, LOOSE))
    assert found.pair is not None
    assert str(found.pair[0].query()) == 'k = "green"'
    assert found.jaccard <= 1.0


def test_without_negation_no_complement_is_tried() -> None:
    rng = np.random.default_rng(0)
    t = rng.uniform(size=200)
    own = examples.view("x", {"t": t})
    partner = examples.view("y", {"a": (np.abs(t - 0.5) > 0.2) + rng.random(200) / 9})
    with_not, without = (
        one_literal_baseline(
            examples.task(
                own,
                partner,
                SearchParams(language=QueryLanguage(negation=negation)),
                Discretization.EQUAL_WIDTH,
            )
        )
        for negation in (True, False)
    )
    assert with_not.pair is not None
    assert without.pair is not None
    assert with_not.pair[0].negated.tolist() == [True]
    assert without.pair[0].negated.tolist() == [False]
    assert without.jaccard < with_not.jaccard
    assert without.n_pairs < with_not.n_pairs


@given(
    seed=seeds,
    max_cuts=st.sampled_from([1, 2, 7, 255]),
    mode=st.sampled_from(list(Discretization)),
)
def test_the_grid_keeps_every_bin_boundary(
    seed: int, max_cuts: int, mode: Discretization
) -> None:
    rng = np.random.default_rng(seed)
    values = np.round(rng.normal(size=80) * 3)
    values[rng.random(80) < 0.2] = np.nan
    coarse = discretize(values, mode)
    grid = baseline_grid(
        values, coarse, bin_view(View.of("x", values[:, None])).bins[0], max_cuts
    )
    assert set(coarse.upper.tolist()) <= set(grid.upper.tolist())
    assert len(grid) <= max_cuts + len(coarse)
    assert (grid.lower <= grid.upper).all()
    assert (grid.lower[1:] > grid.upper[:-1]).all()
    observed = values[~np.isnan(values)]
    assert (grid.lower[0], grid.upper[-1]) == (observed.min(), observed.max())


@pytest.mark.parametrize("max_cuts", [2, 255])
def test_more_cuts_are_never_worse(max_cuts: int) -> None:
    own = examples.mixed(3, 130, name="x")
    partner = examples.view("y", {"a": own.values[0] + own.values[1] / 3})
    few = SearchParams(budget=Budget(max_cuts=max_cuts), thresholds=LOOSE.thresholds)
    assert (
        one_literal_baseline(examples.task(own, partner, few)).jaccard
        <= one_literal_baseline(examples.task(own, partner, LOOSE)).jaccard
    )


@given(seed=seeds, missing_share=st.sampled_from([0.0, 0.2]))
@settings(max_examples=25)
def test_the_best_cut_beats_every_other(seed: int, missing_share: float) -> None:
    own = examples.mixed(seed, 80, missing_share=missing_share)
    partner = examples.mixed(seed + 1, 80, name="z")
    task = examples.task(own, partner, SearchParams(thresholds=Thresholds(min_support=9)))
    rng = np.random.default_rng(seed)
    other = (np.nan_to_num(own.values[0]) > 0.2) ^ (rng.random(80) < 0.2)
    cut, n_scored = best_cut(task, pack(other))
    low, high = task.support_bounds
    found = {}
    for bound in np.unique(own.values[0][~np.isnan(own.values[0])])[:-1]:
        for mask in (own.values[0] <= bound, own.values[0] > bound):
            if low <= mask.sum() <= high:
                found[mask.tobytes()] = (mask & other).sum() / (mask | other).sum()
    assert n_scored >= len(found) > 0
    assert cut is not None
    support = cut.query().on(own)
    assert found[support.mask.tobytes()] == max(found.values())


def test_a_target_of_one_value_or_of_categories_has_no_cut() -> None:
    partner = examples.mixed(0, 60, name="z")
    dead = examples.view("x", {"t": np.ones(60)})
    colours = examples.view("x", {"k": np.arange(60.0) % 4}, nominal=("k",))
    for own in (dead, colours):
        assert best_cut(examples.task(own, partner), pack(np.ones(60, np.bool_)))[0] is None
