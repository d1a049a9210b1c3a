"""`redescribe inspect`: what a file holds, before it is mined."""

from __future__ import annotations

from typing import Annotated

import typer


def inspect(
    files: Annotated[list[str], typer.Argument(help=".csv .tsv .parquet .npy .npz .arff")],
    id_column: Annotated[
        str, typer.Option("--id", help="column that names the entities")
    ] = "",
) -> None:
    """Show types, missing, constant and dead columns, and how to divide it into views."""
    from redescribe.cli.tables import print_inspection  # noqa: PLC0415
    from redescribe.readers.inspect import inspect as summarize  # noqa: PLC0415
    from redescribe.readers.tables import read  # noqa: PLC0415

    for file in files:
        print_inspection(summarize(read(file, id_column=id_column), file=file))
