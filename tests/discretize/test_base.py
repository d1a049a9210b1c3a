"""Bins partition the observed entities, and labels follow the values."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redescribe.discretize.base import (
    bin_labels,
    categorical_bins,
    discretize,
    split_points,
)
from redescribe.discretize.modes import Discretization

columns = st.lists(
    st.one_of(st.just(np.nan), st.just(0.0), st.floats(-1e6, 1e6, width=32)), max_size=65
).map(lambda values: np.array(values, dtype=np.float64))
modes = st.sampled_from(Discretization)


@given(values=columns, mode=modes)
def test_bins_partition_the_observed_entities(
    values: np.ndarray, mode: Discretization
) -> None:
    bins = discretize(values, mode)
    labels = bin_labels(values, bins)
    observed = ~np.isnan(values)
    assert (labels[~observed] == -1).all()
    assert sorted(set(labels[observed].tolist())) == list(range(len(bins)))
    for label in range(len(bins)):
        members = values[labels == label]
        assert (members.min(), members.max()) == (bins.lower[label], bins.upper[label])


@given(values=columns, mode=modes)
def test_labels_count_the_split_points_below(
    values: np.ndarray, mode: Discretization
) -> None:
    splits = split_points(values, mode)
    assert (np.diff(splits) > 0).all()
    assert np.isin(splits, values).all()
    observed = ~np.isnan(values)
    want = (values[observed, None] > splits).sum(axis=1)
    labels = bin_labels(values, discretize(values, mode))
    assert labels[observed].tolist() == want.tolist()


@given(values=columns, mode=modes)
def test_labels_are_monotone_and_ignore_the_order(
    values: np.ndarray, mode: Discretization
) -> None:
    labels = bin_labels(values, discretize(values, mode))
    observed = ~np.isnan(values)
    order = np.argsort(values[observed], kind="stable")
    assert (np.diff(labels[observed][order]) >= 0).all()
    backwards = bin_labels(values[::-1], discretize(values[::-1], mode))
    assert backwards.tolist() == labels[::-1].tolist()


@pytest.mark.parametrize("mode", Discretization)
def test_one_entity_is_one_bin(mode: Discretization) -> None:
    bins = discretize(np.array([4.0]), mode)
    assert (bins.lower.tolist(), bins.upper.tolist()) == ([4.0], [4.0])


@pytest.mark.parametrize("mode", Discretization)
def test_all_missing_has_no_bin(mode: Discretization) -> None:
    values = np.full(65, np.nan)
    bins = discretize(values, mode)
    assert len(bins) == 0
    assert (bin_labels(values, bins) == -1).all()


@pytest.mark.parametrize("mode", Discretization)
def test_single_precision_is_compared_in_double(mode: Discretization) -> None:
    values = np.random.default_rng(2).standard_normal(64).astype(np.float32)
    bins = discretize(values, mode)
    same = discretize(values.astype(np.float64), mode)
    assert bins.upper.dtype == np.float64
    assert bins.upper.tolist() == same.upper.tolist()


def test_values_never_seen_get_the_bin_that_covers_them() -> None:
    bins = discretize(np.array([0.0, 1.0, 8.0, 9.0]), Discretization.KMEANS)
    labels = bin_labels(np.array([-5.0, 0.5, 1.0, 4.0, 99.0]), bins)
    assert labels.tolist() == [0, 0, 0, 1, 1]
    assert labels.dtype == np.int32


def test_categories_keep_their_codes() -> None:
    labels = bin_labels(np.array([2.0, 0.0, np.nan]), categorical_bins(3))
    assert labels.tolist() == [2, 0, -1]
