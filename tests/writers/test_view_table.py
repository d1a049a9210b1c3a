"""Views as tables that are read again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from redescribe.core.entities import EntityIndex
from redescribe.core.view import BOOLEAN_CATEGORIES, Attribute, AttributeKind, View
from redescribe.errors import ParameterError, ViewError
from redescribe.readers.tables import read
from redescribe.writers.view_table import write_view

if TYPE_CHECKING:
    from pathlib import Path

ATTRIBUTES = (
    Attribute("share"),
    Attribute("mentions_oil", AttributeKind.BOOLEAN, BOOLEAN_CATEGORIES),
    Attribute("class", AttributeKind.NOMINAL, ("cat", "dog")),
    Attribute("empty"),
)
nan = np.nan
VALUES = np.array([[0.1, nan, 3], [1, 0, nan], [nan, 1, 0], [nan, nan, nan]], np.float32)


def test_a_view_is_read_as_it_was_written(tmp_path: Path) -> None:
    view = View("words", EntityIndex(("007", "b", "c")), ATTRIBUTES, VALUES)
    path = tmp_path / "words.parquet"
    path.write_text("an older file")
    write_view(view, path)
    again = read(path)
    assert (again.name, again.entities) == ("words", view.entities)
    assert again.attributes == view.attributes
    np.testing.assert_array_equal(again.values, view.values)
    assert [entry.name for entry in tmp_path.iterdir()] == ["words.parquet"]


def test_what_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match=r"does not end in \.parquet"):
        write_view(View.of("x", [[1.0]]), tmp_path / "x.csv")
    with pytest.raises(ViewError, match="called 'ID', which the table needs"):
        write_view(View.of("x", [[1.0]], names=["ID"]), tmp_path / "x.parquet")
    assert not list(tmp_path.iterdir())
