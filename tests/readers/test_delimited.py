from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from redescribe.core.view import AttributeKind
from redescribe.errors import ReadError, UnknownNameError, ViewError
from redescribe.readers.columns import ColumnRequest
from redescribe.readers.delimited import MISSING_TEXTS, read_delimited

if TYPE_CHECKING:
    from pathlib import Path

    from redescribe.core.view import View


def view_of(
    folder: Path, text: str | bytes, suffix: str = ".csv", **request: object
) -> View:
    path = folder / f"table{suffix}"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_delimited(path, ColumnRequest(**request))  # type: ignore[arg-type]


def test_kinds_are_inferred_and_ids_stay_texts(tmp_path: Path) -> None:
    view = view_of(tmp_path, "\ufeffid,a,b,c\r\n007,1,true,x\r\n008,2.5,false,y\r\n")
    assert view.entities.ids == ("007", "008")
    kinds = [attribute.kind for attribute in view.attributes]
    assert kinds == [AttributeKind.NUMERIC, AttributeKind.BOOLEAN, AttributeKind.NOMINAL]
    np.testing.assert_array_equal(view.values, [[1, 2.5], [1, 0], [0, 1]])


@pytest.mark.parametrize("missing", MISSING_TEXTS)
def test_missing_cells(tmp_path: Path, missing: str) -> None:
    view = view_of(tmp_path, f"a,b,c\n{missing},{missing},{missing}\n1,true,x\n")
    assert np.isnan(view.values[:, 0]).all()
    assert view.attributes[2].categories == ("x",)


def test_types_do_not_depend_on_the_first_megabyte(tmp_path: Path) -> None:
    rows = "1,2\n" * 300_000
    view = view_of(tmp_path, f"a,b\n{rows}0.5,x\n")
    assert view.attributes[0].is_numeric
    assert view.attributes[1].categories == ("2", "x")


def test_rows_longer_than_a_megabyte(tmp_path: Path) -> None:
    n_columns = 120_000
    names = ",".join(f"neuron_{i}" for i in range(n_columns))
    view = view_of(
        tmp_path, f"{names}\n{'1,' * (n_columns - 1)}1\n", columns=("neuron_7*",)
    )
    assert view.values.shape == (31_111 - 20_000, 1)


def test_quoted_cells_may_hold_commas_and_line_breaks(tmp_path: Path) -> None:
    view = view_of(tmp_path, 'id,"a, b"\n"x\ny",1\nz,2\n')
    assert view.entities.ids == ("x\ny", "z")
    assert view.names == ("a, b",)


def test_tabs(tmp_path: Path) -> None:
    assert view_of(tmp_path, "a\tb,c\n1\t2\n", ".tsv").names == ("a", "b,c")


def test_columns_that_are_not_chosen_are_not_read(tmp_path: Path) -> None:
    text = "a,day\n1,2020-01-01\n"
    assert view_of(tmp_path, text, columns=("a",)).names == ("a",)
    with pytest.raises(ReadError, match=r"Column 'day' of .*table.csv' is of type date32"):
        view_of(tmp_path, text)
    with pytest.raises(UnknownNameError, match="no column 'b'"):
        view_of(tmp_path, text, columns=("b",))


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("", ReadError, "is empty: its first row must name the columns"),
        ("\n\n", ReadError, "is empty"),
        ("a,b\n1,2\n3\n", ReadError, "Row #3: Expected 2 columns, got 1: 3"),
        ("a,b,a\n1,2,3\n", ViewError, "has 2 columns called 'a'"),
        (",b\n1,2\n", ReadError, "has no name for column 1"),
        ("a;b\n1;2\n", ReadError, "only one column, called 'a;b'"),
        ("id,b\n,2\n", ReadError, "Row 1 of .* has no id in column 'id'"),
        ("a,b\n", ViewError, "is empty: 2 attributes, 0 entities"),
        ("é,b\n1,2\n".encode("latin-1"), ReadError, "is not a UTF-8 text"),
        (
            ("a,b\n" + "1,e\n" * 5000 + "1,é\n").encode("latin-1"),
            ReadError,
            "Column 'b' .* is of type binary",
        ),
    ],
)
def test_errors(
    tmp_path: Path, text: str | bytes, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        view_of(tmp_path, text)
