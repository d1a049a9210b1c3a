"""The rows of an ARFF file, one by one: sparse rows, and the line of an error."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from redescribe.errors import ReadError
from redescribe.readers.arff_cells import split_cells, split_sparse
from redescribe.readers.arff_header import ArffType

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from redescribe.readers.arff_header import ArffAttribute, ArffHeader


def read_rows(
    body: bytes, header: ArffHeader, types: Mapping[int, ArffType], *, where: str
) -> dict[int, pa.Array]:
    r"""Read dense and sparse rows and check each cell that is kept.

    Parameters
    ----------
    body
        What follows `@data`.
    header
        The attributes that the rows fill.
    types
        Positions of the attributes to keep, and what to read them as.
    where
        What the file is called in a message.

    Returns
    -------
    dict
        By position: Arrow doubles for numbers, texts otherwise; null is missing. A sparse
        row stands for 0, or the first declared value, where it leaves out an attribute.

    Raises
    ------
    ReadError
        Names the line: a row with another number of cells, a text where a number is
        declared, a value outside the declared ones, or a quote that is never closed.

    Examples
    --------
    >>> from redescribe.readers.arff_header import split_file
    >>> header, body = split_file(
    ...     b"@attribute a real\n@attribute b {u, v}\n@data\n{0 2}\n3, v\n", where="r"
    ... )
    >>> types = {0: ArffType.NUMERIC, 1: ArffType.NOMINAL}
    >>> columns = read_rows(body, header, types, where="r")
    >>> columns[0].to_pylist(), columns[1].to_pylist()
    ([2.0, 3.0], ['u', 'v'])
    """
    attributes = header.attributes
    allowed = {position: frozenset(attributes[position].categories) for position in types}
    columns: dict[int, list[float | str | None]] = {position: [] for position in types}
    for line, cells in _rows(body, header, where):
        for position, kind in types.items():
            cell = cells[position]
            if cell is None:
                columns[position].append(None)
            elif kind is ArffType.NUMERIC:
                number = _number(cell)
                if number is None:
                    raise _no_number(cell, attributes[position], line)
                columns[position].append(number)
            elif kind is ArffType.NOMINAL and cell not in allowed[position]:
                raise _undeclared(cell, attributes[position], line)
            else:
                columns[position].append(cell)
    return {
        position: pa.array(
            values, pa.float64() if types[position] is ArffType.NUMERIC else pa.string()
        )
        for position, values in columns.items()
    }


def _rows(
    body: bytes, header: ArffHeader, where: str
) -> Iterator[tuple[str, list[str | None]]]:
    """The place and the cells of each row."""
    n_attributes = len(header.attributes)
    try:
        lines = body.decode("utf-8").split("\n")
    except UnicodeDecodeError as error:
        em = f"{where} is not a UTF-8 text ({error}): save it as UTF-8."
        raise ReadError(em) from None
    for number, raw in enumerate(lines, start=header.first_row_line):
        text = raw.strip()
        if not text or text.startswith("%"):
            continue
        line = f"Line {number} of {where}"
        if text.startswith("{"):
            yield line, _dense(split_sparse(text, where=line), header, line)
            continue
        cells = split_cells(text, where=line)
        if len(cells) != n_attributes:
            em = (
                f"{line} has {len(cells)} cells for {n_attributes} attributes: "
                f"{text[:40]!r}. Complete the row or remove it."
            )
            raise ReadError(em)
        yield line, cells


def _dense(
    sparse: dict[int, str | None], header: ArffHeader, line: str
) -> list[str | None]:
    n_attributes = len(header.attributes)
    outside = next((index for index in sparse if index >= n_attributes), None)
    if outside is not None:
        em = (
            f"{line} gives attribute {outside}, but the {n_attributes} "
            f"attributes are numbered 0 to {n_attributes - 1}: correct the number."
        )
        raise ReadError(em)
    cells: list[str | None] = []
    for index, attribute in enumerate(header.attributes):
        if index in sparse:
            cells.append(sparse[index])
        elif attribute.type is ArffType.NUMERIC:
            cells.append("0")
        elif attribute.type is ArffType.NOMINAL:
            cells.append(attribute.categories[0])
        else:
            em = (
                f"{line} leaves out the {attribute.type} attribute "
                f"{attribute.name!r}, which has no default: add '{index} value' to the row."
            )
            raise ReadError(em)
    return cells


def _number(cell: str) -> float | None:
    # float() also reads 1_000, which no other reader of ARFF does.
    if "_" in cell:
        return None
    try:
        return float(cell)
    except ValueError:
        return None


def _no_number(cell: str, attribute: ArffAttribute, line: str) -> ReadError:
    return ReadError(
        f"{line} has {cell!r} for the numeric attribute {attribute.name!r}: "
        "write a number, or ? where it is missing."
    )


def _undeclared(cell: str, attribute: ArffAttribute, line: str) -> ReadError:
    values = ", ".join(attribute.categories[:5])
    more = ", …" if len(attribute.categories) > 5 else ""
    return ReadError(
        f"{line} has {cell!r} for attribute {attribute.name!r}, whose declared "
        f"values are {{{values}{more}}}: correct the cell or declare the value."
    )
