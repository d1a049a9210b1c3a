"""The distinct values of what is sorted already."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from redescribe._typing import Floats, Ints


def distinct_values(ascending: Floats) -> tuple[Floats, Ints]:
    """Return the distinct values, ascending, and how often each occurs.

    What `np.unique` gives, which would sort once more.

    Parameters
    ----------
    ascending
        ndarray of float64, shape (n_values,): sorted, without NaN.

    Examples
    --------
    >>> distinct_values(np.array([0.5, 0.5, 2.0]))
    (array([0.5, 2. ]), array([2, 1]))
    """
    starts = np.flatnonzero(np.append(ascending.size > 0, ascending[1:] != ascending[:-1]))
    return ascending[starts], np.diff(starts, append=ascending.size)
