"""Each reason why a target cannot be described, against all literals written out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redescribe.discretize.base import (
    bin_labels,
    categorical_bins,
    discretize,
)
from redescribe.discretize.describable import why_not_describable
from redescribe.discretize.modes import Discretization, NotDescribable

if TYPE_CHECKING:
    from redescribe.core.binned import Bins

NAN = np.nan


def reason(
    values: list[float], bounds: tuple[int, int] = (3, 6), mode: str = "kmeans"
) -> NotDescribable | None:
    column = np.array(values)
    return why_not_describable(
        column,
        discretize(column, Discretization(mode)),
        is_numeric=True,
        min_support=bounds[0],
        max_support=bounds[1],
    )


@pytest.mark.parametrize(
    ("values", "mode", "want"),
    [
        ([NAN] * 9, "kmeans", NotDescribable.ALL_MISSING),
        ([1.0, 2.0] + [NAN] * 7, "kmeans", NotDescribable.FEW_OBSERVED),
        ([1.0] * 5 + [NAN] * 4, "kmeans", NotDescribable.CONSTANT),
        ([0.0] * 8 + [1.0, 2.0], "kmeans", NotDescribable.NEAR_CONSTANT),
        ([0.0] * 5 + [0.4] + [1.0] * 5, "two-bin", NotDescribable.SINGLE_BIN),
        ([0.0] * 8 + [1.0] * 8, "kmeans", NotDescribable.COARSE_TIES),
        ([0.0] * 5 + [1.0] * 5, "kmeans", None),
        # Five of six observed entities are equal, but "x <= 0" has an admissible support.
        ([0.0] * 5 + [1.0] + [NAN] * 9, "kmeans", None),
        # Only a complement fits: the observed entities without the bin of the eight zeros.
        ([-1.0, -2.0] + [0.0] * 8 + [1.0, 2.0], "equal-frequency", None),
    ],
)
def test_reasons(values: list[float], mode: str, want: NotDescribable | None) -> None:
    assert reason(values, mode=mode) is want


def test_bounds_are_inclusive() -> None:
    values = [0.0] * 4 + [1.0] * 9
    assert reason(values, (4, 4)) is None
    assert reason(values, (9, 9)) is None
    assert reason([0.0] * 9 + values[4:], (5, 8)) is NotDescribable.COARSE_TIES


@pytest.mark.parametrize(
    ("codes", "want"),
    [
        ([0.0] * 4 + [1.0] * 12, None),
        ([0.0] * 8 + [1.0] * 8, NotDescribable.COARSE_TIES),
        ([0.0] * 16, NotDescribable.CONSTANT),
        ([0.0] * 15 + [2.0], NotDescribable.NEAR_CONSTANT),
    ],
)
def test_nominal_targets(codes: list[float], want: NotDescribable | None) -> None:
    got = why_not_describable(
        np.array(codes), categorical_bins(3), is_numeric=False, min_support=3, max_support=6
    )
    assert got is want


def some_literal_fits(values: np.ndarray, bins: Bins, low: int, high: int) -> bool:
    observed = ~np.isnan(values)
    labels = bin_labels(values, bins)
    literals = [values <= cut for cut in np.unique(values[observed])[:-1]]
    literals += [
        (labels >= first) & (labels <= last)
        for first in range(len(bins))
        for last in range(first, len(bins))
        if (first, last) != (0, len(bins) - 1)
    ]
    return any(
        low <= np.count_nonzero(chosen & observed) <= high
        for literal in literals
        for chosen in (literal, ~literal)
    )


@given(
    values=st.lists(st.sampled_from([NAN, 0.0, 0.0, 1.0, 2.0, 5.0, 9.0]), max_size=30),
    mode=st.sampled_from(Discretization),
    bounds=st.tuples(st.integers(1, 20), st.integers(0, 8)),
)
def test_describable_means_that_some_literal_fits(
    values: list[float], mode: Discretization, bounds: tuple[int, int]
) -> None:
    low, high = bounds[0], bounds[0] + bounds[1]
    column = np.array(values, dtype=np.float64)
    bins = discretize(column, mode)
    fits = some_literal_fits(column, bins, low, high)
    assert (reason(values, (low, high), mode) is None) == (fits and len(bins) > 1)
