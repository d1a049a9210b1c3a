"""docs/recall.md is what docs/make_recall.py writes: its texts, and a few of its cells."""

from __future__ import annotations

import re

import pytest
from docs import make_recall as recall

from redescribe.datasets.planted import TargetValues
from redescribe.discretize.modes import Discretization

TEXT = recall.PAGE.read_text(encoding="utf-8")
MESSAGE = "Run: python -m docs.make_recall"


def table(heading: str) -> dict[tuple[str, str], str]:
    """The cells of the table of a section, by row and column."""
    section = TEXT[TEXT.index(f"## {heading}\n") :]
    lines = re.search(r"(?:^\|.*\|$\n)+", section, re.MULTILINE)
    assert lines
    header, _, *rows = (
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in lines[0].splitlines()
    )
    return {
        (row[0], column): cell
        for row in rows
        for column, cell in zip(header[1:], row[1:], strict=True)
    }


def test_texts_rows_and_columns_are_those_of_the_script() -> None:
    assert TEXT.startswith(recall.INTRODUCTION), MESSAGE
    assert recall.DISCRETISED in TEXT, MESSAGE
    for heading in recall.FIGURES.values():
        cells = table(heading)
        assert list(cells) == [(row, c) for row in recall.ROWS for c in recall.COLUMNS]
        for (row, column), cell in cells.items():
            fits = recall.COLUMNS[column].fits(recall.ROWS[row])
            assert (cell != recall.NONE) == fits, MESSAGE


@pytest.mark.parametrize(
    ("row", "column"),
    [("individual, 2", "noise 5 %"), ("individual, 4", "clean")],
)
def test_cells_are_those_of_the_script(row: str, column: str) -> None:
    shares = recall.recall(row, column)
    for figure, heading in recall.FIGURES.items():
        if figure != "seconds":
            want = recall.text(figure, shares)
            assert table(heading)[row, column] == want, f"{heading}: {MESSAGE}"


def test_a_cell_of_the_discretisers_is_that_of_the_script() -> None:
    kind, mode = TargetValues.NORMAL, Discretization.EQUAL_WIDTH
    want = recall.discretised(kind, mode)
    assert table("Kinds of targets")[kind.value, mode.value] == want, MESSAGE
