"""Neuron ids as text, and bounds between bins."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from redescribe.core.binned import BinnedView, Bins
from redescribe.core.neuron import NeuronId
from redescribe.core.notation import power_of_ten
from redescribe.core.view import Attribute, AttributeKind
from redescribe.errors import QuerySyntaxError

parts = st.one_of(
    st.sampled_from(["a", "layer4.2.conv3", "a b", "a@b", 'q"x', "", "1", "a:1", "é", "|"]),
    st.text(max_size=5),
)
finite = st.floats(allow_nan=False, allow_infinity=False)


@given(layer=parts, unit=st.integers(0, 10**6), model=parts, reducer=parts)
def test_neuron_ids_read_back(layer: str, unit: int, model: str, reducer: str) -> None:
    neuron = NeuronId(layer, unit, model, reducer)
    assert NeuronId.parse(str(neuron)) == neuron


@pytest.mark.parametrize(
    "text",
    ["", "fc2", "fc2:", ":7", "fc2:-1", "fc2:7|", "@fc2:7", "a b:7", "fc2:7 ", "x:1:2"],
)
def test_texts_that_are_no_neuron_id(text: str) -> None:
    with pytest.raises(QuerySyntaxError, match="is not a neuron id"):
        NeuronId.parse(text)


@given(ends=st.tuples(finite, finite).filter(lambda pair: pair[0] != pair[1]))
def test_thresholds_separate_the_bins(ends: tuple[float, float]) -> None:
    below, above = sorted(ends)
    bins = Bins(np.array([below, above]), np.array([below, above]))
    assert below <= bins.threshold(1) < above


@given(exponent=st.integers(-30, 30), low=st.integers(-999, 999), gap=st.integers(1, 100))
def test_thresholds_are_midway_with_few_digits(exponent: int, low: int, gap: int) -> None:
    below, above = low * 10.0**exponent, (low + gap) * 10.0**exponent
    assume(below < above)
    bins = Bins(np.array([below, above]), np.array([below, above]))
    bound = bins.threshold(1)
    quarter = (above - below) / 4
    assert below + quarter * 0.999 <= bound <= above - quarter * 0.999
    digits = repr(bound).partition("e")[0].replace(".", "").replace("-", "").strip("0")
    assert len(digits) <= 4


def test_the_fewest_digits_that_separate() -> None:
    for below, above, wanted in [
        (1.0, 2.0, 1.5),
        (0.1234567, 0.9876543, 0.6),
        (99.9, 100.1, 100.0),
        (-1.0, 1.0, 0.0),
        (1234.5, 1235.5, 1235.0),
    ]:
        assert Bins(np.array([0, above]), np.array([below, above])).threshold(1) == wanted


def test_where_doubles_run_out_the_lower_value_is_the_bound() -> None:
    above = math.nextafter(1.0, 2.0)
    assert Bins(np.array([1.0, above]), np.array([1.0, above])).threshold(1) == 1.0
    huge = np.array([-1.7e308, 1.7e308])
    assert -1.7e308 <= Bins(huge, huge).threshold(1) < 1.7e308


def test_literals_are_described_on_values() -> None:
    colour = Attribute("colour", AttributeKind.NOMINAL, ("blue", "green", "red"))
    ends = np.array([0.0, 1.0, 2.0])
    view = BinnedView(
        "x",
        (Attribute("a"), colour),
        (Bins(ends, ends), Bins(ends, ends)),
        np.array([[0, 1, 2, 255], [0, 1, 255, 2]], np.uint8),
    )

    def texts(*rows: list[int]) -> list[str]:
        return [str(literal) for literal in view.describe(np.array(rows, np.int32))]

    assert texts([0, 1, 2, 1]) == ["a > 0.5"]
    assert texts([0, 0, 1, 1]) == ["a <= 1.5"]
    assert texts([0, 1, 1, 1]) == ["0.5 < a <= 1.5"]
    assert texts([1, 1, 1, 1]) == ['colour = "green"']
    assert texts([1, 1, 1, 0]) == ['colour in {"blue", "red"}']
    assert texts([1, 0, 0, 0], [0, 1, 2, 1], [1, 2, 2, 0]) == [
        'colour = "green"',
        "a > 0.5",
    ]
    assert (view.n_entities, view.missing_code) == (4, 255)
    assert view.n_bins.tolist() == [3, 3]
    assert view.is_nominal.tolist() == [False, True]
    assert view.has_missing


@pytest.mark.parametrize(
    ("log10", "wanted"), [(0.0, 1.0), (-2.0, 0.01), (-400.0, None), (-math.inf, None)]
)
def test_a_p_of_zero_is_never_shown(log10: float, wanted: float | None) -> None:
    assert power_of_ten(log10) == wanted


def test_the_smallest_p_that_is_shown() -> None:
    assert power_of_ten(-323.0) is not None
    assert power_of_ten(-324.5) is None
