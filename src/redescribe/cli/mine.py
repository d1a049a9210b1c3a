"""`redescribe mine`: tables -> run folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from redescribe.cli.options import Jobs, with_parameters
from redescribe.core.entities import SplitParams
from redescribe.mining.params import MineParams
from redescribe.selection.params import SelectParams
from redescribe.significance.params import AssessParams
from redescribe.significance.resample_params import ResampleParams


@with_parameters(MineParams, SplitParams, SelectParams, AssessParams, ResampleParams)
def mine(  # noqa: PLR0913 - one parameter per option
    *,
    parameters: dict[str, object],
    context: typer.Context,
    view: Annotated[
        list[str] | None,
        typer.Option(help="NAME=FILE[:COLUMN,COLUMN]; at least two; columns may be globs"),
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option(help="TOML file of settings; options given here come first"),
    ] = None,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="run folder; taken up where it stopped")
    ] = Path("run"),
    table: Annotated[
        str, typer.Option(help="one file for all views: then --view is NAME=COLUMN,COLUMN")
    ] = "",
    id_column: Annotated[
        str, typer.Option("--id", help="column that names the entities")
    ] = "",
    align: Annotated[
        str, typer.Option(help="inner: keep only the entities that all views have")
    ] = "",
    jobs: Jobs = -1,
    force: Annotated[bool, typer.Option("--force", help="replace another run")] = False,
    json: Annotated[bool, typer.Option("--json", help="print the counts as JSON")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="print no progress")] = False,
) -> None:
    """Mine tested redescriptions between tables of the same entities.

    Each FILE is .csv, .tsv, .parquet, .npy, .npz or .arff, one entity per row. Rows are
    joined by id. Without --hold-out 0, part of the entities is kept to test the findings.

    With --config, views and settings come from a file: see redescribe config --help.
    """
    from redescribe.cli.settings import (  # noqa: PLC0415
        origins_of,
        read_configured,
        resolve_options,
    )
    from redescribe.cli.sources import check_align, read_views, tell_unmatched  # noqa: PLC0415
    from redescribe.core.dataset import Dataset  # noqa: PLC0415
    from redescribe.core.dataset import align as align_views  # noqa: PLC0415

    check_align(align)
    settings = resolve_options(context, config, parameters)
    resolved = settings.config
    if view:
        views = read_views(view, table=table, id_column=id_column)
    else:
        views = read_configured(resolved.views, table=table)
        align = "inner" if any(v.align for v in resolved.views.values()) else ""
    aligned, unmatched = align_views(views, inner=align == "inner")
    if not quiet:
        tell_unmatched(unmatched)
    dataset = Dataset.of(aligned, resolved.split)

    from redescribe.cli.progress import TerminalProgress  # noqa: PLC0415
    from redescribe.cli.tables import print_counts, print_summary  # noqa: PLC0415
    from redescribe.executors.joblib import JoblibExecutor  # noqa: PLC0415
    from redescribe.report.render import write_report  # noqa: PLC0415
    from redescribe.report.summarize import demands_of, summarize  # noqa: PLC0415
    from redescribe.store.results import RESULT  # noqa: PLC0415
    from redescribe.study.stages import run_stages  # noqa: PLC0415

    output = Path(resolved.study.output)
    assessed = run_stages(
        dataset,
        output,
        resolved.mine,
        resolved.assess,
        select_params=resolved.select,
        resample_params=resolved.resample,
        origins=origins_of(settings, view or []),
        executor=JoblibExecutor(n_jobs=jobs),
        progress=TerminalProgress(quiet=quiet),
        force=force,
    )
    report = output / "report.html"
    if force or not report.exists() or _is_older(report, output / RESULT):
        study = resolved.study
        summary = summarize(
            assessed,
            dataset,
            study.name or output.name,
            entity_noun=study.entity_noun,
            demands=demands_of(resolved.mine),
        )
        write_report(summary, report)
    if json:
        print_counts(assessed)
    else:
        print_summary(assessed, output)
        typer.echo(f"Report: {report}")


def _is_older(path: Path, other: Path) -> bool:
    return path.stat().st_mtime_ns < other.stat().st_mtime_ns
