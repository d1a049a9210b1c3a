"""Tails of limiting laws in logs: chi-square and normal, far beyond the smallest double."""

from __future__ import annotations

import math

from scipy.special import gammaincc, gammaln, log_ndtr

_UNDERFLOW = 1e-290
_LN10 = math.log(10)


def log10_chi_square_tail(statistic: float, n_degrees: int) -> float:
    """Return log10 of P(X >= statistic) for a chi-square law.

    Parameters
    ----------
    statistic
        At least 0.
    n_degrees
        Degrees of freedom, 1 or more.

    Returns
    -------
    float
        At most 0, never clipped from below.

    References
    ----------
    Specification of redescription mining, section 7.7. Where the tail is below every
    double: Legendre's continued fraction, Press and others, Numerical Recipes, 6.2.

    Examples
    --------
    >>> round(log10_chi_square_tail(3.841459, 1), 4)  # 0.05
    -1.301
    >>> round(log10_chi_square_tail(4000.0, 1), 1)
    -870.5
    """
    shape, x = n_degrees / 2, statistic / 2
    tail = float(gammaincc(shape, x))
    if tail > _UNDERFLOW:
        return min(0.0, math.log10(tail))
    log_first = shape * math.log(x) - x - float(gammaln(shape))
    return (log_first + math.log(_upper_gamma_fraction(shape, x))) / _LN10


def log10_normal_tails(z: float) -> float:
    """Return log10 of P(|Z| >= z) for a standard normal Z; 0 where z is not above 0.

    >>> round(log10_normal_tails(1.959964), 4), round(log10_normal_tails(100.0), 1)
    (-1.301, -2173.6)
    """
    return min(0.0, (math.log(2) + float(log_ndtr(-z))) / _LN10) if z > 0 else 0.0


def _upper_gamma_fraction(shape: float, x: float) -> float:
    """1 / (x + 1 - a - (1 - a) / (x + 3 - a - …)) by Lentz's method, for x far above a."""
    tiny = 1e-300
    b = x + 1 - shape
    c, d = 1 / tiny, 1 / b
    value = d
    for i in range(1, 1000):
        a = -i * (i - shape)
        b += 2
        d = 1 / (a * d + b or tiny)
        c = b + a / c or tiny
        value *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return value
