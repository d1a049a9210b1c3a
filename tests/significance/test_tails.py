"""log10 p against SciPy, exact integers and random sets that are written out."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, fisher_exact, hypergeom

from redescribe.errors import ParameterError
from redescribe.significance.params import TailTest
from redescribe.significance.tails import log10_fisher, log10_p, log_factorials

FIXED, BINOMIAL = TailTest.FIXED_MARGIN, TailTest.BINOMIAL


@given(data=st.data(), n=st.integers(1, 130))
def test_two_queries_agree_with_scipy(data: st.DataObject, n: int) -> None:
    sizes = data.draw(st.tuples(st.integers(0, n), st.integers(0, n)))
    lowest = max(0, sum(sizes) - n)
    support = data.draw(st.integers(lowest, min(sizes)))
    want = hypergeom.sf(support - 1, n, *sizes)
    assert 10 ** log10_p(sizes, support, n, FIXED) == pytest.approx(want, rel=1e-9)
    assert log10_p(sizes, support, n, FIXED) == log10_p(sizes[::-1], support, n, FIXED)
    want = binom.sf(support - 1, n, sizes[0] * sizes[1] / n**2)
    assert 10 ** log10_p(sizes, support, n, BINOMIAL) == pytest.approx(want, rel=1e-9)


@pytest.mark.parametrize("sizes", [(3, 4, 2), (5, 5, 5), (0, 3, 5), (4, 3, 4, 3)])
def test_more_queries_agree_with_all_random_sets(sizes: tuple[int, ...]) -> None:
    n = 5
    sets = [list(map(set, combinations(range(n), size))) for size in sizes]
    overlaps = [len(set.intersection(*chosen)) for chosen in product(*sets)]
    for support in range(min(sizes) + 1):
        share = sum(overlap >= support for overlap in overlaps) / len(overlaps)
        if share:
            got = 10 ** log10_p(sizes, support, n, FIXED)
            assert got == pytest.approx(share, rel=1e-12)
        else:
            assert log10_p(sizes, support, n, FIXED) == -math.inf


def test_three_queries_far_below_the_doubles() -> None:
    # All three are the same 500 of 1,000 entities: p = 1 / choose(1000, 500)^2.
    want = -2 * math.log10(math.comb(1_000, 500))
    assert want < -590
    assert log10_p((500, 500, 500), 500, 1_000, FIXED) == pytest.approx(want, rel=1e-12)


def test_binomial_test_uses_the_product_of_the_shares() -> None:
    share = Fraction(6 * 5 * 4, 10**3)
    want = sum(math.comb(10, i) * share**i * (1 - share) ** (10 - i) for i in range(3, 11))
    assert 10 ** log10_p((6, 5, 4), 3, 10, BINOMIAL) == pytest.approx(float(want))


@pytest.mark.parametrize("test", TailTest)
@pytest.mark.parametrize("n", [0, 1, 63, 64, 65])
def test_certain_overlaps_have_p_one(test: TailTest, n: int) -> None:
    assert log10_p((n, n), 0, n, test) == 0
    assert log10_p((n, n), n, n, test) == 0
    assert log10_p((n, n, n), n, n, test) == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(
    ("sizes", "support"), [((3,), 1), ((3, 4), 4), ((3, 11), 2), ((3, 4), -1)]
)
def test_impossible_counts_are_refused(sizes: tuple[int, ...], support: int) -> None:
    with pytest.raises(ParameterError, match="two or more sizes"):
        log10_p(sizes, support, 10, FIXED)


def test_log_factorials_are_shared_and_read_only() -> None:
    table = log_factorials(20)
    assert table is log_factorials(20)
    assert not table.flags.writeable
    assert math.exp(table[10]) == pytest.approx(math.factorial(10))


@given(data=st.data(), n=st.integers(1, 130))
def test_fisher_is_twice_the_smaller_tail_of_scipy(data: st.DataObject, n: int) -> None:
    n_cohort, n_class = data.draw(st.tuples(st.integers(0, n), st.integers(0, n)))
    n_both = data.draw(st.integers(max(0, n_cohort + n_class - n), min(n_cohort, n_class)))
    rest = n - n_cohort
    table = [[n_both, n_cohort - n_both], [n_class - n_both, rest - (n_class - n_both)]]
    tails = [fisher_exact(table, alternative=side).pvalue for side in ("greater", "less")]
    got = 10 ** log10_fisher(n_cohort, n_class, n_both, n)
    assert got == pytest.approx(min(1, 2 * min(tails)), rel=1e-9)
    mirrored = log10_fisher(rest, n_class, n_class - n_both, n)
    assert got == pytest.approx(10**mirrored, rel=1e-12)


def test_fisher_of_a_rarer_class_far_below_the_doubles() -> None:
    # None of 2,000 among 2,000 of 4,000: one in choose(4000, 2000), twice.
    want = math.log10(2) - math.log10(math.comb(4_000, 2_000))
    assert log10_fisher(2_000, 2_000, 0, 4_000) == pytest.approx(want, rel=1e-12)
