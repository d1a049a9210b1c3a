"""Two bins: almost silent against active."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redescribe.discretize.equal_width import equal_width_splits

if TYPE_CHECKING:
    from redescribe._typing import Floats


def two_bin_splits(values: Floats) -> Floats:
    """Return the split point of `two-bin`: the first one of `equal-width`.

    Parameters and NaN behaviour as in `equal_width_splits`.

    References
    ----------
    Specification of redescription mining, section 3 (two_bin).

    Examples
    --------
    >>> import numpy as np
    >>> two_bin_splits(np.arange(27.0))
    array([10.])
    """
    return equal_width_splits(values)[:1]
