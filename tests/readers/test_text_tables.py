"""Columns of texts in tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from redescribe.errors import ReadError, UnknownNameError
from redescribe.readers.text_tables import read_texts

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("ending", ["csv", "tsv", "parquet"])
def test_texts_keep_their_rows(tmp_path: Path, ending: str) -> None:
    table = pd.DataFrame(
        {"key": ["p", "q", "r", "s"], "title": ["b", None, "a, 'b'\n\"c\"", "b"]}
    )
    path = tmp_path / f"news.{ending}"
    if ending == "parquet":
        table.to_parquet(path, index=False)
    else:
        table.to_csv(path, index=False, sep="," if ending == "csv" else "\t")
    texts, entities = read_texts(path, "title", id_column="key")
    assert texts == ["b", None, "a, 'b'\n\"c\"", "b"]
    assert entities.ids == ("p", "q", "r", "s")


def test_columns_that_hold_no_texts(tmp_path: Path) -> None:
    path = tmp_path / "news.csv"
    path.write_text("year,empty,title1,title2\n2004,,a,b\n2005,,c,d\n")
    with pytest.raises(ReadError, match=r"'year' of .* is numeric"):
        read_texts(path, "year")
    with pytest.raises(ReadError, match=r"'empty' of .* is empty"):
        read_texts(path, "empty")
    with pytest.raises(ReadError, match="means the columns title1, title2"):
        read_texts(path, "title*")
    with pytest.raises(UnknownNameError, match=r"no column 'title'\. Did you mean 'title"):
        read_texts(path, "title")
