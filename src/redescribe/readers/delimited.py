"""CSV and TSV files -> views."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.csv as pa_csv

from redescribe.errors import ReadError
from redescribe.readers.arrow import view_of_columns
from redescribe.readers.columns import ColumnRequest
from redescribe.readers.files import existing_file, shown

if TYPE_CHECKING:
    from pathlib import Path

    from redescribe.core.view import View
    from redescribe.readers.columns import ChosenColumns

MISSING_TEXTS = ("", "NA", "NaN", "nan", "?")
"""Cells that mean missing, quoted or not."""
_MAX_BLOCK = 2**30


def read_delimited(
    path: str | Path, request: ColumnRequest | None = None, *, name: str = ""
) -> View:
    r"""Read a text file with a header and one entity per row.

    Cells are separated by commas, or by tabs where the name ends in `.tsv`. Columns are
    numbers, truth values (true, false) or texts; the cells of `MISSING_TEXTS` are missing.

    Parameters
    ----------
    path
        A UTF-8 file.
    request
        The columns to read; all where it is not given.
    name
        Name of the view; the stem of the file where it is empty.

    Raises
    ------
    ReadError
        If the file is missing, empty, not UTF-8, or a row has another number of cells than
        the header.
    ViewError
        If a name occurs twice or nothing is left to read.
    UnknownNameError
        If a requested column does not exist.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "people.csv"
    ...     _ = path.write_text("id,age,smoker\n007,30,true\n008,NA,false\n")
    ...     view = read_delimited(path)
    >>> view.name, view.entities.ids, view.names
    ('people', ('007', '008'), ('age', 'smoker'))
    """
    path = existing_file(path)
    where = shown(path)
    delimiter = "\t" if path.suffix.lower() == ".tsv" else ","
    names = _header(path, delimiter)
    if "" in names:
        em = (
            f"{where} has no name for column {names.index('') + 1}: name it in the first "
            "row, 'id' if it names the entities."
        )
        raise ReadError(em)
    chosen = (request or ColumnRequest()).among(names, where=where)
    table = _table(path, delimiter, chosen)
    arrays = {column: table.column(column) for column in chosen.names}
    return view_of_columns(name or path.stem, arrays, chosen, where=where)


def _header(path: Path, delimiter: str) -> list[str]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            names = next((row for row in csv.reader(file, delimiter=delimiter) if row), [])
    except (UnicodeDecodeError, csv.Error) as error:
        em = f"{shown(path)} is not a UTF-8 text ({error}): save it as UTF-8."
        raise ReadError(em) from None
    if not names:
        em = f"{shown(path)} is empty: its first row must name the columns."
        raise ReadError(em)
    other = next((sign for sign in ";\t" if len(names) == 1 and sign in names[0]), "")
    if other:
        em = (
            f"{shown(path)} has only one column, called {names[0]!r}, with {other!r} in "
            "it: separate cells by commas, or by tabs in a file that ends in .tsv."
        )
        raise ReadError(em)
    return names


def _table(path: Path, delimiter: str, chosen: ChosenColumns) -> pa.Table:
    # Types are inferred from the first block only, and a row must fit into one block.
    block = min(path.stat().st_size + 1, _MAX_BLOCK)
    # Ids stay texts: 007 is not 7.
    types = {chosen.id_column: pa.string()} if chosen.id_column else {}
    convert = pa_csv.ConvertOptions(
        null_values=list(MISSING_TEXTS),
        strings_can_be_null=True,
        include_columns=list(chosen.names),
        column_types=types,
    )
    parse = pa_csv.ParseOptions(delimiter=delimiter, newlines_in_values=True)

    def load(*, use_threads: bool) -> pa.Table:
        read = pa_csv.ReadOptions(block_size=block, use_threads=use_threads)
        return pa_csv.read_csv(
            path, read_options=read, parse_options=parse, convert_options=convert
        )

    try:
        return load(use_threads=True)
    except pa.ArrowInvalid:
        pass
    try:
        # Arrow counts rows in an error only where it reads them in order.
        return load(use_threads=False)
    except pa.ArrowInvalid as error:
        em = (
            f"{shown(path)} cannot be read: {error}. Give each row as many cells as the "
            "header."
        )
        raise ReadError(em) from None
