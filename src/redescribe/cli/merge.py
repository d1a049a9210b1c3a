"""`redescribe merge`: shards, or finished runs -> one finished run."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads annotations
from typing import Annotated

import typer

from redescribe.cli.options import Jobs  # noqa: TC001 - typer reads annotations


def merge(
    *,
    runs: Annotated[list[Path], typer.Argument(help="run folders", metavar="RUN...")],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="run folder of the result; needed for several"),
    ] = None,
    jobs: Jobs = -1,
    force: Annotated[bool, typer.Option("--force", help="replace another run")] = False,
    json: Annotated[bool, typer.Option("--json", help="print the counts as JSON")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="print no progress")] = False,
) -> None:
    """Merge the shards of a run, or finished runs on the same entities and split.

    Shards, in one folder or several: their candidates are put together, the findings
    chosen, and the hold-out opened once, as if the run had not been divided.

    Finished runs: the union of their families is tested anew, with q-values over all of it.
    The hold-out had been opened before, which every output then says.
    """
    from redescribe.cli.progress import TerminalProgress  # noqa: PLC0415
    from redescribe.cli.reporting import update_report  # noqa: PLC0415
    from redescribe.cli.tables import print_counts, print_summary  # noqa: PLC0415
    from redescribe.executors.joblib import JoblibExecutor  # noqa: PLC0415
    from redescribe.study.merge import merge as merge_runs  # noqa: PLC0415

    assessed = merge_runs(
        *runs,
        out=output,
        executor=JoblibExecutor(n_jobs=jobs),
        progress=TerminalProgress(quiet=quiet),
        force=force,
    )
    folder = output if output is not None else runs[0]
    report = update_report(folder, force=force)
    if json:
        print_counts(assessed)
    else:
        print_summary(assessed, folder)
        typer.echo(f"Report: {report}")
