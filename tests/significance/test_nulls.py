"""Rotations: orthogonal, the geometry stays, neurons are mixed, layer by layer."""

from __future__ import annotations

import numpy as np
import pytest

from redescribe.core.entities import EntityIndex
from redescribe.core.view import Attribute, AttributeKind, View
from redescribe.errors import ViewError
from redescribe.significance.nulls import orthogonal, rotated


def network(*sizes: int, n_entities: int = 40) -> View:
    """Layers a, b, … of these sizes; entities have a mean far from zero."""
    values = np.random.default_rng(1).normal(5, 1, (sum(sizes), n_entities))
    attributes = tuple(
        Attribute(f"net@{layer}:{unit}", neuron=True)
        for layer, size in zip("abc", sizes, strict=False)
        for unit in range(size)
    )
    return View("net", EntityIndex.numbered(n_entities), attributes, values)


def gram(view: View, rows: slice) -> np.ndarray:
    centred = view.values[rows] - view.values[rows].mean(axis=1, keepdims=True)
    product: np.ndarray = centred.T @ centred
    return product


@pytest.mark.parametrize("size", [1, 2, 17])
def test_matrices_are_orthogonal(size: int) -> None:
    matrix = orthogonal(size, np.random.default_rng(size))
    assert np.allclose(matrix @ matrix.T, np.eye(size), atol=1e-12)


def test_every_direction_is_as_likely() -> None:
    """The first entries of 2,000 matrices: mean 0, variance 1 / size, both determinants."""
    drawn = [orthogonal(3, np.random.default_rng(seed)) for seed in range(2000)]
    diagonals = np.array([np.diag(matrix) for matrix in drawn])
    # Five standard errors; without the signs of R all means are far from 0.
    assert np.abs(diagonals.mean(axis=0)).max() < 5 / np.sqrt(3 * 2000)
    assert np.square(diagonals).mean(axis=0) == pytest.approx(1 / 3, abs=0.04)
    assert np.mean([np.linalg.det(m) > 0 for m in drawn]) == pytest.approx(0.5, abs=0.06)


def test_the_geometry_of_a_layer_stays() -> None:
    """So does linear CKA, which is made of these products."""
    view = network(6)
    turned = rotated(view, 0)
    assert turned.values.mean(axis=1) == pytest.approx(0, abs=1e-12)
    assert np.allclose(gram(turned, slice(None)), gram(view, slice(None)))
    correlations = np.corrcoef(view.values, turned.values)[:6, 6:]
    assert np.abs(correlations).max() < 0.99
    assert (turned.name, turned.entities, turned.attributes) == (
        *(view.name, view.entities, view.attributes),
    )


def test_each_layer_is_rotated_by_itself() -> None:
    view = network(3, 4)
    turned, alone = rotated(view, 7), rotated(network(3), 7)
    assert np.allclose(gram(turned, slice(3)), gram(view, slice(3)))
    assert np.allclose(gram(turned, slice(3, 7)), gram(view, slice(3, 7)))
    # The matrix of a layer depends on its name, not on other layers.
    assert np.array_equal(turned.values[:3], alone.values)


def test_what_is_no_neuron_is_one_layer() -> None:
    values = np.random.default_rng(0).normal(size=(30, 4)).astype(np.float32)
    view = View.of("x", values)
    turned = rotated(view, 0)
    assert turned.values.dtype == np.float64
    assert np.allclose(gram(turned, slice(None)), gram(view, slice(None)), atol=1e-4)
    assert not np.array_equal(turned.values, rotated(view, 1).values)
    assert np.array_equal(turned.values, rotated(view, np.random.SeedSequence(0)).values)


def test_ids_name_layers_in_tables_too() -> None:
    values = network(3, 4).values
    table = View.of("net", values.T, names=network(3, 4).names)
    assert np.array_equal(rotated(table, 0).values, rotated(network(3, 4), 0).values)


def test_a_mean_is_no_information() -> None:
    view = network(5)
    shifted = View(view.name, view.entities, view.attributes, view.values + 100)
    assert np.allclose(rotated(view, 0).values, rotated(shifted, 0).values)


def test_gaps_and_categories_are_refused() -> None:
    view = network(3)
    view.values[1, :2] = np.nan
    with pytest.raises(ViewError, match=r"'net@a:1' has 2 missing values.*--rotations 0"):
        rotated(view, 0)
    nominal = Attribute("stage", AttributeKind.NOMINAL, ("I", "II"))
    codes = View("labels", EntityIndex.numbered(2), (nominal,), np.array([[0.0, 1.0]]))
    with pytest.raises(ViewError, match="'stage' is nominal"):
        rotated(codes, 0)
