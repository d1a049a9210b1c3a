"""What `--search exact` proves, wherever it is shown, on one thread and on two."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from pyarrow import parquet
from rich.console import Console
from tests.cli.examples import findings, mined, views

from redescribe.cli import tables as shown_tables
from redescribe.store.results import load

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    from tests.cli.examples import CommandLine

EXACT = ("--search", "exact", "--max-length", "2")


@pytest.fixture(scope="module")
def proven(tables: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished exact run; only read it."""
    folder = tmp_path_factory.mktemp("proven") / "run"
    mined(folder, *views(tables), *EXACT, "--jobs", "1")
    return folder


@pytest.fixture(scope="module")
def stopped(tables: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An exact run that was stopped by its budget; only read it."""
    folder = tmp_path_factory.mktemp("stopped") / "run"
    mined(folder, *views(tables), *EXACT, "--max-nodes", "1")
    return folder


def target_table(folder: Path) -> pd.DataFrame:
    return parquet.read_table(folder / "targets.parquet").to_pandas()


def records(folder: Path) -> list[dict[str, Any]]:
    return [
        record
        for text in target_table(folder)["certificate"]
        for record in json.loads(text)
    ]


def test_every_target_has_a_complete_certificate(proven: Path) -> None:
    table = target_table(proven)
    assert len(records(proven)) == len(table) == 7
    for record, best in zip(records(proven), table["best_jaccard_mined"], strict=True):
        assert record["complete"]
        assert record["best"] == record["bound"] == record["jaccard"] <= best
        assert record["support"] / record["union"] == record["jaccard"]
        assert record["n_nodes"] >= record["n_literals"] > 0
        assert len(record["by_length"]) == 2


def test_jobs_change_nothing(tables: Path, proven: Path, tmp_path: Path) -> None:
    mined(tmp_path, *views(tables), *EXACT, "--jobs", "2", "--chunk-size", "2")
    assert target_table(tmp_path).equals(target_table(proven))
    assert findings(tmp_path).equals(findings(proven))


def test_a_finished_run_is_read_with_its_certificates(proven: Path) -> None:
    assessed = load(proven)
    assert [
        found.record() for target in assessed.targets for found in target.certificates
    ] == records(proven)


def test_stopped_searches_leave_a_bound(proven: Path, stopped: Path) -> None:
    for full, part in zip(records(proven), records(stopped), strict=True):
        assert part["bound"] >= full["best"] - 1e-12
        assert part["pool"] == full["pool"]
    assert not all(record["complete"] for record in records(stopped))


def test_other_searches_have_no_column(finished: Path) -> None:
    assert "certificate" not in target_table(finished)


@pytest.mark.parametrize("width", [80, 160])
def test_targets_show_what_is_proven(
    cli: CommandLine, stopped: Path, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    console = Console(width=width, highlight=False)
    monkeypatch.setattr(shown_tables, "_console", lambda: console)
    text = cli("show", stopped, "--targets").out
    assert max(map(len, text.splitlines())) <= width
    assert re.search(r"proven +┃", text)
    if width == 160:
        assert len(re.findall(r"│ \d\.\d\d (?:optimal|to \d\.\d\d) +│", text)) == 7


def test_targets_of_other_runs_have_no_such_column(
    cli: CommandLine, finished: Path
) -> None:
    assert "proven" not in cli("show", finished, "--targets").out


def test_findings_are_explained_with_the_proof(
    cli: CommandLine, proven: Path, finished: Path
) -> None:
    text = cli("explain", proven, "R1").out
    assert re.search(r"Certificate .*\n  Proven: of one cut or category .* 2 of ", text)
    assert "Proven" not in cli("explain", finished, "R1").out
    record = json.loads(cli("explain", proven, "R1", "--json").out)
    assert record["certificate"]["complete"] is True
    assert "certificate" not in json.loads(cli("explain", finished, "R1", "--json").out)


def test_targets_are_explained_with_the_proof(cli: CommandLine, proven: Path) -> None:
    target = target_table(proven)["target"][0]
    assert "  Proven: of one cut" in cli("explain", proven, target).out


@pytest.mark.parametrize("table_format", ["jsonl", "json"])
def test_exported_findings_have_the_certificate_of_their_target(
    cli: CommandLine, proven: Path, table_format: str
) -> None:
    text = cli("export", proven, "--format", table_format).out
    rows = (
        json.loads(text)
        if table_format == "json"
        else [json.loads(line) for line in text.splitlines()]
    )
    of_target = dict(zip(target_table(proven)["target"], records(proven), strict=True))
    assert rows
    for row in rows:
        assert row["certificate"] == of_target[row["target"]]


def test_tables_of_other_formats_keep_their_columns(
    cli: CommandLine, proven: Path, finished: Path
) -> None:
    headings = [cli("export", run).out.splitlines()[0] for run in (proven, finished)]
    assert headings[0] == headings[1]


def test_findings_over_more_views_have_none(
    cli: CommandLine, tables: Path, tmp_path: Path
) -> None:
    labels = ["--view", f"labels={tables / 'all.csv'}:diagnosis"]
    folder = tmp_path / "run"
    mined(folder, *views(tables), *labels, *EXACT, "--max-views", "3")
    text = cli("export", folder, "--format", "jsonl").out
    rows = [json.loads(line) for line in text.splitlines()]
    wide = [all(row[f"query_{v}"] for v in ("mean", "worst", "labels")) for row in rows]
    assert any(wide)
    assert [row["certificate"] is None for row in rows] == wide
    n_partners = target_table(folder)["certificate"].map(json.loads).map(len)
    assert (n_partners == 2).all()
    assert "worst: " in cli("show", folder, "--targets").out


def test_the_report_shows_what_is_proven(proven: Path, finished: Path) -> None:
    page = (proven / "report.html").read_text(encoding="utf-8")
    assert "What is proven holds for one cut or category" in page
    assert len(re.findall(r'data-label="proven">\d\.\d\d optimal<', page)) == 7
    assert "proven" not in (finished / "report.html").read_text(encoding="utf-8")


def test_what_cannot_be_proven_is_refused(
    cli: CommandLine, tables: Path, tmp_path: Path
) -> None:
    options = ["--missing", "optimistic", "-o", str(tmp_path / "run")]
    outcome = cli("mine", *views(tables), *EXACT, *options)
    assert outcome.status != 0
    assert "--search exact has no proof for the Jaccard" in outcome.err
