"""Rows as CSV, JSON, JSON lines or Parquet."""

from __future__ import annotations

import csv
import io
import json
import sys
from enum import StrEnum
from typing import TYPE_CHECKING

from redescribe.errors import ParameterError
from redescribe.store.files import write_parquet, write_text
from redescribe.store.tables import cell, column_names, table_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from typing import TextIO

    from redescribe.core.assessed import Cell


class TableFormat(StrEnum):
    """Forms of a table outside redescribe."""

    CSV = "csv"
    JSON = "json"
    JSONL = "jsonl"
    PARQUET = "parquet"


def write_table(
    rows: Sequence[Mapping[str, Cell]],
    path: Path | None,
    table_format: TableFormat,
    *,
    columns: Sequence[str] = (),
    stream: TextIO | None = None,
) -> None:
    """Write rows to a file, atomically, or as text to a stream.

    Parameters
    ----------
    rows
        One mapping per row; a key that a row lacks is null.
    path
        The file, in UTF-8; None writes to `stream`.
    table_format
        CSV, JSON (one array of objects), JSON lines, or Parquet with nullable types.
    columns
        Names and order of the columns, which an empty table has as well; without them, all
        keys in order of occurrence.
    stream
        Where the text goes without a path; None is the standard output.

    Raises
    ------
    ParameterError
        If Parquet is asked for without a path.
    StoreError
        If the file system refuses, or a Parquet column mixes kinds of values.

    Notes
    -----
    Numbers read back exactly. Null is an empty cell in CSV; NaN and infinite numbers are
    written as null.
    """
    if path is None:
        text = table_text(rows, table_format, columns=columns)
        (sys.stdout if stream is None else stream).write(text)
    elif table_format is TableFormat.PARQUET:
        write_parquet(path, table_of(rows, columns))
    else:
        write_text(path, table_text(rows, table_format, columns=columns))


def table_text(
    rows: Sequence[Mapping[str, Cell]],
    table_format: TableFormat,
    *,
    columns: Sequence[str] = (),
) -> str:
    r"""Return rows as text, as `write_table` writes them.

    Raises
    ------
    ParameterError
        If the format is Parquet, which is no text.

    Examples
    --------
    >>> rows = [{"id": "R1", "jaccard": 0.5}, {"id": "R2", "jaccard": None}]
    >>> table_text(rows, TableFormat.CSV)
    'id,jaccard\nR1,0.5\nR2,\n'
    >>> table_text(rows, TableFormat.JSONL)
    '{"id": "R1", "jaccard": 0.5}\n{"id": "R2", "jaccard": null}\n'
    """
    names = tuple(columns) or column_names(rows)
    cells = [{name: cell(row.get(name)) for name in names} for row in rows]
    if table_format is TableFormat.CSV:
        return _csv_text(cells, names)
    if table_format is TableFormat.PARQUET:
        em = "Parquet is binary and cannot be printed. Name a file to write it to."
        raise ParameterError(em)
    objects = [json.dumps(row, ensure_ascii=False, allow_nan=False) for row in cells]
    if table_format is TableFormat.JSONL:
        return "".join(f"{line}\n" for line in objects)
    return "[\n" + ",\n".join(objects) + "\n]\n" if objects else "[]\n"


def _csv_text(rows: Sequence[Mapping[str, Cell]], names: Sequence[str]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if names:
        writer.writerow(names)
    for row in rows:
        writer.writerow([_csv_cell(row[name]) for name in names])
    return text.getvalue()


def _csv_cell(value: Cell) -> str | int | float | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value
