"""`redescribe merge`: shards, or finished runs -> one finished run; or of a capture."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads annotations
from typing import Annotated

import typer

from redescribe.cli.options import Jobs  # noqa: TC001 - typer reads annotations


def merge(
    *,
    runs: Annotated[
        list[Path],
        typer.Argument(help="run folders, or shards of a capture", metavar="RUN..."),
    ],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="folder of the result; needed for several"),
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

    Shards of a capture: their activations are joined, entity after entity.
    """
    if (runs[0] / "store.json").exists():
        _join(runs, output, force=force, json=json, quiet=quiet)
        return
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


def _join(
    shards: list[Path], output: Path | None, *, force: bool, json: bool, quiet: bool
) -> None:
    from json import dumps  # noqa: PLC0415

    from redescribe.capture.joining import join_captures  # noqa: PLC0415

    if output is None or force:
        em = "Shards of a capture are joined into a new folder: give --output, no --force."
        raise typer.BadParameter(em)
    n_units, n_entities = join_captures(*shards, out=output).values.shape
    if json:
        typer.echo(dumps({"n_units": n_units, "n_entities": n_entities}))
    elif not quiet:
        typer.echo(f"{n_units:,} units × {n_entities:,} entities in {output}")
