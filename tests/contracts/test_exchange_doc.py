"""docs/exchange.md names every key, option and column of the exchange formats."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from redescribe.cli.export import Format
from redescribe.readers import exitnerdom_keys as keys
from redescribe.readers.exitnerdom_preferences import IGNORED, WEIGHTS
from redescribe.writers.clired import COLUMNS
from redescribe.writers.columns import Column

TEXT = (Path(__file__).parents[2] / "docs" / "exchange.md").read_text(encoding="utf-8")
MENTIONED = set(re.findall(r"`([^`\n]+)`", TEXT))


@pytest.mark.parametrize(
    "group",
    [keys.MEANINGS, keys.TOGETHER, keys.IGNORED, keys.UNSUPPORTED, WEIGHTS, COLUMNS],
)
def test_every_key_is_named(group: set[str]) -> None:
    assert set(group) - MENTIONED == set()


def test_every_option_is_named() -> None:
    options = {
        option
        for meaning in keys.MEANINGS.values()
        for owner, option in meaning.places
        if owner != keys.PENDING
    }
    assert options | set(WEIGHTS.values()) | {IGNORED} <= MENTIONED


def test_formats_and_columns_are_named() -> None:
    for name in (Format.RR, Format.CLIRED, Format.LATEX, Format.MARKDOWN):
        assert f"--format {name}" in TEXT
    assert all(column.value in TEXT for column in Column)
