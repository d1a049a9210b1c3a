"""Optimal one-dimensional clusters against all ways to cut a small sample."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redescribe.discretize.kmeans import optimal_clusters

if TYPE_CHECKING:
    from redescribe._typing import Floats, Ints

small_samples = st.lists(st.integers(-4, 12), min_size=2, max_size=14).filter(
    lambda values: len(set(values)) > 1
)


def squares(values: Floats) -> float:
    return float(((values - values.mean()) ** 2).sum())


def total_squares(distinct: Floats, counts: Ints, starts: Ints) -> float:
    parts = zip(np.split(distinct, starts[1:]), np.split(counts, starts[1:]), strict=True)
    return sum(squares(np.repeat(values, times)) for values, times in parts)


@given(sample=small_samples)
def test_kmeans_clusters_are_optimal(sample: list[int]) -> None:
    distinct, counts = np.unique(np.array(sample, dtype=np.float64), return_counts=True)
    n_clusters = min(5, distinct.size)
    found = optimal_clusters(distinct, counts, n_clusters)
    for k, starts in enumerate(found, start=2):
        best = min(
            total_squares(distinct, counts, np.array([0, *cuts]))
            for cuts in combinations(range(1, distinct.size), k - 1)
        )
        assert starts.size == k
        assert total_squares(distinct, counts, starts) == pytest.approx(best, abs=1e-9)
