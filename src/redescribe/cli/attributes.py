"""`redescribe attributes`: texts or images -> a readable table that can be mined."""

from __future__ import annotations

from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from redescribe.errors import ParameterError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redescribe.core.view import View

app = typer.Typer(
    help="Make a table of readable attributes from texts or images.", no_args_is_help=True
)

AsJSON = Annotated[bool, typer.Option("--json", help="print the counts as JSON")]


@app.command()
def text(
    file: Annotated[Path, typer.Argument(help="table with a column of texts")],
    *,
    column: Annotated[str, typer.Option(help="column of the texts")],
    id_column: Annotated[
        str, typer.Option("--id", help="column that names the entities")
    ] = "",
    pattern: Annotated[
        list[str] | None,
        typer.Option(help="NAME=REGEX; gives has_NAME and n_NAME; may be repeated"),
    ] = None,
    word_class: Annotated[
        list[str] | None,
        typer.Option("--class", help="NAME=WORD,WORD; gives n_NAME; may be repeated"),
    ] = None,
    tokens: Annotated[
        int, typer.Option(help="tokens whose presence is told (mentions_oil); 0 = none")
    ] = 100,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="table to write, .parquet")
    ] = Path("words.parquet"),
    json: AsJSON = False,
) -> None:
    """Length, shape, lexical classes, patterns and tokens of texts.

    FILE is .csv, .tsv, .parquet or .arff, one text per row; an empty cell is missing. Then:
    redescribe mine --view words=words.parquet --view …
    """
    from redescribe.readers.text import text_attributes  # noqa: PLC0415
    from redescribe.readers.text_params import TokenParams  # noqa: PLC0415
    from redescribe.readers.text_tables import read_texts  # noqa: PLC0415
    from redescribe.writers.view_table import check_table_path  # noqa: PLC0415

    check_table_path(output)
    lexicons = _named(word_class or [], "--class", "NAME=WORD,WORD")
    texts, entities = read_texts(file, column, id_column=id_column)
    view = text_attributes(
        texts,
        ids=entities,
        patterns=_named(pattern or [], "--pattern", "NAME=REGEX"),
        classes={name: words.split(",") for name, words in lexicons.items()},
        tokens=TokenParams(n_tokens=tokens),
    )
    _write(view, output, json=json)


@app.command()
def images(
    source: Annotated[str, typer.Argument(help="FILE.npz:ARRAY, FILE.npy or a folder")],
    *,
    layout: Annotated[
        str, typer.Option(help="axes of the array: nhw, nhwc, nchw or auto")
    ] = "auto",
    grid: Annotated[int, typer.Option(help="patches per side; 0 = none")] = 3,
    pooled: Annotated[int, typer.Option(help="pooled pixels per side; 0 = none")] = 0,
    labels: Annotated[
        Path | None,
        typer.Option(help="also write the class, for FOLDER/CLASS/*.png; .parquet"),
    ] = None,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="table to write, .parquet")
    ] = Path("picture.parquet"),
    json: AsJSON = False,
) -> None:
    """Light, form, colour, patches and pooled pixels of images.

    Arrays hold uint8, or floats from 0 to 1. A folder is searched for image files. Then:
    redescribe mine --view picture=picture.parquet --view …
    """
    from redescribe._validation import choose  # noqa: PLC0415
    from redescribe.readers.image_arrays import read_image_source  # noqa: PLC0415
    from redescribe.readers.image_files import ImageFolder  # noqa: PLC0415
    from redescribe.readers.images import Layout, image_attributes  # noqa: PLC0415
    from redescribe.writers.view_table import check_table_path, write_view  # noqa: PLC0415

    check_table_path(output)
    axes = choose(Layout, layout, parameter="layout")
    folder = ImageFolder.of(source) if Path(source).is_dir() else None
    if labels is not None:
        check_table_path(labels)
        if folder is None:
            em = f"--labels needs a folder with a subfolder per class. Got {source!r}."
            raise ParameterError(em)
        classes = folder.labels()
    given = folder if folder is not None else read_image_source(source)
    view = image_attributes(given, layout=axes, grid=grid, pooled=pooled)
    if labels is not None:
        write_view(classes, labels)
    _write(view, output, json=json)


def _write(view: View, output: Path, *, json: bool) -> None:
    import numpy as np  # noqa: PLC0415

    from redescribe.writers.view_table import write_view  # noqa: PLC0415

    write_view(view, output)
    n_missing = int(np.isnan(view.values).all(axis=0).sum())
    counts = {
        "entities": len(view.entities),
        "attributes": len(view.attributes),
        "missing_entities": n_missing,
        "output": str(output),
    }
    if json:
        typer.echo(dumps(counts, ensure_ascii=False))
        return
    missing = f", {n_missing} of them missing" if n_missing else ""
    typer.echo(
        f"{len(view.entities)} entities{missing}; {len(view.attributes)} attributes "
        f"written to {output}"
    )


def _named(options: Sequence[str], option: str, form: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in options:
        name, separator, value = text.partition("=")
        if not name or not separator or not value:
            em = f"{option} {text!r} is not of the form {form}."
            raise ParameterError(em)
        if name in found:
            em = f"{option} {text!r}: the name is taken. Give each its own."
            raise ParameterError(em)
        found[name] = value
    return found
