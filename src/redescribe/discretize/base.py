"""The ways to cut an attribute into bins, and the label of every entity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from redescribe.core.binned import Bins
from redescribe.discretize.distinct import distinct_values
from redescribe.discretize.equal_frequency import equal_frequency_splits
from redescribe.discretize.equal_width import equal_width_splits
from redescribe.discretize.kmeans import kmeans_splits
from redescribe.discretize.modes import Discretization
from redescribe.discretize.two_bin import two_bin_splits

if TYPE_CHECKING:
    from redescribe._typing import Floats, Int32s, Values


class Discretizer(Protocol):
    """Turns sorted observed values, shape (n_observed,), into ascending split points."""

    def __call__(self, values: Floats) -> Floats:
        """Return observed values; an entity is above a split point if its value is."""


_DISCRETIZERS: dict[Discretization, Discretizer] = {
    Discretization.TWO_BIN: two_bin_splits,
    Discretization.EQUAL_WIDTH: equal_width_splits,
    Discretization.EQUAL_FREQUENCY: equal_frequency_splits,
    Discretization.KMEANS: kmeans_splits,
}


def observed_values(values: Values) -> Floats:
    """Return the values that are not missing, as float64, ascending.

    Parameters
    ----------
    values
        ndarray, shape (n_entities,): finite; NaN means missing.

    Examples
    --------
    >>> observed_values(np.array([2.0, np.nan, 1.0]))
    array([1., 2.])
    """
    observed = values[~np.isnan(values)].astype(np.float64)
    # Adding 0 makes -0.0 a plain zero, so that no bound is ever printed as "-0".
    return np.asarray(np.sort(observed + 0.0), dtype=np.float64)


def split_points(values: Values, mode: Discretization) -> Floats:
    """Return the split points s_1 < … < s_m: bin j holds the values in (s_j, s_{j+1}].

    Parameters
    ----------
    values
        ndarray, shape (n_entities,): finite; NaN means missing and is left out.
    mode
        How to cut.

    Returns
    -------
    ndarray of float64, shape (n_splits,)
        Strictly ascending observed values, none of them the largest, so that no bin is
        empty. Without split points there is a single bin, or none if all is missing.

    References
    ----------
    Specification of redescription mining, section 3.

    Examples
    --------
    >>> split_points(np.array([0.0, 0.0, np.nan, 5.0, 6.0]), Discretization.KMEANS)
    array([0.])
    """
    return _splits(observed_values(values), mode)


def _splits(observed: Floats, mode: Discretization) -> Floats:
    """Split points of ascending values."""
    distinct = distinct_values(observed)[0]
    if distinct.size == 2:
        # Widths say nothing about two values (0 and 1, say): every mode divides them.
        return distinct[:1]
    splits = _DISCRETIZERS[mode](observed)
    return splits[splits < observed[-1:]] if splits.size else splits


def discretize(values: Values, mode: Discretization) -> Bins:
    """Return the bins of a numeric attribute, none of them empty.

    Parameters, NaN and references as in `split_points`; all missing gives no bin.

    Examples
    --------
    >>> bins = discretize(np.array([0.0, 0.0, np.nan, 5.0, 6.0]), Discretization.KMEANS)
    >>> bins.lower, bins.upper
    (array([0., 5.]), array([0., 6.]))
    """
    observed = observed_values(values)
    if not observed.size:
        return Bins(observed, observed)
    ends = np.searchsorted(observed, _splits(observed, mode), side="right")
    return Bins(observed[np.append(0, ends)], observed[np.append(ends, observed.size) - 1])


def categorical_bins(n_categories: int) -> Bins:
    """Return one bin per category, also for empty ones: the codes stay the codes.

    References
    ----------
    Specification of redescription mining, section 3 (categorical).

    Examples
    --------
    >>> categorical_bins(3).upper
    array([0., 1., 2.])
    """
    codes = np.arange(n_categories, dtype=np.float64)
    return Bins(codes, codes)


def bin_labels(values: Values, bins: Bins) -> Int32s:
    """Return the bin of every entity; values beyond the last bin belong to it.

    Parameters
    ----------
    values
        ndarray, shape (n_entities,): numbers, or the codes of a nominal attribute.
    bins
        The attribute's bins.

    Returns
    -------
    ndarray of int32, shape (n_entities,)
        -1 where the value is missing or there is no bin.

    References
    ----------
    Specification of redescription mining, section 3.

    Examples
    --------
    >>> bins = Bins(np.array([0.0, 5.0]), np.array([0.0, 6.0]))
    >>> bin_labels(np.array([0.0, 3.0, np.nan, 7.0]), bins)
    array([ 0,  1, -1,  1], dtype=int32)
    """
    exact = values.astype(np.float64, copy=False)
    labels = np.minimum(np.searchsorted(bins.upper, exact), len(bins) - 1)
    labels[np.isnan(exact)] = -1
    return labels.astype(np.int32)
