"""The Jaccard index that chance gives to two sets of known sizes, exactly."""

from __future__ import annotations

import math

from redescribe._kernels.tails import log_hypergeometric_pmf
from redescribe.significance.tails import log_factorials


def exact_expected_jaccard(n1: int, n2: int, n_entities: int) -> float:
    """Return the mean Jaccard of two random sets of n1 and n2 out of n_entities.

    J0 = sum over i of Hyp(i; n, n1, n2) i / (n1 + n2 - i). The plug-in value of
    `redescribe.core.measures.expected_jaccard` never exceeds it; the gap is O(1 / n).

    Parameters
    ----------
    n1, n2
        Sizes, 0 to n_entities.
    n_entities
        Entities altogether.

    Returns
    -------
    float
        In [0, 1]; 0 where a set is empty.

    References
    ----------
    Specification of redescription mining, section 1.

    Examples
    --------
    >>> exact_expected_jaccard(1, 1, 4)
    0.25
    """
    if n1 == 0 or n2 == 0:
        return 0.0
    table = log_factorials(n_entities)
    return math.fsum(
        math.exp(log_hypergeometric_pmf(i, n_entities, n1, n2, table)) * i / (n1 + n2 - i)
        for i in range(max(0, n1 + n2 - n_entities), min(n1, n2) + 1)
    )
