"""`redescribe mine`: tables -> run folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from redescribe.cli.options import Jobs, parameters_of, with_parameters
from redescribe.core.entities import SplitParams
from redescribe.mining.params import MineParams
from redescribe.significance.params import AssessParams


@with_parameters(MineParams, SplitParams, AssessParams)
def mine(  # noqa: PLR0913 - one parameter per option
    *,
    parameters: dict[str, object],
    view: Annotated[
        list[str],
        typer.Option(help="NAME=FILE[:COLUMN,COLUMN]; at least two; columns may be globs"),
    ],
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
    """
    from redescribe.cli.sources import read_views  # noqa: PLC0415
    from redescribe.core.dataset import Dataset  # noqa: PLC0415
    from redescribe.core.dataset import align as align_views  # noqa: PLC0415
    from redescribe.errors import ParameterError  # noqa: PLC0415

    if align not in {"", "inner"}:
        em = f"--align must be 'inner' or left out. Got {align!r}."
        raise ParameterError(em)
    split = parameters_of(SplitParams, parameters)
    mine_params = parameters_of(MineParams, parameters)
    assess_params = parameters_of(AssessParams, parameters)
    views = read_views(view, table=table, id_column=id_column)
    aligned, unmatched = align_views(views, inner=align == "inner")
    if unmatched and not quiet:
        shown = ", ".join(unmatched[:20]) + (", …" if len(unmatched) > 20 else "")
        typer.echo(f"{len(unmatched)} entities are not in all views: {shown}", err=True)
    dataset = Dataset.of(aligned, split)

    from redescribe.cli.progress import TerminalProgress  # noqa: PLC0415
    from redescribe.cli.tables import print_counts, print_summary  # noqa: PLC0415
    from redescribe.executors.joblib import JoblibExecutor  # noqa: PLC0415
    from redescribe.study.stages import run_stages  # noqa: PLC0415

    assessed = run_stages(
        dataset,
        output,
        mine_params,
        assess_params,
        executor=JoblibExecutor(n_jobs=jobs),
        progress=TerminalProgress(quiet=quiet),
        force=force,
    )
    if json:
        print_counts(assessed)
    else:
        print_summary(assessed, output)
