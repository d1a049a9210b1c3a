"""Options of everything that shows a report: the file and the server."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Title = Annotated[str, typer.Option(help="title of the report")]
Noun = Annotated[str, typer.Option(help="what one entity is: patient, image")]
Networks = Annotated[
    list[str] | None,
    typer.Option(help="view whose columns are neurons too; captured ones are anyway"),
]
Images = Annotated[
    str, typer.Option(help="a picture of each: folder, FILE.npz:ARRAY, .npy or a view")
]
Texts = Annotated[str, typer.Option(help="a text of each: FILE:COLUMN")]
IdColumn = Annotated[
    str, typer.Option("--id", help="column that names the entities of the texts")
]
MissingMedia = Annotated[
    bool, typer.Option("--missing-media", help="some may have no picture or text")
]
Compare = Annotated[
    Path | None, typer.Option(help="another run, whose findings stand beside these")
]
