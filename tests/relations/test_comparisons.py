"""One column in a cohort against the rest, against a count and SciPy."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import entropy, fisher_exact, mannwhitneyu

from redescribe.relations.comparisons import (
    ClassComparison,
    ComparedColumn,
    NumberComparison,
    compare_classes,
    compare_numbers,
)
from redescribe.relations.params import CohortParams
from redescribe.relations.rank_tests import Ranks
from redescribe.relations.tested import Method

NAN = math.nan
NAMES = ("a", "b", "c", "never")


def column(*, by_construction: bool = False) -> ComparedColumn:
    params, random = CohortParams(permutations=99), np.random.default_rng(0)
    return ComparedColumn("v", "x", by_construction, params, random)


def classes(**options: bool) -> ClassComparison:
    """Of 60 a, 40 b, 20 c; the cohort has 10, 30, 5 of them; three are unknown."""
    codes = np.repeat([0.0, 1.0, 2.0, NAN], [60, 40, 20, 3])
    members = np.zeros(123, bool)
    for first, n in ((0, 10), (60, 30), (100, 5), (120, 2)):
        members[first : first + n] = True
    return compare_classes(column(**options), codes, NAMES, members)


def test_counts_and_shares_of_classes() -> None:
    found = classes()
    assert (found.n_cohort, found.n_rest, found.n_degrees) == (45, 75, 2)
    assert [(s.category, s.n_cohort, s.n_rest) for s in found.classes] == [
        *(("a", 10, 50), ("b", 30, 10), ("c", 5, 15), ("never", 0, 0))
    ]
    assert [s.share_cohort for s in found.classes] == [10 / 45, 30 / 45, 5 / 45, 0]
    assert [s.share_rest for s in found.classes] == [50 / 75, 10 / 75, 15 / 75, 0]
    for share, total in zip(found.classes, (60, 40, 20, 0), strict=True):
        want = 45 / 120 * (share.n_cohort / 45 - total / 120)
        assert share.wracc == pytest.approx(want, abs=1e-12)
    assert (found.cohort.majority, found.cohort.purity) == ("b", 30 / 45)
    assert found.cohort.entropy == pytest.approx(entropy([10, 30, 5], base=2))
    assert found.entropy_all == pytest.approx(entropy([60, 40, 20], base=2))


def test_tests_of_classes() -> None:
    found = classes()
    assert found.test is not None
    assert found.test.method is Method.CHI_SQUARE
    for share, total in zip(found.classes[:3], (60, 40, 20), strict=True):
        table = [[share.n_cohort, 45 - share.n_cohort]]
        table.append([total - share.n_cohort, 75 - (total - share.n_cohort)])
        tails = [fisher_exact(table, alternative=s).pvalue for s in ("less", "greater")]
        assert share.test is not None
        assert 10**share.test.log10_p == pytest.approx(2 * min(tails), rel=1e-9)
    assert found.classes[3].test is None
    assert len(found.tests) == 4


def test_two_classes_are_tested_once_and_show_it_twice() -> None:
    codes = np.repeat([0.0, 1.0], [30, 50])
    members = np.arange(80) < 20
    found = compare_classes(column(), codes, ("no", "yes", "never"), members)
    no, yes, never = found.classes
    assert no.test == yes.test
    assert never.test is None
    assert len(found.tests) == 2
    corrected = found.corrected(iter([-1.0, -2.0]))
    assert [t.log10_q for t in corrected.tests] == [-1, -2]
    assert [s.test and s.test.log10_q for s in corrected.classes] == [-2, -2, None]


def test_corrections_go_to_their_tests() -> None:
    found = classes().corrected(iter([-1.0, -2.0, -3.0, -4.0]))
    assert found.test is not None
    assert found.test.log10_q == -1
    assert [s.test and s.test.log10_q for s in found.classes] == [-2, -3, -4, None]
    assert [t.log10_p for t in found.tests] == [t.log10_p for t in classes().tests]


def test_by_construction_nothing_is_tested_but_all_is_described() -> None:
    found, tested = classes(by_construction=True), classes()
    assert found.tests == ()
    assert found.corrected(iter([])) == found
    assert (found.g, found.cohort) == (tested.g, tested.cohort)
    assert [s.wracc for s in found.classes] == [s.wracc for s in tested.classes]


@pytest.mark.parametrize("n_members", [0, 6])
def test_an_empty_side_has_no_statistic(n_members: int) -> None:
    codes = np.array([0.0, 1, 1, 0, 2, 0])
    found = compare_classes(column(), codes, NAMES, np.arange(6) < n_members)
    assert found.tests == ()
    assert (found.g, found.n_degrees, found.reference_score) == (None, None, None)
    shares = {s.share_rest if n_members else s.share_cohort for s in found.classes}
    assert shares == {None}
    assert all(s.wracc == 0 for s in found.classes)


def test_classes_that_nobody_knows() -> None:
    found = compare_classes(column(), np.full(4, NAN), NAMES, np.arange(4) < 2)
    assert (found.n_cohort, found.n_rest, found.entropy_all) == (0, 0, None)
    assert {s.wracc for s in found.classes} == {None}


def numbers(
    values: np.ndarray, members: np.ndarray, *, by_construction: bool = False
) -> NumberComparison:
    compared = column(by_construction=by_construction)
    return compare_numbers(compared, values, Ranks.of(values), members)


def test_numbers_against_scipy() -> None:
    random = np.random.default_rng(3)
    values = random.normal(size=90)
    members = random.random(90) < 0.4
    values[members] += 0.7
    found = numbers(values, members)
    x, y = values[members], values[~members]
    assert (found.n_cohort, found.n_rest) == (x.size, y.size)
    assert found.difference == pytest.approx(x.mean() - y.mean())
    pooled = ((x.size - 1) * x.var(ddof=1) + (y.size - 1) * y.var(ddof=1)) / 88
    want = (x.mean() - y.mean()) / math.sqrt(pooled)
    assert found.standardized_difference == pytest.approx(want)
    law = mannwhitneyu(x, y, method="asymptotic")
    assert found.auc == pytest.approx(law.statistic / (x.size * y.size))
    assert found.rank_biserial == pytest.approx(2 * law.statistic / (x.size * y.size) - 1)
    assert found.test is not None
    assert 10**found.test.log10_p == pytest.approx(law.pvalue, rel=1e-9)
    assert found.corrected(iter([-0.5])).tests[0].log10_q == -0.5
    marked = numbers(values, members, by_construction=True)
    assert (marked.tests, marked.auc) == ((), found.auc)


def test_numbers_that_do_not_vary_or_are_few() -> None:
    constant = numbers(np.ones(6), np.arange(6) < 3)
    assert (constant.difference, constant.auc, constant.rank_biserial) == (0, 0.5, 0)
    assert (constant.standardized_difference, constant.test) == (None, None)
    pair = numbers(np.array([1.0, 3.0]), np.array([True, False]))
    assert (pair.difference, pair.standardized_difference) == (-2, None)
    empty = numbers(np.arange(3.0), np.zeros(3, bool))
    assert (empty.mean_cohort, empty.mean_rest, empty.difference) == (None, 1, None)
    assert (empty.auc, empty.rank_biserial, empty.tests) == (None, None, ())
    nobody = numbers(np.zeros(0), np.zeros(0, bool))
    assert (nobody.n_cohort, nobody.mean_rest, nobody.tests) == (0, None, ())
