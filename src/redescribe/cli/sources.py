"""NAME=FILE[:COLUMNS] on the command line -> views of one dataset."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from redescribe.errors import ParameterError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redescribe.core.view import View

_FORM = "NAME=FILE, NAME=FILE:COLUMN,COLUMN or, with --table, NAME=COLUMN,COLUMN"


def read_views(specifications: Sequence[str], *, table: str, id_column: str) -> list[View]:
    """Read the views that `--view` and `--table` name.

    Raises
    ------
    RedescribeError
        If a specification is not of the form NAME=FILE[:COLUMNS], or cannot be read.
    """
    from redescribe.readers.tables import read  # noqa: PLC0415 - pyarrow, only when reading

    if len(specifications) < 2:
        em = f"Mining needs at least two views (--view {_FORM}). Got {len(specifications)}."
        raise ParameterError(em)
    views = []
    for specification in specifications:
        name, separator, source = specification.partition("=")
        if not name or not separator or not source:
            em = f"--view {specification!r} is not of the form {_FORM}."
            raise ParameterError(em)
        file, columns = (table, source.split(",")) if table else _file_and_columns(source)
        views.append(read(file, name=name, id_column=id_column, columns=columns))
    return views


def _file_and_columns(source: str) -> tuple[str, list[str]]:
    """Divide FILE:COLUMNS; a colon may also belong to the path."""
    file, separator, columns = source.rpartition(":")
    if not separator or Path(source).exists() or not Path(file).suffix:
        return source, []
    return file, columns.split(",")
