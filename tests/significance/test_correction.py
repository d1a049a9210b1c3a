"""Corrected p-values against SciPy and their defining properties."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import false_discovery_control

from redescribe.errors import ParameterError
from redescribe.significance.correction import correct
from redescribe.significance.params import Correction

families = st.lists(st.one_of(st.floats(-300, 0), st.just(-2.0)), max_size=70).map(
    lambda values: np.array(values, dtype=np.float64)
)


@given(family=families, correction=st.sampled_from(Correction))
def test_correction_never_helps_and_keeps_the_order(
    family: np.ndarray, correction: Correction
) -> None:
    corrected = correct(family, correction)
    order = np.argsort(family, kind="stable")
    assert corrected.shape == family.shape
    assert (corrected >= family).all()
    assert (corrected <= 0).all()
    assert (np.diff(corrected[order]) >= 0).all()


@given(
    family=families.filter(lambda family: family.size > 0),
    correction=st.sampled_from([Correction.BH, Correction.BY]),
)
def test_false_discovery_rates_agree_with_scipy(
    family: np.ndarray, correction: Correction
) -> None:
    want = false_discovery_control(10**family, method=correction.value)
    got = 10 ** correct(family, correction)
    np.testing.assert_allclose(got, want, rtol=1e-9)


def test_holm_steps_down() -> None:
    p_values = np.array([0.01, 0.04, 0.03, 0.005])
    got = 10 ** correct(np.log10(p_values), Correction.HOLM)
    assert got.tolist() == pytest.approx([0.03, 0.06, 0.06, 0.02])


@given(family=families)
def test_corrections_grow_in_caution(family: np.ndarray) -> None:
    least = correct(family, Correction.BH)
    assert (least <= correct(family, Correction.BY) + 1e-12).all()
    assert (least <= correct(family, Correction.HOLM) + 1e-12).all()


@pytest.mark.parametrize("correction", Correction)
def test_far_below_the_doubles(correction: Correction) -> None:
    corrected = correct(np.array([-5_000.0, -np.inf, 0.0]), correction)
    assert corrected[0] == pytest.approx(-5_000, abs=1)
    assert corrected[1:].tolist() == [-np.inf, 0.0]


@pytest.mark.parametrize("correction", Correction)
def test_small_families(correction: Correction) -> None:
    assert correct(np.zeros(0), correction).size == 0
    assert correct(np.array([-3.0]), correction).tolist() == [-3.0]


@pytest.mark.parametrize("wrong", [np.nan, 0.5])
def test_what_is_no_p_value_is_refused(wrong: float) -> None:
    with pytest.raises(ParameterError, match="at position 1 of a family of 2"):
        correct(np.array([-1.0, wrong]), Correction.BH)
