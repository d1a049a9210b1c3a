"""LaTeX tables: nothing that is data is ever a command."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.writers.examples import cases, redescription

from redescribe.core.assessed import AssessedSet, Assessment, Evidence, Finding
from redescribe.core.grammar import parse_query
from redescribe.core.redescription import Agreement
from redescribe.writers.columns import HELD_OUT, IN_SAMPLE
from redescribe.writers.latex import (
    attribute_macros,
    escape_latex,
    latex_query,
    latex_text,
)
from redescribe.writers.markdown import escape_markdown, markdown_text

if TYPE_CHECKING:
    from redescribe.core.query import Query
    from redescribe.core.view import View

Case = tuple[list["View"], list[tuple["Query", "Query"]]]
COMMAND = re.compile(r"\\(?:[A-Za-z]+(?:\{\})?|[{}$&#_%])")


def assessed(case: Case, *, held_out: bool) -> AssessedSet:
    views, pairs = case
    evidence = Evidence(
        6, 6 if held_out else 0, len(pairs), 9, "binomial", "bh", 0.01, 0.5, 0
    )
    findings = []
    for number, pair in enumerate(pairs, start=1):
        found = redescription(pair, views)
        agreement = Agreement.of(found.supports)
        tested = Assessment(agreement, 0.1, 0.9, 0.2, -30.2, -29.9, confirmed=True)
        findings.append(Finding(f"R{number}", found, tested if held_out else None))
    names = tuple(view.name for view in views)
    return AssessedSet(tuple(findings), (), names, evidence, 0.0)


@given(st.text())
def test_escaped_text_has_balanced_braces_and_no_special_sign(text: str) -> None:
    escaped = escape_latex(text)
    bare = COMMAND.sub("", escaped).replace("{-}", "")
    assert not set(bare) & set("\\{}$&#_%^~<>|\"'`-\n")


@given(cases(), st.booleans())
def test_a_table_is_well_formed(case: Case, held_out: bool) -> None:  # noqa: FBT001
    text = latex_text(assessed(case, held_out=held_out))
    depth = 0
    for token in re.findall(r"\\.|[{}]", text, re.DOTALL):
        depth += {"{": 1, "}": -1}.get(token, 0)
        assert depth >= 0
    assert depth == 0
    assert len(re.findall(r"(?<!\\)\$", text)) % 2 == 0
    commands = re.findall(r"\\providecommand\{(\\attr[A-Za-z]+)\}", text)
    assert len(set(commands)) == len(commands)
    rows = [line for line in text.split("\n") if line.startswith("R")]
    assert len(rows) == len(case[1])
    columns = len(HELD_OUT if held_out else IN_SAMPLE) + 2
    for row in rows:
        assert len(re.findall(r"(?<!\\)&", row)) == columns - 1
        assert row.endswith(" \\\\")
        assert set(re.findall(r"\\attr[A-Za-z]+", row)) <= set(commands)


@given(cases(), st.booleans())
def test_a_markdown_table_is_well_formed(case: Case, held_out: bool) -> None:  # noqa: FBT001
    text = markdown_text(assessed(case, held_out=held_out))
    lines = text.split("\n")
    columns = len(HELD_OUT if held_out else IN_SAMPLE) + 2
    table = lines[: len(case[1]) + 2]
    for line in table:
        assert len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) == columns + 1
    assert [line == "" for line in lines[len(table) :]] == [True, False, True]
    assert "<" not in text.replace("<br>", "")


@given(st.text())
def test_escaped_markdown_is_one_line_without_html(text: str) -> None:
    escaped = escape_markdown(text)
    assert len(escaped.splitlines()) <= 1
    assert not set(escaped) & set("<>@")
    assert not set(re.sub(r"\\.|&(?:amp|lt|gt|#64);", "", escaped)) & set("|`*_[]\\&")


def test_names_become_commands_of_letters() -> None:
    names = ["", "7", "AB", "a b", "aB", "é", "worst_radius", "", "7"]
    macros = attribute_macros(names)
    assert list(macros) == ["", "7", "AB", "a b", "aB", "é", "worst_radius"]
    assert list(macros.values()) == [
        *("\\attrB", "\\attrSeven", "\\attrAB", "\\attrABB", "\\attrABC", "\\attrC"),
        "\\attrWorstRadius",
    ]
    many = attribute_macros(f"{'_' * n}x" for n in range(60))
    assert len(set(many.values())) == 60


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("a > 1e-05", r"\A{} $> 1 \cdot 10^{-5}$"),
        ("a >= 3", r"\A{} $\geq 3$"),
        ("a < -2", r"\A{} $< -2$"),
        ("1 <= a < 2", r"$1 \leq$ \A{} $< 2$"),
        ('a = "I_b"', r"\A{} $=$ ``I\_b''"),
        ('a in {"I", "II"}', r"\A{} $\in$ \{``I'', ``II''\}"),
        ("NOT (a AND a > 1)", r"$\neg$(\A{} $\wedge$ \A{} $> 1$)"),
        ("(a) OR (a > 1)", r"(\A{}) $\vee$ (\A{} $> 1$)"),
    ],
)
def test_queries(query: str, text: str) -> None:
    assert latex_query(parse_query(query, "x"), {"a": "\\A"}) == text


def test_the_caption_of_an_empty_set() -> None:
    empty = assessed(([], []), held_out=True)
    text = latex_text(empty)
    assert "\\caption{Mined on 6 entities, tested on 6 others; q{-}values (bh)" in text
    assert text.startswith("% \\usepackage")
    assert text.count("$J$ & $J$ mined & support & $q$ & confirmed") == 2
    assert "tested on 6 others" in markdown_text(empty)
