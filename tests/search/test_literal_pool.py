"""The literals of a view as packed sets."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.search import examples

from redescribe._kernels.bitset import is_subset
from redescribe.core.support import Support
from redescribe.discretize.quantile import bin_view
from redescribe.search.literal_pool import LiteralPool
from redescribe.trees.rules import literal_support


@given(
    seed=st.integers(0, 1_000),
    n_entities=st.sampled_from([2, 63, 64, 65, 130]),
    missing_share=st.sampled_from([0.0, 0.3]),
    max_cuts=st.sampled_from([None, 1, 5]),
)
def test_each_literal_has_the_entities_that_its_codes_say(
    seed: int, n_entities: int, missing_share: float, max_cuts: int | None
) -> None:
    view = bin_view(examples.mixed(seed, n_entities, missing_share=missing_share), 255)
    pool = LiteralPool.of(view, max_cuts)
    for literal, words, size in zip(
        pool.literals, pool.satisfied, pool.sizes.tolist(), strict=True
    ):
        expected = literal_support(literal, view)[0]
        assert np.array_equal(words, expected)
        assert size == Support(n_entities, words, np.zeros_like(words)).mask.sum()
    for i, opposite in enumerate(pool.opposites.tolist()):
        assert pool.opposites[opposite] == i
        known = pool.satisfied[i] | pool.satisfied[opposite]
        assert not (pool.satisfied[i] & pool.satisfied[opposite]).any()
        row = int(pool.literals[i, 0])
        assert row == pool.literals[opposite, 0]
        if len(pool.known):
            assert np.array_equal(known, pool.known[row])
    for i in np.flatnonzero(pool.runs[1:] == pool.runs[:-1]).tolist():
        assert is_subset(pool.satisfied[i + 1], pool.satisfied[i])
    assert bool(len(pool.known)) is view.has_missing


def test_every_cut_and_every_category_is_there() -> None:
    view = bin_view(
        examples.view(
            "y",
            {"a": np.array([1.0, 2, 3, 3]), "k": np.array([0.0, 1, 2, 3])},
            nominal=("k",),
        ),
        255,
    )
    found = [tuple(literal) for literal in LiteralPool.of(view).literals.tolist()]
    cuts = [(0, 0, 1, 1), (0, 0, 0, 1), (0, 1, 2, 1), (0, 2, 2, 1)]
    colours = [(1, code, code, inside) for inside in (1, 0) for code in range(4)]
    assert found == cuts + colours


@pytest.mark.parametrize("max_cuts", [1, 2, 7, 31])
def test_thinned_cuts_are_spread_over_the_codes(max_cuts: int) -> None:
    view = bin_view(examples.view("y", {"a": np.arange(100.0)}), 255)
    pool = LiteralPool.of(view, max_cuts)
    assert len(pool) == 2 * max_cuts
    lasts = np.sort(pool.literals[pool.literals[:, 1] == 0, 2])
    assert lasts[0] == 0
    assert max_cuts == 1 or np.ptp(np.diff(lasts)) <= 1


def test_the_literals_of_some_attributes() -> None:
    view = bin_view(examples.mixed(0, 80, missing_share=0.1), 255)
    pool = LiteralPool.of(view, 5)
    part = pool.about(np.array([1, 3]))
    assert set(part.literals[:, 0].tolist()) == {1, 3}
    assert sorted(set(part.runs.tolist())) == list(range(int(part.runs.max()) + 1))
    for i, opposite in enumerate(part.opposites.tolist()):
        assert part.opposites[opposite] == i
        assert part.literals[i, 0] == part.literals[opposite, 0]
    assert np.array_equal(part.satisfied, pool.satisfied[pool.mentions(np.array([1, 3]))])


def test_constant_attributes_have_no_literals() -> None:
    view = bin_view(examples.view("y", {"a": np.zeros(9), "b": np.full(9, np.nan)}), 255)
    assert len(LiteralPool.of(view)) == 0
