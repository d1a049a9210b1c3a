"""The ways to cut a target into bins, and why a target cannot be described."""

from __future__ import annotations

from enum import StrEnum


class Discretization(StrEnum):
    """How a numeric target is cut into bins (specification, section 3).

    >>> Discretization("two-bin")
    <Discretization.TWO_BIN: 'two-bin'>
    """

    TWO_BIN = "two-bin"
    EQUAL_WIDTH = "equal-width"
    EQUAL_FREQUENCY = "equal-frequency"
    KMEANS = "kmeans"


class NotDescribable(StrEnum):
    """Why no literal of a target has an admissible support (specification, section 3).

    >>> NotDescribable("constant")
    <NotDescribable.CONSTANT: 'constant'>
    """

    ALL_MISSING = "all_missing"
    FEW_OBSERVED = "few_observed"
    CONSTANT = "constant"
    NEAR_CONSTANT = "near_constant"
    SINGLE_BIN = "single_bin"
    COARSE_TIES = "coarse_ties"
