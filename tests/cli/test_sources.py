"""NAME=FILE[:COLUMNS]: which part is the file and which the columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from redescribe.cli.sources import read_views
from redescribe.errors import ParameterError, ReadError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    header, values = "id,fc2:0,fc2:1,age", np.arange(6).reshape(2, 3).tolist()
    rows = [",".join(map(str, (f"p{i}", *row))) for i, row in enumerate(values)]
    text = "\n".join([header, *rows])
    for name in ("acts.csv", "a:b.csv"):
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("acts.csv", ("fc2:0", "fc2:1", "age")),
        ("acts.csv:age", ("age",)),
        ("acts.csv:fc2:1", ("fc2:1",)),
        ("acts.csv:fc2:*,age", ("fc2:0", "fc2:1", "age")),
        ("a:b.csv", ("fc2:0", "fc2:1", "age")),
        ("a:b.csv:fc2:0", ("fc2:0",)),
    ],
)
def test_colons_in_paths_and_columns(
    folder: Path, source: str, names: tuple[str, ...]
) -> None:
    first, second = read_views([f"a={source}", "b=acts.csv"], table="", id_column="")
    assert first.name == "a"
    assert first.names == names
    assert second.entities.ids == ("p0", "p1")


@pytest.mark.parametrize("source", ["none.csv", "none.csv:age", "none.csv:fc2:0"])
def test_a_missing_file_is_named_without_its_columns(folder: Path, source: str) -> None:
    with pytest.raises(ReadError, match=r"There is no file 'none\.csv'"):
        read_views([f"a={source}", "b=acts.csv"], table="", id_column="")


@pytest.mark.parametrize("specification", ["acts.csv", "=acts.csv", "a="])
def test_the_form_is_checked(folder: Path, specification: str) -> None:
    with pytest.raises(ParameterError, match="is not of the form NAME=FILE"):
        read_views([specification, "b=acts.csv"], table="", id_column="")
