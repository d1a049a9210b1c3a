from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from redescribe.core.view import AttributeKind
from redescribe.errors import EntityMismatchError, ReadError, UnknownNameError, ViewError
from redescribe.readers.tables import read

if TYPE_CHECKING:
    from pathlib import Path

    from redescribe._typing import AnyArray


@pytest.mark.parametrize(
    ("dtype", "expected"),
    [("f4", "f4"), ("f2", "f4"), (">f4", "f4"), ("f8", "f8"), ("i8", "f8"), ("u1", "f8")],
)
@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("suffix", ["", ".npy", ".npz"])
def test_numbers(
    tmp_path: Path, dtype: str, expected: str, order: str, suffix: str
) -> None:
    array = np.array([[1, 2], [3, 4], [5, 6]], dtype, order=order)  # type: ignore[call-overload]
    source: Path | AnyArray = array
    if suffix:
        source = tmp_path / f"acts{suffix}"
        (np.save if suffix == ".npy" else np.savez)(source, array)
    view = read(source)
    assert view.name == ("acts" if suffix else "view")
    assert view.names == ("x0", "x1")
    assert view.entities.ids == ("0", "1", "2")
    assert view.values.dtype == np.dtype(expected)
    assert view.values.flags.c_contiguous
    np.testing.assert_array_equal(view.values, array.T)


def test_booleans_are_boolean_attributes() -> None:
    view = read(np.array([[True], [False]]))
    assert view.attributes[0].kind is AttributeKind.BOOLEAN
    assert view.attributes[0].categories == ("false", "true")
    np.testing.assert_array_equal(view.values, [[1, 0]])


def test_columns_are_chosen_before_the_array_is_copied() -> None:
    view = read(np.arange(30.0).reshape(3, 10), columns=["x[13]", "x7"])
    assert view.names == ("x1", "x3", "x7")
    np.testing.assert_array_equal(view.values[:, 0], [1, 3, 7])
    with pytest.raises(UnknownNameError, match="ndarray has no column 'y'"):
        read(np.zeros((1, 1)), columns=["y"])
    with pytest.raises(UnknownNameError, match="ndarray has no id column 'key'"):
        read(np.zeros((1, 1)), id_column="key")


@pytest.mark.parametrize(
    ("array", "error", "message"),
    [
        (np.zeros(3), ReadError, r"has 1 dimensions of shape \(3,\)"),
        (np.zeros((1, 1), complex), ReadError, "holds values of type complex128"),
        (np.array([["a"]]), ReadError, "holds values of type <U1"),
        (np.zeros((0, 1)), ViewError, "is empty"),
        (np.array([[np.inf]]), ViewError, "infinite"),
    ],
)
def test_arrays_that_are_no_views(
    array: AnyArray, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        read(array)


@pytest.mark.parametrize(
    "ids", [np.array(["a", "b"]), np.array([3, 4]), np.array([3.0, 4.0])]
)
def test_archives_may_hold_ids_and_names(tmp_path: Path, ids: AnyArray) -> None:
    path = tmp_path / "fc2.npz"
    np.savez(path, values=np.zeros((2, 1)), ids=ids, names=["fc2:0"])
    view = read(path)
    assert view.entities.ids == (("a", "b") if ids.dtype.kind == "U" else ("3", "4"))
    assert view.names == ("fc2:0",)


@pytest.mark.parametrize(
    ("arrays", "error", "message"),
    [
        ({"a": [[1]], "b": [[1]]}, ReadError, "has the arrays a, b: save one array"),
        ({"values": [[1]], "b": [[1]]}, ReadError, "has the arrays values, b"),
        ({}, ReadError, r"has the arrays \(none\)"),
        ({"values": [[1]], "ids": ["a", "b"]}, ReadError, "has 2 ids for 1 entities"),
        ({"values": [[1]], "names": ["a", "b"]}, ReadError, "has 2 names for 1 attributes"),
        ({"values": [[1]], "names": [["a"]]}, ReadError, "'names' of .* has 2 dimensions"),
        ({"values": [[1]], "ids": [True]}, ReadError, "'ids' of .* type bool"),
        ({"values": [[1]], "ids": [""]}, ReadError, "Row 1 of .* has no id"),
        ({"values": [[1], [2]], "ids": ["a", "a"]}, EntityMismatchError, "'a' occurs 2"),
        ({"values": [[1, 2]], "names": ["a", "a"]}, ViewError, "2 columns called 'a'"),
    ],
)
def test_archives_that_are_no_views(
    tmp_path: Path, arrays: dict[str, list[object]], error: type[Exception], message: str
) -> None:
    path = tmp_path / "a.npz"
    np.savez(path, **{key: np.array(value) for key, value in arrays.items()})  # type: ignore[arg-type]
    with pytest.raises(error, match=message):
        read(path)


def test_pickles_are_refused(tmp_path: Path) -> None:
    objects = np.array([[{}]], object)
    np.save(tmp_path / "a.npy", objects, allow_pickle=True)
    np.savez(tmp_path / "a.npz", objects)
    for name in ("a.npy", "a.npz"):
        with pytest.raises(
            ReadError, match=rf"{name}' holds pickled objects.*allow_pickle=False"
        ):
            read(tmp_path / name)


def test_damaged_and_exchanged_files(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.zeros((100, 100)))
    np.savez(tmp_path / "b.npz", np.zeros((100, 100)))
    for name in ("a.npy", "b.npz"):
        path = tmp_path / f"cut_{name}"
        path.write_bytes((tmp_path / name).read_bytes()[:500])
        with pytest.raises(ReadError, match=rf"cut_{name}' is no whole file of arrays"):
            read(path)
    (tmp_path / "a.npy").rename(tmp_path / "c.npz")
    with pytest.raises(ReadError, match=r"let its name end in \.npy"):
        read(tmp_path / "c.npz")
    (tmp_path / "b.npz").rename(tmp_path / "d.npy")
    with pytest.raises(ReadError, match=r"let its name end in \.npz"):
        read(tmp_path / "d.npy")
    (tmp_path / "e.npy").touch()
    with pytest.raises(ReadError, match=r"no whole file|no arrays"):
        read(tmp_path / "e.npy")
