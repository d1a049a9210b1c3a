"""The tail kernels against SciPy and against exact integers."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import gammaln
from scipy.stats import binom, hypergeom

from redescribe._kernels import tails

if TYPE_CHECKING:
    from redescribe._typing import Floats

    Margins = tuple[int, int, int, int]


def table(n: int) -> Floats:
    return np.asarray(gammaln(np.arange(1.0, n + 2.0)), dtype=np.float64)


TABLE = table(20_000)


def log_of(ways: int, of: int) -> float:
    """Log of a positive fraction: `math.log` takes integers of any size."""
    return math.log(ways) - math.log(of)


def exact_hypergeometric_tail(k: int, n: int, n1: int, n2: int) -> tuple[int, int]:
    lowest, highest = max(0, n1 + n2 - n), min(n1, n2)
    ways = sum(
        math.comb(n1, i) * math.comb(n - n1, n2 - i)
        for i in range(max(k, lowest), highest + 1)
    )
    return ways, math.comb(n, n2)


def exact_binomial_tail(k: int, n: int, p: Fraction) -> tuple[int, int]:
    hits, misses = p.numerator, p.denominator - p.numerator
    ways = sum(
        math.comb(n, i) * hits**i * misses ** (n - i) for i in range(max(k, 0), n + 1)
    )
    return ways, p.denominator**n


@st.composite
def margins(draw: st.DrawFn) -> Margins:
    n = draw(st.integers(1, 130))
    k = draw(st.integers(-2, n + 2))
    return k, n, draw(st.integers(0, n)), draw(st.integers(0, n))


def agree(got: float, want: tuple[int, int]) -> bool:
    ways, of = want
    if ways == 0:
        return got == -math.inf
    return got == pytest.approx(log_of(ways, of), rel=1e-11, abs=1e-11)


@given(case=margins())
def test_hypergeometric_tail_is_exact(case: Margins) -> None:
    k, n, n1, n2 = case
    got = tails.log_hypergeometric_tail(k, n, n1, n2, TABLE)
    assert agree(got, exact_hypergeometric_tail(k, n, n1, n2))


@given(case=margins())
def test_hypergeometric_pmf_is_exact(case: Margins) -> None:
    k, n, n1, n2 = case
    at_least, of = exact_hypergeometric_tail(k, n, n1, n2)
    more, _ = exact_hypergeometric_tail(k + 1, n, n1, n2)
    got = tails.log_hypergeometric_pmf(k, n, n1, n2, TABLE)
    assert agree(got, (at_least - more, of))


@given(
    n=st.integers(0, 130),
    k=st.integers(-2, 132),
    p=st.fractions(0, 1, max_denominator=1_000_000),
)
def test_binomial_tail_is_exact(n: int, k: int, p: Fraction) -> None:
    assert agree(
        tails.log_binomial_tail(k, n, float(p), TABLE), exact_binomial_tail(k, n, p)
    )


@pytest.mark.parametrize(
    ("k", "n", "n1", "n2"),
    [
        (900, 20_000, 1_000, 950),
        (1_900, 4_000, 2_000, 1_950),
        (2_000, 4_000, 2_000, 2_000),
        (2_500, 5_000, 2_600, 2_550),
        (64, 128, 64, 64),
        (8_000, 20_000, 8_100, 8_050),
    ],
)
def test_hypergeometric_tail_far_below_the_doubles(
    k: int, n: int, n1: int, n2: int
) -> None:
    want = log_of(*exact_hypergeometric_tail(k, n, n1, n2))
    assert want < -80
    assert tails.log_hypergeometric_tail(k, n, n1, n2, TABLE) == pytest.approx(
        want, rel=1e-12
    )


@pytest.mark.parametrize(
    ("k", "n", "p"),
    [(1_000, 2_000, "1/100"), (2_000, 2_000, "1/7"), (300, 3_000, "1/1000")],
)
def test_binomial_tail_far_below_the_doubles(k: int, n: int, p: str) -> None:
    want = log_of(*exact_binomial_tail(k, n, Fraction(p)))
    assert want < -700
    assert tails.log_binomial_tail(k, n, float(Fraction(p)), TABLE) == pytest.approx(
        want, rel=1e-12
    )


@pytest.mark.parametrize("k", [1, 200, 900, 1_000, 1_100, 1_800])
def test_tails_from_below_the_mode_are_rescaled(k: int) -> None:
    # From k = 200 the terms rise by more than 1e200 before they fall.
    n, n1, n2 = 4_000, 2_000, 2_000
    got = tails.log_hypergeometric_tail(k, n, n1, n2, TABLE)
    assert agree(got, exact_hypergeometric_tail(k, n, n1, n2))
    assert tails.log_binomial_tail(k, 2_000, 0.5, TABLE) == pytest.approx(
        log_of(*exact_binomial_tail(k, 2_000, Fraction(1, 2))), rel=1e-11, abs=1e-10
    )


@given(case=margins(), p=st.floats(0, 1))
def test_tails_agree_with_scipy(case: Margins, p: float) -> None:
    k, n, n1, n2 = case
    want = hypergeom.sf(k - 1, n, n1, n2)
    got = math.exp(tails.log_hypergeometric_tail(k, n, n1, n2, TABLE))
    assert got == pytest.approx(want, rel=1e-9, abs=1e-300)
    want = binom.sf(k - 1, n, p)
    assert math.exp(tails.log_binomial_tail(k, n, p, TABLE)) == pytest.approx(
        want, rel=1e-9, abs=1e-290
    )


@pytest.mark.parametrize(
    ("k", "n", "p", "want"),
    [(0, 5, 0.0, 0.0), (1, 5, 0.0, -math.inf), (5, 5, 1.0, 0.0), (6, 5, 1.0, -math.inf)],
)
def test_binomial_tail_of_impossible_and_certain_entities(
    k: int, n: int, p: float, want: float
) -> None:
    assert tails.log_binomial_tail(k, n, p, TABLE) == want


def test_tails_fall_with_the_support() -> None:
    got = [tails.log_hypergeometric_tail(k, 65, 40, 33, TABLE) for k in range(35)]
    assert got == sorted(got, reverse=True)
    assert got[8] == 0.0
    assert got[34] == -math.inf


def exact_intersection_tail(k: int, n: int, sizes: list[int]) -> tuple[int, int]:
    """Of all choices of further sets, those that leave k entities of the first one."""
    ways = {sizes[0]: 1}
    for size in sizes[1:]:
        ways = {
            i: sum(
                w * math.comb(m, i) * math.comb(n - m, size - i) for m, w in ways.items()
            )
            for i in range(sizes[0] + 1)
        }
    good = sum(w for i, w in ways.items() if i >= k)
    return good, math.prod(math.comb(n, size) for size in sizes[1:])


@given(
    n=st.integers(1, 25),
    shares=st.lists(st.integers(0, 100), min_size=2, max_size=5),
    k=st.integers(0, 26),
)
def test_intersection_tail_is_exact(n: int, shares: list[int], k: int) -> None:
    sizes = sorted(share * n // 100 for share in shares)
    got = tails.log_intersection_tail(k, n, np.array(sizes, np.int64), TABLE)
    assert agree(got, exact_intersection_tail(k, n, sizes))


@given(margins=margins())
def test_intersection_tail_of_two_sets_is_the_hypergeometric_one(margins: Margins) -> None:
    k, n, n1, n2 = margins
    sizes = np.array(sorted((n1, n2)), np.int64)
    want = tails.log_hypergeometric_tail(max(k, 0), n, n1, n2, TABLE)
    assert tails.log_intersection_tail(max(k, 0), n, sizes, TABLE) == pytest.approx(
        want, rel=1e-12, abs=1e-12
    )
