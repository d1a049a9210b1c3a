from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redescribe.core.view import AttributeKind
from redescribe.errors import EntityMismatchError, ReadError, UnknownNameError, ViewError
from redescribe.readers.tables import read

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CONTENT: dict[str, list[Any]] = {
    "ID": ["p", "q", "r"],
    "age": [30.5, None, 50.0],
    "count": [1, 2, 3],
    "smoker": [True, None, False],
    "stage": ["II", "I", None],
}
FRAMES = [pd.DataFrame, pl.DataFrame, pa.table]


@pytest.mark.parametrize("frame", FRAMES)
def test_data_frames_of_three_libraries_read_alike(frame: Callable[..., Any]) -> None:
    view = read(frame(CONTENT), name="x")
    assert view.name == "x"
    assert view.entities.ids == ("p", "q", "r")
    assert view.names == ("age", "count", "smoker", "stage")
    assert [attribute.kind for attribute in view.attributes] == [
        AttributeKind.NUMERIC,
        AttributeKind.NUMERIC,
        AttributeKind.BOOLEAN,
        AttributeKind.NOMINAL,
    ]
    assert view.attributes[2].categories == ("false", "true")
    assert view.attributes[3].categories == ("I", "II")
    expected = [[30.5, np.nan, 50], [1, 2, 3], [1, np.nan, 0], [1, 0, np.nan]]
    np.testing.assert_array_equal(view.values, expected)
    assert view.values.dtype == np.float64


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".parquet"])
def test_files_read_like_the_frame_they_hold(tmp_path: Path, suffix: str) -> None:
    frame, path = pd.DataFrame(CONTENT), tmp_path / f"people{suffix}"
    if suffix == ".parquet":
        frame.to_parquet(path)
    else:
        text = frame.to_csv(index=False, sep="\t" if suffix == ".tsv" else ",")
        path.write_text(text.replace("True", "true").replace("False", "false"))
    view, expected = read(str(path)), read(frame)
    assert view.name == "people"
    assert expected.name == "view"
    assert view.entities == expected.entities
    assert view.attributes == expected.attributes
    np.testing.assert_array_equal(view.values, expected.values)


@pytest.mark.parametrize("frame", FRAMES)
def test_single_precision_is_kept_only_where_all_columns_have_it(
    frame: Callable[..., Any],
) -> None:
    a, b = np.array([0.1, 0.2], np.float32), np.array([0.1, 0.2])
    assert read(frame({"a": a, "c": a})).values.dtype == np.float32
    assert read(frame({"a": a, "b": b})).values.dtype == np.float64
    assert read(frame({"a": a, "b": b}), columns=["a"]).values.dtype == np.float32


def test_categories_are_sorted_unless_their_order_is_declared() -> None:
    texts = ["b", "a", "c", "b"]
    declared = pd.Categorical(texts, categories=["c", "b", "a", "z"], ordered=True)
    frame = pd.DataFrame({"s": pd.Categorical(texts), "o": declared, "n": [2, 10, 2, 2]})
    frame["n"] = frame["n"].astype("category")
    view = read(frame)
    assert view.attributes[0].categories == ("a", "b", "c")
    assert view.attributes[1].categories == ("c", "b", "a", "z")
    assert view.attributes[2].categories == ("10", "2")
    np.testing.assert_array_equal(view.values, [[1, 0, 2, 1], [1, 2, 0, 1], [1, 0, 1, 1]])


def test_chunks_are_joined() -> None:
    chunks = [pa.table({"s": ["b"], "x": [1.0]}), pa.table({"s": ["a"], "x": [None]})]
    chunks[1] = chunks[1].cast(chunks[0].schema)
    view = read(pa.concat_tables(chunks))
    np.testing.assert_array_equal(view.values, [[1, 0], [1, np.nan]])


def test_a_column_without_any_value_is_numeric_and_missing() -> None:
    view = read(pa.table({"a": pa.nulls(2), "b": [1, 2]}))
    assert view.attributes[0].is_numeric
    assert np.isnan(view.column("a")).all()


@pytest.mark.parametrize(
    ("ids", "expected"),
    [
        ([1, 2], ("1", "2")),
        ([1.0, 2.0], ("1", "2")),
        ([1.5, 2.0], ("1.5", "2")),
        (["007", "x"], ("007", "x")),
        (["1.0", "2.0"], ("1", "2")),
        (["1.0", "x"], ("1.0", "x")),
        ([10**15, 2**60], (str(10**15), str(2**60))),
        ([1e16, 3.0], (str(10**16), "3")),
        ([date(2020, 1, 1), date(2020, 1, 2)], ("2020-01-01", "2020-01-02")),
    ],
)
def test_ids_are_texts(ids: list[object], expected: tuple[str, ...]) -> None:
    table = pa.table({"key": ids, "x": [1, 2]})
    assert read(table, id_column="key").entities.ids == expected


def test_the_id_column_is_found_by_name_and_otherwise_entities_are_numbered() -> None:
    assert read(pa.table({"x": [1, 2], "Id": ["a", "b"]})).entities.ids == ("a", "b")
    both = pa.table({"ID": ["a", "b"], "id": ["c", "d"]})
    assert read(both).entities.ids == ("c", "d")
    assert read(both).names == ("ID",)
    assert read(pa.table({"x": [1, 2]})).entities.ids == ("0", "1")
    chosen = read(both, id_column="ID")
    assert (chosen.entities.ids, chosen.names) == (("a", "b"), ("id",))


