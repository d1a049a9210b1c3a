"""Data frames, arrays and table files -> views."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np
import pyarrow as pa

from redescribe.errors import ReadError, ViewError
from redescribe.readers.arff import read_arff
from redescribe.readers.arrays import read_npy, read_npz, view_of_array
from redescribe.readers.arrow import view_of_columns
from redescribe.readers.columns import ColumnRequest
from redescribe.readers.delimited import read_delimited
from redescribe.readers.files import existing_file
from redescribe.readers.parquet import read_parquet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from narwhals.typing import IntoDataFrame

    from redescribe._typing import AnyArray
    from redescribe.core.view import View

_READERS = {
    ".csv": read_delimited,
    ".tsv": read_delimited,
    ".parquet": read_parquet,
    ".npy": read_npy,
    ".npz": read_npz,
    ".arff": read_arff,
}
_DEFAULT_NAME = "view"


def read(
    source: str | Path | AnyArray | IntoDataFrame,
    *,
    name: str = "",
    id_column: str = "",
    columns: Sequence[str] = (),
) -> View:
    """Read a table with one entity per row as a view.

    Parameters
    ----------
    source
        The path of a file that ends in .csv, .tsv, .parquet, .npy, .npz or .arff; a data
        frame of pandas, polars or pyarrow; or an ndarray, shape (n_entities, n_attributes).
    name
        Name of the view; where it is empty, the stem of the file, or `view`.
    id_column
        The column that names the entities. Where it is empty: a column called `id` in any
        case; in ARFF also the first attribute if it is a string; otherwise the entities
        are called "0", "1", ….
    columns
        Names or globs (`n_*`) of the attributes, which keep the order of the table; empty:
        every column but the ids.

    Returns
    -------
    View
        Numbers as float64 (float32 where all attributes are), truth values as categories
        false and true, texts as sorted categories. Nulls, NaN and, in a CSV file, cells
        that are empty, NA, NaN or ? are missing.

    Raises
    ------
    ReadError
        If the source is missing, damaged or of an unknown format, an id is missing, or a
        column is neither number, text nor truth value.
    UnknownNameError
        If the id column, a name or a glob matches no column.
    ViewError
        If a name occurs twice, a value is infinite, or nothing is left.
    EntityMismatchError
        If an id occurs twice.

    Examples
    --------
    >>> table = pa.table({"id": ["p", "q"], "age": [30, 40], "stage": ["II", None]})
    >>> view = read(table, name="patients", columns=["age"])
    >>> view.entities.ids, view.names, view.values
    (('p', 'q'), ('age',), array([[30., 40.]]))
    """
    # A single text is a sequence of its letters, and never meant so.
    wanted = (columns,) if isinstance(columns, str) else tuple(columns)
    request = ColumnRequest(id_column, wanted)
    if isinstance(source, (str, Path)):
        return _read_file(source, request, name)
    if isinstance(source, np.ndarray):
        return view_of_array(source, request, name=name or _DEFAULT_NAME)
    return _read_frame(source, request, name or _DEFAULT_NAME)


def _read_file(source: str | Path, request: ColumnRequest, name: str) -> View:
    path = existing_file(source)
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        em = (
            f"File {str(path)!r} ends in {path.suffix!r}, which has no reader: use one of "
            f"{', '.join(_READERS)}."
        )
        raise ReadError(em)
    return reader(path, request, name=name)


def _read_frame(source: IntoDataFrame, request: ColumnRequest, name: str) -> View:
    where = type(source).__name__
    try:
        frame = nw.from_native(source, eager_only=True)
    except TypeError:
        em = (
            f"A {type(source).__name__} cannot be read: give a path, an array or a data "
            "frame of pandas, polars or pyarrow (collect() a lazy one first)."
        )
        raise ReadError(em) from None
    except nw.exceptions.DuplicateError as error:
        names = " ".join(str(error).split())
        em = f"{where} has columns of one name ({names}). Rename all but one of each."
        raise ViewError(em) from None
    # pandas allows names that are no texts, such as the numbers of a default header.
    original = {str(column): column for column in frame.columns}
    chosen = request.among([str(column) for column in frame.columns], where=where)
    arrays = {}
    for column in chosen.names:
        try:
            arrays[column] = frame.get_column(original[column]).to_arrow()
        except (pa.ArrowException, TypeError) as error:
            em = (
                f"Column {column!r} of {where} cannot be read: {error}. Give it one type, "
                "or name the columns to keep with columns=."
            )
            raise ReadError(em) from None
    return view_of_columns(name, arrays, chosen, where=where)
