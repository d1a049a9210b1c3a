"""`redescribe export`: a table of a run in another format."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path  # noqa: TC003 - typer reads annotations
from typing import Annotated

import typer


class Table(StrEnum):
    """Which table is exported."""

    FINDINGS = "findings"
    TARGETS = "targets"


class Format(StrEnum):
    """Formats of an exported table."""

    CSV = "csv"
    JSON = "json"
    JSONL = "jsonl"
    PARQUET = "parquet"


def export(
    run: Annotated[Path, typer.Argument(help="run folder")],
    table_format: Annotated[Format, typer.Option("--format", help="format")] = Format.CSV,
    table: Annotated[Table, typer.Option(help="which table")] = Table.FINDINGS,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="file; none = the terminal")
    ] = None,
) -> None:
    """Write the findings, or the targets, of a run as CSV, JSON, JSON lines or Parquet."""
    from redescribe.core.assessed import finding_columns  # noqa: PLC0415
    from redescribe.store.results import load  # noqa: PLC0415
    from redescribe.writers.tabular import TableFormat, write_table  # noqa: PLC0415

    assessed = load(run)
    rows, columns = assessed.target_rows(), tuple[str, ...]()
    if table is Table.FINDINGS:
        rows = assessed.rows()
        held_out = not assessed.evidence.in_sample_only
        columns = finding_columns(assessed.views, held_out=held_out)
    write_table(rows, output, TableFormat(table_format.value), columns=columns)
    if output is not None:
        typer.echo(f"{len(rows)} rows written to {output}", err=True)
