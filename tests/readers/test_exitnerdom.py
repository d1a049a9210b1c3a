from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redescribe.core.entities import EntityIndex
from redescribe.core.query import Conjunction, Interval, Literal, Membership, Query
from redescribe.core.view import View
from redescribe.errors import (
    EntityMismatchError,
    QuerySyntaxError,
    ReadError,
    UnknownNameError,
)
from redescribe.readers.exitnerdom import read_rr
from redescribe.readers.exitnerdom_query import parse_rr_query
from redescribe.readers.tables import read

if TYPE_CHECKING:
    from pathlib import Path

    from redescribe.readers.stated import StatedRedescription

IDS = EntityIndex(("a", "b c", "d", "e"))
LEFT = View.of("left", [[0.0], [1.0], [2.0], [3.0]], names=["x"], entities=IDS)
RIGHT = read(
    pa.table(
        {
            "id": list(IDS.ids),
            "y": [5.0, 6.0, None, 8.0],
            "worst radius": [1.0, 2.0, 3.0, 4.0],
            "stage": ["I", "II (b)", "I", "I"],
            "smoker": [True, False, True, None],
        }
    ),
    name="right",
)
VIEWS = [LEFT, RIGHT]
# Blanks at the end of a line are written as _.
TEXT = """Redescriptions:_

Rules:_

W1R: x >= 1.0 <= 3.0_
W2R: y >= 6.0 <= 8.0_
JS: 0.6666666666666666
p-value :0.0
Support intersection: 2
Support union: 3
Homogeneity: 0.5

Covered examples (intersection):_
'e' 'b c'_
Union elements:_
'e' 'd' 'b c'_

Rules:_

W1R: NOT ( x >= 0.0 <= 1.0E-4  ) OR ( x >= 0.0 <= 0.0  )
W2R: stage = I_
JS: 0.75
p-value :1.0E-4
Support intersection: 3
Support union: 4

Covered examples (intersection):_
a d e_
Union elements:_
a 'b c' "d" e_

Number of tests: 0
Found: 2 redescriptions with JS=1.0 and minsupport>10

Elapsed time: 0 days, 0 hours,0 minutes, 16 seconds.""".replace("_", " ")


def stated_in(
    folder: Path, text: str, name: str = "MW x.rr"
) -> tuple[StatedRedescription, ...]:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read_rr(path, VIEWS).redescriptions


def test_a_file_is_read_and_confirmed(tmp_path: Path) -> None:
    first, second = stated_in(tmp_path, TEXT)
    assert [str(query) for query in first.queries] == ["1 <= x <= 3", "6 <= y <= 8"]
    assert [query.view for query in first.queries] == ["left", "right"]
    assert (first.stated_support, first.stated_union, first.line) == (2, 3, 3)
    assert first.stated_p_value is None
    assert first.covered_ids == ("e", "b c")
    assert first.recomputed_ids(VIEWS) == (("b c", "e"), ("b c", "d", "e"))
    agreement = first.recomputed(VIEWS)
    assert (agreement.support, agreement.union, agreement.jaccard) == (2, 3, 2 / 3)
    assert first.differences(VIEWS) == []
    assert second.stated_p_value == pytest.approx(1e-4)
    assert str(second.queries[0]) == "(NOT (0 <= x <= 0.0001)) OR (0 <= x <= 0)"
    assert second.differences(VIEWS) == []


def test_differences_are_named(tmp_path: Path) -> None:
    text = TEXT.replace("JS: 0.75", "JS: NaN").replace("a d e \n", "a d \n")
    text = text.replace("intersection: 3", "intersection: 2").replace(
        "union: 4", "union: 5"
    )
    _, second = stated_in(tmp_path, text.replace('"d" e', '"d" f'))
    assert second.differences(VIEWS) == [
        "The file states Jaccard nan, the views give 0.75.",
        "The file states support 2, the views give 3.",
        "The file states union 5, the views give 4.",
        "The covered ids differ: only the file has [] (0), only the views have ['e'] (1).",
        "The union ids differ: only the file has ['f'] (1), only the views have ['e'] (1).",
    ]


def test_a_p_value_of_zero_means_not_computed_in_individual_files_only(
    tmp_path: Path,
) -> None:
    (tmp_path / "MWAllx.rr").write_text(TEXT)
    found = read_rr(tmp_path / "MWAllx.rr", VIEWS)
    assert not found.individual
    assert [stated.stated_p_value for stated in found] == [0.0, 1e-4]
    lines = [line for line in TEXT.split("\n") if not line.startswith("p-value")]
    assert stated_in(tmp_path, "\n".join(lines))[1].stated_p_value is None


def test_empty_files_windows_line_breaks_and_views_left_out(tmp_path: Path) -> None:
    assert stated_in(tmp_path, "Redescriptions: \n\nFound: 0 redescriptions\n") == ()
    path = tmp_path / "a.rr"
    path.write_bytes(TEXT.replace("\n", "\r\n").encode())
    assert len(read_rr(path, VIEWS)) == 2
    only_right = TEXT.replace("W1R: x >= 1.0 <= 3.0 \n", "")
    assert [q.view for q in stated_in(tmp_path, only_right)[0].queries] == ["right"]


