"""Fine bins for the search: exact where few values are distinct, else quantiles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from redescribe.core.binned import BinnedView, Bins
from redescribe.core.scratch import empty
from redescribe.discretize.base import categorical_bins, observed_values
from redescribe.discretize.distinct import distinct_values
from redescribe.errors import ParameterError, ViewError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redescribe._typing import Codes, Floats, Ints, Mask, Values
    from redescribe.core.view import View

_LARGEST_CODE = 65_535


def bin_view(view: View, max_bins: int = 255, coarse: Sequence[Bins] = ()) -> BinnedView:
    """Return a view as bin codes, ready for trees and searches.

    A numeric attribute with at most `max_bins` distinct values gets one bin for each, so
    nothing is lost; others get quantile bins. Values are compared as float64.

    Parameters
    ----------
    view
        Numeric and nominal attributes; NaN means missing.
    max_bins
        Most bins of a numeric attribute, 2 to 65,535. Nominal attributes always have one
        bin per category.
    coarse
        Coarser bins of every attribute, or none: their boundaries are boundaries of fine
        bins too. Quantile bins make room for them; more than `max_bins` are made only where
        the coarse ones alone need them.

    Returns
    -------
    BinnedView
        Codes are uint8 if no attribute has more than 255 bins, else uint16. An attribute
        without any observed value has no bins.

    Raises
    ------
    ParameterError
        If `max_bins` is outside its bounds.
    ViewError
        If a nominal attribute has more than 65,535 categories.

    References
    ----------
    Specification of redescription mining, sections 3 and 4.

    Examples
    --------
    >>> from redescribe.core.view import View
    >>> binned = bin_view(View.of("x", [[0.5], [np.nan], [0.1], [0.5]]))
    >>> binned.codes, binned.bins[0].upper
    (array([[  1, 255,   0,   1]], dtype=uint8), array([0.1, 0.5]))
    """
    if not 2 <= max_bins <= _LARGEST_CODE:
        em = (
            "The 'max_bins' parameter of bin_view must be in the range "
            f"[2, {_LARGEST_CODE}]. Got {max_bins!r} instead."
        )
        raise ParameterError(em)
    bins: list[Bins] = []
    for row, (attribute, values) in enumerate(
        zip(view.attributes, view.values, strict=True)
    ):
        if attribute.is_numeric:
            bins.append(_fine_bins(values, max_bins, coarse[row] if coarse else None))
        else:
            bins.append(categorical_bins(len(attribute.categories)))
        if len(bins[-1]) > _LARGEST_CODE:
            em = (
                f"Attribute {attribute.name!r} of view {view.name!r} has {len(bins[-1]):,} "
                f"categories; at most {_LARGEST_CODE:,} can be mined. Leave it out."
            )
            raise ViewError(em)
    return BinnedView(view.name, view.attributes, tuple(bins), _codes(view, bins))


def quantile_bins(values: Values, max_bins: int) -> Bins:
    """Return at most `max_bins` bins of nearly equal numbers of entities.

    Equal values share a bin. A value so frequent that it would fill a bin gets one of its
    own and the others share the rest, so half of zeros do not cost half of the bins.

    Parameters
    ----------
    values
        ndarray, shape (n_entities,): finite; NaN means missing.
    max_bins
        At least 2.

    References
    ----------
    Specification of redescription mining, section 4.

    Examples
    --------
    >>> bins = quantile_bins(np.array([0.0, 0.0, 0.0, 0.0, 1.0, 2.0, 3.0, 4.0]), 3)
    >>> bins.lower, bins.upper
    (array([0., 1., 3.]), array([0., 2., 4.]))
    """
    return _quantiles(*distinct_values(observed_values(values)), max_bins)


def _quantiles(distinct: Floats, counts: Ints, max_bins: int) -> Bins:
    if distinct.size <= max_bins:
        return Bins(distinct, distinct)
    ends = _bin_ends(counts, max_bins)
    return Bins(distinct[np.append(0, ends[:-1])], distinct[ends - 1])


def _fine_bins(values: Values, max_bins: int, coarse: Bins | None) -> Bins:
    """Quantile bins, divided further where a coarse bin ends inside one."""
    distinct, counts = distinct_values(observed_values(values))
    fine = _quantiles(distinct, counts, max_bins)
    if coarse is None:
        return fine
    refined = _refined(fine, coarse, distinct)
    if len(refined) <= max_bins:
        return refined
    # One bin more than 255 would double the bytes of the codes of the whole view.
    n_inner = max(0, len(coarse) - 1)
    fine = _quantiles(distinct, counts, max(2, max_bins - n_inner))
    return _refined(fine, coarse, distinct)


def _refined(fine: Bins, coarse: Bins, distinct: Floats) -> Bins:
    """The fine bins, divided further where a coarse bin ends inside one."""
    inside = np.setdiff1d(coarse.upper, fine.upper)
    if not inside.size:
        return fine
    upper = np.union1d(fine.upper, inside)
    ends = np.searchsorted(distinct, upper, side="right")
    return Bins(distinct[np.append(0, ends[:-1])], upper)


def _bin_ends(counts: Ints, max_bins: int) -> Ints:
    """Position after each bin's last value, for more values than bins."""
    frequent = _frequent(counts, max_bins)
    ahead = np.append(np.flatnonzero(frequent), counts.size)
    # Doubles, exact up to 2^53: searching integers for a double would convert all of them.
    others = np.append(0.0, np.cumsum(np.where(frequent, 0, counts), dtype=np.float64))
    ends: list[int] = []
    start, n_passed = 0, 0
    while start < counts.size:
        bins_left = max_bins - len(ends)
        spare = bins_left - (ahead.size - 1 - n_passed)
        limit = int(ahead[n_passed])
        if bins_left == 1:
            start = counts.size
        elif start == limit or spare == 0:
            # A frequent value, alone where bins suffice; else with those just before it.
            start = limit + 1
            n_passed += 1
        else:
            share = (others[-1] - others[start]) / spare
            start = min(_nearest(others, others[start] + share, start + 1), limit)
        ends.append(start)
    return np.array(ends)


def _frequent(counts: Ints, max_bins: int) -> Mask:
    """Which values would fill a bin, given that all such values have one of their own."""
    frequent = np.zeros(counts.size, dtype=np.bool_)
    while True:
        n_frequent = np.count_nonzero(frequent)
        share = counts[~frequent].sum() / (max_bins - n_frequent)
        found = frequent | (counts >= share)
        if np.count_nonzero(found) == n_frequent:
            return frequent
        frequent = found


def _nearest(ascending: Floats, wanted: float, low: int) -> int:
    """The position from `low` on whose value is nearest to the wanted one."""
    right = max(low, int(ascending.searchsorted(wanted)))
    closer = wanted - ascending[right - 1] < ascending[right] - wanted
    return right - 1 if right > low and closer else right


def _codes(view: View, bins: list[Bins]) -> Codes:
    """Codes of every attribute, shape (n_attributes, n_entities)."""
    small = max(map(len, bins)) <= np.iinfo(np.uint8).max
    codes: Codes = empty(view.values.shape, np.uint8 if small else np.uint16)
    missing = np.iinfo(codes.dtype).max
    for row, values, described in zip(codes, view.values, bins, strict=True):
        exact: Floats = values.astype(np.float64, copy=False)
        row[:] = np.searchsorted(described.upper, exact)
        row[np.isnan(exact)] = missing
    return codes
