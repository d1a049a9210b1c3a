"""`redescribe cohorts`: who satisfies the rules of a finding, against the rest."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads annotations
from typing import TYPE_CHECKING, Annotated

import typer

from redescribe.cli.options import with_parameters
from redescribe.relations.params import CohortParams

if TYPE_CHECKING:
    from redescribe.core.assessed import AssessedSet, Finding

_FINDINGS, _COLUMNS = 10, 8


@with_parameters(CohortParams)
def cohorts(  # noqa: PLR0913 - one parameter per option
    *,
    parameters: dict[str, object],
    run: Annotated[Path, typer.Argument(help="run folder")],
    finding: Annotated[
        str, typer.Argument(help="id of a finding, such as R1, or its key; else the best")
    ] = "",
    part: Annotated[
        str,
        typer.Option(help="mined or hold_out; otherwise the hold-out, if there is one"),
    ] = "",
    view: Annotated[
        list[str] | None, typer.Option(help="compare the columns of this view only")
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(help="compare VIEW:COLUMN only; the column may be a glob"),
    ] = None,
    errors: Annotated[
        list[str] | None,
        typer.Option(help="PREDICTED=TRUE, each as VIEW:COLUMN: compare errors too"),
    ] = None,
    limit: Annotated[
        int, typer.Option(min=0, help="findings, or columns of a part; 0: a default")
    ] = 0,
    everything: Annotated[bool, typer.Option("--all", help="show everything")] = False,
    json: Annotated[bool, typer.Option("--json", help="print it all as JSON")] = False,
) -> None:
    """Compare the entities of a finding with the rest: labels, errors, any column.

    With a finding, each of its parts (both rules, left only, right only, neither) in all
    columns. Without one, the entities of the best findings, in all columns of classes.
    """
    from redescribe.cli import cohort_tables  # noqa: PLC0415
    from redescribe.cli.explain import find  # noqa: PLC0415
    from redescribe.relations.columns import ColumnChoice  # noqa: PLC0415
    from redescribe.relations.finding_profiles import profile_findings  # noqa: PLC0415
    from redescribe.store.run import RunFolder  # noqa: PLC0415

    folder = RunFolder.open(run)
    assessed = folder.read_assessed()
    chosen = [find(assessed, finding)] if finding else _best(assessed, limit, everything)
    profiles = profile_findings(
        chosen,
        folder.dataset(),
        part=part or None,
        columns=ColumnChoice(
            views=view or (),
            columns=column or (),
            errors=errors or (),
            classes_only=not finding,
        ),
        supports_only=not finding,
        params=CohortParams(**parameters),  # type: ignore[arg-type]  # checked by typer
    )
    if json:
        from json import dumps  # noqa: PLC0415

        from redescribe.relations.profile_rows import profiles_record  # noqa: PLC0415

        typer.echo(dumps(profiles_record(profiles), ensure_ascii=False, indent=2))
        return
    if finding:
        n_shown = None if everything else limit or _COLUMNS
        lines = cohort_tables.one_finding(chosen[0], profiles, n_shown)
    else:
        lines = cohort_tables.many_findings(chosen, profiles, len(assessed))
    for line in lines:
        typer.echo(line)


def _best(assessed: AssessedSet, limit: int, everything: bool) -> list[Finding]:  # noqa: FBT001 - an option
    """The findings to compare where none is named."""
    from redescribe.errors import UnknownNameError  # noqa: PLC0415
    from redescribe.report.excerpt import by_views, read_first  # noqa: PLC0415

    if not len(assessed):
        em = "The run has no findings, so no cohorts: see `redescribe show --targets`."
        raise UnknownNameError(em)
    if everything:
        return list(assessed)
    return read_first(by_views(assessed), limit or _FINDINGS)