@pytest.mark.parametrize(
    ("old", "new", "error", "message"),
    [
        ("Redescriptions:", "Rescriptions:", ReadError, "is no .rr file"),
        ("JS: 0.75\n", "", ReadError, "Line 18 of .* without a line 'JS'"),
        ("Union elements: \na", "\na", ReadError, "Line 18 .* without a line 'Union elem"),
        ("JS: 0.75", "JS: x", ReadError, "Line 22 of .* 'x' where a number belongs"),
        ("union: 4", "union: 4.5", ReadError, "Line 25 of .* '4.5' where a count belongs"),
        ("W2R: stage", "W3R: stage", ReadError, "Line 21 .* over view W3, but 2 views"),
        ("stage = I", "x >= 1.0", QuerySyntaxError, "Line 21 .*belongs to view 'left'"),
        ("stage = I", "stag = I", UnknownNameError, "Line 21 .*'stag'. .*'stage'"),
        ("W1R: x >= 1.0", "W1R: x >= one", QuerySyntaxError, "Line 5 of .* 'one' where a"),
        ("W1R: x >= 1.0 <= 3.0 \nW2R: y", "W1: y", ReadError, "Line 3 .* without queries"),
    ],
)  # fmt: skip
def test_errors_name_the_line(
    tmp_path: Path, old: str, new: str, error: type[Exception], message: str
) -> None:
    assert old in TEXT
    with pytest.raises(error, match=message):
        stated_in(tmp_path, TEXT.replace(old, new))


def test_files_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / "a.rr").write_bytes(b"\xff\xfe")
    with pytest.raises(ReadError, match="not a UTF-8 text"):
        read_rr(tmp_path / "a.rr", VIEWS)
    with pytest.raises(ReadError, match="There is no file"):
        read_rr(tmp_path / "b.rr", VIEWS)


def test_views_must_be_aligned_and_present(tmp_path: Path) -> None:
    first, _ = stated_in(tmp_path, TEXT)
    with pytest.raises(EntityMismatchError, match=r"'left' and 'right' .* align them"):
        first.recomputed([LEFT, RIGHT.take(np.array([1, 0, 2, 3]))])
    with pytest.raises(UnknownNameError, match="There is no view 'right'"):
        first.recomputed([LEFT])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("y>=1.0<=2.0", "1 <= y <= 2"),
        ("y >= 1.0E-4", "y >= 0.0001"),
        ("y <= -2.5", "y <= -2.5"),
        ("y >= -Infinity <= 3.0", "y <= 3"),
        ("worst radius >= 1.0 <= 1.0 AND y >= 2.0", '1 <= "worst radius" <= 1 AND y >= 2'),
        ("(y >= 1.0)OR(y <= 0.0)", "(y >= 1) OR (y <= 0)"),
        ("y >= 1 OR (NOT (y>=2 AND y<=3 )  )", "(y >= 1) OR (NOT (y >= 2 AND y <= 3))"),
        ("stage = II (b) AND y >= 1.0", 'stage = "II (b)" AND y >= 1'),
        ("NOT ( stage = I )", 'NOT (stage = "I")'),
        ("stage = 'I' AND stage = III", 'stage = "I" AND stage = "III"'),
        ("smoker = true", "smoker"),
    ],
)  # fmt: skip
def test_queries_in_every_spelling(text: str, expected: str) -> None:
    assert str(parse_rr_query(text, RIGHT)) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "needs an attribute name"),
        ("y", "needs an attribute name and one of >= <= ="),
        ("y >= 1.0 OR ( y >= 2.0", r"needs '\)'"),
        ("y >= 1.0 )", "does not belong there at character 8"),
        ("y >= NaN", "NaN as the end"),
        ("y >= 3.0 <= 2.0", "is empty"),
        ("y >= -Infinity <= Infinity", "one finite end"),
        ("stage = ", "needs a category"),
    ],
)
def test_queries_that_do_not_parse(text: str, message: str) -> None:
    with pytest.raises(QuerySyntaxError, match=message):
        parse_rr_query(text, RIGHT)


def java(number: float) -> str:
    text = repr(number)
    return text.replace("e", "E") if "e" in text else text


def rr_literal(literal: Literal) -> str:
    if isinstance(literal, Membership):
        return f"{literal.attribute} = {literal.values[0]} "
    low = f">= {java(literal.low)} " if math.isfinite(literal.low) else ""
    high = f"<= {java(literal.high)} " if math.isfinite(literal.high) else ""
    return f"{literal.attribute} {low}{high}"


def rr_term(term: Conjunction) -> str:
    literals = "AND ".join(map(rr_literal, term.literals))
    return f"NOT ( {literals} ) " if term.negated else literals


finite = st.floats(allow_nan=False, allow_infinity=False)
intervals = st.builds(
    lambda name, ends, side: Interval(
        name,
        -math.inf if side == "high" else min(ends),
        math.inf if side == "low" else max(ends),
        low_closed=side != "high",
    ),
    st.sampled_from(["y", "worst radius"]),
    st.tuples(finite, finite),
    st.sampled_from(["low", "high", "both"]),
)
memberships = st.builds(
    lambda value: Membership("stage", (value,)), st.sampled_from(["I", "II (b)"])
)
terms = st.builds(
    lambda literals, negated: Conjunction(tuple(literals), negated),
    st.lists(intervals | memberships, min_size=1, max_size=3),
    st.booleans(),
)


@settings(deadline=None, max_examples=100)
@given(st.lists(terms, min_size=1, max_size=3))
def test_queries_of_the_grammar_come_back(parts: list[Conjunction]) -> None:
    text = rr_term(parts[0]) + "".join(f"OR ( {rr_term(term)} )" for term in parts[1:])
    assert parse_rr_query(text, RIGHT) == Query("right", tuple(parts))
