"""Files and folders that appear under their name when they are whole, or not at all."""

from __future__ import annotations

import os
import re
import shutil
from contextlib import contextmanager, suppress
from glob import escape
from typing import TYPE_CHECKING
from uuid import uuid4

from redescribe.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_PREFIX, _SUFFIX = ".redescribe-", ".tmp"
_TRIES = 5
"""How often a name is taken that other writers want as well."""


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
        claim(path)
        temporary.mkdir()
    try:
        yield temporary
        publish(temporary, path)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def claim(path: Path) -> None:
    """Make the folder above a path, and remove what interrupted writers of it left.

    Raises
    ------
    StoreError
        If `path` exists and is not an empty folder.
    """
    check_free(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    _remove(path.parent.glob(f"{escape(_stem(path))}*{_SUFFIX}"))


def check_free(path: Path) -> None:
    """Check that a path is not there, or an empty folder.

    Raises
    ------
    StoreError
        If it is something else.
    """
    if path.exists() and not is_free(path):
        em = f"{path} already exists and is not an empty folder. Choose another folder."
        raise StoreError(em)


def publish(folder: Path, path: Path) -> None:
    """Give a folder its name once all its files are on the disk.

    Raises
    ------
    StoreError
        If the file system refuses.
    """
    with storing(path):
        for file in folder.rglob("*"):
            if file.is_file():
                _flush(file)
        if path.exists():
            _remove(path.iterdir())
            path.rmdir()
        folder.rename(path)
        _flush_folder(path.parent)


def partial_name(path: Path) -> Path:
    """Return the name of what grows beside a path over several runs of a program."""
    return path.parent / f"{_stem(path)}partial{_SUFFIX}"


@contextmanager
def offering_folder(path: Path) -> Iterator[Path]:
    """Give a temporary folder that takes the name `path` unless another writer was first.

    For several writers of the same content: the first one stays, the others' are dropped.

    Raises
    ------
    StoreError
        If the file system refuses.
    """
    temporary = _temporary_name(path)
    with storing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.mkdir()
    try:
        yield temporary
        with storing(path):
            _take_name(temporary, path)
            _flush_folder(path.parent)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def is_free(path: Path) -> bool:
    """Return whether a path is a folder with nothing but what interrupted writers left."""
    if not path.is_dir():
        return False
    try:
        return _are_leftovers(path.iterdir())
    except FileNotFoundError:  # another writer is about to put its own in this place
        return True


def remove_leftovers(folder: Path) -> None:
    """Remove what interrupted writers left in a folder and below; one writer at a time."""
    with storing(folder):
        _remove(folder.rglob(f"{_PREFIX}*{_SUFFIX}"))


def remove_offers(path: Path) -> None:
    """Remove what interrupted writers of `offering_folder` left; once all have ended."""
    name = re.compile(rf"{re.escape(_stem(path))}[0-9a-f]{{32}}{re.escape(_SUFFIX)}")
    with suppress(OSError):  # tidying up, in a folder that is not ours
        _remove(entry for entry in path.parent.iterdir() if name.fullmatch(entry.name))


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


def _take_name(temporary: Path, path: Path) -> None:
    """Rename a folder to a path that is not there or free; a folder in use stays."""
    for tries_left in reversed(range(_TRIES)):
        try:
            if path.is_dir():
                # Listed once: what other writers bring in between is no leftover.
                entries = list(path.iterdir())
                if not _are_leftovers(entries):
                    return
                _remove(entries)
                # Somewhere a folder cannot take the place of an empty one.
                with suppress(OSError):
                    path.rmdir()
            temporary.rename(path)
        except OSError:
            # Another writer was first, or is about to be.
            if path.is_dir() and not is_free(path):
                return
            if not tries_left:
                raise
        else:
            return


def _are_leftovers(entries: Iterable[Path]) -> bool:
    names = (entry.name for entry in entries)
    return all(n.startswith(_PREFIX) and n.endswith(_SUFFIX) for n in names)


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
