"""`redescribe relate`: roles of neurons, layers against layers, matched neurons."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads annotations
from typing import Annotated

import typer


def relate(
    *,
    run: Annotated[Path, typer.Argument(help="run folder")],
    network: Annotated[
        list[str] | None,
        typer.Option(help="view whose columns are neurons too; captured ones are anyway"),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="rows of a table at most")] = 10,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="new folder for roles, links, layers and matches as CSV"
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="print it all as JSON")] = False,
) -> None:
    """Tell what each neuron stands for, and which neurons of two layers are alike.

    Roles: the classes, attributes and neurons of its confirmed findings, and whether it has
    several meanings. Layers: how well one is described by another. Matches: neurons of two
    layers or networks, one to one and one to many, beside correlation and CKA.
    """
    from redescribe.cli.relate_tables import lines, write_tables  # noqa: PLC0415
    from redescribe.relations.related import relate as related  # noqa: PLC0415
    from redescribe.store.run import RunFolder  # noqa: PLC0415

    folder = RunFolder.open(run)
    found = related(folder.read_assessed(), folder.dataset(), networks=network or ())
    if output is not None:
        write_tables(found.tables(), output)
    if json:
        from json import dumps  # noqa: PLC0415

        typer.echo(dumps(found.tables(), ensure_ascii=False, indent=2))
        return
    for line in lines(found, limit):
        typer.echo(line)
    if output is not None:
        typer.echo(f"All rows: {output}")
