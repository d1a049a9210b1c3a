"""A run -> its report: the interactive one, or the plain summary without a front end."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from redescribe.relations.comparability import flat_settings, setting_text
from redescribe.report.budget import DEFAULT_BUDGET
from redescribe.report.compared import Compared
from redescribe.report.contents import Provenance, blocks_of
from redescribe.report.data import Demands
from redescribe.report.front_end import built_front_end
from redescribe.report.learned import read_trained
from redescribe.report.page import page_of
from redescribe.report.render import write_report
from redescribe.report.summarize import summarize
from redescribe.rules.run_rules import read_run_rules
from redescribe.store.atomic import replacing
from redescribe.store.effects import has_effects, read_effects
from redescribe.store.resamples import NULLS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from os import PathLike

    from redescribe.core.assessed import AssessedSet
    from redescribe.core.dataset import Dataset
    from redescribe.report.blocks import Block
    from redescribe.report.data import ReportData
    from redescribe.report.media import Media
    from redescribe.report.schema import CutRecord
    from redescribe.store.run import RunFolder

NO_FRONT_END = (
    "This is the plain summary: the interactive front end is not built. In a checkout, "
    "'make web' builds it (Node 20.19 or newer)."
)
_NAMES = ("name", "entity_noun")


@dataclass(frozen=True, slots=True)
class Contents:
    """What a report is made of, in a file or on a server.

    Attributes
    ----------
    assessed, dataset
        The findings and what they were mined on.
    summary
        What the plain report says.
    provenance
        What is known of the run beside its findings.
    media
        Images and texts of the entities; None without.
    """

    assessed: AssessedSet
    dataset: Dataset
    summary: ReportData
    provenance: Provenance
    media: Media | None

    def blocks(self, *, budget: int | None) -> tuple[list[Block], list[CutRecord]]:
        """Return all blocks and what was cut, as `blocks_of` does."""
        return blocks_of(
            self.assessed,
            self.dataset,
            self.summary,
            self.provenance,
            budget=budget,
            media=self.media,
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
    cuts
        What did not fit into its budget.
    """

    path: Path
    interactive: bool
    cuts: tuple[CutRecord, ...] = ()

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return self.path.stat().st_size


def report_of_run(
    run: RunFolder,
    path: str | PathLike[str],
    *,
    title: str = "",
    entity_noun: str = "",
    networks: Sequence[str] = (),
    budget: int = DEFAULT_BUDGET,
    media: Media | None = None,
    other: RunFolder | None = None,
) -> Report:
    """Write the report on a finished run as one file, atomically.

    Parameters
    ----------
    run
        All that the report holds is read from here.
    path
        Of the file.
    title, entity_noun
        Of the report, and what an entity is called; empty: as the run was started with
        them, else the name of the folder, and "sample".
    networks
        Views whose attributes are neurons though they were not captured.
    budget
        Bytes of the file at most; what does not fit is left out in a fixed order, which the
        report tells.
    media
        Images and texts of the entities; None without.
    other
        A finished run to compare this one with.

    Raises
    ------
    StoreError
        If the run is not finished, a file is broken, or the file system refuses; a report
        that was there stays as it was.
    UnknownNameError
        If there is no view of such a name.
    """
    contents = read_contents(
        run,
        title=title,
        entity_noun=entity_noun,
        networks=networks,
        media=media,
        other=other,
    )
    front_end = built_front_end()
    target = Path(path)
    if front_end is None:
        return Report(write_report(contents.summary, target), interactive=False)
    title = contents.summary.title
    frame = len(page_of(title, front_end, []).encode())
    blocks, cuts = contents.blocks(budget=budget - frame)
    page = page_of(title, front_end, blocks)
    with replacing(target) as temporary:
        temporary.write_text(page, encoding="utf-8", newline="\n")
    return Report(target, interactive=True, cuts=tuple(cuts))


def read_contents(
    run: RunFolder,
    *,
    title: str = "",
    entity_noun: str = "",
    networks: Sequence[str] = (),
    media: Media | None = None,
    other: RunFolder | None = None,
) -> Contents:
    """Return what a report on a finished run is made of; parameters: `report_of_run`.

    Raises
    ------
    StoreError
        If the run is not finished or a file is broken.
    UnknownNameError
        If there is no view of such a name.
    """
    document = cast("dict[str, Any]", run.document)
    origins = document.get("origins", {})
    named = {key: origins.get(f"study.{key}", {}).get("value") for key in _NAMES}
    assessed, dataset = run.read_assessed(), run.dataset()
    effects = read_effects(run.path) if has_effects(run.path) else None
    summary = summarize(
        assessed,
        dataset,
        title or named["name"] or run.path.name,
        entity_noun=entity_noun or named["entity_noun"] or "sample",
        demands=_demands(document["parameters"].get("mine")),
        effects=effects,
    )
    provenance = replace(
        _provenance(run, document, networks),
        effects=effects,
        compared=Compared.of(other, run) if other is not None else None,
        trained=read_trained(run.path, dataset),
    )
    return Contents(assessed, dataset, summary, provenance, media)


def _provenance(
    run: RunFolder, document: Mapping[str, Any], networks: Sequence[str]
) -> Provenance:
    origins = document.get("origins", {})
    settings = [
        (name, setting_text(s["value"]), str(s["origin"])) for name, s in origins.items()
    ]
    if not any(name.startswith("mine.") for name, _, _ in settings):
        parameters = flat_settings(document["parameters"])
        settings += [(name, text, "") for name, text in parameters]
    return Provenance(
        settings=tuple(settings),
        fingerprints=tuple(document.get("fingerprints", {}).items()),
        nulls=run.read_nulls() if (run.path / NULLS).exists() else None,
        networks=tuple(networks),
        rules=tuple(read_run_rules(run.path)),
    )


def _demands(mine: Mapping[str, Any] | None) -> Demands | None:
    """What was asked of the findings, as `demands_of` says it; None of imported ones."""
    if mine is None:
        return None
    return Demands(
        max_views=mine.get("max_views", 2),
        required_views=tuple(mine.get("required_views", ())),
        constraints=tuple(mine.get("constraints", ())),
        languages=tuple(mine["search"]["language"].get("view_language", ())),
    )
