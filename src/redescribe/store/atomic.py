"""Files and folders that appear under their name when they are whole, or not at all."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from glob import escape
from typing import TYPE_CHECKING
from uuid import uuid4

from redescribe.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_PREFIX, _SUFFIX = ".redescribe-", ".tmp"


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path in the same folder that becomes `path` when the block succeeds.

    The folder is made where it is missing. A file already at `path` stays untouched until
    the new one is on the disk; if the block raises, it stays and the new one is removed.

    Raises
    ------
    StoreError
        If the file system refuses.
    """
    temporary = _temporary_name(path)
    with storing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            yield temporary
            _flush(temporary)
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
        _flush_folder(path.parent)


@contextmanager
def replacing_folder(path: Path) -> Iterator[Path]:
    """Give a temporary folder beside `path` that takes its name when the block succeeds.

    What an interrupted writer of the same path left behind is removed first.

    Raises
    ------
    StoreError
        If `path` exists and is not an empty folder, or the file system refuses.
    """
    temporary = _temporary_name(path)
    with storing(path):
        if path.exists() and not is_free(path):
            em = f"{path} already exists and is not an empty folder. Choose another folder."
            raise StoreError(em)
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove(path.parent.glob(f"{escape(_stem(path))}*{_SUFFIX}"))
        temporary.mkdir()
    try:
        yield temporary
        with storing(path):
            for file in temporary.rglob("*"):
                if file.is_file():
                    _flush(file)
            if path.exists():
                _remove(path.iterdir())
                path.rmdir()
            temporary.rename(path)
            _flush_folder(path.parent)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def is_free(path: Path) -> bool:
    """Return whether a path is a folder with nothing but what interrupted writers left."""
    if not path.is_dir():
        return False
    names = (entry.name for entry in path.iterdir())
    return all(n.startswith(_PREFIX) and n.endswith(_SUFFIX) for n in names)


def remove_leftovers(folder: Path) -> None:
    """Remove what interrupted writers left in a folder and below; one writer at a time."""
    with storing(folder):
        _remove(folder.rglob(f"{_PREFIX}*{_SUFFIX}"))


@contextmanager
def storing(path: Path) -> Iterator[None]:
    """Turn errors of the file system in the block into a StoreError that names `path`."""
    try:
        yield
    except OSError as error:
        em = (
            f"{path} cannot be written: {error.strerror or error}. "
            "Check the folder, its rights and the free space."
        )
        raise StoreError(em) from error


def _temporary_name(path: Path) -> Path:
    return path.parent / f"{_stem(path)}{uuid4().hex}{_SUFFIX}"


def _stem(path: Path) -> str:
    return f"{_PREFIX}{path.name[:40]}-"


def _remove(leftovers: Iterable[Path]) -> None:
    for leftover in list(leftovers):
        if leftover.is_dir():
            shutil.rmtree(leftover, ignore_errors=True)
        else:
            leftover.unlink(missing_ok=True)


def _flush(file: Path) -> None:
    with file.open("rb+") as handle:
        os.fsync(handle.fileno())


def _flush_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
