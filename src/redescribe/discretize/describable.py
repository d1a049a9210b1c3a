"""Why a target cannot be described, whatever the other views hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from redescribe.discretize.base import bin_labels, observed_values
from redescribe.discretize.distinct import distinct_values
from redescribe.discretize.modes import NotDescribable

if TYPE_CHECKING:
    from redescribe._typing import Ints, Values
    from redescribe.core.binned import Bins


def why_not_describable(
    values: Values, bins: Bins, *, is_numeric: bool, min_support: int, max_support: int
) -> NotDescribable | None:
    """Return why no literal of a target can be used, or None where one can.

    The literals of a numeric target are its bins, unions of adjacent bins and one-sided
    cuts at every distinct value; those of a nominal target are its categories. Each may be
    negated, which leaves the missing entities out: n_observed - support. A numeric target
    with a single bin is `single_bin` even if some cut is admissible: a strategy that starts
    from the bins has nothing to start from.

    Parameters
    ----------
    values
        ndarray, shape (n_entities,), over the mining part; NaN means missing. Codes of the
        categories for a nominal target.
    bins
        The target's bins on the same entities.
    is_numeric
        Whether values are numbers rather than category codes.
    min_support, max_support
        Inclusive bounds, in entities.

    Returns
    -------
    NotDescribable or None
        The first reason that applies, in the order of `NotDescribable`.

    References
    ----------
    Specification of redescription mining, section 3 (not describable).

    Examples
    --------
    >>> from redescribe.core.binned import Bins
    >>> dead = np.zeros(100)
    >>> bins = Bins(np.zeros(1), np.zeros(1))
    >>> why_not_describable(dead, bins, is_numeric=True, min_support=10, max_support=80)
    <NotDescribable.CONSTANT: 'constant'>
    """
    distinct, counts = distinct_values(observed_values(values))
    n_observed = int(counts.sum())
    if not n_observed:
        return NotDescribable.ALL_MISSING
    if n_observed < min_support:
        return NotDescribable.FEW_OBSERVED
    if distinct.size == 1:
        return NotDescribable.CONSTANT
    single_bin = is_numeric and len(bins) == 1
    if not single_bin:
        cuts = np.cumsum(counts)[:-1] if is_numeric else counts
        inner = _inner_bounds(values, bins) if is_numeric else counts[:0]
        if _some_within(cuts, inner, n_observed, (min_support, max_support)):
            return None
    if n_observed - counts.max() < min_support:
        return NotDescribable.NEAR_CONSTANT
    return NotDescribable.SINGLE_BIN if single_bin else NotDescribable.COARSE_TIES


def _inner_bounds(values: Values, bins: Bins) -> Ints:
    """How many entities lie below each bound between two bins, ascending."""
    labels = bin_labels(values, bins)
    sizes = np.bincount(labels[labels >= 0], minlength=len(bins))
    return np.asarray(np.cumsum(sizes)[:-1], dtype=np.int64)


def _some_within(
    supports: Ints, inner: Ints, n_observed: int, bounds: tuple[int, int]
) -> bool:
    """Whether a support, a union of bins between two inner bounds, or a complement fits."""
    low, high = bounds
    either = np.concatenate([supports, n_observed - supports])
    return (
        bool(((either >= low) & (either <= high)).any())
        or _some_difference_within(inner, low, high)
        or _some_difference_within(inner, n_observed - high, n_observed - low)
    )


def _some_difference_within(ascending: Ints, low: int, high: int) -> bool:
    """Whether two elements lie low … high apart: the nearest from `low` on decides."""
    nearest = np.searchsorted(ascending, ascending + max(low, 1))
    reached = nearest < ascending.size
    return bool((ascending[nearest[reached]] <= ascending[reached] + high).any())
