"""Tables read back as they were written, whatever the format."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from redescribe.errors import ParameterError, StoreError
from redescribe.writers.tabular import TableFormat, table_text, write_table

if TYPE_CHECKING:
    from redescribe.core.assessed import Cell

TEXT_FORMATS = [TableFormat.CSV, TableFormat.JSON, TableFormat.JSONL]
ROWS: list[dict[str, Cell]] = [
    {"id": "R1", "query": 'a > 1, "b"\nü', "n": 3, "jaccard": 0.1 + 0.2, "confirmed": True},
    {"id": "R2", "query": None, "n": 2**60, "jaccard": None, "confirmed": False},
    {"id": "R3", "query": "", "n": -1, "jaccard": float("nan"), "confirmed": None},
]
COLUMNS = ["id", "query", "n", "jaccard", "confirmed"]

floats = st.floats(allow_nan=False, allow_infinity=False)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
tables = st.lists(
    st.fixed_dictionaries(
        {
            "text": st.none() | texts,
            "real": st.none() | floats,
            "whole": st.none() | st.integers(-(2**63), 2**63 - 1),
            "flag": st.none() | st.booleans(),
        }
    ),
    max_size=4,
)


@given(rows=tables)
@settings(deadline=None)
def test_json_reads_back_exactly(rows: list[dict[str, Cell]]) -> None:
    assert json.loads(table_text(rows, TableFormat.JSON)) == rows
    lines = table_text(rows, TableFormat.JSONL).split("\n")[:-1]
    assert [json.loads(line) for line in lines] == rows


@given(rows=tables)
@settings(max_examples=25, deadline=None)
def test_parquet_reads_back_exactly(rows: list[dict[str, Cell]]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "t.parquet"
        write_table(rows, path, TableFormat.PARQUET)
        assert parquet.read_table(path).to_pylist() == rows


@given(values=st.lists(floats, min_size=1))
def test_csv_keeps_every_digit(values: list[float]) -> None:
    text = table_text([{"x": value} for value in values], TableFormat.CSV)
    assert [float(row["x"]) for row in csv.DictReader(io.StringIO(text))] == values


@pytest.mark.parametrize("table_format", list(TableFormat))
def test_a_table_reads_back_through_pandas(
    tmp_path: Path, table_format: TableFormat
) -> None:
    path = tmp_path / f"table.{table_format}"
    write_table(ROWS, path, table_format)
    readers = {
        TableFormat.CSV: lambda: pd.read_csv(path),
        TableFormat.JSON: lambda: pd.read_json(path, precise_float=True),
        TableFormat.JSONL: lambda: pd.read_json(path, lines=True, precise_float=True),
        TableFormat.PARQUET: lambda: pd.read_parquet(path),
    }
    frame = readers[table_format]()
    assert list(frame.columns) == COLUMNS
    assert frame["query"][0] == ROWS[0]["query"]
    assert pd.isna(frame["query"][1])
    assert frame["n"].tolist() == [3, 2**60, -1]
    assert frame["jaccard"][0] == pytest.approx(0.1 + 0.2, rel=1e-15)
    assert frame["jaccard"].isna().tolist() == [False, True, True]
    assert [path.name for path in tmp_path.iterdir()] == [path.name]


def test_csv_writes_booleans_and_nulls() -> None:
    lines = table_text(ROWS, TableFormat.CSV).splitlines()
    assert lines[0] == "id,query,n,jaccard,confirmed"
    assert lines[-1] == "R3,,-1,,"
    assert lines[-2].endswith(",false")


@pytest.mark.parametrize("table_format", TEXT_FORMATS)
def test_no_text_has_a_number_that_is_none(table_format: TableFormat) -> None:
    rows: list[dict[str, Cell]] = [{"a": float("nan"), "b": float("inf")}]
    assert "nan" not in table_text(rows, table_format).lower()
    assert "inf" not in table_text(rows, table_format).lower()


@pytest.mark.parametrize(
    ("table_format", "text"), [("csv", "id,jaccard\n"), ("json", "[]\n"), ("jsonl", "")]
)
def test_an_empty_table_keeps_its_columns(table_format: str, text: str) -> None:
    chosen = TableFormat(table_format)
    assert table_text([], chosen, columns=["id", "jaccard"]) == text


def test_an_empty_table_without_columns_is_empty() -> None:
    assert table_text([], TableFormat.CSV) == ""


def test_an_empty_parquet_has_types(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    write_table([], path, TableFormat.PARQUET, columns=["id", "jaccard", "confirmed"])
    assert parquet.read_schema(path).types == [pa.string(), pa.float64(), pa.bool_()]


def test_columns_are_chosen_and_ordered() -> None:
    text = table_text(ROWS, TableFormat.CSV, columns=["n", "id", "absent"])
    assert text.splitlines()[:2] == ["n,id,absent", "3,R1,"]


def test_text_goes_to_a_stream(capsys: pytest.CaptureFixture[str]) -> None:
    stream = io.StringIO()
    write_table(ROWS, None, TableFormat.JSON, stream=stream)
    assert len(json.loads(stream.getvalue())) == 3
    write_table(ROWS, None, TableFormat.CSV)
    assert capsys.readouterr().out == table_text(ROWS, TableFormat.CSV)


def test_parquet_is_not_printed() -> None:
    with pytest.raises(ParameterError, match="Name a file"):
        write_table(ROWS, None, TableFormat.PARQUET)


def test_numpy_numbers_are_numbers(tmp_path: Path) -> None:
    rows = [{"a": np.float64(0.5), "b": np.float64("nan")}]
    assert table_text(rows, TableFormat.JSONL) == '{"a": 0.5, "b": null}\n'
    write_table(rows, tmp_path / "t.parquet", TableFormat.PARQUET)


def test_whole_and_real_numbers_share_a_column(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    write_table([{"a": 1}, {"a": 0.5}], path, TableFormat.PARQUET)
    assert parquet.read_table(path)["a"].to_pylist() == [1.0, 0.5]


def test_mixed_columns_are_refused(tmp_path: Path) -> None:
    rows: list[dict[str, Cell]] = [{"a": 1}, {"a": "b"}]
    with pytest.raises(StoreError, match="'a' mixes int, str"):
        write_table(rows, tmp_path / "t.parquet", TableFormat.PARQUET)
    assert not list(tmp_path.iterdir())
