"""How surprising an overlap is: log10 of P(X >= support) for independent queries."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import gammaln

from redescribe._kernels import tails
from redescribe.errors import ParameterError
from redescribe.significance.params import TailTest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redescribe._typing import Floats


@lru_cache(maxsize=16)
def log_factorials(n: int) -> Floats:
    """Return log(i!) for i = 0 … n: ndarray of float64, shape (n + 1,), read-only, cached.

    Examples
    --------
    >>> log_factorials(3)
    array([0.  , 0.  , 0.69, 1.79])
    """
    table = np.asarray(gammaln(np.arange(1.0, n + 2.0)), dtype=np.float64)
    table.setflags(write=False)
    return table


def log10_p(sizes: Sequence[int], support: int, n_entities: int, test: TailTest) -> float:
    """Return log10 of the chance that independent queries share this many entities.

    Parameters
    ----------
    sizes
        Entities that satisfy each query; two or more queries.
    support
        Entities that satisfy all of them.
    n_entities
        Entities altogether.
    test
        `fixed_margin`: random sets of exactly these sizes (for two queries Fisher's
        one-sided test); `binomial`: every entity is in all sets with the product of their
        shares.

    Returns
    -------
    float
        At most 0; 0 for a support of 0, also without any entity. Never clipped from below:
        -5,000 means p = 10^-5,000.

    Raises
    ------
    ParameterError
        If there are fewer than two sizes, or not 0 <= support <= sizes <= n_entities.

    References
    ----------
    Specification of redescription mining, section 7.1.

    Examples
    --------
    >>> round(log10_p((5, 5), 5, 10, TailTest.FIXED_MARGIN), 3)  # 1 in 252
    -2.401
    >>> log10_p((3, 4, 2), 0, 10, TailTest.BINOMIAL)
    0.0
    """
    if len(sizes) < 2 or not 0 <= support <= min(sizes) <= max(sizes) <= n_entities:
        em = (
            "log10_p needs two or more sizes, none below the support and none above the "
            f"number of entities. Got sizes {tuple(sizes)}, a support of {support} and "
            f"{n_entities} entities."
        )
        raise ParameterError(em)
    if support == 0:
        return 0.0
    table = log_factorials(n_entities)
    # Sorted, so that the order of the views does not change the last digit.
    ascending = sorted(sizes)
    if test is TailTest.BINOMIAL:
        share = math.prod(size / n_entities for size in ascending)
        log_p = tails.log_binomial_tail(support, n_entities, share, table)
    else:
        log_p = tails.log_intersection_tail(
            support, n_entities, np.array(ascending, np.int64), table
        )
    return log_p / math.log(10)


def log10_fisher(n_cohort: int, n_class: int, n_both: int, n_entities: int) -> float:
    """Return log10 of Fisher's exact p, two-sided: twice the smaller tail, at most 1.

    Whether a class is more frequent or rarer in a cohort than in the rest.

    Parameters
    ----------
    n_cohort, n_class
        Entities of the cohort and of the class.
    n_both
        Entities of the class in the cohort.
    n_entities
        Entities altogether.

    Returns
    -------
    float
        At most 0, never clipped from below.

    Raises
    ------
    ParameterError
        If the counts cannot be.

    References
    ----------
    Specification of redescription mining, section 7.7. Fisher, 1934; Yates, 1984, on
    doubling.

    Examples
    --------
    >>> round(10 ** log10_fisher(5, 5, 5, 10), 5)  # 2 in 252
    0.00794
    """
    more = log10_p((n_cohort, n_class), n_both, n_entities, TailTest.FIXED_MARGIN)
    outside = (n_entities - n_cohort, n_class)
    fewer = log10_p(outside, n_class - n_both, n_entities, TailTest.FIXED_MARGIN)
    return min(0.0, min(more, fewer) + math.log10(2))
