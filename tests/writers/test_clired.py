"""Tables for Siren and python-clired: what is written reads back."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from tests.writers.examples import cases, redescription

from redescribe.core.entities import EntityIndex
from redescribe.core.grammar import parse_query
from redescribe.core.query import Conjunction, Interval, Query
from redescribe.core.view import Attribute, AttributeKind, View
from redescribe.errors import UnknownNameError
from redescribe.readers.clired import read_clired
from redescribe.readers.clired_names import clired_name, clired_names
from redescribe.readers.clired_query import parse_clired_query
from redescribe.store.names import folder_name
from redescribe.writers.clired import (
    COLUMNS,
    clired_query,
    write_clired,
    write_clired_views,
)

TRUTH = ("false", "true")
VIEW = View(
    "x",
    EntityIndex.numbered(3),
    (Attribute("a"), Attribute("b", AttributeKind.BOOLEAN, TRUTH)),
    np.array([[0.5, 1.0, 2.0], [0.0, 1.0, np.nan]]),
)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("a > 1", "1.0000000000000002<a"),
        ("a > 0.7", "0.7<a"),
        ("a < 2", "a<1.9999999999999998"),
        ("b", "b"),
        ('b = "false"', "! b"),
        ("NOT (b)", "! b"),
        ('NOT (b = "false")', "b"),
        ('b in {"false", "true"}', "b | ! b"),
        ('NOT (b in {"false", "true"})', "b & ! b"),
        ('b = "maybe"', "b & ! b"),
        ('a > 0.7 AND b in {"false", "true"}', "0.7<a & ( b | ! b )"),
        ('a > 0.7 AND b = "maybe"', "0.7<a & b & ! b"),
        ("(a > 0.7) OR (NOT (a <= 1 AND b))", "0.7<a | ! ( a<1.0 & b )"),
        ('(NOT (a <= 1 AND b)) OR (b = "maybe")', "! ( a<1.0 & b ) | ( b & ! b )"),
    ],
)
def test_texts(query: str, text: str) -> None:
    parsed = parse_query(query, "x")
    assert clired_query(parsed, VIEW) == text
    assert parse_clired_query(text, VIEW).on(VIEW) == parsed.on(VIEW)


@given(cases())
def test_what_is_written_reads_back(
    case: tuple[list[View], list[tuple[Query, Query]]],
) -> None:
    views, pairs = case
    with tempfile.TemporaryDirectory() as text:
        folder = Path(text)
        (queries,) = write_clired([redescription(p, views) for p in pairs], views, folder)
        left, right = (folder / f"data_{folder_name(view.name)}.csv" for view in views)
        tables = read_clired(left, right, queries)
    assert [view.name for view in tables.views] == [view.name for view in views]
    for view, again in zip(views, tables.views, strict=True):
        assert again.entities == view.entities
        assert again.names == view.names
        numbers = [attribute.is_numeric for attribute in view.attributes]
        assert np.array_equal(again.values[numbers], view.values[numbers], equal_nan=True)
    for pair, one in zip(pairs, tables.redescriptions, strict=True):
        assert one.differences(tables.views) == []
        assert one.stated_p_value is not None
        both = zip(pair, one.queries, views, tables.views, strict=True)
        for query, read, view, again in both:
            assert read.on(again) == query.on(view)


@given(cases())
def test_written_names_are_names_of_the_dialect(
    case: tuple[list[View], list[tuple[Query, Query]]],
) -> None:
    views, _ = case
    names = clired_names(views)
    for view in views:
        written = names.written_view(view)
        assert len(set(written.names)) == len(written.names)
        for name in written.names:
            assert written.names[written.position(name)] == name
            assert not set(name) & set("<>=![](){}?&|,\n\t\\%")
            assert name == name.strip() != ""
            assert not name[0].isdigit()
            assert name.lower() not in {"id", "nan", "value"}


def test_pairs_of_views_and_what_is_left_out(tmp_path: Path) -> None:
    views = [View.of(name, [[0.0], [1.0], [2.0]], names=["a"]) for name in ("x", "y", "z")]
    queries = {name: parse_query("a > 0.5", name) for name in "xyz"}
    pairs = [("x", "y"), ("z", "x"), ("y", "x"), ("x", "y", "z")]
    found = [redescription([queries[name] for name in pair], views) for pair in pairs]
    paths = write_clired(found, views, tmp_path)
    assert [path.name for path in paths] == ["queries_x_y.tsv", "queries_x_z.tsv"]
    lines = [path.read_text().splitlines() for path in paths]
    assert [len(rows) for rows in lines] == [3, 2]
    assert lines[0][0] == "\t".join(COLUMNS)
    assert lines[1][1].split("\t") == [
        *("0.5<a", "0.5<a", "1.0", lines[1][1].split("\t")[3], "0", "0", "2", "1")
    ]
    assert (tmp_path / "data_z.csv").read_text() == '"id","a"\n0,0.0\n1,1.0\n2,2.0\n'
    with pytest.raises(UnknownNameError, match="There is no view 'z'"):
        write_clired(found, views[:2], tmp_path)


def test_views_alone_are_written_as_beside_redescriptions(tmp_path: Path) -> None:
    views = [View.of(name, [[0.0], [1.0]], names=["a>b"]) for name in ("x", "y")]
    queries = [Query(n, (Conjunction((Interval("a>b", 0.5),)),)) for n in ("x", "y")]
    write_clired([redescription(queries, views)], views, tmp_path / "both")
    paths = write_clired_views(views, tmp_path / "alone")
    assert [path.name for path in paths] == ["data_x.csv", "data_y.csv"]
    for name in ("data_x.csv", "data_y.csv", "names.json"):
        both, alone = (tmp_path / folder / name for folder in ("both", "alone"))
        assert alone.read_bytes() == both.read_bytes()


def test_columns_of_zeros_are_no_truth_values(tmp_path: Path) -> None:
    views = [View.of(name, [[0.0], [np.nan]], names=["a"]) for name in ("x", "y")]
    pair = [parse_query("a <= 0", name) for name in "xy"]
    write_clired([redescription(pair, views)], views, tmp_path)
    assert (tmp_path / "data_x.csv").read_text() == '"id","a"\n0,0.00\n1,nan\n'


@pytest.mark.parametrize(
    ("name", "written"),
    [
        *(("worst radius", "worst radius"), ("fc2:7", "fc2:7"), ("", "~")),
        *(("v12", "~7612"), ("1st", "~31st"), ("id", "~69d"), ("nan", "~6Ean")),
        *(("50%", "~350~25"), (" a", "~20a"), ("a~20", "a~7E20"), ("a~b", "a~b")),
    ],
)
def test_names(name: str, written: str) -> None:
    assert clired_name(name) == written
