"""Tables of Siren and python-clired: what is read, and what is refused."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

from redescribe.core.entities import EntityIndex
from redescribe.core.view import Attribute, AttributeKind, View
from redescribe.errors import (
    EntityMismatchError,
    QuerySyntaxError,
    ReadError,
    UnknownNameError,
)
from redescribe.readers.clired import CliredTables, read_clired
from redescribe.readers.clired_query import parse_clired_query

if TYPE_CHECKING:
    from pathlib import Path

NAN = math.nan
VIEW = View(
    "x",
    EntityIndex.numbered(4),
    (
        Attribute("a"),
        Attribute("worst radius"),
        Attribute("stage", AttributeKind.NOMINAL, ("I", "II", "III b")),
        Attribute("smoker", AttributeKind.BOOLEAN, ("false", "true")),
        Attribute("flag"),
    ),
    np.array(
        [
            [0.0, 1.0, 2.0, 3.0],
            [5.0, 6.0, NAN, 8.0],
            [0.0, 1.0, 2.0, NAN],
            [1.0, 0.0, NAN, 1.0],
            [0.0, 1.0, 1.0, NAN],
        ]
    ),
)


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("1.0<a<2.0", "1 <= a <= 2"),
        ("[1.0<=v0<=2.0]", "1 <= a <= 2"),
        ("2 > a > 1", "1 <= a <= 2"),
        ("v0>=3", "a >= 3"),
        ("a<1e-05", "a <= 1e-05"),
        ("1<a", "a >= 1"),
        ("3>a", "a <= 3"),
        ("1.5 \u2264 worst radius", '"worst radius" >= 1.5'),
        ("v2=III b", 'stage = "III b"'),
        ("stage={I,III b}", 'stage in {"I", "III b"}'),
        ("stage \u2208 {I}", 'stage = "I"'),
        ("[stage!=I]", 'NOT (stage = "I")'),
        ("! stage\u2209{I,II}", 'stage in {"I", "II"}'),
        ("smoker", "smoker"),
        ("! [v3]", "NOT (smoker)"),
        ("flag", "flag >= 1"),
        ("v4={0,1}", "(0 <= flag <= 0) OR (1 <= flag <= 1)"),
        ("a<1 & 6<worst radius", 'a <= 1 AND "worst radius" >= 6'),
        ("a<1 \\land{} smoker", "a <= 1 AND smoker"),
        ("! ( a<1 & smoker )", "NOT (a <= 1 AND smoker)"),
        (
            "( a<1 & smoker ) | ! ( 2<a & smoker )",
            "(a <= 1 AND smoker) OR (NOT (a >= 2 AND smoker))",
        ),
        ("a<1 \\lor \\neg 2<a", "(a <= 1) OR (NOT (a >= 2))"),
        ("( a<1 | 2<a ) & smoker", "(a <= 1 AND smoker) OR (a >= 2 AND smoker)"),
        ("! ( a<1 | smoker )", 'a > 1 AND smoker = "false"'),
        ("! a<1 & stage!=I", 'a > 1 AND stage in {"II", "III b"}'),
        ("! 1<a<2 & smoker", "(a < 1 AND smoker) OR (a > 2 AND smoker)"),
        ("( ( a<1 ) )", "a <= 1"),
        (
            "smoker & ( a<1 | ( 2<a & ! smoker ) )",
            '(smoker AND a <= 1) OR (smoker AND a >= 2 AND smoker = "false")',
        ),
    ],
)
def test_queries(text: str, query: str) -> None:
    assert str(parse_clired_query(text, VIEW)) == query


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("", QuerySyntaxError, "needs a name or a value at character 0: the end"),
        ("!! a<1", QuerySyntaxError, "a constant"),
        ("?v1", QuerySyntaxError, "an anonymous variable"),
        ("@2020<a", UnknownNameError, "has no attribute '@2020'"),
        ("1<a<@2020", QuerySyntaxError, "a time, which is not read"),
        ("a<1 & smoker | flag", QuerySyntaxError, "needs brackets around what"),
        ("a<1 smoker", QuerySyntaxError, "'1 smoker', no number"),
        ("( a<1", QuerySyntaxError, r"needs '\)'"),
        ("[ a<1", QuerySyntaxError, r"needs '\]'"),
        ("stage={I,II", QuerySyntaxError, "needs '}'"),
        ("a<", QuerySyntaxError, "needs a name or a value"),
        ("5=a", QuerySyntaxError, "needs '<' or '>'"),
        ("stage<1", QuerySyntaxError, "'stage' with a number, but it holds categories"),
        ("a=x", QuerySyntaxError, "has 'x', no number"),
        ("a", QuerySyntaxError, "as a truth value, but it holds other numbers"),
        ("v9<1", QuerySyntaxError, "names v9, but view 'x' ends at v4"),
        ("stag=I", UnknownNameError, "'stag'. Did you mean 'stage'"),
        ("3<a<1", QuerySyntaxError, "is empty"),
        (" & ".join(["( a<1 | 2<a )"] * 7), QuerySyntaxError, "would become 128"),
    ],
)
def test_wrong_queries(text: str, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        parse_clired_query(text, VIEW)


def test_the_negation_of_all_categories_is_unknown_where_missing() -> None:
    query = parse_clired_query("stage!={I,II,III b} & a<9", VIEW)
    support = query.on(VIEW)
    assert (len(support), support.unknown_mask.tolist()) == (0, [False, False, False, True])


LEFT = "id,longitude,latitude,age\np,1.0,2.0,30\nq,1.0,2.0,40\nr,1.0,2.0,50\n"
RIGHT = "identifier,smoker,stage\nr,true,II\nq,nan,I\np,false,II\ns,true,I\n"
REDS = (
    "# a comment\nquery_LHS\tquery_RHS\tacc\tpval\tcard_Exx\n"
    "age<40\tstage=II\t0.333\t0.5\t1\n45.0<v0\t[smoker]\t-\t-\t2\n"
)


def tables_of(
    folder: Path, left: str = LEFT, right: str = RIGHT, reds: str = REDS
) -> CliredTables:
    for name, text in (("left.csv", left), ("right.csv", right), ("reds.txt", reds)):
        (folder / name).write_text(text, encoding="utf-8")
    paths = (folder / name for name in ("left.csv", "right.csv", "reds.txt"))
    return read_clired(*paths)


def test_tables_are_joined_by_id_and_redescriptions_evaluated(tmp_path: Path) -> None:
    tables = tables_of(tmp_path)
    assert [view.name for view in tables.views] == ["left", "right"]
    assert tables.views[0].entities.ids == ("p", "q", "r")
    assert [view.names for view in tables.views] == [("age",), ("smoker", "stage")]
    first, second = tables.redescriptions
    assert [str(query) for query in first.queries] == ["age <= 40", 'stage = "II"']
    assert (first.stated_p_value, first.line) == (0.5, 3)
    assert first.differences(tables.views) == []
    assert (second.stated_jaccard, second.stated_p_value) == (None, None)
    assert second.differences(tables.views) == [
        "The file states support 2, the views give 1."
    ]
    wrong = tables_of(tmp_path, reds=REDS.replace("0.333", "0.34")).redescriptions[0]
    assert wrong.differences(tables.views) == [
        f"The file states Jaccard 0.34, the views give {1 / 3}."
    ]


def test_sides_without_ids_are_joined_by_their_rows(tmp_path: Path) -> None:
    right = "smoker,stage\nfalse,II\nnan,I\ntrue,II\n"
    tables = tables_of(tmp_path, right=right)
    assert [view.entities.ids for view in tables.views] == [("p", "q", "r")] * 2
    left = "age\n30\n40\n50\n"
    tables = tables_of(tmp_path, left=left, right=right, reds=REDS.replace("\t", ";"))
    assert tables.views[1].entities.ids == ("0", "1", "2")
    with pytest.raises(EntityMismatchError, match="no entity in common"):
        tables_of(tmp_path, left=left)


@pytest.mark.parametrize(
    ("left", "reds", "message"),
    [
        ("id,cid,value\n1,1,2\n", REDS, "is a sparse table, which is not read"),
        ("id,age,enabled_row\np,1,1\n", REDS, "has the column 'enabled_row'"),
        ("30,40\n50,60\n", REDS, "has numbers in its first row"),
        (LEFT, "", "has no columns query_LHS and query_RHS"),
        (LEFT, "a\tb\n", "has no columns query_LHS and query_RHS"),
        (LEFT, "query_LHS,query_RHS\nage<40,stage={I,II}\n", "has 3 cells for 2 columns"),
        (LEFT, "query_LHS\tquery_RHS\nage<40\t-\n", "Line 2 .* has no query_RHS"),
        (LEFT, "query_LHS\tquery_RHS\n[]\tsmoker\n", "Line 2 .* has no query_LHS"),
        (LEFT, REDS.replace("0.333", "good"), "Line 3 .* has 'good' as acc"),
    ],
)
def test_errors_name_the_place(tmp_path: Path, left: str, reds: str, message: str) -> None:
    with pytest.raises(ReadError, match=message):
        tables_of(tmp_path, left=left, reds=reds)


def test_errors_of_queries_name_the_line(tmp_path: Path) -> None:
    with pytest.raises(QuerySyntaxError, match=r"Line 3 of .*reds.txt': The query 'age<x'"):
        tables_of(tmp_path, reds=REDS.replace("age<40", "age<x"))
    with pytest.raises(UnknownNameError, match=r"Line 3 of .* Did you mean 'age'"):
        tables_of(tmp_path, reds=REDS.replace("age<40", "aga<40"))


def test_a_broken_map_of_names(tmp_path: Path) -> None:
    (tmp_path / "names.json").write_text("[]")
    with pytest.raises(ReadError, match=r"names.json' is no map of names"):
        tables_of(tmp_path)
    (tmp_path / "names.json").unlink()
    (tmp_path / "reds.txt").write_bytes(b"\xff")
    with pytest.raises(ReadError, match="is not a UTF-8 text"):
        read_clired(*(tmp_path / n for n in ("left.csv", "right.csv", "reds.txt")))
