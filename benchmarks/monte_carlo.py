"""Shares and means over simulated data sets, with their Monte Carlo intervals."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from redescribe.significance.hold_out import clopper_pearson

if TYPE_CHECKING:
    from collections.abc import Sequence

Estimate = dict[str, float]
"""`value`, and `low` and `high` of its 95 % interval."""
QUANTILE = 1.959964
"""Of the normal law, for 95 %."""


def mean(values: Sequence[float]) -> Estimate:
    """The mean of one share per data set, of two data sets at least."""
    spread = float(np.std(values, ddof=1)) / math.sqrt(len(values))
    return _estimate(float(np.mean(values)), spread, len(values))


def ratio(parts: Sequence[float], wholes: Sequence[float]) -> Estimate:
    """The share of all things that are so, where those of one data set belong together.

    `parts` and `wholes` count the things of each data set. The interval is that of a ratio
    of means over data sets, so the dependence within a data set does not narrow it.
    """
    total, n = float(np.sum(wholes)), len(parts)
    value = float(np.sum(parts)) / total
    residuals = np.asarray(parts) - value * np.asarray(wholes)
    spread = math.sqrt(float(np.sum(residuals**2)) * n / (n - 1)) / total
    return _estimate(value, spread, n)


def share(n: int, n_all: int) -> Estimate:
    """The share of data sets that are so, with its exact interval."""
    low, high = clopper_pearson(n, n_all)
    return {"value": n / n_all, "low": low, "high": high}


def percent(value: float, digits: int = 0) -> str:
    """A share in percent, as text."""
    return f"{100 * value:.{digits}f} %"


def _estimate(value: float, spread: float, n_data_sets: int) -> Estimate:
    if value == 0:  # No spread was seen; the exact interval of "in no data set" is wider.
        return share(0, n_data_sets)
    reach = QUANTILE * spread
    return {"value": value, "low": max(0.0, value - reach), "high": min(1.0, value + reach)}
