"""Paths of files to read."""

from __future__ import annotations

from pathlib import Path

from redescribe.errors import ReadError


def existing_file(path: str | Path) -> Path:
    """Return the path of a file that exists.

    Raises
    ------
    ReadError
        If there is no file there.

    Examples
    --------
    >>> existing_file("nowhere.csv")
    Traceback (most recent call last):
    redescribe.errors.ReadError: There is no file 'nowhere.csv'. Check the path.
    """
    path = Path(path)
    if path.is_dir():
        em = f"{str(path)!r} is a folder: give the path of one file in it."
        raise ReadError(em)
    if not path.is_file():
        em = f"There is no file {str(path)!r}. Check the path."
        raise ReadError(em)
    return path


def shown(path: Path) -> str:
    """Return how a message calls a file.

    >>> shown(Path("a.csv"))
    "'a.csv'"
    """
    return repr(str(path))
