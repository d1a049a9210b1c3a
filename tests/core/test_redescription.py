"""Precision of the queries of a redescription."""

from __future__ import annotations

import numpy as np

from redescribe.core.redescription import Agreement
from redescribe.core.support import Support


def agreement(*rows: str) -> Agreement:
    """Of supports written as 1 (satisfied), 0 and ? (unknown)."""
    return Agreement.of(
        tuple(
            Support.from_mask(
                np.array([sign == "1" for sign in row]),
                unknown=np.array([sign == "?" for sign in row]),
            )
            for row in rows
        )
    )


def test_precisions_are_shares_of_each_query() -> None:
    assert agreement("11100", "11010").precisions == (2 / 3, 2 / 3)
    assert agreement("11110", "11000", "10000").precisions == (1 / 4, 1 / 2, 1)


def test_an_unknown_query_does_not_hold() -> None:
    assert agreement("1110", "1?0?").precisions == (1 / 3, 1)


def test_a_query_that_never_holds_has_no_precision() -> None:
    assert agreement("000", "110").precisions == (None, 0)
