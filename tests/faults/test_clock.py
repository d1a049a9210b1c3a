"""A clock that jumps changes nothing: no time of day decides, no duration is negative."""

from __future__ import annotations

import ast
import json
import os
import time
from itertools import cycle
from pathlib import Path

import pytest
from tests.faults.damage import contents, copied, mined, timeless

import redescribe
from redescribe.cli.reporting import update_report
from redescribe.store.results import load

SOURCES = Path(redescribe.__file__).parent
TIMES_OF_DAY = {"time", "time_ns", "now", "utcnow", "today", "getmtime", "st_mtime"}


def test_no_source_asks_for_the_time_of_day() -> None:
    found = [
        f"{path.relative_to(SOURCES)}:{node.lineno}"
        for path in SOURCES.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and node.attr in TIMES_OF_DAY
        and isinstance(node.value, ast.Name)
    ]
    assert found == []


def test_durations_are_never_negative(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jumps = cycle([2e9, 0.0, 4e9, 1.0])
    monkeypatch.setattr(time, "time", lambda: next(jumps))
    found = mined(tmp_path / "run")
    seconds = json.loads((tmp_path / "run" / "run.json").read_text())["seconds"]
    assert seconds.keys() >= {"mining", "selecting", "assessing", "permuting"}
    assert all(0 <= spent < 600 for spent in seconds.values())
    assert mined(tmp_path / "run") == found


@pytest.mark.parametrize("when", [0, 4_000_000_000])
def test_files_of_another_time_are_taken_up(
    finished: Path, tmp_path: Path, when: int
) -> None:
    run = copied(finished, tmp_path / "run")
    (run / "result.json").unlink()
    for path in run.rglob("*.*"):
        os.utime(path, (when, when))
    parts = sorted(run.glob("*/part-*.parquet"))
    assert mined(run) == timeless(load(finished))
    assert contents(run) == contents(finished)
    assert {path.stat().st_mtime for path in parts} == {when}


def test_a_report_is_of_the_findings_whatever_the_clock_said(
    finished: Path, tmp_path: Path
) -> None:
    run = copied(finished, tmp_path / "run")
    report = run / "report.html"
    report.write_text("of other findings")
    os.utime(report, (4_000_000_000, 4_000_000_000))
    (run / "targets.parquet").unlink()
    mined(run)
    assert not report.exists()
    update_report(run)
    written = report.read_text(encoding="utf-8")
    os.utime(report, (0, 0))
    assert written.startswith("<!")
    report.write_text("mine")
    update_report(run)
    assert report.read_text() == "mine"
