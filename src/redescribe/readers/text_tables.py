"""One column of a table -> texts and the entities that they belong to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from redescribe.core.view import AttributeKind
from redescribe.errors import ReadError
from redescribe.readers.files import existing_file, shown
from redescribe.readers.tables import read

if TYPE_CHECKING:
    from redescribe.core.entities import EntityIndex


def read_texts(
    path: str | Path, column: str, *, id_column: str = ""
) -> tuple[list[str | None], EntityIndex]:
    r"""Return the texts of a column, None where one is missing, and their entities.

    Parameters
    ----------
    path
        A table that `read` reads.
    column
        Name of the column.
    id_column
        As in `read`.

    Raises
    ------
    ReadError
        If the file cannot be read, or the column holds numbers or truth values.
    UnknownNameError
        If there is no such column.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "news.csv"
    ...     _ = path.write_text("id,title\n7,Oil is up\n8,\n")
    ...     texts, entities = read_texts(path, "title")
    >>> texts, entities.ids
    (['Oil is up', None], ('7', '8'))
    """
    path = existing_file(path)
    view = read(path, id_column=id_column, columns=[column])
    found = ", ".join(view.names)
    if found != column:
        em = f"{column!r} means the columns {found} of {shown(path)}: name one of them."
        raise ReadError(em)
    (attribute,) = view.attributes
    codes = view.column(column)
    if np.isnan(codes).all():
        em = f"Column {column!r} of {shown(path)} is empty: choose one that holds texts."
        raise ReadError(em)
    if attribute.kind is not AttributeKind.NOMINAL:
        em = (
            f"Column {column!r} of {shown(path)} is {attribute.kind}: choose one that "
            "holds texts."
        )
        raise ReadError(em)
    return [
        None if np.isnan(code) else attribute.categories[int(code)] for code in codes
    ], view.entities


def read_text_source(
    source: str, *, id_column: str = ""
) -> tuple[list[str | None], EntityIndex]:
    r"""Return the texts that FILE:COLUMN names, as `read_texts` does.

    A colon may also belong to the path or to the column.

    Raises
    ------
    ReadError, UnknownNameError
        As for `read_texts`, or if no column is named.

    Examples
    --------
    >>> read_text_source("news.csv")
    Traceback (most recent call last):
    redescribe.errors.ReadError: 'news.csv' names no column of texts: give FILE:COLUMN.
    """
    parts = source.split(":")
    places = range(1, len(parts))
    files = [i for i in places if Path(":".join(parts[:i])).is_file()] or [*places][-1:]
    if not files:
        em = f"{source!r} names no column of texts: give FILE:COLUMN."
        raise ReadError(em)
    file, column = ":".join(parts[: files[0]]), ":".join(parts[files[0] :])
    return read_texts(file, column, id_column=id_column)
