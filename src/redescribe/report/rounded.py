"""Columns in few steps, for files that have no room for every digit."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from redescribe._typing import Values

N_STEPS = 20
"""Steps with equally many entities, beside those that bounds and extremes add."""
N_EXTREMES = 12
"""Smallest and largest values that stay as they are: examples are chosen among them."""


def rounded_column(values: Values, bounds: Iterable[float] = ()) -> bytes:
    """Return in which step each value is, and where the steps begin and end, as bytes.

    No step has entities on both sides of a bound: rules with these bounds keep their
    support. The bytes are the number of steps and the bytes per code (uint32 each), the
    lowest value of each step, the highest ones (float64), and one code (uint8 or uint16)
    per entity, the number of steps where the value is missing. All are little-endian.

    Parameters
    ----------
    values
        ndarray, shape (n_entities,). NaN is missing.
    bounds
        Of intervals over this column, open or closed.

    Examples
    --------
    >>> content = rounded_column(np.array([3.0, 1.0, np.nan]))
    >>> np.frombuffer(content[:8], "<u4").tolist(), list(content[-3:])
    ([2, 1], [1, 0, 2])
    >>> np.frombuffer(content[8:-3], "<f8").tolist()
    [1.0, 3.0, 1.0, 3.0]
    """
    known = np.sort(values[~np.isnan(values)].astype(np.float64, copy=False))
    edges = _edges(known, bounds)
    starts = np.searchsorted(known, edges, side="left")
    limits = np.unique(np.concatenate(([0], starts, [known.size])))
    lows, highs = known[limits[:-1]], known[limits[1:] - 1]
    codes = np.searchsorted(lows, values, side="right") - 1
    codes[np.isnan(values)] = lows.size
    dtype = "u1" if lows.size < 256 else "<u2"
    header = np.array([lows.size, np.dtype(dtype).itemsize], "<u4")
    steps = np.concatenate((lows, highs)).astype("<f8")
    return header.tobytes() + steps.tobytes() + codes.astype(dtype).tobytes()


def _edges(known: Values, bounds: Iterable[float]) -> Values:
    """Where steps start: at bounds, just above them, at extremes, evenly in between."""
    given = np.unique([b for b in bounds if math.isfinite(b)])
    fixed = np.concatenate((given, np.nextafter(given, math.inf)))
    lowest, highest = known[: N_EXTREMES + 1], known[-N_EXTREMES:]
    fixed = np.unique(np.concatenate((fixed, lowest, highest)))
    ranks = np.unique(np.concatenate((np.searchsorted(known, fixed), [known.size])))
    between = []
    for first, last in zip(ranks[:-1].tolist(), ranks[1:].tolist(), strict=True):
        parts = max(1, round(N_STEPS * (last - first) / known.size))
        between += [first + (last - first) * i // parts for i in range(1, parts)]
    return np.concatenate((fixed, known[np.array(between, np.int64)]))
