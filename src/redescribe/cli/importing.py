"""`redescribe import`: settings and redescriptions of other tools -> run folders."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from redescribe.cli.options import Jobs  # noqa: TC001 - typer reads annotations

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redescribe.core.assessed import AssessedSet
    from redescribe.readers.exitnerdom_settings import ImportedSettings

_SHOWN = 20

app = typer.Typer(
    help="Bring in settings and redescriptions of other tools.", no_args_is_help=True
)

Output = Annotated[
    Path, typer.Option("--output", "-o", help="run folder; taken up where it stopped")
]
Force = Annotated[bool, typer.Option("--force", help="replace another run")]
AsJSON = Annotated[bool, typer.Option("--json", help="print the counts as JSON")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="print no notes or progress")]


@app.command()
def exitnerdom(  # noqa: PLR0913 - one parameter per option
    settings: Annotated[Path, typer.Argument(help="settings file (.set)")],
    *,
    rr: Annotated[
        Path | None,
        typer.Option(help="folder of .rr files to evaluate; without it: mine"),
    ] = None,
    output: Output = Path("run"),
    align: Annotated[
        str, typer.Option(help="inner: keep only the entities that all views have")
    ] = "",
    hold_out: Annotated[
        float | None,
        typer.Option(help="share kept for testing; none = as the settings say"),
    ] = None,
    jobs: Jobs = -1,
    force: Force = False,
    json: AsJSON = False,
    quiet: Quiet = False,
) -> None:
    """Settings of the reference implementation: mine with them, or evaluate its .rr files.

    With --rr, the redescriptions of the files are evaluated again on the views that the
    settings name; all numbers are in-sample then, and values that differ from those in the
    files are shown.
    """
    from redescribe.errors import ParameterError  # noqa: PLC0415
    from redescribe.readers.exitnerdom_settings import read_settings  # noqa: PLC0415

    if align not in {"", "inner"}:
        em = f"--align must be 'inner' or left out. Got {align!r}."
        raise ParameterError(em)
    if rr is not None and hold_out:
        em = "--hold-out has no meaning with --rr: all entities were mined."
        raise ParameterError(em)
    read = read_settings(settings)
    if not quiet:
        for note in read.notes:
            typer.echo(str(note), err=True)
    inner = align == "inner"
    if rr is None:
        assessed = _mined(
            read, output, hold_out, inner=inner, jobs=jobs, force=force, quiet=quiet
        )
    else:
        from redescribe.study.exitnerdom import import_rr  # noqa: PLC0415

        report = import_rr(read, rr, output, inner=inner, force=force)
        assessed = report.assessed
        if not json:
            _print_differences(report.n_stated, report.differences)
            typer.echo(
                f"p-values: {report.n_without_p} not computed in the files, "
                f"{report.n_other_p} others differ from ours ({assessed.evidence.test})"
            )
    _print_result(assessed, output, json=json)


@app.command()
def clired(
    left: Annotated[Path, typer.Argument(help="data of the left side")],
    right: Annotated[Path, typer.Argument(help="data of the right side")],
    queries: Annotated[Path, typer.Argument(help="table of redescriptions")],
    *,
    output: Output = Path("run"),
    force: Force = False,
    json: AsJSON = False,
    quiet: Quiet = False,
) -> None:
    """Tables of Siren and python-clired: evaluate their redescriptions again.

    All numbers are in-sample, and values that differ from those in the table are shown.
    """
    from redescribe.core.dataset import Dataset  # noqa: PLC0415
    from redescribe.core.entities import SplitParams  # noqa: PLC0415
    from redescribe.readers.clired import read_clired  # noqa: PLC0415
    from redescribe.study.imported import Described, keep_imported  # noqa: PLC0415

    tables = read_clired(left, right, queries)
    assessed = keep_imported(
        [Described.of_first(stated.queries) for stated in tables.redescriptions],
        Dataset.of(tables.views, SplitParams(hold_out=0)),
        output,
        {"import": {"format": "clired", "files": [left.name, right.name, queries.name]}},
        force=force,
    )
    if not json and not quiet:
        differences = [
            f"{queries.name}, line {stated.line}: {text}"
            for stated in tables.redescriptions
            for text in stated.differences(tables.views)
        ]
        _print_differences(len(tables.redescriptions), differences)
    _print_result(assessed, output, json=json)


def _mined(
    settings: ImportedSettings,
    output: Path,
    hold_out: float | None,
    *,
    inner: bool,
    jobs: int,
    force: bool,
    quiet: bool,
) -> AssessedSet:
    from redescribe.cli.progress import TerminalProgress  # noqa: PLC0415
    from redescribe.core.dataset import Dataset  # noqa: PLC0415
    from redescribe.executors.joblib import JoblibExecutor  # noqa: PLC0415
    from redescribe.study.exitnerdom import (  # noqa: PLC0415
        ImportedParams,
        imported_views,
    )
    from redescribe.study.stages import run_stages  # noqa: PLC0415

    params = ImportedParams.of(settings)
    split = params.split
    if hold_out is not None:
        split = replace(split, hold_out=hold_out)
    return run_stages(
        Dataset.of(imported_views(settings, inner=inner), split),
        output,
        params.mine,
        params.assess,
        select_params=params.select,
        executor=JoblibExecutor(n_jobs=jobs),
        progress=TerminalProgress(quiet=quiet),
        force=force,
    )


def _print_differences(n_stated: int, differences: Sequence[str]) -> None:
    typer.echo(
        f"{n_stated} redescriptions in the files; {len(differences)} stated values differ "
        "from what the views give"
    )
    for text in differences[:_SHOWN]:
        typer.echo(f"  {text}")
    if len(differences) > _SHOWN:
        typer.echo(f"  … and {len(differences) - _SHOWN} more")


def _print_result(assessed: AssessedSet, output: Path, *, json: bool) -> None:
    from redescribe.cli.tables import print_counts, print_summary  # noqa: PLC0415

    if json:
        print_counts(assessed)
    else:
        print_summary(assessed, output)
