"""Tails of limiting laws against SciPy, and past the smallest double."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2, norm

from redescribe.significance.asymptotic import log10_chi_square_tail, log10_normal_tails

LN10 = math.log(10)


@given(statistic=st.floats(0, 600), n_degrees=st.integers(1, 300))
def test_chi_square_agrees_with_scipy(statistic: float, n_degrees: int) -> None:
    want = chi2.logsf(statistic, n_degrees) / LN10
    assert log10_chi_square_tail(statistic, n_degrees) == pytest.approx(want, abs=1e-9)


@pytest.mark.parametrize("n_degrees", [1, 2, 3, 10, 99])
def test_chi_square_is_continuous_where_doubles_end(n_degrees: int) -> None:
    """Differences of neighbours shrink smoothly through the change of the method."""
    values = [log10_chi_square_tail(x, n_degrees) for x in np.arange(1250.0, 1500.0)]
    steps = np.diff(values)
    assert values[-1] < -300 if n_degrees < 10 else values[-1] < values[0]
    assert np.all(steps < 0)
    assert np.abs(np.diff(steps)).max() < 1e-3


@pytest.mark.parametrize("statistic", [2_000.0, 1e5, 1e8])
def test_two_degrees_have_a_closed_form(statistic: float) -> None:
    want = -statistic / 2 / LN10
    assert log10_chi_square_tail(statistic, 2) == pytest.approx(want, rel=1e-12)


@given(z=st.floats(0, 200))
def test_normal_agrees_with_scipy(z: float) -> None:
    want = (math.log(2) + norm.logsf(z)) / LN10
    assert log10_normal_tails(z) == pytest.approx(want, abs=1e-9)
    assert log10_normal_tails(-z) == 0
