"""Rule sets as SQL and Python answer as they do; the other forms say all they must."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest
from hypothesis import given
from tests.rules.examples import inputs, rows_of, rule, rule_sets

from redescribe.core.grammar import parse_query
from redescribe.core.view import View
from redescribe.errors import UnknownNameError
from redescribe.rules.params import Combination
from redescribe.rules.ruleset import RuleSet

X = View.of("x", [[0.0]], names=["worst_radius"])
RULES = RuleSet(
    "x",
    X.attributes,
    ("benign", "malignant & co"),
    (rule(parse_query("worst_radius > 16.8", "x"), "malignant & co", 0.91),),
    default="benign",
)


@given(rules=rule_sets())
def test_the_function_in_python_answers_the_same(rules: RuleSet) -> None:
    view = inputs()
    names: dict[str, Any] = {}
    exec(rules.to_text("python", name="answer"), names)  # noqa: S102 - our own text
    answers = [names["answer"](row) for row in rows_of(view)]
    assert answers == rules.predict(view)
    absent = [{k: v for k, v in row.items() if v is not None} for row in rows_of(view)]
    assert [names["answer"](row) for row in absent] == answers


@given(rules=rule_sets())
def test_the_expression_in_sql_answers_the_same(rules: RuleSet) -> None:
    view = inputs()
    columns = ", ".join('"' + name.replace('"', '""') + '"' for name in view.names)
    with sqlite3.connect(":memory:") as database:
        database.execute(f"CREATE TABLE x ({columns})")
        rows = [tuple(row.values()) for row in rows_of(view)]
        database.executemany("INSERT INTO x VALUES (?, ?, ?, ?)", rows)
        expression = rules.to_text("sql")
        found = database.execute(f"SELECT {expression} FROM x ORDER BY rowid").fetchall()  # noqa: S608
    database.close()
    assert [answer for (answer,) in found] == rules.predict(view)


def test_texts_say_rules_evidence_and_default() -> None:
    text = str(RULES)
    assert text.startswith("1. IF worst_radius > 16.8 THEN malignant & co  (weight 0.91")
    assert text.endswith("OTHERWISE benign")
    words = RULES.to_text("words")
    assert "If worst radius is above 16.8, it is malignant & co" in words


def test_latex_is_escaped() -> None:
    text = RULES.to_text("latex")
    assert r"worst\_radius \textgreater{} 16.8" in text
    assert r"malignant \& co" in text
    assert text.count(r"\\") == 3


def test_a_name_that_is_no_identifier_becomes_one() -> None:
    assert "def _2_of_me(row):" in RULES.to_text("python", name="2 of me")


def test_scores_before_any_rule_are_said() -> None:
    weighted = RuleSet(
        "x",
        X.attributes,
        ("benign", "malignant"),
        (rule(parse_query("worst_radius > 16.8", "x"), "malignant", -2.0),),
        Combination.WEIGHTED,
        base=(0.0, 1.5),
    )
    assert "THEN NOT malignant" in str(weighted)
    assert "Scores before any rule: benign 0, malignant 1.5" in str(weighted)
    assert str(weighted).endswith("OTHERWISE no answer")


def test_an_unknown_form_is_an_error() -> None:
    with pytest.raises(UnknownNameError, match=r"no form 'sqll'\. Did you mean 'sql'"):
        RULES.to_text("sqll")
