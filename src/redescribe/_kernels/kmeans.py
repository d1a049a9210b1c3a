"""Optimal k-means in one dimension: dynamic programming over sorted, weighted values.

The best start of the last cluster never falls while the last value rises, so each value
searches only between the starts of its neighbours: O(n log n) per number of clusters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from redescribe._kernels._jit import kernel

if TYPE_CHECKING:
    from redescribe._typing import Floats, Int32s


@kernel
def optimal_starts(
    weight: Floats, first: Floats, second: Floats, starts: Int32s, costs: Floats
) -> None:
    """Where the last cluster starts, for every prefix and every number of clusters.

    `weight`, `first` and `second`, shape (n + 1,), are prefix sums of w, w x and w x². In
    `starts` and `costs`, shape (n_clusters, n), entry (k, j) becomes the first member of
    the last of the k + 1 best clusters of values 0 … j, and their sum of squares. Entries
    with j < k, where the clusters outnumber the values, are left as they are.
    """
    n_values = starts.shape[1]
    for j in range(n_values):
        starts[0, j] = 0
        costs[0, j] = _sum_of_squares(weight, first, second, 0, j)
    for k in range(1, starts.shape[0]):
        n_ends = n_values - k
        step = 1
        while 2 * step <= n_ends:
            step *= 2
        # Every end at an odd multiple of the step lies between two that are known.
        while step >= 1:
            for position in range(step, n_ends + 1, 2 * step):
                j = position + k - 1
                low = int(starts[k, j - step]) if position > step else k
                high = int(starts[k, j + step]) if position + step <= n_ends else j
                _search(weight, first, second, starts, costs, k, j, low, min(high, j))
            step //= 2


@kernel
def _search(
    weight: Floats,
    first: Floats,
    second: Floats,
    starts: Int32s,
    costs: Floats,
    k: int,
    j: int,
    low: int,
    high: int,
) -> None:
    """Fill entry (k, j) by trying the starts low … high; ties keep the smallest."""
    best = np.inf
    for i in range(low, high + 1):
        cost = costs[k - 1, i - 1] + _sum_of_squares(weight, first, second, i, j)
        if cost < best:
            best = cost
            starts[k, j] = i
    costs[k, j] = best


@kernel
def _sum_of_squares(weight: Floats, first: Floats, second: Floats, i: int, j: int) -> float:
    """Sum of squared distances of values i … j from their mean."""
    moment = first[j + 1] - first[i]
    squares = second[j + 1] - second[i] - moment * moment / (weight[j + 1] - weight[i])
    return float(max(0.0, squares))
