"""`redescribe show`: the findings of a run."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads annotations
from typing import Annotated

import typer


def show(
    run: Annotated[Path, typer.Argument(help="run folder")],
    targets: Annotated[  # noqa: FBT002 - typer's form of a flag
        bool, typer.Option("--targets", help="show what became of every target")
    ] = False,
    json: Annotated[  # noqa: FBT002
        bool, typer.Option("--json", help="print the counts as JSON")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, help="rows at most")] = 30,
) -> None:
    """Show the best findings of a run, or what became of its targets."""
    from redescribe.cli import tables  # noqa: PLC0415
    from redescribe.store.results import load  # noqa: PLC0415

    assessed = load(run)
    if json:
        tables.print_counts(assessed)
    elif targets:
        tables.print_targets(assessed)
    else:
        tables.print_findings(assessed, limit=limit)
