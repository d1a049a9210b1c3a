"""NAME=FILE[:COLUMNS] on the command line -> views of one dataset."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from redescribe.errors import ParameterError, UnknownNameError

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
        n_given = len(specifications)
        em = f"Redescriptions need at least two views (--view {_FORM}). Got {n_given}."
        raise ParameterError(em)
    views: list[View] = []
    for specification in specifications:
        name, separator, source = specification.partition("=")
        if not name or not separator or not source:
            em = f"--view {specification!r} is not of the form {_FORM}."
            raise ParameterError(em)
        if name in {view.name for view in views}:
            em = f"--view {specification!r}: the name is taken. Give each view its own."
            raise ParameterError(em)
        file, columns = (table, source.split(",")) if table else _file_and_columns(source)
        if _is_store(file):
            views.append(_captured(file, name, layers=columns))
        else:
            views.append(read(file, name=name, id_column=id_column, columns=columns))
    return views


def read_null_views(
    specifications: Sequence[str], views: Sequence[View], *, id_column: str
) -> dict[str, list[View]]:
    """Read the untrained networks that `--null-view` names, by the view they replace.

    Raises
    ------
    RedescribeError
        If a specification is not of the form VIEW=FILE or names no view, or cannot be read.
    """
    from redescribe.readers.tables import read  # noqa: PLC0415 - pyarrow, only when reading
    from redescribe.store.activations import ActivationStore  # noqa: PLC0415

    replaced = {view.name: view for view in views}
    found: dict[str, list[View]] = {}
    for specification in specifications:
        name, _, path = specification.partition("=")
        if not name or not path:
            em = f"--null-view {specification!r} is not of the form VIEW=FILE."
            raise ParameterError(em)
        if name not in replaced:
            what = f"--null-view {specification!r}: there is no view"
            raise UnknownNameError.among(what, name, list(replaced))
        if Path(path).is_dir():
            null = ActivationStore.open(path).view(name)
        else:
            columns = replaced[name].names
            null = read(path, name=name, id_column=id_column, columns=columns)
        found.setdefault(name, []).append(null)
    return found


def check_align(align: str) -> None:
    """Check the option `--align`.

    Raises
    ------
    ParameterError
        If it is neither empty nor `inner`.
    """
    if align not in {"", "inner"}:
        em = f"--align must be 'inner' or left out. Got {align!r}."
        raise ParameterError(em)


def tell_unmatched(unmatched: Sequence[str]) -> None:
    """Say on the standard error which entities are not in all views, if there are some."""
    if not unmatched:
        return
    shown = ", ".join(unmatched[:20]) + (", …" if len(unmatched) > 20 else "")
    typer.echo(f"{len(unmatched)} entities are not in all views: {shown}", err=True)


def _captured(folder: str, name: str, *, layers: Sequence[str]) -> View:
    from redescribe.store.activations import ActivationStore  # noqa: PLC0415 - pyarrow

    return ActivationStore.open(folder).view(name, layers or None)


def _is_store(source: str) -> bool:
    """Whether it is a folder of `redescribe capture`; its layers are its columns."""
    return (Path(source) / "store.json").is_file()


def _file_and_columns(source: str) -> tuple[str, list[str]]:
    """Divide FILE:COLUMNS; a colon may also belong to the path or to a column (`fc2:7`)."""
    if Path(source).exists():
        return source, []
    parts = source.split(":")
    for n_parts in range(1, len(parts)):
        file, columns = ":".join(parts[:n_parts]), ":".join(parts[n_parts:])
        if Path(file).is_file() or _is_store(file):
            return file, columns.split(",")
    # No such file: the reader says so, of the part that looks like one.
    file, separator, _ = source.partition(":")
    return (file if separator and Path(file).suffix else source), []
