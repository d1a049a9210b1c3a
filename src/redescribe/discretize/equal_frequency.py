"""Bins with equally many distinct values."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from redescribe.discretize.distinct import distinct_values

if TYPE_CHECKING:
    from redescribe._typing import Floats


def rice_bins(n_distinct: int) -> int:
    """Return ceil(2 n^(1/3)), the Rice rule, in integers: rounding never adds a bin.

    References
    ----------
    Specification of redescription mining, section 3 (equal_frequency).

    Examples
    --------
    >>> rice_bins(64), rice_bins(65)
    (8, 9)
    """
    return next(m for m in count() if m**3 >= 8 * n_distinct)


def equal_frequency_splits(values: Floats) -> Floats:
    """Return the split points of `equal-frequency`: every c-th distinct value.

    c = floor(n / m) for n distinct values and m bins of the Rice rule; where that is 0, the
    smallest value is the split point.

    Parameters
    ----------
    values
        ndarray of float64, shape (n_observed,): sorted, finite.

    Returns
    -------
    ndarray of float64, shape (n_splits,)
        Ascending observed values; empty where there is no value. The last may be the
        largest value, which leaves the bin above it empty.

    References
    ----------
    Specification of redescription mining, section 3 (equal_frequency).

    Examples
    --------
    >>> import numpy as np
    >>> equal_frequency_splits(np.arange(8.0))
    array([1., 3., 5., 7.])
    """
    distinct = distinct_values(values)[0]
    if not distinct.size:
        return distinct
    per_bin = distinct.size // rice_bins(distinct.size)
    return distinct[per_bin - 1 :: per_bin] if per_bin else distinct[:1]
