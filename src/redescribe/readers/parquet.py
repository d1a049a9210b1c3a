"""Parquet files -> views."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from redescribe.errors import ReadError
from redescribe.readers.arrow import view_of_columns
from redescribe.readers.columns import ColumnRequest
from redescribe.readers.files import existing_file, shown

if TYPE_CHECKING:
    from pathlib import Path

    from redescribe.core.view import View

_ROWS, _COLUMNS = 2**16, 32
"""Of a table that are read at once: Arrow holds buffers for every column that it reads."""
_PANDAS_INDEX = re.compile(r"__index_level_\d+__")


def read_parquet(
    path: str | Path, request: ColumnRequest | None = None, *, name: str = ""
) -> View:
    """Read a Parquet file with one entity per row; only the columns asked for are loaded.

    An index that pandas stored without a name is left out, as it is for a data frame.

    Parameters
    ----------
    path
        A Parquet file.
    request
        The columns to read; all where it is not given.
    name
        Name of the view; the stem of the file where it is empty.

    Raises
    ------
    ReadError
        If the file is missing or damaged, or a column is neither number, text nor truth
        value. Nulls and NaN are missing values.
    UnknownNameError
        If a requested column does not exist.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "acts.parquet"
    ...     pq.write_table(pa.table({"fc2:7": [0.5, 1.5]}), path)
    ...     view = read_parquet(path)
    >>> view.names, view.values
    (('fc2:7',), array([[0.5, 1.5]]))
    """
    path = existing_file(path)
    where = shown(path)
    try:
        with pq.ParquetFile(path) as file:
            stored = file.schema_arrow.names
            names = [one for one in stored if not _PANDAS_INDEX.fullmatch(one)]
            chosen = (request or ColumnRequest()).among(names, where=where)
            columns = list(chosen.names)
            parts = [columns[i : i + _COLUMNS] for i in range(0, len(columns), _COLUMNS)]
            arrays = {
                name: column
                for part in parts
                for name, column in zip(part, _read(file, part).columns, strict=True)
            }
    except (pa.ArrowException, KeyError, OSError, UnicodeDecodeError, MemoryError) as error:
        what = str(error).removesuffix(".")
        em = f"{where} cannot be read as Parquet: {what}. Write it again."
        raise ReadError(em) from None
    return view_of_columns(name or path.stem, arrays, chosen, where=where)


def _read(file: pq.ParquetFile, columns: list[str]) -> pa.Table:
    """Read some columns: as a whole, Arrow makes room for all rows that are claimed."""
    schema = file.schema_arrow
    batches = file.iter_batches(batch_size=_ROWS, columns=columns)
    table = pa.Table.from_batches(
        # A dotted name also fetches columns below it, and pandas its index.
        [batch.select(columns) for batch in batches],
        schema=pa.schema([schema.field(name) for name in columns]),
    )
    table.validate(full=True)  # texts may be no UTF-8, lists may end elsewhere
    return table
