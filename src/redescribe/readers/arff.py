"""ARFF files -> views."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from redescribe.errors import ReadError
from redescribe.readers.arff_header import ArffType, split_file
from redescribe.readers.arff_rows import read_rows
from redescribe.readers.arrow import view_of_columns
from redescribe.readers.columns import ColumnRequest
from redescribe.readers.files import existing_file, shown

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from redescribe.core.view import View
    from redescribe.readers.arff_header import ArffHeader
    from redescribe.readers.columns import ChosenColumns

_MAX_BLOCK = 2**30
_COMMENT_LINE = re.compile(rb"^[ \t]*%[^\n]*\n?", re.MULTILINE)
_FURTHER_ROW = re.compile(rb"\n[^\r\n]")
_BLANKS_AROUND_CELL = (b" ,", b", ", b" \r", b" \n", b"\n ", b"\t")
_QUOTED_CELL = {
    b"'": re.compile(rb"'[^'\r\n]*'"),
    b'"': re.compile(rb'"[^"\r\n]*"'),
}


def read_arff(
    path: str | Path, request: ColumnRequest | None = None, *, name: str = ""
) -> View:
    r"""Read an ARFF file with one entity per row, dense or sparse.

    Nominal attributes keep their declared values in order, texts are sorted. Quotes are no
    part of a name, an id or a value. `?` and empty cells are missing.

    Parameters
    ----------
    path
        A UTF-8 file.
    request
        The columns to read; all where it is not given. The ids are the column asked for,
        the one called `id`, or the first attribute if it is a string.
    name
        Name of the view; the stem of the file where it is empty.

    Raises
    ------
    ReadError
        If the file is missing or cut off, a row does not fit the header (the message names
        the line), or a column to read is a date.
    ViewError
        If two attributes have one name.
    UnknownNameError
        If a requested column does not exist.

    References
    ----------
    Specification of redescription mining, section 11.3.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> header = "@relation r\n@attribute key string\n@attribute a real\n@data\n"
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "r.arff"
    ...     _ = path.write_text(header + "'p',1\n'q',?\n")
    ...     view = read_arff(path)
    >>> view.entities.ids, view.names, view.values
    (('p', 'q'), ('a',), array([[ 1., nan]]))
    """
    path = existing_file(path)
    where = shown(path)
    header, body = split_file(path.read_bytes(), where=where)
    names = [attribute.name for attribute in header.attributes]
    first = header.attributes[0]
    default_id = first.name if first.type is ArffType.STRING else ""
    request = request or ColumnRequest()
    chosen = request.among(names, where=where, default_id=default_id)
    types = _types(header, chosen, where)
    columns = _read_dense(body, header, types)
    if columns is None:
        columns = read_rows(body, header, types, where=where)
    arrays = {
        names[position]: _declared(array, header.attributes[position].categories)
        if types[position] is ArffType.NOMINAL
        else array
        for position, array in columns.items()
    }
    if any(len(array) == 0 for array in arrays.values()):
        em = f"{where} has no rows after @data: it is cut off. Copy it again."
        raise ReadError(em)
    return view_of_columns(name or path.stem, arrays, chosen, where=where)


def _types(header: ArffHeader, chosen: ChosenColumns, where: str) -> dict[int, ArffType]:
    """What to read, by position; ids are texts whatever the file declares."""
    wanted = set(chosen.names)
    types: dict[int, ArffType] = {}
    for position, attribute in enumerate(header.attributes):
        if attribute.name not in wanted:
            continue
        types[position] = attribute.type
        if attribute.name == chosen.id_column:
            types[position] = ArffType.STRING
        elif attribute.type is ArffType.DATE:
            em = (
                f"Attribute {attribute.name!r} of {where} is a date, which has no reader: "
                "name the columns to keep with columns=, or turn it into a number."
            )
            raise ReadError(em)
    return types


def _read_dense(
    body: bytes, header: ArffHeader, types: Mapping[int, ArffType]
) -> dict[int, pa.Array] | None:
    """The columns of a body that is plain enough for a CSV parser, otherwise None.

    None also stands for every error: reading row by row then names the line.
    """
    rows = _COMMENT_LINE.sub(b"", body) if b"%" in body else body
    quote = _only_quote(rows)
    # With one attribute a line of blanks looks like a missing cell.
    if quote is None or b"{" in rows or b"\\" in rows or len(header.attributes) == 1:
        return None
    n_rows = (rows[:1] not in b"\r\n") + sum(1 for _ in _FURTHER_ROW.finditer(rows))
    if not n_rows:
        return None
    keys = list(map(str, range(len(header.attributes))))
    convert = pa_csv.ConvertOptions(
        null_values=["?", ""],
        strings_can_be_null=True,
        quoted_strings_can_be_null=False,
        include_columns=[keys[position] for position in types],
        column_types={
            keys[position]: pa.float64() if kind is ArffType.NUMERIC else pa.string()
            for position, kind in types.items()
        },
    )
    parse = pa_csv.ParseOptions(quote_char=quote or False, double_quote=False)
    read = pa_csv.ReadOptions(column_names=keys, block_size=min(len(rows) + 1, _MAX_BLOCK))
    try:
        table = pa_csv.read_csv(
            pa.BufferReader(rows),
            read_options=read,
            parse_options=parse,
            convert_options=convert,
        )
    except pa.ArrowInvalid:
        return None
    columns = {
        position: _trimmed(table.column(keys[position]))
        if not quote and kind is not ArffType.NUMERIC
        else table.column(keys[position])
        for position, kind in types.items()
    }
    for position, kind in types.items():
        if kind is ArffType.NOMINAL and not _all_declared(
            columns[position], header.attributes[position].categories
        ):
            return None
    # The CSV parser also breaks lines at a lone carriage return.
    return columns if table.num_rows == n_rows else None


def _only_quote(rows: bytes) -> str | None:
    """The quote that a CSV parser is to know; empty without any, None if it fails there."""
    quotes = [quote for quote in _QUOTED_CELL if quote in rows]
    if not quotes:
        return ""
    if len(quotes) == 2 or rows[:1] == b" " or rows[-1:] == b" ":
        return None
    if any(blank in rows for blank in _BLANKS_AROUND_CELL):
        return None
    return quotes[0].decode() if _encloses_whole_cells(quotes[0], rows) else None


def _encloses_whole_cells(quote: bytes, rows: bytes) -> bool:
    """Whether each quote opens or closes a cell: then no cell goes over a line break."""
    n_quotes = 0
    for cell in _QUOTED_CELL[quote].finditer(rows):
        before, after = (
            rows[max(cell.start() - 1, 0) : cell.start()],
            rows[cell.end() : cell.end() + 1],
        )
        if before not in b",\n" or after not in b",\r\n":
            return False
        n_quotes += 2
    return n_quotes == rows.count(quote)


def _trimmed(array: pa.ChunkedArray) -> pa.ChunkedArray:
    """Unquoted texts without the blanks around them."""
    texts = pc.utf8_trim_whitespace(array)
    missing = pc.is_in(texts, value_set=pa.array(["?", ""]))
    return pc.if_else(missing, pa.scalar(None, pa.string()), texts)


def _all_declared(array: pa.ChunkedArray, categories: tuple[str, ...]) -> bool:
    known = pc.is_in(array, value_set=pa.array([*categories, None], pa.string()))
    return bool(pc.all(known).as_py())


def _declared(array: pa.Array, categories: tuple[str, ...]) -> pa.Array:
    """Texts as codes of the declared values, whose order is kept."""
    values = pa.array(categories, pa.string())
    flat = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
    indices = pc.index_in(flat, value_set=values)
    return pa.DictionaryArray.from_arrays(indices, values, ordered=True)
