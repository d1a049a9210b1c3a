"""Supports of redescriptions <-> one array of words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from redescribe.core.support import Support, n_words
from redescribe.errors import StoreError
from redescribe.store.digest import array_digest
from redescribe.store.files import read_array, read_here_and_there, write_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from redescribe._typing import Words


SUPPORTS_DIGEST = "supports-digest"
"""Where the file that belongs to the supports keeps their digest."""
_MAPPED = 2**20
"""Bytes of a file from which on it is read where it lies."""


def write_supports(path: Path, supports: Sequence[tuple[Support, ...]]) -> str:
    """Write supports as words: redescription × query × (satisfied, unknown) × word.

    Where redescriptions have fewer queries than others, the last rows are zero.

    Returns
    -------
    digest
        Of what was written, for `read_supports`.
    """
    n_entities = supports[0][0].n_entities if supports else 0
    of_row = (max(map(len, supports), default=0), 2, n_words(n_entities))

    def rows() -> Iterator[Words]:
        for of_redescription in supports:
            row = np.zeros(of_row, np.uint64)
            for cell, support in zip(row, of_redescription, strict=False):
                cell[0], cell[1] = support.satisfied, support.unknown
            yield row

    return write_rows(path, rows(), (len(supports), *of_row), np.uint64)


def read_supports(
    path: Path, n_queries: Sequence[int], n_entities: int, *, digest: str | None
) -> list[tuple[Support, ...]]:
    """Read the supports of redescriptions with these numbers of queries.

    Parameters
    ----------
    path
        The file.
    n_queries
        Of each redescription.
    n_entities
        Of each support.
    digest
        What `write_supports` returned; None for files of versions that did not keep it.

    Raises
    ------
    StoreError
        If the file is missing or broken, or does not fit the redescriptions.
    """
    words = read_array(path, writable=True)
    most = max(n_queries, default=0)
    expected = (len(n_queries), most, 2, n_words(n_entities) if n_queries else 0)
    if words.shape != expected or words.dtype != np.dtype("<u8"):
        em = (
            f"{path} is broken: it holds {words.dtype} of shape {words.shape}; uint64 of "
            f"shape {expected} belongs to the redescriptions. Remove it and run again."
        )
        raise StoreError(em)
    if digest is not None and array_digest(words) != digest:
        em = (
            f"{path} is broken: it holds other bytes than were written. Remove it and run "
            "again."
        )
        raise StoreError(em)
    if words.nbytes < _MAPPED:  # of many small ones, each would be a mapping
        words = words.copy()
    read_here_and_there(words)
    native = words.astype(np.uint64, copy=False)
    # Where no value is missing, nobody has to read zeros.
    none = np.zeros(native.shape[-1:], np.uint64) if not native[:, :, 1].any() else None
    return [
        tuple(
            Support(n_entities, cell[0], cell[1] if none is None else none)
            for cell in row[:number]
        )
        for row, number in zip(native, n_queries, strict=True)
    ]
