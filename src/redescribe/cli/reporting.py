"""The report of a run, written beside its tables by the commands that make them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redescribe.report.render import write_report
from redescribe.report.summarize import summarize
from redescribe.store.results import RESULT

if TYPE_CHECKING:
    from pathlib import Path

    from redescribe.core.assessed import AssessedSet
    from redescribe.core.dataset import Dataset
    from redescribe.report.data import Demands


def update_report(
    run: Path,
    assessed: AssessedSet,
    dataset: Dataset,
    *,
    title: str,
    entity_noun: str,
    demands: Demands | None = None,
    force: bool = False,
) -> Path:
    """Write the report of a run, unless there is one that is newer than the findings."""
    report = run / "report.html"
    if force or not report.exists() or _is_older(report, run / RESULT):
        summary = summarize(
            assessed, dataset, title, entity_noun=entity_noun, demands=demands
        )
        write_report(summary, report)
    return report


def _is_older(path: Path, other: Path) -> bool:
    return path.stat().st_mtime_ns < other.stat().st_mtime_ns
