"""Corrections for testing a whole family at once, in logs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from redescribe.errors import ParameterError
from redescribe.significance.params import Correction

if TYPE_CHECKING:
    from redescribe._typing import Floats, Ints


def correct(log10_p: Floats, correction: Correction) -> Floats:
    """Return log10 of the corrected p-values of a family, in the order given.

    Parameters
    ----------
    log10_p
        ndarray of float64, shape (n_tests,): log10 of every p-value of the family, at most
        0; -inf stands for an impossible outcome. May be empty.
    correction
        How to correct.

    Returns
    -------
    ndarray of float64, shape (n_tests,)
        Never below `log10_p`, in the same order of size, at most 0.

    Raises
    ------
    ParameterError
        If a value is NaN or above 0.

    References
    ----------
    Specification of redescription mining, section 7.2. Benjamini and Hochberg, 1995;
    Benjamini and Yekutieli, 2001; Holm, 1979.

    Examples
    --------
    >>> correct(np.log10([1e-4, 0.1, 0.01, 0.02]), Correction.BH).round(3)
    array([-3.398, -1.   , -1.699, -1.574])
    """
    wrong = np.flatnonzero(~(log10_p <= 0))
    if wrong.size:
        em = (
            f"The log10 of a p-value must be at most 0. Got {log10_p[wrong[0]]} at "
            f"position {wrong[0]} of a family of {log10_p.size}."
        )
        raise ParameterError(em)
    order = np.argsort(log10_p, kind="stable")
    ascending = log10_p[order]
    ranks = np.arange(1, log10_p.size + 1)
    if correction is Correction.HOLM:
        stepped = np.maximum.accumulate(ascending + np.log10(ranks[::-1]))
    else:
        stepped = _step_up(ascending, ranks)
    if correction is Correction.BY:
        stepped = stepped + np.log10((1 / ranks).sum()) if ranks.size else stepped
    corrected = np.empty_like(log10_p)
    corrected[order] = np.minimum(stepped, 0.0)
    return corrected


def _step_up(ascending: Floats, ranks: Ints) -> Floats:
    """Smallest m p_(j) / j of all j from i on, in logs."""
    # The factor before the sum: it is exactly 0 at the last rank, so q never falls below p.
    factors = np.log10(ranks.size) - np.log10(ranks) if ranks.size else ascending
    smallest = np.minimum.accumulate((ascending + factors)[::-1])[::-1]
    return np.asarray(smallest, dtype=np.float64)
