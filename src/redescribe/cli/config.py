"""`redescribe config`: the settings of a study, shown, checked and documented."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    help="Settings from a TOML file, the environment and their defaults.",
    no_args_is_help=True,
)

File = Annotated[Path, typer.Argument(help="TOML file of settings", show_default=False)]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", help="new file; none = the terminal")
]


@app.command()
def show(
    file: Annotated[
        Path | None, typer.Argument(help="TOML file of settings", show_default=False)
    ] = None,
    origin: Annotated[  # noqa: FBT002 - typer's form of a flag
        bool, typer.Option("--origin", help="say where each value comes from")
    ] = False,
    json: Annotated[  # noqa: FBT002
        bool, typer.Option("--json", help="print values and origins as JSON")
    ] = False,
) -> None:
    """Print every setting as it would be used: environment before file before default.

    A variable is called REDESCRIBE_SECTION__KEY, for example
    REDESCRIBE_MINE__TREES__MAX_DEPTH.
    """
    from json import dumps  # noqa: PLC0415

    from redescribe.config.sources import resolve  # noqa: PLC0415
    from redescribe.config.tables import table_of  # noqa: PLC0415
    from redescribe.config.toml import toml_text  # noqa: PLC0415

    resolved = resolve(file)
    if json:
        typer.echo(dumps(resolved.record(), indent=1, ensure_ascii=False))
    else:
        comments = resolved.origins if origin else {}
        typer.echo(toml_text(table_of(resolved.config), comments))


@app.command()
def template(output: Output = None) -> None:
    """Write a file with every setting, its meaning, range and default, as comments."""
    from redescribe.config.template import template as template_text  # noqa: PLC0415

    _write(template_text(), output)


@app.command()
def check(file: File) -> None:
    """Check a file: its keys, the values and their ranges. Data are not read."""
    from redescribe.config.sources import DEFAULT, resolve  # noqa: PLC0415

    resolved = resolve(file, environment={})
    n_settings = sum(origin != DEFAULT for origin in resolved.origins.values())
    n_views = len(resolved.config.views)
    typer.echo(f"✓ {file} is valid: {n_settings} settings, {n_views} views")


@app.command()
def schema(output: Output = None) -> None:
    """Write the JSON Schema of the file, with which editors complete and check it."""
    from json import dumps  # noqa: PLC0415

    from redescribe.config.schema import json_schema  # noqa: PLC0415

    _write(dumps(json_schema(), indent=1, ensure_ascii=False) + "\n", output)


def _write(text: str, path: Path | None) -> None:
    """Write a text to a new file, or print it."""
    from redescribe.errors import ParameterError  # noqa: PLC0415
    from redescribe.store.atomic import replacing  # noqa: PLC0415

    if path is None:
        typer.echo(text, nl=False)
        return
    if path.exists():
        em = f"{str(path)!r} already exists. Choose another name, or remove it first."
        raise ParameterError(em)
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="")
    typer.echo(f"Written to {path}", err=True)
