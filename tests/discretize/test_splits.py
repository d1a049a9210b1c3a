"""The four ways to cut a target, worked out on paper and by brute force."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import silhouette_score

from redescribe.discretize.base import split_points
from redescribe.discretize.equal_frequency import equal_frequency_splits, rice_bins
from redescribe.discretize.equal_width import bin_width, equal_width_splits
from redescribe.discretize.kmeans import kmeans_splits, mean_silhouette, optimal_clusters
from redescribe.discretize.modes import Discretization
from redescribe.discretize.two_bin import two_bin_splits

small_samples = st.lists(st.integers(-4, 12), min_size=2, max_size=14).filter(
    lambda values: len(set(values)) > 1
)


def test_quartiles_count_distinct_values_once() -> None:
    # Distinct 0, 1, 2, 4: quartiles at positions 1.25 and 3.75, IQR 3.5 - 0.25 = 3.25.
    values = np.sort(np.array([0.0] * 61 + [1.0, 2.0, 4.0]))
    assert bin_width(values) == pytest.approx(2 * 3.25 / 4)


def test_equal_width_starts_again_at_each_cut() -> None:
    # Quartiles at positions 7 and 21 of 27: h = 2 * 14 / 3 = 9.33.
    values = np.arange(27.0)
    assert equal_width_splits(values).tolist() == [10.0, 20.0]
    assert two_bin_splits(values).tolist() == [10.0]


def test_equal_frequency_takes_every_cth_distinct_value() -> None:
    # 20 distinct values: ceil(2 * 20^(1/3)) = 6 bins, so every third value.
    values = np.repeat(np.arange(20.0), 3)
    assert equal_frequency_splits(values).tolist() == [2, 5, 8, 11, 14, 17]
    assert equal_frequency_splits(np.array([3.0, 4.0])).tolist() == [3.0]


@pytest.mark.parametrize("n_distinct", range(1, 2_000, 7))
def test_rice_rule_is_the_smallest_number_that_suffices(n_distinct: int) -> None:
    n_bins = rice_bins(n_distinct)
    assert (n_bins - 1) ** 3 < 8 * n_distinct <= n_bins**3


@pytest.mark.parametrize("mode", Discretization)
@pytest.mark.parametrize(
    "values", [[], [np.nan], [np.nan, np.nan], [3.0], [3.0, 3.0, np.nan]]
)
def test_nothing_to_cut(mode: Discretization, values: list[float]) -> None:
    assert split_points(np.array(values, dtype=np.float64), mode).size == 0


@pytest.mark.parametrize("mode", list(Discretization))
def test_two_values_are_divided_in_every_mode(mode: Discretization) -> None:
    values = np.array([0.0] * 40 + [1.0] * 24)
    assert split_points(values, mode).tolist() == [0.0]


@pytest.mark.parametrize("mode", [Discretization.TWO_BIN, Discretization.EQUAL_WIDTH])
def test_a_cut_at_the_largest_value_is_dropped(mode: Discretization) -> None:
    values = np.array([0.0] * 40 + [0.5] + [1.0] * 24)
    assert split_points(values, mode).max(initial=0.0) < 1.0


@pytest.mark.parametrize("mode", Discretization)
def test_equal_values_with_opposite_zeros_are_one(mode: Discretization) -> None:
    assert split_points(np.array([0.0, -0.0, 0.0]), mode).size == 0


@pytest.mark.parametrize("mode", Discretization)
@pytest.mark.parametrize("scale", [1e-200, 1e-3, 1e150])
def test_splits_do_not_depend_on_the_unit(mode: Discretization, scale: float) -> None:
    values = np.random.default_rng(5).standard_normal(80)
    got = split_points(values * scale, mode) / scale
    assert got.tolist() == pytest.approx(split_points(values, mode).tolist())


@given(sample=small_samples, n_clusters=st.integers(2, 5))
def test_silhouette_agrees_with_scikit_learn(sample: list[int], n_clusters: int) -> None:
    distinct, counts = np.unique(np.array(sample, dtype=np.float64), return_counts=True)
    n_clusters = min(n_clusters, distinct.size)
    starts = optimal_clusters(distinct, counts, n_clusters)[-1]
    labels = np.repeat(np.searchsorted(starts, np.arange(distinct.size), "right"), counts)
    if n_clusters == labels.size:
        assert mean_silhouette(distinct, counts, starts) == 0.0
        return
    want = silhouette_score(np.repeat(distinct, counts).reshape(-1, 1), labels)
    assert mean_silhouette(distinct, counts, starts) == pytest.approx(want, abs=1e-12)


def test_equal_silhouettes_keep_fewer_clusters() -> None:
    # Two entities per value: only one cluster per value scores 1.
    assert kmeans_splits(np.repeat([0.0, 1.0, 9.0], 2)).tolist() == [0.0, 1.0]
    # One entity per value: three clusters score 0, two score more.
    assert kmeans_splits(np.array([0.0, 1.0, 9.0])).tolist() == [1.0]


def test_kmeans_finds_planted_groups_far_from_zero() -> None:
    generator = np.random.default_rng(1)
    groups = [1e9 + centre + generator.uniform(0, 1, 300) for centre in (0, 7, 20, 50)]
    splits = kmeans_splits(np.sort(np.concatenate(groups)))
    assert splits.tolist() == [group.max() for group in groups[:-1]]


@pytest.mark.parametrize("below", [1.0, 1e-300, 0.1, -7.7, 1e300])
def test_kmeans_tells_neighbouring_doubles_apart(below: float) -> None:
    above = np.nextafter(below, np.inf)
    values = np.repeat([below, above], 3)
    assert kmeans_splits(values).tolist() == [below]
    assert mean_silhouette(*np.unique(values, return_counts=True), np.array([0, 1])) == 1.0
