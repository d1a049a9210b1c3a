"""Correlation and CKA against the formulas, and what they do not see."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr

from redescribe.core.entities import EntityIndex
from redescribe.core.view import Attribute, AttributeKind, View
from redescribe.errors import ViewError
from redescribe.relations.similarity import (
    above_rotations,
    correlations,
    linear_cka,
    rows_of,
)


@given(seed=st.integers(0, 1000))
def test_correlations_are_those_of_numpy_and_scipy(seed: int) -> None:
    rng = np.random.default_rng(seed)
    left, right = rng.normal(size=(3, 40)).round(1), rng.normal(size=(2, 40)).round(1)
    want = np.corrcoef(left, right)[:3, 3:]
    np.testing.assert_allclose(correlations(left, right), want, atol=1e-12)
    ranked = spearmanr(left, right, axis=1).statistic[:3, 3:]
    np.testing.assert_allclose(correlations(left, right, ranks=True), ranked, atol=1e-12)


@pytest.mark.parametrize("value", [0.0, 0.1, 1e9])
def test_constant_and_missing_rows_correlate_with_nothing(value: float) -> None:
    rng = np.random.default_rng(0)
    left = np.stack([np.full(30, value), rng.normal(size=30), rng.normal(size=30)])
    left[1, 3] = np.nan
    found = correlations(left, left)
    np.testing.assert_allclose(found, np.diag([0.0, 0.0, 1.0]), atol=1e-12)


def test_cka_is_that_of_the_gram_matrices_and_sees_no_rotation() -> None:
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(4, 60)), rng.normal(size=(3, 60))
    centring = np.eye(60) - 1 / 60
    k, m = (centring @ (v.T @ v) @ centring for v in (x, y))
    want = np.sum(k * m) / np.sqrt(np.sum(k * k) * np.sum(m * m))
    assert linear_cka(x, y) == pytest.approx(want)
    rotation, _ = np.linalg.qr(rng.normal(size=(4, 4)))
    assert linear_cka(x, rotation @ x + 5) == pytest.approx(1.0)


def test_a_rotated_layer_is_no_better_than_rotations() -> None:
    rng = np.random.default_rng(3)
    layer = np.maximum(rng.normal(size=(6, 300)), 0)
    rotation, _ = np.linalg.qr(rng.normal(size=(6, 6)))
    shared = above_rotations(layer, layer[::-1] + 0.01 * rng.normal(size=layer.shape))
    turned = above_rotations(layer, rotation @ layer)
    assert shared is not None
    assert turned is not None
    assert shared > 0.2
    assert abs(turned) < 0.1
    layer[0, 0] = np.nan
    assert above_rotations(layer, layer) is None


def test_cka_of_a_constant_or_incomplete_layer_is_not_defined() -> None:
    x = np.random.default_rng(2).normal(size=(2, 20))
    assert linear_cka(x, np.ones((3, 20))) is None
    y = x.copy()
    y[0, 0] = np.nan
    assert linear_cka(x, y) is None


def test_only_numbers_are_correlated() -> None:
    attribute = Attribute("stage", AttributeKind.NOMINAL, ("I", "II"))
    view = View("labels", EntityIndex.numbered(2), (attribute,), np.array([[0.0, 1.0]]))
    with pytest.raises(ViewError, match=r"'stage' of view 'labels' is nominal"):
        rows_of(view, ["stage"])
