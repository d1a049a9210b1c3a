"""`redescribe mine`: tables -> run folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from redescribe.cli.options import Jobs, with_parameters
from redescribe.core.entities import SplitParams
from redescribe.errors import ParameterError
from redescribe.mining.params import MineParams
from redescribe.selection.params import SelectParams
from redescribe.significance.params import AssessParams
from redescribe.significance.resample_params import ResampleParams

if TYPE_CHECKING:
    from redescribe.config.model import StudyConfig
    from redescribe.core.dataset import Dataset
    from redescribe.core.view import View


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
    null_view: Annotated[
        list[str] | None,
        typer.Option(
            help="VIEW=FILE: the view VIEW of an untrained network, a null network; repeat"
        ),
    ] = None,
    jobs: Jobs = -1,
    shard: Annotated[
        str,
        typer.Option(
            metavar="I/N",
            help="search the chunks I modulo N only, 0 <= I < N; then: redescribe merge",
        ),
    ] = "",
    memory: Annotated[
        str,
        typer.Option(
            metavar="SIZE",
            help="what the search may take, such as 8GB; otherwise what the machine has",
        ),
    ] = "",
    force: Annotated[bool, typer.Option("--force", help="replace another run")] = False,
    json: Annotated[bool, typer.Option("--json", help="print the counts as JSON")] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="print no plan or progress")
    ] = False,
) -> None:
    """Mine tested redescriptions between tables of the same entities.

    Each FILE is .csv, .tsv, .parquet, .npy, .npz or .arff, one entity per row. Rows are
    joined by id. Without --hold-out 0, part of the entities is kept to test the findings.

    Before the work, the plan says how much memory and disk it takes, and of 32 targets or
    more how long; what does not fit is refused.

    With --config, views and settings come from a file: see redescribe config --help.

    With --shard, part of the search only: nothing is tested, and the exit status is 3 (work
    left to do) until the run is merged.
    """
    from redescribe.cli.settings import origins_of, resolve_options  # noqa: PLC0415
    from redescribe.cli.sources import check_align, tell_unmatched  # noqa: PLC0415
    from redescribe.cli.status import tell  # noqa: PLC0415
    from redescribe.executors.shards import Shard  # noqa: PLC0415

    check_align(align)
    chosen = Shard.parse(shard) if shard else None
    if chosen is not None and force:
        em = "--shard goes without --force: shards share a folder. Remove the other run."
        raise ParameterError(em)
    settings = resolve_options(context, config, parameters)
    resolved = settings.config
    sources = Sources(view or [], table, id_column, align)
    dataset, unmatched = _dataset(sources, resolved)
    null_views = _null_views(null_view or [], sources, dataset, resolved)
    if chosen is not None and null_views:
        em = (
            "--shard goes without untrained networks. Leave out --null-view, merge, and "
            "give them to the same command without --shard."
        )
        raise ParameterError(em)
    if not quiet:
        tell_unmatched(unmatched)

    from redescribe.cli.progress import TerminalProgress  # noqa: PLC0415
    from redescribe.cli.reporting import update_report  # noqa: PLC0415
    from redescribe.cli.tables import print_counts, print_summary  # noqa: PLC0415
    from redescribe.core.sizes import parse_size  # noqa: PLC0415
    from redescribe.executors.joblib import JoblibExecutor  # noqa: PLC0415
    from redescribe.study.shards import mine_shard  # noqa: PLC0415
    from redescribe.study.stages import run_stages  # noqa: PLC0415

    output = Path(resolved.study.output)
    stages: dict[str, Any] = {
        "mine_params": resolved.mine,
        "assess_params": resolved.assess,
        "select_params": resolved.select,
        "resample_params": resolved.resample,
        "origins": origins_of(settings, view or [], null_view or []),
        "executor": JoblibExecutor(n_jobs=jobs),
        "progress": TerminalProgress(quiet=quiet),
        "announce": None if quiet else lambda plan: typer.echo(str(plan), err=True),
        "memory": parse_size(memory) if memory else None,
    }
    if chosen is not None:
        tell(mine_shard(dataset, output, chosen, **stages), output, json=json)
        return
    assessed = run_stages(dataset, output, null_views=null_views, force=force, **stages)
    report = update_report(output, force=force)
    if json:
        print_counts(assessed)
    else:
        print_summary(assessed, output)
        typer.echo(f"Report: {report}")


class Sources(NamedTuple):
    """Where the views come from, as options say it."""

    views: list[str]
    table: str
    id_column: str
    align: str


def _dataset(sources: Sources, resolved: StudyConfig) -> tuple[Dataset, list[str]]:
    """The views of the options, else of the configuration; and ids that not all have."""
    from redescribe.cli.settings import read_configured  # noqa: PLC0415
    from redescribe.cli.sources import read_views  # noqa: PLC0415
    from redescribe.core.dataset import Dataset, align  # noqa: PLC0415

    table, inner = sources.table, sources.align == "inner"
    if sources.views:
        views = read_views(sources.views, table=table, id_column=sources.id_column)
    else:
        views = read_configured(resolved.views, table=table)
        inner = any(view.align for view in resolved.views.values())
    aligned, unmatched = align(views, inner=inner)
    return Dataset.of(aligned, resolved.split), unmatched


def _null_views(
    given: list[str], sources: Sources, dataset: Dataset, resolved: StudyConfig
) -> dict[str, list[View]]:
    """The untrained networks of the options, else of the configuration."""
    from redescribe.cli.settings import read_configured_nulls  # noqa: PLC0415
    from redescribe.cli.sources import read_null_views  # noqa: PLC0415

    if given or sources.views:
        return read_null_views(given, dataset.views, id_column=sources.id_column)
    return read_configured_nulls(resolved.views)
