"""Logs of upper tails: hypergeometric and binomial, summed from their first term upwards.

`log_factorials` is always a float64 table of log(i!) for i = 0, 1, …, at least to n. Tails
are never taken as 1 - CDF, so a log of -10,000 is as exact as one of -1.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from redescribe._kernels._jit import kernel

if TYPE_CHECKING:
    from redescribe._typing import Floats, Ints

_NEGLIGIBLE = 1e-17
_LARGE = 1e200


@kernel
def log_hypergeometric_pmf(
    k: int, n: int, n1: int, n2: int, log_factorials: Floats
) -> float:
    """Log P(X = k) for X ~ Hyp(n, n1, n2); -inf outside the support.

    X counts the entities in two random sets of sizes n1 and n2 out of n.
    """
    if k < max(0, n1 + n2 - n) or k > min(n1, n2):
        return -np.inf
    return float(
        (log_factorials[n1] - log_factorials[k] - log_factorials[n1 - k])
        + (log_factorials[n - n1] - log_factorials[n2 - k])
        - log_factorials[n - n1 - n2 + k]
        - (log_factorials[n] - log_factorials[n2] - log_factorials[n - n2])
    )


@kernel
def log_hypergeometric_tail(
    k: int, n: int, n1: int, n2: int, log_factorials: Floats
) -> float:
    """Log P(X >= k) for X ~ Hyp(n, n1, n2); -inf where k is out of reach."""
    lowest, highest = max(0, n1 + n2 - n), min(n1, n2)
    if k <= lowest:
        return 0.0
    if k > highest:
        return -np.inf
    term, total, log_scale = 1.0, 1.0, 0.0
    for i in range(k, highest):
        # P(X = i + 1) / P(X = i); floats, because the products may pass 2**63.
        ratio = float(n1 - i) / float(i + 1) * float(n2 - i) / float(n - n1 - n2 + i + 1)
        term *= ratio
        total += term
        if _is_negligible(term, ratio, total):
            break
        if total > _LARGE:
            log_scale += math.log(total)
            term /= total
            total = 1.0
    first = log_hypergeometric_pmf(k, n, n1, n2, log_factorials)
    return min(0.0, first + log_scale + math.log(total))


@kernel
def log_intersection_tail(k: int, n: int, sizes: Ints, log_factorials: Floats) -> float:
    """Log P(|A_1 ∩ … ∩ A_m| >= k) for random sets of these sizes, ascending, m >= 2.

    The running intersection is uniform given its size, and never grows: only sizes from k
    upwards are followed.
    """
    n_sizes = sizes[0] - k + 1
    if n_sizes <= 0:
        return -np.inf
    log_pmf = np.full(n_sizes, -np.inf)
    log_pmf[n_sizes - 1] = 0.0
    for size in sizes[1 : sizes.size - 1]:
        _intersect(log_pmf, k, n, size, log_factorials)
    for i in range(n_sizes):
        # With two sizes, all but the last are impossible.
        if log_pmf[i] > -np.inf:
            log_pmf[i] += log_hypergeometric_tail(
                k, n, k + i, sizes[sizes.size - 1], log_factorials
            )
    return min(0.0, _log_sum(log_pmf))


@kernel
def _intersect(
    log_pmf: Floats, lowest: int, n: int, size: int, log_factorials: Floats
) -> None:
    """Replace the log pmf of |A| by that of |A ∩ B|, B random of `size` entities.

    Element i is the probability of lowest + i; A is uniform given its size.
    """
    joint = np.empty(log_pmf.size)
    # |A ∩ B| <= |A|: an element is read for the last time just before it is replaced.
    for i in range(log_pmf.size):
        for j in range(i, log_pmf.size):
            joint[j] = log_pmf[j] + log_hypergeometric_pmf(
                lowest + i, n, lowest + j, size, log_factorials
            )
        log_pmf[i] = _log_sum(joint[i:])


@kernel
def _log_sum(logs: Floats) -> float:
    """Log of the sum of the exponentials; -inf if all are -inf."""
    largest = logs.max()
    if largest == -np.inf:
        return -np.inf
    total = 0.0
    for value in logs:
        total += math.exp(value - largest)
    return float(largest + math.log(total))


@kernel
def log_binomial_tail(k: int, n: int, p: float, log_factorials: Floats) -> float:
    """Log P(X >= k) for X ~ Bin(n, p), 0 <= p <= 1; -inf where k is out of reach."""
    if k <= 0:
        return 0.0
    if k > n or p <= 0.0:
        return -np.inf
    if p >= 1.0:
        return 0.0
    odds = p / (1.0 - p)
    term, total, log_scale = 1.0, 1.0, 0.0
    for i in range(k, n):
        ratio = float(n - i) / float(i + 1) * odds
        term *= ratio
        total += term
        if _is_negligible(term, ratio, total):
            break
        if total > _LARGE:
            log_scale += math.log(total)
            term /= total
            total = 1.0
    choices = log_factorials[n] - log_factorials[k] - log_factorials[n - k]
    first = float(choices) + k * math.log(p) + (n - k) * math.log1p(-p)
    return min(0.0, first + log_scale + math.log(total))


@kernel
def _is_negligible(term: float, ratio: float, total: float) -> bool:
    """Whether all terms after this one matter less than one rounding of the total.

    The ratios of both laws fall from term to term: past the mode, a geometric series bounds
    what is left.
    """
    return ratio < 1.0 and term * ratio < _NEGLIGIBLE * total * (1.0 - ratio)
