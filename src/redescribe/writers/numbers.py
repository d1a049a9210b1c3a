"""Numbers as the files of other tools hold them."""

from __future__ import annotations

import math
from decimal import Decimal

_SMALLEST = math.ulp(0.0)


def java_double(number: float) -> str:
    """Return a number as Java's `Double.toString` writes it.

    Examples
    --------
    >>> [java_double(x) for x in (0, 1, 0.5, 1e-4, 2.5e7, -math.inf)]
    ['0.0', '1.0', '0.5', '1.0E-4', '2.5E7', '-Infinity']
    """
    number = float(number)
    if not math.isfinite(number):
        return "NaN" if math.isnan(number) else "-Infinity" if number < 0 else "Infinity"
    if number == 0 or 1e-3 <= abs(number) < 1e7:
        return repr(number)
    sign, digits, exponent = Decimal(repr(number)).as_tuple()
    mantissa = "".join(map(str, digits))
    power = int(exponent) + len(mantissa) - 1
    fraction = mantissa[1:].rstrip("0") or "0"
    return f"{'-' if sign else ''}{mantissa[0]}.{fraction}E{power}"


def p_as_double(log10_p: float) -> float:
    """Return a p-value; the smallest double where it is below: never 0.

    >>> p_as_double(-2.0), p_as_double(-400.0)
    (0.01, 5e-324)
    """
    return max(float(10.0**log10_p), _SMALLEST)
