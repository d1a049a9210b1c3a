"""A run -> its report: the interactive one, or the plain summary without a front end."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from redescribe.report.budget import DEFAULT_BUDGET
from redescribe.report.contents import Provenance, blocks_of
from redescribe.report.front_end import built_front_end
from redescribe.report.page import page_of
from redescribe.report.render import write_report
from redescribe.report.summarize import summarize
from redescribe.store.atomic import replacing
from redescribe.store.resamples import NULLS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from os import PathLike

    from redescribe.core.assessed import AssessedSet
    from redescribe.core.dataset import Dataset
    from redescribe.report.data import Demands
    from redescribe.store.run import RunFolder

NO_FRONT_END = (
    "This is the plain summary: the interactive front end is not built. In a checkout, "
    "'make web' builds it (Node 20.19 or newer)."
)


@dataclass(frozen=True, slots=True)
class Report:
    """A report that was written.

    Attributes
    ----------
    path
        The file.
    interactive
        Whether it is the interactive one.
    """

    path: Path
    interactive: bool

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return self.path.stat().st_size


def write_run_report(
    assessed: AssessedSet,
    dataset: Dataset,
    path: str | PathLike[str],
    *,
    title: str = "Redescriptions",
    entity_noun: str = "sample",
    demands: Demands | None = None,
    provenance: Provenance | None = None,
    budget: int = DEFAULT_BUDGET,
) -> Report:
    """Write the report on a run as one file, atomically.

    Parameters
    ----------
    assessed, dataset
        The findings and what they were mined on.
    path
        Of the file.
    title, entity_noun, demands
        As for `summarize`.
    provenance
        Parameters and null distributions; `provenance_of` reads them from a run folder.
    budget
        Bytes of the file at most; what does not fit is left out in a fixed order, which the
        report tells.

    Raises
    ------
    EntityMismatchError
        If the findings do not belong to the dataset.
    StoreError
        If the file system refuses; a file that was there stays as it was.
    """
    summary = summarize(assessed, dataset, title, entity_noun=entity_noun, demands=demands)
    front_end = built_front_end()
    target = Path(path)
    if front_end is None:
        return Report(write_report(summary, target), interactive=False)
    blocks = blocks_of(
        assessed,
        dataset,
        summary,
        provenance or Provenance(),
        budget=budget - front_end.size,
    )
    page = page_of(summary.title, front_end, blocks)
    with replacing(target) as temporary:
        temporary.write_text(page, encoding="utf-8", newline="\n")
    return Report(target, interactive=True)


def provenance_of(run: RunFolder, *, networks: Sequence[str] = ()) -> Provenance:
    """Return what a run folder records beside its findings.

    Parameters
    ----------
    run
        A finished run.
    networks
        Views whose attributes are neurons though they were not captured.

    Raises
    ------
    StoreError
        If a file is broken.
    """
    document = cast("dict[str, Any]", run.document)
    origins = document.get("origins")
    settings = (
        [(name, _text(s["value"]), str(s["origin"])) for name, s in origins.items()]
        if origins
        else [(name, _text(value), "") for name, value in _flat(document["parameters"])]
    )
    return Provenance(
        settings=tuple(settings),
        fingerprints=tuple(document.get("fingerprints", {}).items()),
        nulls=run.read_nulls() if (run.path / NULLS).exists() else None,
        networks=tuple(networks),
    )


def _flat(settings: Mapping[str, Any], prefix: str = "") -> list[tuple[str, object]]:
    found: list[tuple[str, object]] = []
    for name, value in settings.items():
        if isinstance(value, dict):
            found += _flat(value, f"{prefix}{name}.")
        else:
            found.append((f"{prefix}{name}", value))
    return found


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
