"""Bins of equal width after Freedman and Diaconis, cut greedily at observed values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from redescribe.discretize.distinct import distinct_values

if TYPE_CHECKING:
    from redescribe._typing import Floats


def bin_width(values: Floats) -> float:
    """Return h = 2 IQR N^(-1/3), with the quartiles of the *distinct* values.

    A ReLU's many zeros count once. The IQR of distinct values is 0 only where there is one.

    Parameters
    ----------
    values
        ndarray of float64, shape (n_observed,): sorted, finite, at least one.

    References
    ----------
    Specification of redescription mining, section 3 (fd). Freedman and Diaconis, "On the
    histogram as a density estimator", 1981.

    Examples
    --------
    >>> bin_width(np.array([0.0] * 24 + [1.0, 2.0, 4.0]))
    2.17
    """
    return _width(distinct_values(values)[0], values.size)


def _width(distinct: Floats, n_observed: int) -> float:
    # Position p (n + 1), interpolated, clamped to the extremes: numpy calls it "weibull".
    low, high = np.quantile(distinct, [0.25, 0.75], method="weibull")
    return float(2 * (high - low) * n_observed ** (-1 / 3))


def equal_width_splits(values: Floats) -> Floats:
    """Return the split points of `equal-width`: each more than h above the one before.

    With h = 0 (one distinct value, or differences too small for doubles) every distinct
    value after the first would be a cut, which is the finest partition and still sound.

    Parameters
    ----------
    values
        ndarray of float64, shape (n_observed,): sorted, finite.

    Returns
    -------
    ndarray of float64, shape (n_splits,)
        Ascending observed values; empty where there is no value or only one.

    References
    ----------
    Specification of redescription mining, section 3 (fd).

    Examples
    --------
    >>> equal_width_splits(np.array([0.0] * 24 + [1.0, 2.0, 4.0]))
    array([4.])
    """
    if not values.size:
        return values
    distinct = distinct_values(values)[0]
    width = _width(distinct, values.size)
    splits: list[int] = []
    at = 0
    while True:
        # Differences, as they are rounded, decide; the sum is near to where they do.
        after = max(int(distinct.searchsorted(distinct[at] + width)) - 1, at)
        while after < distinct.size and not distinct[after] - distinct[at] > width:
            after += 1
        if after == distinct.size:
            return distinct[splits]
        splits.append(after)
        at = after
