"""`redescribe status`: how far a run is, and what is left."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads annotations
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from redescribe.study.status import RunStatus

WORK_LEFT = 3
"""Exit status of a command after which there is work left to do."""


def status(
    *,
    run: Annotated[Path, typer.Argument(help="run folder")],
    shards: Annotated[
        int | None, typer.Option(min=1, help="say which of so many shards are left")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="print it all as JSON")] = False,
) -> None:
    """Say how far a run is: chunks done and left, and whose they are.

    Only reads, also while the run is worked on. Exit status: 0 finished, 3 work left to do.
    """
    from redescribe.study.status import run_status  # noqa: PLC0415

    tell(run_status(run), run, n_shards=shards, json=json)


def tell(
    found: RunStatus, run: Path, *, n_shards: int | None = None, json: bool = False
) -> None:
    """Print a status, and exit with status 3 if there is work left to do."""
    if json:
        from json import dumps  # noqa: PLC0415

        record = found.record()
        if n_shards is not None:
            record["shards"] = {
                search.name: {
                    str(shard): left
                    for shard, (left, _) in search.by_shard(n_shards).items()
                }
                for search in found.searches
            }
        typer.echo(dumps(record, indent=2))
    else:
        for line in _lines(found, run, n_shards):
            typer.echo(line)
    if not found.finished:
        raise typer.Exit(WORK_LEFT)


def _lines(found: RunStatus, run: Path, n_shards: int | None) -> list[str]:
    lines = []
    for search in found.searches:
        lines.append(
            f"{_NAMES[search.name]}: {search.n_done} of {search.n_chunks} chunks done"
        )
        if n_shards is None or not search.left:
            continue
        lines += [
            f"  shard {shard}: {left} of {n_all} chunks left"
            for shard, (left, n_all) in search.by_shard(n_shards).items()
            if left
        ]
    states = dict(found.stages)
    for stage in ("select", "assess", "resample"):
        if stage != "resample" or stage in states:
            lines.append(f"{stage}: {states.get(stage, 'not yet')}")
    return [*lines, found.left or f"Finished. Next: redescribe show {run}"]


_NAMES = {"mine": "search", "permute": "searches of permuted entities"}
