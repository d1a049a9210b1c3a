"""JSON, Parquet and NPY files: written atomically, read with errors that name the file."""

from __future__ import annotations

import hashlib
import json
import mmap
import shutil
from contextlib import contextmanager
from tokenize import TokenError
from typing import TYPE_CHECKING, Literal, cast

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from redescribe.errors import StoreError
from redescribe.store.atomic import replacing
from redescribe.store.digest import sealed, unsealed, with_digest, without_digest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from redescribe._typing import AnyArray
    from redescribe.store.schema import JSON

REMOVE = "Remove it and make it again."
RUN_AGAIN = (
    "Start the same run with the same folder again: it is made again, and finished parts "
    "are kept."
)

_ROWS = 2**16
"""Rows of a table that are read at once."""

# numpy parses the header of an array as Python text, and a shape may ask for any memory.
_BROKEN = (
    *(ValueError, TypeError, KeyError, EOFError, OverflowError, MemoryError),
    *(SyntaxError, TokenError, RecursionError, AttributeError, pa.ArrowException),
)


def write_json(path: Path, value: Mapping[str, JSON]) -> None:
    """Write a JSON object; floats read back exactly."""
    text = json.dumps(value, indent=1, ensure_ascii=False)
    write_text(path, text + "\n")


def write_record(path: Path, value: Mapping[str, JSON]) -> None:
    """Write a JSON object with a digest of it as its last key, which `read_json` checks."""
    write_text(path, sealed(json.dumps(value, indent=1, ensure_ascii=False)))


def write_text(path: Path, text: str) -> None:
    """Write a text in UTF-8 with the line ends it has."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="")


def write_parquet(path: Path, table: pa.Table) -> None:
    """Write a Parquet file with checksums, which `read_parquet` checks."""
    with replacing(path) as temporary:
        parquet.write_table(with_digest(table), temporary, write_page_checksum=True)


def write_array(path: Path, array: AnyArray) -> None:
    """Write an array as NPY: little-endian, C order."""
    little = array.astype(array.dtype.newbyteorder("<"), order="C", copy=False)
    with replacing(path) as temporary, temporary.open("wb") as file:
        np.save(file, little, allow_pickle=False)


def write_rows(
    path: Path, rows: Iterable[AnyArray], shape: tuple[int, ...], dtype: np.typing.DTypeLike
) -> str:
    """Write an array as `write_array` does, row by row; return its `array_digest`."""
    little = np.dtype(dtype).newbyteorder("<")
    described = {"descr": little.str, "fortran_order": False, "shape": shape}
    digest = hashlib.sha256()
    with replacing(path) as temporary, temporary.open("wb") as file:
        np.lib.format.write_array_header_1_0(file, described)
        for row in rows:
            content = row.astype(little, order="C", copy=False).tobytes()
            file.write(content)
            digest.update(content)
    return digest.hexdigest()


def copy_file(source: Path, path: Path) -> None:
    """Copy a file; it appears under its new name when it is whole."""
    with replacing(path) as temporary:
        shutil.copyfile(source, temporary)


def read_json(path: Path, advice: str = REMOVE) -> dict[str, JSON]:
    """Read a JSON object, without the digest that it may hold.

    Parameters
    ----------
    path
        The file.
    advice
        What to do if it is broken.

    Raises
    ------
    StoreError
        If the file is missing, broken or holds something else.
    """
    with reading(path, advice):
        value = json.loads(unsealed(path.read_text(encoding="utf-8")))
    if not isinstance(value, dict):
        em = f"{path} holds a JSON {type(value).__name__} where an object is needed."
        raise StoreError(em)
    return cast("dict[str, JSON]", value)


def read_parquet(path: Path) -> pa.Table:
    """Read a Parquet file.

    Raises
    ------
    StoreError
        If the file is missing or broken.
    """
    # A thread of Arrow that still holds a file of Python aborts the process at its end.
    with reading(path), pa.OSFile(str(path), "rb") as file:
        stored = parquet.ParquetFile(file, page_checksum_verification=True)
        # As a whole, Arrow makes room for all rows that a row group claims to have.
        batches = stored.iter_batches(batch_size=_ROWS)
        return without_digest(pa.Table.from_batches(batches, schema=stored.schema_arrow))


def metadata_of(table: pa.Table, path: Path) -> dict[str, str]:
    """Return the metadata of a table that was read from a path, as texts.

    Raises
    ------
    StoreError
        If they are none.
    """
    with reading(path):
        raw = table.schema.metadata or {}
        return {name.decode(): value.decode() for name, value in raw.items()}


def read_array(path: Path, *, writable: bool = False) -> AnyArray:
    """Memory-map an NPY file; an empty one is loaded.

    Parameters
    ----------
    path
        The file.
    writable
        Whether the array, never the file, may be written to, as compiled kernels demand.

    Raises
    ------
    StoreError
        If the file is missing, truncated or holds Python objects.
    """
    with reading(path):
        try:
            mode: Literal["c", "r"] = "c" if writable else "r"
            return np.asarray(np.load(path, mmap_mode=mode, allow_pickle=False))
        except ValueError:  # an empty array cannot be mapped
            return cast("AnyArray", np.load(path, allow_pickle=False))


def read_here_and_there(array: AnyArray) -> None:
    """Tell the system that a memory-mapped array is read in no order from now on.

    It then reads no more than is asked for, instead of megabytes around it.
    """
    base: object = array
    while isinstance(base, np.ndarray):
        base = base.base
    if isinstance(base, mmap.mmap) and hasattr(mmap, "MADV_RANDOM"):
        base.madvise(mmap.MADV_RANDOM)


@contextmanager
def reading(path: Path, advice: str = REMOVE) -> Iterator[None]:
    """Turn what goes wrong while a stored file is read into a StoreError that names it.

    Parameters
    ----------
    path
        The file.
    advice
        What to do if it is broken.
    """
    try:
        yield
    except StoreError:
        raise
    except FileNotFoundError as error:
        em = f"{path} does not exist. Check the path."
        raise StoreError(em) from error
    except OSError as error:
        em = f"{path} cannot be read: {error.strerror or error}."
        raise StoreError(em) from error
    except _BROKEN as error:
        em = f"{path} is broken ({error}). {advice}"
        raise StoreError(em) from error
