"""The report of a run, written beside its tables by the commands that make them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from redescribe.report.render import write_report
from redescribe.report.summarize import summarize
from redescribe.store.effects import has_effects, read_effects
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
        effects = read_effects(run) if has_effects(run) else None
        summary = summarize(
            assessed,
            dataset,
            title,
            entity_noun=entity_noun,
            demands=demands,
            effects=effects,
        )
        write_report(summary, report)
    return report


def as_before(document: Any, run: Path) -> dict[str, Any]:  # noqa: ANN401 - run.json
    """Return title, noun and demands of a report, as the run was started with them."""
    from redescribe.config.model import StudySettings  # noqa: PLC0415
    from redescribe.mining.params import MineParams  # noqa: PLC0415
    from redescribe.report.summarize import demands_of  # noqa: PLC0415
    from redescribe.store.fingerprint import parameters_of  # noqa: PLC0415

    origins = document.get("origins", {})
    name, noun = (
        origins.get(f"study.{key}", {}).get("value") for key in ("name", "entity_noun")
    )
    mine = document["parameters"].get("mine")
    return {
        "title": name or run.resolve().name,
        "entity_noun": noun or StudySettings().entity_noun,
        "demands": demands_of(parameters_of(MineParams, mine)) if mine else None,
    }


def _is_older(path: Path, other: Path) -> bool:
    return path.stat().st_mtime_ns < other.stat().st_mtime_ns
