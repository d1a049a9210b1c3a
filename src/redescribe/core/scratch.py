"""Arrays that need not fit into memory."""

from __future__ import annotations

import os
import platform
import tempfile
import weakref
from math import prod
from typing import TYPE_CHECKING

import numpy as np

from redescribe.errors import StoreError

if TYPE_CHECKING:
    from redescribe._typing import AnyArray, Ints

IN_MEMORY = 256 * 2**20
"""Bytes of an array from which on it lies in a file."""
_BLOCK = 2**24
_SUFFIX = ".scratch"


def empty(shape: tuple[int, ...], dtype: np.typing.DTypeLike) -> AnyArray:
    """Return an array to be filled: in memory or, where it is large, in a scratch file.

    The system keeps of a file in memory what there is room for. The file lies in the folder
    for temporary files (the environment variable TMPDIR names another) and goes with the
    array; what a killed process left there is removed by the next one.

    Raises
    ------
    StoreError
        If the disk has no room for the file.

    Examples
    --------
    >>> empty((2, 3), np.float32).shape
    (2, 3)
    """
    n_bytes = prod(shape) * np.dtype(dtype).itemsize
    if n_bytes <= IN_MEMORY:
        return np.empty(shape, dtype)
    _remove_leftovers()
    path = ""
    try:
        descriptor, path = tempfile.mkstemp(_SUFFIX, f"{_machine()}{os.getpid()}-")
        with os.fdopen(descriptor, "wb") as file:
            # A page of a sparse file that finds no room later would end the process.
            _reserve(file.fileno(), n_bytes)
        array = np.memmap(path, dtype, "r+", shape=shape)
    except OSError as error:
        if path:
            os.unlink(path)  # noqa: PTH108 - as it came from mkstemp
        em = (
            f"There is no room for a scratch file of {n_bytes:,} bytes in "
            f"{tempfile.gettempdir()}: {error.strerror}. Free some, or name a folder on "
            "another disk in the environment variable TMPDIR."
        )
        raise StoreError(em) from error
    weakref.finalize(array, _remove, path)
    return np.asarray(array)


def copied(array: AnyArray, dtype: np.typing.DTypeLike | None = None) -> AnyArray:
    """Return a copy, in another dtype where one is named, as `empty` keeps it.

    >>> copied(np.array([1.0, 2.0]), np.float32).dtype
    dtype('float32')
    """
    copy = empty(array.shape, array.dtype if dtype is None else dtype)
    copy[...] = array
    return copy


def take_columns(array: AnyArray, positions: Ints) -> AnyArray:
    """Return some columns of an array of shape (n_rows, n_columns), as `empty` keeps it.

    >>> take_columns(np.arange(6).reshape(2, 3), np.array([2, 0])).tolist()
    [[2, 0], [5, 3]]
    """
    if array.shape[0] * positions.size * array.itemsize <= IN_MEMORY:
        return array.take(positions, axis=1)
    taken = empty((array.shape[0], positions.size), array.dtype)
    for row, source in zip(taken, array, strict=True):
        row[:] = source[positions]
    return taken


def _reserve(descriptor: int, n_bytes: int) -> None:
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(descriptor, 0, n_bytes)
        return
    zeros = bytes(_BLOCK)
    for start in range(0, n_bytes, _BLOCK):
        os.write(descriptor, zeros[: n_bytes - start])


def _remove(path: str) -> None:
    """Remove a scratch file; one that is gone is gone."""
    try:
        os.unlink(path)  # noqa: PTH108
    except OSError:
        return


def _remove_leftovers() -> None:
    """Remove the scratch files of processes of this machine that are no more."""
    machine = _machine()
    for entry in os.scandir(tempfile.gettempdir()):
        if entry.name.startswith(machine) and entry.name.endswith(_SUFFIX):
            process = entry.name.removeprefix(machine).partition("-")[0]
            if process.isdigit() and not _is_alive(int(process)):
                _remove(entry.path)


def _machine() -> str:
    """How the names of its files begin: others may share the folder."""
    return f"redescribe-{platform.node().partition('.')[0] or 'here'}-"


def _is_alive(process: int) -> bool:
    if os.name == "nt":
        return True  # where this signal would end it
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
