"""Rows -> Arrow tables with the proper, nullable type in each column."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from redescribe.core.network_null import NULL_NETWORKS
from redescribe.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from redescribe.core.assessed import Cell

_REAL = pa.float64()
_TYPES = {
    "n_hold_out": pa.int64(),
    "n_unseen": pa.int64(),
    "support": pa.int64(),
    "confirmed": pa.bool_(),
    "n_bins": pa.int64(),
    "n_literals": pa.int64(),
    "n_mined": pa.int64(),
    "support_mined": pa.int64(),
    "baseline_pairs": pa.int64(),
    "candidates": pa.int64(),
    **{f"{null}_searches": pa.int64() for null in NULL_NETWORKS},
    **dict.fromkeys(
        (
            *("jaccard_mined", "adjusted_jaccard_mined", "p_mined", "work_mined"),
            *("jaccard", "jaccard_low", "jaccard_high", "adjusted_jaccard", "work"),
            *("p_value", "q_value", "log10_p_mined", "log10_p_value", "log10_q_value"),
            *("best_jaccard_mined", "baseline_jaccard", "baseline_adjusted_jaccard"),
            "baseline_log10_p",
            *(
                f"{name}_{part}"
                for part in ("mined", "hold_out")
                for name in (
                    *("jaccard", "difference", "p_drift", "q_drift"),
                    *("log10_p_drift", "log10_q_drift"),
                )
            ),
            *("p_search", "p_search_family", "stability", "recovery", "recovery_mean"),
            *("search_best", "search_null_mean", "search_corrected"),
            *("network_jaccard", "network_adjusted_jaccard"),
            *(
                f"{null}_{name}"
                for null in NULL_NETWORKS
                for name in ("mean", "maximum", "excess")
            ),
            *(f"p_{null}" for null in NULL_NETWORKS),
        ),
        _REAL,
    ),
}
"""Types of the known columns, so that a column of nulls has its type as well."""


def table_of(rows: Sequence[Mapping[str, Cell]], columns: Sequence[str] = ()) -> pa.Table:
    """Return rows as a table; a key that a row lacks, and a NaN, is null.

    Parameters
    ----------
    rows
        One mapping per row.
    columns
        Names and order of the columns; without them, all keys in order of occurrence.

    Raises
    ------
    StoreError
        If a column mixes texts, numbers and Booleans.

    Examples
    --------
    >>> table_of([{"id": "R1", "jaccard": None}]).schema.types
    [DataType(string), DataType(double)]
    """
    names = tuple(columns) or column_names(rows)
    arrays = [_array(name, [cell(row.get(name)) for row in rows]) for name in names]
    return pa.Table.from_arrays(arrays, names=list(names))


def column_names(rows: Sequence[Mapping[str, Cell]]) -> tuple[str, ...]:
    """Return all keys of the rows, in order of occurrence."""
    return tuple(dict.fromkeys(name for row in rows for name in row))


def cell(value: Cell | np.generic) -> Cell:
    """Return the value as a Python one; null where it is a number that is not finite.

    >>> cell(float("nan")), cell(0.5)
    (None, 0.5)
    """
    plain: Cell = value.item() if isinstance(value, np.generic) else value
    return None if isinstance(plain, float) and not math.isfinite(plain) else plain


def _array(name: str, values: list[Cell]) -> pa.Array:
    kinds = {type(value) for value in values if value is not None}
    if kinds == {int, float}:
        kinds = {float}
    if len(kinds) > 1:
        found = ", ".join(sorted(kind.__name__ for kind in kinds))
        em = f"Column {name!r} mixes {found}. Write one kind of value per column."
        raise StoreError(em)
    inferred = {bool: pa.bool_(), int: pa.int64(), float: _REAL, str: pa.string()}
    unknown = _TYPES.get(name, pa.string())
    column_type = inferred[kinds.pop()] if kinds else unknown
    if column_type == pa.int64() and unknown == _REAL:
        column_type = _REAL
    return pa.array(values, column_type)
