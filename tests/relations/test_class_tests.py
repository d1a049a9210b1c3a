"""G-tests against SciPy, and against every division written out."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2_contingency

from redescribe.relations.class_tests import g_statistic, g_test, reference_score
from redescribe.relations.tested import Method


def generator() -> np.random.Generator:
    return np.random.default_rng(0)


counts = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=2, max_size=6)


@given(counts)
def test_the_statistic_is_that_of_scipy(rows: list[tuple[int, int]]) -> None:
    cohort, rest = np.array([row for row in rows if sum(row)]).reshape(-1, 2).T
    if not cohort.sum() or not rest.sum() or cohort.size < 2:
        return
    want = chi2_contingency([cohort, rest], lambda_="log-likelihood", correction=False)
    got = float(g_statistic(cohort, cohort + rest))
    assert got == pytest.approx(want.statistic, abs=1e-9)
    found = g_test(cohort, cohort + rest, 99, generator())
    assert found is not None
    if want.expected_freq.min() >= 5:
        assert found.method is Method.CHI_SQUARE
        assert 10**found.log10_p == pytest.approx(want.pvalue, rel=1e-9)
    else:
        assert found.method is (Method.EXACT if cohort.size == 2 else Method.PERMUTATION)


def by_enumeration(labels: str, size: int, cohort: str) -> float:
    """The share of all parts of a size whose G is at least that of the cohort."""
    kinds = sorted(set(labels))
    totals = np.array([labels.count(kind) for kind in kinds])

    def g(members: tuple[str, ...] | str) -> float:
        inside = np.array([list(members).count(kind) for kind in kinds])
        return float(g_statistic(inside, totals))

    values = [g(members) for members in combinations(labels, size)]
    return sum(value >= g(cohort) - 1e-9 for value in values) / len(values)


@pytest.mark.parametrize("cohort", ["aaa", "aab", "abb", "bbb"])
def test_two_classes_are_enumerated(cohort: str) -> None:
    labels = "aaaabbbbbbbb"
    inside = np.array([cohort.count("a"), cohort.count("b")])
    found = g_test(inside, np.array([4, 8]), 9, generator())
    assert found is not None
    assert found.method is Method.EXACT
    want = by_enumeration(labels, 3, cohort)
    assert 10**found.log10_p == pytest.approx(want, rel=1e-12)


@pytest.mark.parametrize("cohort", ["aaaa", "aabc", "abbc"])
def test_permutations_estimate_the_enumeration(cohort: str) -> None:
    labels = "aaaabbbbccc"
    inside = np.array([cohort.count(kind) for kind in "abc"])
    found = g_test(inside, np.array([4, 4, 3]), 20_000, generator())
    assert found is not None
    assert found.method is Method.PERMUTATION
    want = by_enumeration(labels, 4, cohort)
    error = 4 * math.sqrt(want * (1 - want) / 20_000) + 1e-4
    assert 10**found.log10_p == pytest.approx(want, abs=error)


def test_a_permutation_p_is_never_zero_and_is_seeded() -> None:
    totals = np.full(40, 2)
    inside = np.repeat([2, 0], 20)
    found = g_test(inside, totals, 99, generator())
    assert found == g_test(inside, totals, 99, generator())
    assert found is not None
    assert found.log10_p == pytest.approx(-2)


def test_extreme_tables_have_exact_logs() -> None:
    found = g_test(np.array([2, 0]), np.array([2, 10**6]), 9, generator())
    assert found is not None
    assert found.log10_p == pytest.approx(-math.log10(math.comb(10**6 + 2, 2)), rel=1e-9)
    separated = g_test(np.array([5_000, 0]), np.array([5_000, 5_000]), 9, generator())
    assert separated is not None
    assert separated.log10_p < -3_000


@pytest.mark.parametrize(
    ("cohort", "totals"),
    [([0, 0], [3, 4]), ([3, 4], [3, 4]), ([2, 0], [7, 0]), ([0, 0], [0, 0])],
)
def test_one_outcome_only_is_no_test(cohort: list[int], totals: list[int]) -> None:
    assert g_test(np.array(cohort), np.array(totals), 9, generator()) is None


def test_classes_that_do_not_occur_change_nothing() -> None:
    few = g_test(np.array([30, 10]), np.array([50, 50]), 9, generator())
    more = g_test(np.array([30, 0, 10, 0]), np.array([50, 0, 50, 0]), 9, generator())
    assert few == more


def test_the_reference_score_is_the_row_of_the_cohort() -> None:
    cohort, totals = np.array([8, 2]), np.array([10, 10])
    want = 2 * (8 * math.log(8 / 5) + 2 * math.log(2 / 5))
    assert reference_score(cohort, totals) == pytest.approx(want)
    both = want + 2 * (2 * math.log(2 / 5) + 8 * math.log(8 / 5))
    assert float(g_statistic(cohort, totals)) == pytest.approx(both)
