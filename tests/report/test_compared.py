"""Another run in the report: what it holds is what the comparison says."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from tests.report import examples, pages

from redescribe.core.dataset import Dataset
from redescribe.core.entities import SplitParams
from redescribe.relations.run_comparison import compare_folders
from redescribe.report.write import report_of_run

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_changes_stand_in_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pages.use_front_end(monkeypatch)
    data = examples.dataset()
    other_data = Dataset.of(data.views, SplitParams(hold_out=0.3, seed=8))
    found = examples.assessed(other_data)
    other = pages.stored(
        tmp_path / "other", other_data, replace(found, findings=found.findings[2:])
    )
    run = pages.stored(tmp_path / "run", data)
    report_of_run(run, tmp_path / "r.html", entity_noun="patient", other=other)
    page = pages.Unpacked((tmp_path / "r.html").read_text(encoding="utf-8"))
    want = compare_folders(other, run)
    compared = page.meta["compared"]
    assert (compared["title"], compared["tested"], compared["n_shared"]) == (
        "other",
        True,
        60,
    )
    common = want.comparability
    (warning,) = compared["warnings"]
    assert f"{common.n_mined_before} patients that test this run were mined by" in warning
    assert compared["settings"] == []
    table = page.table("changes")
    rows = want.rows()
    assert table["change"] == [row["change"] for row in rows]
    assert table["id"] == [row["id_after"] or "" for row in rows]
    assert table["other_id"] == [row["id_before"] or "" for row in rows]
    for name in ("jaccard", "jaccard_mined"):
        cells = [row[f"{name}_before"] for row in rows]
        expected = [math.nan if cell is None else cell for cell in cells]
        np.testing.assert_array_equal(table[f"other_{name}"], expected)
    texts = [" <=> ".join(queries) for queries in table["other_rules"]]
    assert texts == [row["rules_before"] or "" for row in rows]
    for rules, words in zip(table["other_rules"], table["other_words"], strict=True):
        assert len(words) == len(rules)
    assert "unit 2 of layer fc" in str(table["other_words"])


def test_without_another_run_there_is_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages.use_front_end(monkeypatch)
    run = pages.stored(tmp_path / "run", examples.dataset())
    report_of_run(run, tmp_path / "r.html")
    page = pages.Unpacked((tmp_path / "r.html").read_text(encoding="utf-8"))
    assert page.meta["compared"] is None
    assert page.table("changes")["rows"] == 0
