"""Fine bins: exact where they can be, nearly equal where not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redescribe.core.entities import EntityIndex
from redescribe.core.view import Attribute, AttributeKind, View
from redescribe.discretize.quantile import bin_view, quantile_bins
from redescribe.errors import ParameterError, ViewError

columns = st.lists(
    st.one_of(st.just(np.nan), st.integers(0, 5), st.floats(-100, 100, width=16)),
    min_size=1,
    max_size=65,
).map(lambda values: np.array(values, dtype=np.float64))


def view_of(*columns_of_view: np.ndarray) -> View:
    return View.of("x", np.stack(columns_of_view, axis=1))


def nominal(n_categories: int, values: np.ndarray) -> View:
    categories = tuple(f"c{i}" for i in range(n_categories))
    attribute = Attribute("stage", AttributeKind.NOMINAL, categories)
    return View("x", EntityIndex.numbered(values.size), (attribute,), values[None, :])


@given(values=columns, max_bins=st.integers(2, 20))
def test_codes_place_every_value_in_its_bin(values: np.ndarray, max_bins: int) -> None:
    binned = bin_view(view_of(values), max_bins)
    (bins,) = binned.bins
    observed = ~np.isnan(values)
    codes = binned.codes[0]
    assert len(bins) <= max_bins
    assert (codes[~observed] == binned.missing_code).all()
    assert sorted(set(codes[observed].tolist())) == list(range(len(bins)))
    assert (bins.lower[codes[observed]] <= values[observed]).all()
    assert (values[observed] <= bins.upper[codes[observed]]).all()
    assert (bins.upper[:-1] < bins.lower[1:]).all()


@given(values=columns)
def test_few_distinct_values_are_exact(values: np.ndarray) -> None:
    bins = quantile_bins(values, 255)
    assert bins.upper.tolist() == np.unique(values[~np.isnan(values)]).tolist()
    assert bins.lower.tolist() == bins.upper.tolist()


@given(
    counts=st.lists(st.sampled_from([1, 1, 2, 40, 200]), min_size=1, max_size=60),
    max_bins=st.integers(2, 30),
)
def test_any_mixture_of_ties_fits(counts: list[int], max_bins: int) -> None:
    values = np.repeat(np.arange(float(len(counts))), counts)
    bins = quantile_bins(values, max_bins)
    assert min(max_bins, len(counts)) // 2 <= len(bins) <= max_bins
    assert bins.upper[-1] == len(counts) - 1


@pytest.mark.parametrize("n_distinct", [255, 256])
def test_word_border_of_the_codes(n_distinct: int) -> None:
    values = np.arange(float(n_distinct))
    coarse, exact = bin_view(view_of(values)), bin_view(view_of(values), 65_535)
    assert coarse.codes.dtype == np.uint8
    assert len(coarse.bins[0]) == 255
    assert exact.codes.dtype == (np.uint8 if n_distinct == 255 else np.uint16)
    assert exact.codes[0].tolist() == list(range(n_distinct))


def test_bins_are_nearly_equal() -> None:
    values = np.random.default_rng(3).standard_normal(20_000)
    codes = bin_view(view_of(values)).codes[0]
    sizes = np.bincount(codes)
    assert sizes.size == 255
    assert sizes.min() >= 77
    assert sizes.max() <= 80


def test_frequent_values_cost_one_bin_each() -> None:
    # A ReLU: half of zeros. The other half still gets all other bins.
    values = np.maximum(np.random.default_rng(3).standard_normal(20_000), 0)
    sizes = np.bincount(bin_view(view_of(values)).codes[0])
    assert sizes.size == 255
    assert sizes[0] == (values == 0).sum()
    assert sizes[1:].max() <= 42


@given(values=columns, max_bins=st.integers(2, 20), n_coarse=st.integers(2, 25))
def test_boundaries_of_coarse_bins_are_kept(
    values: np.ndarray, max_bins: int, n_coarse: int
) -> None:
    coarse = quantile_bins(values, n_coarse)
    (bins,) = bin_view(view_of(values), max_bins, [coarse]).bins
    assert set(coarse.upper.tolist()) <= set(bins.upper.tolist())
    assert len(bins) <= max(max_bins, len(coarse) + 1)


def test_coarse_bins_leave_the_codes_small() -> None:
    values = np.random.default_rng(3).standard_normal(3_000)
    coarse, fine = quantile_bins(values, 7), quantile_bins(values, 255)
    assert not set(coarse.upper.tolist()) <= set(fine.upper.tolist())
    binned = bin_view(view_of(values), 255, [coarse])
    assert binned.codes.dtype == np.uint8
    assert len(binned.bins[0]) == 255


def test_missing_columns_and_one_entity() -> None:
    binned = bin_view(view_of(np.array([np.nan]), np.array([2.5])))
    assert binned.n_bins.tolist() == [0, 1]
    assert binned.codes.tolist() == [[255], [0]]


def test_opposite_zeros_share_a_bin() -> None:
    assert bin_view(view_of(np.array([-0.0, 0.0, 1.0]))).codes.tolist() == [[0, 0, 1]]


def test_nominal_codes_are_kept_even_where_empty() -> None:
    binned = bin_view(nominal(4, np.array([3.0, 1.0, np.nan])), 2)
    assert binned.n_bins.tolist() == [4]
    assert binned.codes.tolist() == [[3, 1, 255]]


def test_wide_nominal_attributes_use_sixteen_bits() -> None:
    binned = bin_view(nominal(256, np.array([255.0, np.nan])))
    assert binned.codes.tolist() == [[255, 65_535]]


def test_single_precision_is_compared_in_double() -> None:
    values = np.array([[0.1], [0.3], [0.1]], dtype=np.float32)
    binned = bin_view(View.of("x", values))
    assert binned.bins[0].upper.dtype == np.float64
    assert binned.codes.tolist() == [[0, 1, 0]]


def test_bounds_of_max_bins() -> None:
    with pytest.raises(ParameterError, match=r"range \[2, 65535\]. Got 1 instead"):
        bin_view(view_of(np.zeros(3)), 1)


def test_too_many_categories() -> None:
    with pytest.raises(ViewError, match="'stage' of view 'x' has 65,536 categories"):
        bin_view(nominal(65_536, np.array([0.0])))
