"""`redescribe report` and `redescribe open`: the report of a run, written and shown."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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

if TYPE_CHECKING:
    from redescribe.report.media import Media
    from redescribe.store.run import RunFolder


def report(  # noqa: PLR0913 - one parameter per option
    *,
    run: Annotated[Path, typer.Argument(help="run folder")],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="file; report.html in the run folder without"),
    ] = None,
    budget: Annotated[
        str, typer.Option(help="size at most; what does not fit is left out and told")
    ] = "15MB",
    title: Title = "",
    noun: Noun = "",
    network: Networks = None,
    images: Images = "",
    texts: Texts = "",
    id_column: IdColumn = "",
    missing_media: MissingMedia = False,
    compare: Compare = None,
    flint: Annotated[
        list[str] | None,
        typer.Option(
            help="folder of redescribe flint interpret, or VIEW=FOLDER; kept in the run"
        ),
    ] = None,
) -> None:
    """Write the interactive report of a run: one file that works offline.

    It holds findings, evidence, neurons, relations and the values of the entities; nothing
    is loaded when it is opened, so it can be sent. Pictures and texts are joined by id: an
    image file is called by its path below the folder, its ending may be left out.
    """
    from redescribe.cli.reporting import tell_report  # noqa: PLC0415
    from redescribe.core.sizes import parse_size  # noqa: PLC0415
    from redescribe.report.learned import keep_trained  # noqa: PLC0415
    from redescribe.report.write import report_of_run  # noqa: PLC0415
    from redescribe.store.run import RunFolder  # noqa: PLC0415

    folder = RunFolder.open(run)
    if flint:
        keep_trained(run, folder.dataset(), dict(map(_named, flint)))
    written = report_of_run(
        folder,
        output or run / "report.html",
        title=title,
        entity_noun=noun,
        networks=network or (),
        budget=parse_size(budget),
        media=media_of(folder, images, texts, id_column=id_column, missing=missing_media),
        other=RunFolder.open(compare) if compare is not None else None,
    )
    tell_report(written, "Report")


def _named(text: str) -> tuple[str, Path]:
    """VIEW=FOLDER, or a folder alone, which may have a = in its name."""
    view, equals, folder = text.partition("=")
    if not equals or Path(text).is_dir():
        return "", Path(text)
    return view, Path(folder)


def open_report(
    *,
    run: Annotated[Path, typer.Argument(help="run folder, or the file of a report")],
) -> None:
    """Open the report of a run in the default browser, and print its path.

    It is written first where the run has none.
    """
    import webbrowser  # noqa: PLC0415

    from redescribe.report.write import report_of_run  # noqa: PLC0415
    from redescribe.store.run import RunFolder  # noqa: PLC0415

    path = run if run.is_file() else run / "report.html"
    if not path.exists():
        report_of_run(RunFolder.open(run), path)
    typer.echo(path.resolve())
    webbrowser.open(path.resolve().as_uri())


def media_of(
    folder: RunFolder, images: str, texts: str, *, id_column: str, missing: bool
) -> Media | None:
    """Return the pictures and texts that options name; None where they name none."""
    if not images and not texts:
        return None
    from redescribe.report.media import Media  # noqa: PLC0415

    return Media.of(
        folder.dataset(),
        images=images or None,
        texts=texts or None,
        id_column=id_column,
        missing=missing,
    )
