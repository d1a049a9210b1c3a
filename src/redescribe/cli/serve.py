"""`redescribe serve`: the report of a run over loopback HTTP."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads annotations
from typing import Annotated

import typer

from redescribe.cli.report_options import (  # noqa: TC001 - typer reads annotations
    Compare,
    IdColumn,
    Images,
    MissingMedia,
    Networks,
    Noun,
    Texts,
    Title,
)

INTERRUPTED = 130


def serve(  # noqa: PLR0913 - one parameter per option
    *,
    run: Annotated[Path, typer.Argument(help="run folder")],
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="of 127.0.0.1; 0 takes a free one")
    ] = 0,
    token: Annotated[
        str, typer.Option(help="secret in the address; a random one without")
    ] = "",
    show: Annotated[
        bool, typer.Option("--open/--no-open", help="open the default browser")
    ] = True,
    title: Title = "",
    noun: Noun = "",
    network: Networks = None,
    images: Images = "",
    texts: Texts = "",
    id_column: IdColumn = "",
    missing_media: MissingMedia = False,
    compare: Compare = None,
) -> None:
    """Show the report of a run in the browser, complete whatever its size.

    The pages are those of the file of `redescribe report`; columns and supports come when
    they are needed, so nothing is left out. Changed rules are counted on all entities, and
    a new row is asked which rules hold for it. It listens on this machine only, asks for
    the token in its address, and only reads. Ctrl-C ends it.
    """
    import webbrowser  # noqa: PLC0415

    from redescribe.cli.report import media_of  # noqa: PLC0415
    from redescribe.serve.content import ServedRun  # noqa: PLC0415
    from redescribe.serve.server import Server  # noqa: PLC0415
    from redescribe.store.run import RunFolder  # noqa: PLC0415

    typer.echo(f"Reading {run} …", err=True)
    folder = RunFolder.open(run)
    served = ServedRun.read(
        folder,
        title=title,
        entity_noun=noun,
        networks=network or (),
        media=media_of(folder, images, texts, id_column=id_column, missing=missing_media),
        other=RunFolder.open(compare) if compare is not None else None,
    )
    server = Server(served, port=port, token=token)
    typer.echo(f"{run} is served at {server.url}")
    typer.echo("Ctrl-C ends it.", err=True)
    if show:
        webbrowser.open(server.url)
    try:
        server.run()
    except KeyboardInterrupt:
        typer.echo("Ended.", err=True)
        raise SystemExit(INTERRUPTED) from None
