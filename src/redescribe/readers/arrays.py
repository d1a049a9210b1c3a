"""Numpy arrays, NPY and NPZ files -> views."""

from __future__ import annotations

import zlib
from functools import partial
from tokenize import TokenError
from typing import TYPE_CHECKING
from zipfile import BadZipFile

import numpy as np
import pyarrow as pa

from redescribe.core.entities import EntityIndex
from redescribe.core.view import BOOLEAN_CATEGORIES, Attribute, AttributeKind, View
from redescribe.errors import ReadError
from redescribe.readers.arrow import entity_index, id_texts
from redescribe.readers.columns import ColumnRequest
from redescribe.readers.files import existing_file, shown

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from redescribe._typing import AnyArray, Values

# numpy parses the header of an array as Python text; a shape may ask for any memory; an
# archive may be packed in any way.
BROKEN = (
    *(ValueError, TypeError, EOFError, OSError, OverflowError, MemoryError),
    *(SyntaxError, TokenError, RecursionError, BadZipFile, NotImplementedError),
    *(RuntimeError, KeyError, zlib.error),
)
"""What reading a damaged array or archive raises."""


def view_of_array(
    array: AnyArray,
    request: ColumnRequest | None = None,
    *,
    name: str,
    names: Sequence[str] = (),
    ids: Sequence[str] = (),
    where: str = "ndarray",
) -> View:
    """Return the view of a numpy array.

    Parameters
    ----------
    array
        ndarray of numbers or Booleans, shape (n_entities, n_attributes). NaN is missing.
        float32 and float16 become float32, other numbers float64, Booleans an attribute
        of kind boolean.
    request
        The columns to read; all where it is not given.
    name
        Name of the view.
    names
        One name per attribute; `x0`, `x1`, … where there are none.
    ids
        One id per entity; "0", "1", … where there are none.
    where
        What the array is called in a message.

    Raises
    ------
    ReadError
        If the array has not two dimensions or holds something else than numbers, or the
        names or ids do not fit its shape.
    UnknownNameError
        If a requested column does not exist; an array has no id column.

    Examples
    --------
    >>> view = view_of_array(np.array([[1, 5], [2, 6], [3, 7]]), name="x")
    >>> view.names, view.values.shape
    (('x0', 'x1'), (2, 3))
    """
    if array.ndim != 2:
        em = (
            f"{where} has {array.ndim} dimensions of shape {array.shape}: a view needs "
            "two, entities × attributes. Reshape it."
        )
        raise ReadError(em)
    if array.dtype.kind not in "biuf":
        em = (
            f"{where} holds values of type {array.dtype}: a view needs numbers or "
            "Booleans. Convert it, or use a data frame for texts."
        )
        raise ReadError(em)
    n_entities, n_attributes = array.shape
    _check_length(ids, n_entities, f"{where} has {{}} ids for {{}} entities (rows)")
    _check_length(
        names,
        n_attributes,
        f"{where} has {{}} names for {{}} attributes (columns)",
    )
    names = list(names) or [f"x{i}" for i in range(n_attributes)]
    entities = entity_index(ids, where=where) if ids else EntityIndex.numbered(n_entities)
    request = request or ColumnRequest()
    attributes: Sequence[str] = names
    if request.id_column or request.columns:
        attributes = request.among(names, where=where).attributes
        where_of = {attribute: position for position, attribute in enumerate(names)}
        array = array[:, [where_of[attribute] for attribute in attributes]]
    if array.dtype.kind == "b":
        make = partial(Attribute, kind=AttributeKind.BOOLEAN, categories=BOOLEAN_CATEGORIES)
    else:
        make = partial(Attribute)
    single = array.dtype.kind == "f" and array.dtype.itemsize <= 4
    rows = array.T
    values: Values = (
        np.ascontiguousarray(rows, np.float32)
        if single
        else np.ascontiguousarray(rows, np.float64)
    )
    return View(name, entities, tuple(map(make, attributes)), values)


def read_npy(
    path: str | Path, request: ColumnRequest | None = None, *, name: str = ""
) -> View:
    """Read a NPY file that holds one array, shape (n_entities, n_attributes).

    See `view_of_array` for types, names, ids and missing values. Never unpickles.

    Raises
    ------
    ReadError
        If the file is missing, damaged or pickled, or the array does not make a view.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "fc2.npy"
    ...     np.save(path, np.zeros((3, 2), np.float32))
    ...     view = read_npy(path)
    >>> view.name, view.values.shape, view.values.dtype.name
    ('fc2', (2, 3), 'float32')
    """
    path = existing_file(path)
    loaded = _mapped(path)
    return view_of_array(loaded, request, name=name or path.stem, where=shown(path))


