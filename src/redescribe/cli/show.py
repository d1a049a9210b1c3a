"""`redescribe show`: the findings of a run."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads annotations
from typing import Annotated

import typer


def show(
    *,
    run: Annotated[Path, typer.Argument(help="run folder")],
    targets: Annotated[
        bool, typer.Option("--targets", help="show what became of every target")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="print the counts as JSON")] = False,
    limit: Annotated[int, typer.Option(min=1, help="findings at most, without --all")] = 30,
    everything: Annotated[bool, typer.Option("--all", help="list every finding")] = False,
) -> None:
    """Show the best findings of a run, or what became of its targets.

    First the best of every set of views in turn, no target and no statement twice; --all
    lists everything.
    """
    from redescribe.cli import tables  # noqa: PLC0415
    from redescribe.store.effects import has_effects, read_effects  # noqa: PLC0415
    from redescribe.store.results import load  # noqa: PLC0415

    assessed = load(run)
    effects = read_effects(run) if has_effects(run) else None
    if json:
        tables.print_counts(assessed)
    elif targets:
        tables.print_targets(assessed)
    elif everything:
        tables.print_findings(assessed, effects)
    else:
        tables.print_digest(assessed, limit=limit, effects=effects)
