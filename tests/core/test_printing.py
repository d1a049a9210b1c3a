"""Queries in words and numbers as people read them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redescribe.core.entities import EntityIndex
from redescribe.core.grammar import parse_query
from redescribe.core.printing import (
    format_interval,
    format_jaccard,
    format_p,
    format_share,
    in_words,
    name_in_words,
)
from redescribe.core.query import Conjunction, Interval, Membership, Query
from redescribe.core.view import Attribute, AttributeKind, View
from redescribe.errors import UnknownNameError

UNIT = "a@hidden2:7"


def neurons(values: list[float]) -> View:
    entities = EntityIndex.numbered(len(values))
    return View("a", entities, (Attribute(UNIT, neuron=True),), np.array([values]))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("worst_radius > 16.8", "worst radius is above 16.8"),
        ("age >= 3", "age is at least 3"),
        ("age <= 3", "age is at most 3"),
        ("age < 3", "age is below 3"),
        ("3 < age <= 5", "age is between 3 and 5"),
        ("3 <= age <= 3", "age is 3"),
        ("age > -0.5", "age is above -0.5"),
        ("smoker", "smoker"),
        ('stage = "II"', 'stage is "II"'),
        ('stage in {"II", "III"}', 'stage is "II" or "III"'),
        ('stage in {"I", "II", "III"}', 'stage is "I", "II" or "III"'),
        ('stage = "a_b"', 'stage is "a_b"'),
        ("a > 1 AND b <= 2", "a is above 1 and b is at most 2"),
        ("NOT (a > 1 AND smoker)", "not (a is above 1 and smoker)"),
        ("NOT (a > 1)", "a is at most 1"),
        ("NOT (a >= 1)", "a is below 1"),
        ("NOT (a <= 1)", "a is above 1"),
        ("NOT (a < 1)", "a is at least 1"),
        ("NOT (1 < a <= 2)", "a is not between 1 and 2"),
        ("NOT (smoker)", "not smoker"),
        ('NOT (stage = "I")', 'stage is not "I"'),
        ('NOT (stage in {"I", "II"})', 'stage is neither "I" nor "II"'),
        ("(a > 1 AND b > 2) OR (c > 3)", "a is above 1 and b is above 2, or c is above 3"),
        (
            "(a > 1) OR (NOT (b > 2 AND c > 3))",
            "a is above 1, or not (b is above 2 and c is above 3)",
        ),
    ],
)
def test_queries_in_words(text: str, words: str) -> None:
    assert in_words(parse_query(text, "x")) == words


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("fc2:7", "unit 7 of layer fc2"),
        (UNIT, "unit 7 of layer hidden2 of network a"),
        ("flint@attributes:3", "learned attribute 3 of flint"),
        ("flint@attributes:3|row", "learned attribute 3 of flint (row)"),
        ('"my net"@"my layer":0', "unit 0 of layer my layer of network my net"),
        ("renamed by hand", "renamed by hand"),
        ("snake_case", "snake_case"),
    ],
)
def test_neurons_in_words(name: str, words: str) -> None:
    assert name_in_words(name, neuron=True) == words


@pytest.mark.parametrize(
    ("name", "words"), [("a_b", "a b"), ("_", '"_"'), ("", '""'), ("a\n b\t", "a b")]
)
def test_attributes_in_words(name: str, words: str) -> None:
    assert name_in_words(name) == words


def test_view_says_which_attributes_are_neurons() -> None:
    query = parse_query(f"{UNIT} > 1.79", "a")
    words = "unit 7 of layer hidden2 of network a is above 1.79"
    assert in_words(query, neurons([1.0, 2.0])) == words
    assert in_words(query, neurons=[UNIT]) == words
    assert in_words(query) == "a@hidden2:7 is above 1.79"


def test_view_without_the_attribute_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="has no attribute"):
        in_words(parse_query("b > 1", "a"), neurons([1.0]))


def test_view_says_which_attributes_are_boolean() -> None:
    boolean = Attribute("smoker", AttributeKind.BOOLEAN, ("false", "true"))
    nominal = Attribute("state", AttributeKind.NOMINAL, ("false", "true"))
    view = View("x", EntityIndex.numbered(1), (boolean, nominal), np.zeros((2, 1)))
    assert in_words(parse_query('smoker = "false"', "x"), view) == "not smoker"
    assert in_words(parse_query('state = "false"', "x"), view) == 'state is "false"'
    both = Query("x", (Conjunction((Membership("smoker", ("true", "false")),)),))
    assert in_words(both, view) == 'smoker is "false" or "true"'


@pytest.mark.parametrize(
    ("text", "share"),
    [
        (f"{UNIT} > 3", " (top 25 %)"),
        (f"{UNIT} <= 3", " (lowest 75 %)"),
        (f"NOT ({UNIT} <= 3)", " (top 25 %)"),
        (f"{UNIT} > 9", " (top 0 %)"),
        (f"1 < {UNIT} <= 3", ""),
    ],
)
def test_shares_are_of_the_known_values(text: str, share: str) -> None:
    view = neurons([1.0, 2.0, 3.0, 4.0, math.nan])
    query = parse_query(text, "a")
    assert in_words(query, view, shares=True) == in_words(query, view) + share


def test_no_share_without_values_or_for_plain_attributes() -> None:
    query = parse_query(f"{UNIT} > 3", "a")
    assert "%" not in in_words(query, neurons([math.nan]), shares=True)
    assert "%" not in in_words(query, neurons=[UNIT], shares=True)
    plain = View.of("a", [[1.0], [4.0]], names=[UNIT])
    assert "%" not in in_words(query, plain, shares=True)


@pytest.mark.parametrize(
    ("log10_p", "text"),
    [
        (0.0, "1"),
        (-0.0, "1"),
        (1e-12, "1"),
        (math.log10(0.34), "0.34"),
        (math.log10(0.0104), "0.01"),
        (-3.0, "0.001"),
        (-3.0001, "1e-3"),
        (-33.0, "1e-33"),
        (-4.002, "1e-4"),
        (-400.5, "3e-401"),
        (-math.inf, ""),
        (math.nan, ""),
    ],
)
def test_p_values(log10_p: float, text: str) -> None:
    assert format_p(log10_p) == text


@given(st.floats(-1e6, 0))
def test_p_is_never_zero_and_nearly_right(log10_p: float) -> None:
    mantissa, _, exponent = format_p(log10_p).partition("e")
    assert float(mantissa) > 0
    got = math.log10(float(mantissa)) + int(exponent or 0)
    assert got == pytest.approx(log10_p, abs=0.18)


@given(st.floats(0, 1))
def test_only_exact_shares_and_jaccards_look_exact(value: float) -> None:
    assert (format_share(value) == "0 %") == (value == 0)
    assert (format_share(value) == "100 %") == (value == 1)
    assert (format_jaccard(value) == "1.00") == (value == 1)


def test_undefined_values_are_blank() -> None:
    for value in (None, math.nan):
        assert format_p(value) == format_share(value) == format_jaccard(value) == ""
        assert format_interval(value, 0.5) == format_interval(0.5, value) == ""


@given(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
    st.floats(allow_nan=False, allow_infinity=False),
)
def test_any_name_and_number_can_be_said(name: str, low: float) -> None:
    query = Query("x", (Conjunction((Interval(name, low),)),))
    for known in ((), (name,)):
        assert " is above " in in_words(query, neurons=known)