@pytest.mark.parametrize("missing", [None, float("nan"), ""])
def test_a_missing_id_is_an_error_that_names_its_row(missing: object) -> None:
    good = "a" if missing == "" else 1.0
    frame = pa.table({"id": [good, missing], "x": [1, 2]})
    with pytest.raises(ReadError, match="Row 2 of Table has no id in column 'id'"):
        read(frame)


def test_ids_need_a_text_form() -> None:
    with pytest.raises(ReadError, match="Column 'id' of Table is of type list"):
        read(pa.table({"id": [[1], [2]], "x": [1, 2]}))


def test_a_repeated_id_is_an_error() -> None:
    with pytest.raises(EntityMismatchError, match=r"'id' of Table .* 'a' occurs 2 times"):
        read(pa.table({"id": ["a", "a"], "x": [1, 2]}))


def test_an_unknown_id_column_names_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match=r"no id column 'patent'. .*'patient'"):
        read(pa.table({"patient": ["a"], "x": [1]}), id_column="patent")


def test_columns_are_names_or_globs_in_the_order_of_the_table() -> None:
    table = pa.table({name: [1] for name in ("n_1", "x[1]", "n_0", "x1", "id")})
    assert read(table, columns=["x[1]", "n_*"]).names == ("n_1", "x[1]", "n_0")
    assert read(table, columns="n_*").names == ("n_1", "n_0")
    assert read(table, columns=["*"]).names == ("n_1", "x[1]", "n_0", "x1")
    for unknown in ("n_2", "N_*"):
        with pytest.raises(UnknownNameError, match=r"Table has no column .*'n_"):
            read(table, columns=[unknown])


def test_columns_of_another_type_are_refused_only_if_they_are_read() -> None:
    table = pa.table({"day": [date(2020, 1, 1)], "x": [1], "l": [[1, 2]]})
    with pytest.raises(ReadError, match=r"'day' of Table is of type date32.*columns="):
        read(table)
    with pytest.raises(ReadError, match=r"Column 'l' .* list"):
        read(table, columns=["l"])
    assert read(table, columns=["x"]).names == ("x",)


def test_whole_numbers_that_a_double_cannot_hold_are_refused() -> None:
    with pytest.raises(ReadError, match="'x' of Table has whole numbers that a double"):
        read(pa.table({"x": [2**53 + 1]}))


def test_infinite_values_are_refused() -> None:
    with pytest.raises(ViewError, match="infinite"):
        read(pa.table({"x": [np.inf]}))


def test_a_pandas_column_of_mixed_types_is_named() -> None:
    with pytest.raises(ReadError, match="Column 'm' of DataFrame cannot be read"):
        read(pd.DataFrame({"m": [1, "x"]}))


def test_pandas_names_that_are_numbers_become_texts() -> None:
    assert read(pd.DataFrame([[1, 2]]), columns=["1"]).names == ("1",)


def test_columns_of_one_name_are_refused() -> None:
    with pytest.raises(ViewError, match="'a' 2 times"):
        read(pd.DataFrame([[1, 2]], columns=["a", "a"]))
    with pytest.raises(ViewError, match=r"Table has columns of one name .*'a' 2 times"):
        read(pa.table([[1], [2]], names=["a", "a"]))


@pytest.mark.parametrize("source", [[1, 2], pl.LazyFrame({"a": [1]}), pl.Series([1])])
def test_other_objects_are_refused(source: object) -> None:
    with pytest.raises(ReadError, match=rf"A {type(source).__name__} cannot be read"):
        read(source)  # type: ignore[arg-type]


def test_a_path_must_lead_to_a_file_of_a_known_format(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"There is no file 'nowhere.csv'"):
        read("nowhere.csv")
    with pytest.raises(ReadError, match="is a folder"):
        read(tmp_path)
    path = tmp_path / "a.xlsx"
    path.touch()
    with pytest.raises(ReadError, match=r"ends in '.xlsx'.*\.csv, \.tsv, \.parquet"):
        read(path)


def test_parquet_reads_dotted_names_and_ignores_the_index_of_pandas(tmp_path: Path) -> None:
    path = tmp_path / "acts.parquet"
    frame = pd.DataFrame({"l.2": [1.0, 2.0], "l": [3, 4], "l.2.c:7": [5, 6]}, index=[4, 5])
    frame.index = pd.Index(["a", "b"])
    frame.to_parquet(path)
    assert read(path).names == ("l.2", "l", "l.2.c:7")
    assert read(path, columns=["l"]).names == ("l",)


def test_a_damaged_parquet_file_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"x": list(range(1000))}), path)
    path.write_bytes(path.read_bytes()[:500])
    with pytest.raises(ReadError, match=r"a\.parquet' cannot be read as Parquet"):
        read(path)


@settings(deadline=None, max_examples=50)
@given(
    st.lists(
        st.tuples(
            st.none() | st.floats(allow_nan=True, allow_infinity=False),
            st.none() | st.text(max_size=3),
            st.none() | st.booleans(),
        ),
        min_size=1,
        max_size=70,
    )
)
def test_every_value_comes_back(rows: list[tuple[Any, ...]]) -> None:
    x, s, b = (list(column) for column in zip(*rows, strict=True))
    table = pa.table(
        {
            "x": pa.array(x, pa.float64()),
            "s": pa.array(s, pa.string()),
            "b": pa.array(b, pa.bool_()),
        }
    )
    view = read(table)
    np.testing.assert_array_equal(view.column("x"), np.array(x, dtype=float))
    for name, expected in (
        ("s", s),
        ("b", [None if v is None else str(v).lower() for v in b]),
    ):
        categories = view.attributes[view.position(name)].categories
        assert list(categories) == sorted(categories)
        got = [None if np.isnan(c) else categories[int(c)] for c in view.column(name)]
        assert got == expected
