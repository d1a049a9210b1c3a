"""An NPY file of units × entities that is filled entity by entity, through a buffer."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from redescribe._typing import AnyArray, Values

_BUFFER = 32 * 2**20
"""Bytes that are held back: a flush then writes long runs of each row.

A memory map would do without a buffer, but the pages it has touched count as memory of the
process, as many as the file is long.
"""


class UnitFile:
    """Writes columns (entities) of an array that lies row by row (units) on the disk.

    Parameters
    ----------
    path
        The file; one with `n_flushed` columns is taken up.
    shape
        Units × entities.
    dtype
        Little-endian floats.
    n_flushed
        Columns that are in the file already.
    """

    def __init__(
        self,
        path: Path,
        shape: tuple[int, int],
        dtype: np.dtype[np.floating],
        *,
        n_flushed: int = 0,
    ) -> None:
        self.path, self.shape, self.dtype = path, shape, dtype
        self.n_flushed, self._n_buffered = n_flushed, 0
        n_columns = _BUFFER // (shape[0] * dtype.itemsize)
        self._buffer = np.empty((shape[0], min(max(n_columns, 1), shape[1])), dtype)
        if n_flushed == 0:
            _allocate(path, shape, dtype)
        self._file: BinaryIO = path.open("r+b", buffering=0)
        with path.open("rb") as file:
            np.lib.format.read_magic(file)
            np.lib.format.read_array_header_1_0(file)
            self._start = file.tell()

    @property
    def n_written(self) -> int:
        """Columns in the file and in the buffer."""
        return self.n_flushed + self._n_buffered

    def append(self, columns: Values) -> None:
        """Append columns, shape (n_units, n_entities_of_batch), of the file's dtype."""
        done = 0
        while done < columns.shape[1]:
            room = self._buffer.shape[1] - self._n_buffered
            taken = columns[:, done : done + room]
            end = self._n_buffered + taken.shape[1]
            self._buffer[:, self._n_buffered : end] = taken
            # Counted last: an interruption before this line has written nothing.
            self._n_buffered = end
            done += taken.shape[1]
            if self._n_buffered == self._buffer.shape[1]:
                self.flush()

    def flush(self, n_columns: int | None = None) -> None:
        """Write what is in the buffer, up to a number of columns of the whole file."""
        n_new = self._n_buffered if n_columns is None else n_columns - self.n_flushed
        for unit, row in enumerate(self._buffer[:, :n_new]):
            at = unit * self.shape[1] + self.n_flushed
            self._file.seek(self._start + at * self.dtype.itemsize)
            self._file.write(row.tobytes())
        self._n_buffered, self.n_flushed = 0, self.n_flushed + n_new

    def sync(self) -> None:
        """Make sure that what was flushed survives a loss of power."""
        os.fsync(self._file.fileno())

    def rows(self) -> Iterator[AnyArray]:
        """Yield the row of each unit from the file, one at a time."""
        with self.path.open("rb") as file:
            file.seek(self._start)
            for _ in range(self.shape[0]):
                yield np.fromfile(file, self.dtype, self.shape[1])

    def close(self) -> None:
        """Close the file; what is in the buffer is dropped."""
        self._file.close()


def _allocate(path: Path, shape: tuple[int, int], dtype: np.dtype[np.floating]) -> None:
    described = {"descr": dtype.str, "fortran_order": False, "shape": shape}
    with path.open("wb") as file:
        np.lib.format.write_array_header_1_0(file, described)
        file.truncate(file.tell() + shape[0] * shape[1] * dtype.itemsize)
