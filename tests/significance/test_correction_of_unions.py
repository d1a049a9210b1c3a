"""What a correction over the union of two families does to the q-values of one.

Write R(t) for the p-values up to t of a family of m. BH is the least t m / R(t) over t from
p on. In a union of families without common members, m / R(t) lies between those of the two
(a mediant), so q over the union is at least the smaller of what either family would give
that p; it may fall below the q that a finding had in its own run. For BY the sums of 1 / i
only grow. In Holm's procedure the factor of a p is the number of p-values that are not
smaller, which only grows with the family.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redescribe.significance.correction import correct
from redescribe.significance.params import Correction

Floats = np.ndarray

p_values = st.lists(st.floats(1e-12, 1), min_size=1, max_size=12).map(np.array)
ROUNDING = 1e-9


def corrected(p: Floats, correction: Correction) -> Floats:
    return np.asarray(correct(np.log10(p), correction))


def q_of(p: float, family: Floats, correction: Correction) -> float:
    """log10 of what a family gives a p-value that need not belong to it, by definition."""
    thresholds = np.append(family[family >= p], p)
    counts = (family[None, :] <= thresholds[:, None]).sum(axis=1)
    ratios = [t * family.size / n for t, n in zip(thresholds, counts, strict=True) if n]
    least = min(ratios, default=np.inf)
    if correction is Correction.BY:
        least *= (1 / np.arange(1, family.size + 1)).sum()
    return float(np.log10(min(least, 1.0)))


@given(own=p_values, other=p_values)
def test_holm_never_falls(own: Floats, other: Floats) -> None:
    alone = corrected(own, Correction.HOLM)
    union = corrected(np.concatenate([own, other]), Correction.HOLM)
    assert (union[: own.size] >= alone - ROUNDING).all()


@pytest.mark.parametrize("correction", [Correction.BH, Correction.BY])
@given(own=p_values, other=p_values)
def test_bh_and_by_stay_above_the_smaller_of_the_two(
    correction: Correction, own: Floats, other: Floats
) -> None:
    union = corrected(np.concatenate([own, other]), correction)
    for p, q in zip(own.tolist(), union[: own.size].tolist(), strict=True):
        least = min(q_of(p, family, correction) for family in (own, other))
        assert q >= least - ROUNDING
    assert np.allclose(
        [q_of(p, own, correction) for p in own.tolist()], corrected(own, correction)
    )


def test_bh_can_fall_below_that_of_the_own_run() -> None:
    """Ten small p-values of another run make one of .01 among nine of 1 look better."""
    own = np.array([0.01, *[1.0] * 9])
    union = np.concatenate([own, np.full(10, 1e-6)])
    assert corrected(own, Correction.BH)[0] == pytest.approx(np.log10(0.1))
    assert corrected(union, Correction.BH)[0] == pytest.approx(np.log10(0.01 * 20 / 11))
