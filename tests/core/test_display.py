"""Sets of findings in a terminal and in a notebook."""

from __future__ import annotations

import pytest
from tests.report import examples
from tests.report.examples import HOSTILE, Page

from redescribe.core.display import table_html, table_text
from redescribe.significance.assess import assess


@pytest.mark.parametrize("hold_out", [0.3, 0])
def test_text_has_a_heading_the_caveat_and_the_first_rows(hold_out: float) -> None:
    data = examples.dataset(hold_out=hold_out)
    found = examples.assessed(data)
    lines = table_text(found, limit=3).splitlines()
    assert lines[0].startswith("13 findings, ")
    assert lines[0].endswith("9 of 10 describable targets described")
    assert lines[1] == found.evidence.caveat
    assert [line.split()[0] for line in lines[3:]] == ["id", "R1", "R2", "R3", "…"]
    assert lines[-1] == "… 10 more: see to_frame()"
    assert ("confirmed" in lines[3]) == bool(hold_out)


def test_columns_are_aligned_to_the_right() -> None:
    found = examples.assessed(examples.dataset())
    rows = table_text(found).splitlines()[3:-1]
    assert len({len(row) for row in rows}) == 1


def test_three_long_rules_stand_on_three_lines() -> None:
    data = examples.dataset(tuple(f"{name}_{'long_' * 9}" for name in examples.PLAIN))
    wide = [one for one in examples.redescriptions(data) if len(one.queries) == 3]
    found = assess(examples.family(data, wide), data)
    first, *others = table_text(found).splitlines()[4:]
    assert first.split()[:2] == ["R1", "net@fc:0"]
    assert [line.split()[0] for line in others] == ["<=>", "<=>"]
    short = examples.dataset()
    wide = [one for one in examples.redescriptions(short) if len(one.queries) == 3]
    text = table_text(assess(examples.family(short, wide), short))
    assert len(text.splitlines()) == 5


def test_whole_table_has_no_last_line() -> None:
    found = examples.assessed(examples.dataset())
    assert table_text(found, limit=13).splitlines()[-1].startswith("R13")


def test_one_finding_is_singular() -> None:
    data = examples.dataset()
    one = assess(examples.family(data, examples.redescriptions(data)[:1]), data)
    assert table_text(one).startswith("1 finding, ")


@pytest.mark.parametrize("hold_out", [0.3, 0])
def test_empty_family(hold_out: float) -> None:
    data = examples.dataset(hold_out=hold_out)
    nothing = examples.nothing(data)
    assert table_text(nothing).startswith("No findings: ")
    assert "table" not in Page(table_html(nothing)).tags


@pytest.mark.parametrize("hold_out", [0.3, 0])
def test_hostile_names_are_escaped(hold_out: float) -> None:
    found = examples.assessed(examples.dataset(HOSTILE, hold_out=hold_out))
    page = Page(table_html(found, limit=99))
    assert {"script", "img", "title"}.isdisjoint(page.tags)
    assert page.tags.count("tr") == 1 + len(found)
    assert any(HOSTILE[0] in text for text in page.texts)


def test_terminal_gets_no_controls_and_no_endless_lines() -> None:
    text = table_text(examples.assessed(examples.dataset(HOSTILE)), limit=99)
    assert all(line.isprintable() for line in text.splitlines())
    assert max(map(len, text.splitlines()[3:])) < 140


@pytest.mark.parametrize("hold_out", [0.3, 0])
def test_undefined_numbers_are_blank(hold_out: float) -> None:
    found = examples.assessed(examples.dataset(hold_out=hold_out))
    assert "nan" not in table_text(found, limit=99)
    assert "<td></td>" in table_html(found, limit=99) or not hold_out
