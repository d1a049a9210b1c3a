"""Unchanged queries on other entities, and the exact interval of a share."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, binomtest
from tests.significance import examples

from redescribe.errors import ParameterError
from redescribe.significance.hold_out import clopper_pearson, evaluate


def test_evaluate_counts_the_held_out_entities() -> None:
    data = examples.dataset(200, 65)
    found = examples.redescription(data, "a > 0.2", "c > 0.2")
    part = data.hold_out_part
    own, partner = part.view("x").column("a") > 0.2, part.view("y").column("c") > 0.2
    agreement = evaluate(found, part)
    assert agreement.n_entities == 65
    assert agreement.sizes == (own.sum(), partner.sum())
    assert agreement.support == (own & partner).sum()
    assert agreement.union == (own | partner).sum()


@given(data=st.data(), n_trials=st.integers(1, 300))
def test_interval_agrees_with_scipy(data: st.DataObject, n_trials: int) -> None:
    n_successes = data.draw(st.integers(0, n_trials))
    want = binomtest(n_successes, n_trials).proportion_ci(method="exact")
    assert clopper_pearson(n_successes, n_trials) == pytest.approx((want.low, want.high))


@pytest.mark.parametrize("share", [0.05, 0.5, 0.9])
def test_interval_covers_at_least_its_level(share: float) -> None:
    intervals = [clopper_pearson(k, 40, 0.9) for k in range(41)]
    covered = sum(
        binom.pmf(k, 40, share)
        for k, (low, high) in enumerate(intervals)
        if low <= share <= high
    )
    assert covered >= 0.9


@pytest.mark.parametrize(("k", "n", "level"), [(0, 0, 0.95), (4, 3, 0.95), (1, 3, 1.0)])
def test_impossible_intervals_are_refused(k: int, n: int, level: float) -> None:
    with pytest.raises(ParameterError, match="at least one trial"):
        clopper_pearson(k, n, level)
