"""docs/cohorts.md shows what the commands print, and names every column and method."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from docs import make_cohorts as cohorts
from tests.significance.examples import dataset, family

from redescribe.relations.tested import Method
from redescribe.significance.assess import assess

ROOT = Path(__file__).parents[2]
PAGE = cohorts.PAGE.read_text(encoding="utf-8")
MENTIONED = set(
    re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", PAGE, flags=re.M | re.S))
)


def test_the_page_is_that_of_the_script() -> None:
    assert cohorts.page() == PAGE, "Run: python -m docs.make_cohorts"


def test_every_method_and_column_is_named() -> None:
    assert {method.value for method in Method} <= MENTIONED
    data = dataset(60, 20)
    row = assess(family(data, ("a > 0", "c > 0")), data).on(data).rows()[0]
    columns = {re.sub(r"^(query|size)_[xy]$", r"\1_<view>", name): None for name in row}
    drifts = {name for name in columns if "_drift_" in name}
    assert {re.sub("_(mined|hold_out)$", "_<part>", name) for name in drifts} <= MENTIONED
    assert set(columns) - drifts - MENTIONED == set()


@pytest.mark.parametrize("command", ["redescribe cohorts", "redescribe apply"])
def test_the_readme_mentions_the_commands_and_the_page(command: str) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert command in readme
    assert "(docs/cohorts.md)" in readme