def read_npz(
    path: str | Path, request: ColumnRequest | None = None, *, name: str = ""
) -> View:
    """Read a NPZ file with one array, or with `values` and perhaps `ids` and `names`.

    See `view_of_array` for shapes, types and missing values. Never unpickles.

    Raises
    ------
    ReadError
        If the file is missing, damaged or pickled, has other arrays, or they do not fit
        together.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "fc2.npz"
    ...     np.savez(path, values=np.zeros((2, 1)), ids=[7, 8], names=["fc2:0"])
    ...     view = read_npz(path)
    >>> view.entities.ids, view.names
    (('7', '8'), ('fc2:0',))
    """
    path = existing_file(path)
    where = shown(path)
    arrays = _archive(path)
    if len(arrays) == 1:
        arrays = {"values": next(iter(arrays.values()))}
    if "values" not in arrays or not arrays.keys() <= {"values", "ids", "names"}:
        em = (
            f"{where} has the arrays {', '.join(arrays) or '(none)'}: save one array, or "
            "'values' with 'ids' and 'names' if there are any."
        )
        raise ReadError(em)
    return view_of_array(
        arrays["values"],
        request,
        name=name or path.stem,
        names=_texts(arrays, "names", where),
        ids=_texts(arrays, "ids", where),
        where=where,
    )


def read_arrays(path: str | Path) -> dict[str, AnyArray]:
    """Return the arrays of a NPY or NPZ file as they are; one of a NPY file by its stem.

    A NPY file is mapped into memory. Never unpickles.

    Raises
    ------
    ReadError
        If the file is missing, damaged or pickled.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     np.savez(Path(folder) / "x.npz", a=np.zeros((2, 3, 4)), b=np.ones(2))
    ...     {name: array.shape for name, array in read_arrays(f"{folder}/x.npz").items()}
    {'a': (2, 3, 4), 'b': (2,)}
    """
    path = existing_file(path)
    return _archive(path) if path.suffix.lower() == ".npz" else {path.stem: _mapped(path)}


def _mapped(path: Path) -> AnyArray:
    try:
        # Mapped into memory: only what is used is read.
        loaded = np.load(path, mmap_mode="r", allow_pickle=False)
    except BROKEN as error:
        raise _unreadable(path, error) from None
    if not isinstance(loaded, np.ndarray):
        loaded.close()
        em = f"{shown(path)} is an archive of arrays: let its name end in .npz."
        raise ReadError(em)
    return loaded


def _archive(path: Path) -> dict[str, AnyArray]:
    try:
        # numpy leaves a damaged archive open that it opened itself.
        with path.open("rb") as file:
            loaded = np.load(file, allow_pickle=False)
            arrays = {} if isinstance(loaded, np.ndarray) else dict(loaded)
    except BROKEN as error:
        raise _unreadable(path, error) from None
    if isinstance(loaded, np.ndarray):
        em = f"{shown(path)} is a single array: let its name end in .npy."
        raise ReadError(em)
    for name, member in arrays.items():
        if not isinstance(member, np.ndarray):  # numpy hands out bytes that are no array
            em = f"{shown(path)}: the member {name!r} is no array. Write the file again."
            raise ReadError(em)
    return arrays


def _texts(arrays: dict[str, AnyArray], key: str, where: str) -> list[str]:
    if key not in arrays:
        return []
    array = arrays[key]
    if array.ndim != 1:
        em = f"The array {key!r} of {where} has {array.ndim} dimensions: it needs one."
        raise ReadError(em)
    if array.dtype.kind not in "iufU":
        em = (
            f"The array {key!r} of {where} holds values of type {array.dtype}: "
            "it needs texts or whole numbers."
        )
        raise ReadError(em)
    return id_texts(pa.array(array.tolist()), column=key, where=where)


def _check_length(texts: Sequence[str], expected: int, message: str) -> None:
    """An empty sequence means that there are none."""
    if len(texts) not in {0, expected}:
        em = f"{message.format(len(texts), expected)}: give one for each, in order."
        raise ReadError(em)


def _unreadable(path: Path, error: Exception) -> ReadError:
    if "allow_pickle" in str(error) or "Python objects" in str(error):
        return ReadError(
            f"{shown(path)} holds pickled objects or no arrays at all: pickles can run "
            "code when they are read and are refused (allow_pickle=False), so save plain "
            "numbers with numpy.save or numpy.savez."
        )
    return ReadError(f"{shown(path)} is no whole file of arrays: {error}. Save it again.")
