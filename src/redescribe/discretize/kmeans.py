"""Optimal one-dimensional k-means; the number of clusters has the best mean silhouette."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from redescribe._kernels.kmeans import optimal_starts
from redescribe.discretize.distinct import distinct_values

if TYPE_CHECKING:
    from redescribe._typing import Floats, Ints

MAX_CLUSTERS = 10
_TIE = 1e-12
"""Silhouettes that differ by less are equal: the smaller number of clusters wins."""


def kmeans_splits(values: Floats) -> Floats:
    """Return the split points of `kmeans`: the largest value of each cluster but the last.

    Tries 2 … min(10, n) clusters of the n distinct values, with their multiplicities, each
    solved exactly, and keeps the number with the largest mean silhouette.

    Parameters
    ----------
    values
        ndarray of float64, shape (n_observed,): sorted, finite.

    Returns
    -------
    ndarray of float64, shape (n_splits,)
        Ascending observed values; empty where fewer than two values are distinct.

    References
    ----------
    Specification of redescription mining, section 3 (kmeans). Wang and Song,
    "Ckmeans.1d.dp: optimal k-means clustering in one dimension by dynamic programming",
    The R Journal 3, 2011.

    Examples
    --------
    >>> kmeans_splits(np.array([0.0, 0.1, 0.2, 5.0, 5.1, 9.0, 9.1]))
    array([0.2, 5.1])
    """
    distinct, counts = distinct_values(values)
    if distinct.size < 2:
        return distinct[:0]
    best_score, best = -np.inf, np.zeros(0, dtype=np.int64)
    for starts in optimal_clusters(distinct, counts, min(MAX_CLUSTERS, distinct.size)):
        score = mean_silhouette(distinct, counts, starts)
        if score > best_score + _TIE:
            best_score, best = score, starts
    return distinct[best[1:] - 1]


def optimal_clusters(distinct: Floats, counts: Ints, n_clusters: int) -> list[Ints]:
    """Return the clusters of least squared error, for 2 … n_clusters of them.

    Parameters
    ----------
    distinct
        ndarray of float64, shape (n_distinct,): strictly ascending, at least two.
    counts
        ndarray of int64, shape (n_distinct,): how often each value occurs.
    n_clusters
        The largest number of clusters, at most n_distinct.

    Returns
    -------
    list of ndarray of int64
        For each number, the position of each cluster's first value; the first is 0.

    References
    ----------
    Specification of redescription mining, section 3 (kmeans).

    Examples
    --------
    >>> optimal_clusters(np.array([0.0, 1.0, 8.0]), np.array([1, 1, 1]), 3)
    [array([0, 2]), array([0, 1, 2])]
    """
    scaled = _standardised(distinct, counts)
    weight, first, second = (
        np.concatenate([[0.0], np.cumsum(counts * scaled**power)]) for power in range(3)
    )
    starts = np.zeros((n_clusters, distinct.size), dtype=np.int32)
    costs = np.zeros((n_clusters, distinct.size))
    optimal_starts(weight, first, second, starts, costs)
    clusters = []
    for last in range(1, n_clusters):
        found = [distinct.size]
        for k in range(last, -1, -1):
            found.append(int(starts[k, found[-1] - 1]))
        clusters.append(np.array(found[:0:-1], dtype=np.int64))
    return clusters


def mean_silhouette(distinct: Floats, counts: Ints, starts: Ints) -> float:
    """Return the mean silhouette of contiguous clusters, in [-1, 1], in one pass.

    Distances are |x - y|; an entity alone in its cluster scores 0. The nearest other
    cluster is always a neighbour, because it lies on one side of the value as a whole.

    Parameters
    ----------
    distinct, counts
        As in `optimal_clusters`.
    starts
        ndarray of int64, shape (n_clusters,): positions of the clusters' first values.

    References
    ----------
    Specification of redescription mining, section 3 (kmeans). Rousseeuw, "Silhouettes",
    1987.

    Examples
    --------
    >>> x, once = np.array([0.0, 1.0, 9.0, 10.0]), np.array([1, 1, 1, 1])
    >>> round(mean_silhouette(x, once, np.array([0, 2])), 3)
    0.889
    """
    ends = np.append(starts[1:], distinct.size)
    members = [slice(first, end) for first, end in zip(starts, ends, strict=True)]
    means = [_mean(distinct[part], counts[part]) for part in members]
    around = [-np.inf, *means, np.inf]
    total = 0.0
    for i, part in enumerate(members):
        size = counts[part].sum()
        if size > 1:
            x = distinct[part]
            own = _distances_to_all(x, counts[part]) / (size - 1)
            other = np.minimum(x - around[i], around[i + 2] - x)
            total += counts[part] @ ((other - own) / np.maximum(other, own))
    return float(total / counts.sum())


def _mean(x: Floats, counts: Ints) -> float:
    """The weighted mean; rounding never takes it out of the cluster."""
    return float(np.clip(np.average(x, weights=counts), x[0], x[-1]))


def _distances_to_all(x: Floats, counts: Ints) -> Floats:
    """Sum of |x_i - y| over all entities y, from prefix sums about the first value."""
    y = x - x[0]
    weight, moment = np.cumsum(counts), np.cumsum(counts * y)
    below = y * weight - moment
    above = moment[-1] - moment - y * (weight[-1] - weight)
    return np.asarray(np.maximum(below + above, 0.0), dtype=np.float64)


def _standardised(distinct: Floats, counts: Ints) -> Floats:
    """The values about their mean, in [-1, 1]: their squares keep most digits."""
    # A power of two keeps values apart that differ in their last digit only.
    scaled = np.ldexp(distinct, -np.frexp(np.abs(distinct).max())[1])
    centred = scaled - np.average(scaled, weights=counts)
    return np.asarray(centred / np.abs(centred).max(), dtype=np.float64)
