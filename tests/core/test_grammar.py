"""Queries to text and back."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from redescribe.core.grammar import (
    format_redescription,
    parse_query,
    parse_redescription,
)
from redescribe.core.query import Conjunction, Interval, Membership, Query
from redescribe.core.view import View
from redescribe.errors import QuerySyntaxError, ViewError

TRICKY = ("AND", "in", "NOT", "1", "nan", "-inf", "1_0", "a b", 'q"x', "", "é", "a\\", "\n")
names = st.one_of(st.sampled_from(TRICKY), st.text(max_size=6))
finite = st.floats(allow_nan=False, allow_infinity=False)


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    low, high = sorted((draw(finite), draw(finite)))
    kind = draw(st.sampled_from(["low", "high", "both"]))
    closed = draw(st.booleans()), draw(st.booleans())
    if kind == "low":
        return Interval(draw(names), low=low, low_closed=closed[0])
    if kind == "high":
        return Interval(draw(names), high=high, high_closed=closed[1])
    if low == high:
        return Interval(draw(names), low, high, low_closed=True)
    return Interval(draw(names), low, high, *closed)


memberships = st.builds(
    Membership, names, st.lists(names, min_size=1, max_size=3).map(tuple)
)
conjunctions = st.builds(
    Conjunction,
    st.lists(st.one_of(intervals(), memberships), min_size=1, max_size=3).map(tuple),
    st.booleans(),
)
queries = st.builds(
    Query, st.just("x"), st.lists(conjunctions, min_size=1, max_size=3).map(tuple)
)


@given(query=queries)
@example(query=Query("x", (Conjunction((Membership("a", ("true",)),)),)))
@example(query=Query("x", (Conjunction((Interval("a", -0.0),)),)))
def test_a_printed_query_reads_back(query: Query) -> None:
    assert parse_query(str(query), "x") == query
    assert parse_query(f"  {query}\n", "x") == query


@given(pair=st.tuples(queries, queries))
def test_a_printed_redescription_reads_back(pair: tuple[Query, Query]) -> None:
    assert parse_redescription(format_redescription(pair), ("x", "x")) == pair


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a>1", "a > 1"),
        ("( a > 1 )", "a > 1"),
        ("1<a<=2.50", "1 < a <= 2.5"),
        ("NOT(a>=1 AND b<2)", "NOT (a >= 1 AND b < 2)"),
        ('k in {"b","a","b"}', 'k in {"a", "b"}'),
        ('k = "true"', "k"),
        ("(a) OR (NOT (b))", "(a) OR (NOT (b))"),
        ('"a b" > 1e3', '"a b" > 1000'),
        ("a = " + '"\\u00e9"', 'a = "é"'),
    ],
)
def test_texts_have_one_canonical_form(text: str, wanted: str) -> None:
    assert str(parse_query(text, "x")) == wanted


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "needs an attribute name at character 0: the end"),
        ("a > ", "needs a number at character 4: the end"),
        ("a > b", "needs a number at character 4: b"),
        ("a = 3", 'needs a category in "quotation marks" at character 4: 3'),
        ("1 < a", "needs one of < <= at character 5: the end"),
        ("1 > a", "needs one of < <= at character 2: > a"),
        ("a > 1 b", "has text that does not belong there at character 6: b"),
        ("(a > 1", "needs ')' at character 6: the end"),
        ("a > 1 OR b > 2", "needs brackets around each term of an OR at character 9"),
        ("(a) OR b", "needs brackets around each term of an OR at character 7: b"),
        ("NOT a > 1", "needs '(' at character 4: a > 1"),
        ("AND > 1", "needs an attribute name at character 0: AND > 1"),
        ('k in {"a" "b"}', "needs '}' at character 10"),
        ("k in {}", "needs a category"),
        ('k = "a', "cannot be read at character 3"),
        ('k = "\\q"', "has a broken quoted text at character 4"),
    ],
)
def test_errors_name_the_position(text: str, message: str) -> None:
    with pytest.raises(QuerySyntaxError, match=re.escape(message)):
        parse_query(text, "x")


@given(text=st.text(max_size=20))
def test_any_text_parses_or_says_why_not(text: str) -> None:
    try:
        query = parse_query(text, "x")
    except QuerySyntaxError:
        return
    assert parse_query(str(query), "x") == query


def test_a_redescription_has_one_query_per_view() -> None:
    with pytest.raises(QuerySyntaxError, match="has more queries than the 2 views x, y"):
        parse_redescription("a <=> b <=> c", ("x", "y"))
    with pytest.raises(QuerySyntaxError, match="has 1 queries for the 2 views x, y"):
        parse_redescription("a", ("x", "y"))


@pytest.mark.parametrize(
    ("low", "high", "closed"),
    [
        (-math.inf, math.inf, (False, True)),
        (2.0, 1.0, (True, True)),
        (1.0, 1.0, (False, True)),
        (math.nan, 1.0, (False, True)),
    ],
)
def test_empty_intervals_are_errors(
    low: float, high: float, closed: tuple[bool, bool]
) -> None:
    with pytest.raises(QuerySyntaxError, match="interval of 'a'"):
        Interval("a", low, high, *closed)


def test_parts_of_a_query_are_never_empty() -> None:
    with pytest.raises(QuerySyntaxError, match="at least one category"):
        Membership("a", ())
    with pytest.raises(QuerySyntaxError, match="at least one literal"):
        Conjunction(())
    with pytest.raises(QuerySyntaxError, match="at least one term"):
        Query("x", ())


def test_an_infinite_end_is_neither_open_nor_closed() -> None:
    assert Interval("a", 1, low_closed=True, high_closed=False) == Interval(
        "a", 1, low_closed=True
    )


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a > 1", [0, 0, 1, None]),
        ("a >= 1", [0, 1, 1, None]),
        ("1 <= a < 2", [0, 1, 0, None]),
        ("a = 1", None),
        ("NOT (a > 1)", [1, 1, 0, None]),
        ("(a > 1) OR (a <= 0)", [1, 0, 1, None]),
    ],
)
def test_queries_on_values(text: str, wanted: list[int | None] | None) -> None:
    view = View.of("x", [[0.0], [1.0], [2.0], [np.nan]], names=["a"])
    if wanted is None:
        with pytest.raises(QuerySyntaxError):
            parse_query(text, "x")
        return
    support = parse_query(text, "x").on(view)
    assert support.mask.tolist() == [value == 1 for value in wanted]
    assert support.unknown_mask.tolist() == [value is None for value in wanted]


def test_literals_fit_the_kind_of_their_attribute() -> None:
    view = View.of("x", [[0.0], [1.0]], names=["a"])
    with pytest.raises(ViewError, match="compares categories, but 'a' of view 'x'"):
        parse_query('a = "1"', "x").on(view)
