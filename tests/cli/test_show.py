"""`redescribe show`: the findings, what became of the targets, and the counts."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pandas as pd
from rich.console import Console
from tests.cli.examples import MEAN, WORST, findings, mined

from redescribe.cli import tables
from redescribe.core.printing import format_jaccard

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from tests.cli.examples import CommandLine

COUNTS = [
    *("targets", "available", "described", "describable", "dead"),
    *("candidates", "kept", "replicated"),
]


def test_the_best_short_findings_come_first(cli: CommandLine, finished: Path) -> None:
    found = findings(finished)
    outcome = cli("show", finished, "--limit", "2")
    assert outcome.status == 0
    assert f"Findings: 2 of {len(found)} shown" in outcome.out
    first = found[found["n_literals"] <= 3].iloc[0]
    for text in (first["query_mean"], first["query_worst"], " q ", " J "):
        assert str(text) in outcome.out
    shown = [name for name in found["id"] if f" {name} " in outcome.out]
    assert len(shown) == 2
    assert first["id"] in shown
    assert f"over a family of {len(found)}" in outcome.out


def test_everything_is_shown_on_request(cli: CommandLine, finished: Path) -> None:
    found = findings(finished)
    outcome = cli("show", finished, "--all")
    assert all(f" {name} " in outcome.out for name in found["id"])


def test_rules_name_their_view_where_there_are_more_than_two(
    cli: CommandLine, three_views: Path, finished: Path
) -> None:
    text = cli("show", three_views, "--all").out
    rules = re.findall(r"│ (?:⇔ )?(mean|worst|labels): ", text)
    n_queries = findings(three_views).filter(like="query_").notna().sum().sum()
    assert len(rules) == n_queries
    assert not re.search(r"│ (?:⇔ )?(mean|worst): ", cli("show", finished, "--all").out)


def test_narrow_terminals_get_a_list(
    cli: CommandLine, three_views: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "_console", lambda: Console(width=80, highlight=False))
    text = cli("show", three_views, "--limit", "3").out
    found = findings(three_views)
    assert "│" not in text
    jaccards = {row["id"]: format_jaccard(row["jaccard"]) for _, row in found.iterrows()}
    shown = re.findall(r"^(R\d+) +J ([\d.]+)   J mined", text, re.MULTILINE)
    assert len(shown) == 3
    assert all(jaccards[name] == value for name, value in shown)
    rules = re.findall(r"^      (?:⇔ )?(?:mean|worst|labels): ", text, re.M)
    assert len(rules) >= 6
    assert "3 of" in text
    assert f"family of {len(found)}" in text
    assert max(map(len, cli("show", three_views, "--targets").out.splitlines())) <= 80


def test_targets(cli: CommandLine, finished: Path) -> None:
    outcome = cli("show", finished, "--targets")
    assert outcome.status == 0
    assert "7 targets" in outcome.out
    for view, names in (("mean", MEAN), ("worst", WORST)):
        assert all(f"{view}:{name} " in outcome.out for name in names)
    assert outcome.out.count("described") == 7


def test_targets_that_cannot_be_described_have_a_reason(
    cli: CommandLine, tables: Path, tmp_path: Path
) -> None:
    table = pd.read_csv(tables / "worst.csv")
    table["dead"], table["gone"] = 0.0, None
    table.to_csv(tmp_path / "worst.csv", index=False)
    folder = tmp_path / "run"
    source = ["--view", f"mean={tables / 'mean.csv'}"]
    mined(folder, *source, "--view", f"worst={tmp_path / 'worst.csv'}")
    shown = cli("show", folder, "--targets").out
    assert "not describable (constant)" in shown
    assert "not describable (all missing)" in shown
    counts = json.loads(cli("show", folder, "--json").out)
    assert (counts["described"], counts["describable"], counts["dead"]) == (7, 7, 2)


def test_json_has_exactly_these_keys(
    cli: CommandLine, finished: Path, in_sample: Path
) -> None:
    counts = json.loads(cli("show", finished, "--json").out)
    found = findings(finished)
    assert list(counts) == COUNTS
    assert counts["kept"] == len(found)
    assert counts["replicated"] == found["confirmed"].sum() > 0
    assert counts["candidates"] > counts["kept"]
    without = json.loads(cli("show", in_sample, "--json").out)
    assert list(without) == COUNTS
    assert without["replicated"] is None


def test_no_finding_is_a_result(cli: CommandLine, tables: Path, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    source = ["--view", f"mean={tables / 'mean.csv'}"]
    texture = ["--view", f"worst={tables / 'worst.csv'}:worst_smoothness"]
    mined(folder, *source, *texture, "--min-jaccard", "1", "--min-support", "40")
    assert len(findings(folder)) == 0
    outcome = cli("show", folder)
    assert outcome.status == 0
    assert "Findings: 0 of 0 shown" in outcome.out
    assert "The run has no findings" in cli("explain", folder, "R1").err
    assert cli("export", folder).out.startswith("id,key,kind,target,query_mean,query_worst")
