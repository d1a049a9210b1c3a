"""Mann-Whitney's test against SciPy, and against every division written out."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import mannwhitneyu, rankdata

from redescribe.relations.rank_tests import Ranks
from redescribe.relations.tested import Method


def generator() -> np.random.Generator:
    return np.random.default_rng(0)


@given(st.lists(st.integers(0, 6), min_size=1, max_size=70))
def test_ranks_are_those_of_scipy(numbers: list[int]) -> None:
    values = np.array(numbers, np.float64)
    ranks = Ranks.of(values)
    np.testing.assert_array_equal(ranks.doubled, 2 * rankdata(values))
    np.testing.assert_array_equal(ranks.tied, np.unique(values, return_counts=True)[1])


@st.composite
def divided(draw: st.DrawFn, largest: int) -> tuple[np.ndarray, np.ndarray]:
    """Values with ties, and a part that is neither empty nor everything."""
    n = draw(st.integers(2, largest))
    values = draw(st.lists(st.integers(0, 5), min_size=n, max_size=n))
    members = draw(st.lists(st.booleans(), min_size=n, max_size=n))
    members[0], members[-1] = True, False
    return np.array(values, np.float64), np.array(members)


@given(divided(largest=10))
def test_small_tables_agree_with_all_divisions(
    table: tuple[np.ndarray, np.ndarray],
) -> None:
    values, members = table
    ranks = Ranks.of(values)
    u = sum((a > b) + (a == b) / 2 for a in values[members] for b in values[~members])
    assert ranks.auc(members) == u / (members.sum() * (~members).sum())
    found = ranks.test(members, 9, generator())
    if np.unique(values).size == 1:
        assert found is None
        return
    own = rankdata(values)
    mean = members.sum() * (values.size + 1) / 2
    sums = [sum(part) for part in combinations(own, int(members.sum()))]
    far = [abs(total - mean) >= abs(own[members].sum() - mean) for total in sums]
    assert found is not None
    assert found.method is Method.EXACT
    assert 10**found.log10_p == pytest.approx(sum(far) / len(far), rel=1e-12)


@pytest.mark.parametrize(("n", "size"), [(12, 5), (30, 4), (40, 20), (63, 8), (65, 7)])
def test_without_ties_the_exact_law_is_that_of_scipy(n: int, size: int) -> None:
    values = np.random.default_rng(n).permutation(n).astype(np.float64)
    members = np.arange(n) < size
    members[values > n - 3] = True
    found = Ranks.of(values).test(members, 9, generator())
    want = mannwhitneyu(values[members], values[~members], method="exact").pvalue
    assert found is not None
    assert found.method is Method.EXACT
    assert 10**found.log10_p == pytest.approx(want, rel=1e-9)


@pytest.mark.parametrize("n_levels", [10**6, 40, 3])
def test_large_tables_agree_with_the_normal_law_of_scipy(n_levels: int) -> None:
    random = np.random.default_rng(n_levels)
    values = random.integers(n_levels, size=400).astype(np.float64)
    members = random.random(400) < 0.3
    values[members] += n_levels / 8
    found = Ranks.of(values).test(members, 9, generator())
    want = mannwhitneyu(values[members], values[~members], method="asymptotic").pvalue
    assert found is not None
    assert found.method is Method.NORMAL
    assert 10**found.log10_p == pytest.approx(want, rel=1e-9)
    others = Ranks.of(values).test(~members, 9, generator())
    assert others is not None
    assert others.log10_p == pytest.approx(found.log10_p, rel=1e-12)


def test_separated_sides_have_a_log_below_the_doubles() -> None:
    values = np.arange(20_000.0)
    found = Ranks.of(values).test(values >= 10_000, 9, generator())
    assert found is not None
    assert -4_000 < found.log10_p < -3_000


@pytest.mark.parametrize("n_members", [30, 400])
def test_a_column_of_zeros_is_not_left_to_the_normal_law(n_members: int) -> None:
    """Ten of 1,000 values differ: with 2 of them in 30, the normal law gives 1e-4."""
    values = np.zeros(1_000)
    values[:10] = np.arange(1, 11)
    members = np.zeros(1_000, bool)
    members[:2] = True
    members[-(n_members - 2) :] = True
    n = 50_000
    found = Ranks.of(values).test(members, n, generator())
    assert found is not None
    assert found.method is Method.PERMUTATION
    random = np.random.default_rng(1)
    own = rankdata(values)
    drawn = np.array(
        [own[random.permutation(1_000)[:n_members]].sum() for _ in range(20_000)]
    )
    mean = n_members * 1_001 / 2
    want = np.mean(np.abs(drawn - mean) >= abs(own[members].sum() - mean))
    assert want > 0.01
    error = 4 * math.sqrt(want * (1 - want) * (1 / n + 1 / 20_000))
    assert 10**found.log10_p == pytest.approx(want, abs=error)
    assert found == Ranks.of(values).test(members, n, generator())


def test_drawn_parts_never_have_an_entity_twice() -> None:
    ranks = Ranks.of(np.arange(5.0))
    drawn = ranks._sums_of_draws(2, 20_000, generator())
    sums, counts = np.unique(drawn, return_counts=True)
    want = [sum(pair) for pair in combinations(ranks.doubled.tolist(), 2)]
    assert sums.tolist() == sorted(set(want))
    shares = [want.count(total) / len(want) for total in sums]
    np.testing.assert_allclose(counts / 20_000, shares, atol=0.02)


@pytest.mark.parametrize("members", [[False] * 4, [True] * 4])
def test_an_empty_side_is_no_test(members: list[bool]) -> None:
    ranks = Ranks.of(np.arange(4.0))
    assert ranks.auc(np.array(members)) is None
    assert ranks.test(np.array(members), 9, generator()) is None
