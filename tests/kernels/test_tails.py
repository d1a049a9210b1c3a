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


def test_array_version_agrees_with_the_scalar_one() -> None:
    k, n1, n2 = np.array([0, 3, 7, 9]), np.array([8, 8, 8, 8]), np.array([9, 9, 7, 9])
    out = np.zeros(4)
    tails.log_hypergeometric_tails(k, 20, n1, n2, TABLE, out)
    want = [
        tails.log_hypergeometric_tail(a, 20, b, c, TABLE)
        for a, b, c in zip(k.tolist(), n1.tolist(), n2.tolist(), strict=True)
    ]
    assert out.tolist() == want


@given(
    pmf=st.lists(st.integers(0, 9), min_size=1, max_size=12).filter(any),
    n=st.integers(12, 20),
    size=st.integers(0, 12),
)
def test_intersection_with_a_random_set_is_exact(pmf: list[int], n: int, size: int) -> None:
    with np.errstate(divide="ignore"):
        log_pmf = np.log(np.array(pmf, dtype=np.float64))
    out = np.zeros(len(pmf))
    tails.log_intersection_pmf(log_pmf, n, size, TABLE, out)
    for k, got in enumerate(out.tolist()):
        ways = sum(
            weight * math.comb(m, k) * math.comb(n - m, size - k)
            for m, weight in enumerate(pmf)
            if k <= min(m, size)
        )
        assert agree(got, (ways, math.comb(n, size)))
