"""Where an attribute is on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from redescribe._typing import Floats


def otsu(values: Floats) -> float:
    """Return the threshold that divides values best in two by their variance.

    Parameters
    ----------
    values
        ndarray of floats, shape (n,), without NaN.

    Returns
    -------
    threshold
        Midway between two neighbouring values: high ones are above. The value itself
        where all are equal: none is above.

    References
    ----------
    Otsu (1979): A threshold selection method from gray-level histograms; here on the
    values themselves.

    Examples
    --------
    >>> otsu(np.array([0.0, 0.1, 0.0, 0.9, 1.0]))
    0.5
    """
    ordered = np.sort(values)
    n = len(ordered)
    low = np.arange(1, n)
    sums = ordered.cumsum()
    below = sums[:-1] / low
    above = (sums[-1] - sums[:-1]) / (n - low)
    between = low * (n - low) * np.square(above - below)
    between[ordered[1:] == ordered[:-1]] = -1.0  # no threshold parts equal values
    if n < 2 or between.max() <= 0:
        return float(ordered[-1])
    best = int(between.argmax())
    return float((ordered[best] + ordered[best + 1]) / 2)
