"""Bounds and names of the options of a test."""

from __future__ import annotations

import pytest

from redescribe.errors import ParameterError, UnknownNameError
from redescribe.significance.params import AssessParams, Correction, TailTest


def test_options_may_be_given_by_name() -> None:
    params = AssessParams(test="binomial", correction="holm")  # type: ignore[arg-type]
    assert params.test is TailTest.BINOMIAL
    assert params.correction is Correction.HOLM


@pytest.mark.parametrize("alpha", [0, 1, 1.5, float("nan")])
def test_alpha_is_strictly_between_zero_and_one(alpha: float) -> None:
    with pytest.raises(ParameterError, match=r"'alpha' .* range \(0, 1\)"):
        AssessParams(alpha=alpha)


def test_unknown_options_name_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'holm'"):
        AssessParams(correction="holmes")  # type: ignore[arg-type]
