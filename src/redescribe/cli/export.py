"""`redescribe export`: the tables of a run in other formats."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path  # noqa: TC003 - typer reads annotations
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from redescribe.core.assessed import AssessedSet, Cell


class Table(StrEnum):
    """Which table is exported."""

    FINDINGS = "findings"
    TARGETS = "targets"
    EFFECTS = "effects"


class Format(StrEnum):
    """Formats of an exported table."""

    CSV = "csv"
    JSON = "json"
    JSONL = "jsonl"
    PARQUET = "parquet"
    LATEX = "latex"
    MARKDOWN = "markdown"
    RR = "rr"
    CLIRED = "clired"


_ENDINGS = {Format.LATEX: "tex", Format.MARKDOWN: "md"}
_PLAIN = (Format.CSV, Format.JSON, Format.JSONL, Format.PARQUET)
_FOLDERS = (Format.RR, Format.CLIRED)


def _formats(text: str) -> list[Format]:
    known = [one.value for one in Format]
    names = [name.strip() for name in text.split(",")]
    for name in names:
        if name not in known:
            em = f"{name!r} is not one of {', '.join(map(repr, known))}."
            raise typer.BadParameter(em)
    return [Format(name) for name in dict.fromkeys(names)]


def export(
    run: Annotated[Path, typer.Argument(help="run folder")],
    formats: Annotated[
        str, typer.Option("--format", help=f"one or more of {', '.join(Format)}")
    ] = "csv",
    table: Annotated[Table, typer.Option(help="which table")] = Table.FINDINGS,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="file; folder for several formats, rr and clired; none = the terminal",
        ),
    ] = None,
) -> None:
    """Write the findings, the targets, or the causal effects of a run in other formats.

    csv, json, jsonl and parquet hold all columns, latex and markdown what a reader needs.
    Where values are missing, json and jsonl also hold the Jaccard under every policy.
    rr (the reference implementation) and clired (Siren, python-clired) hold the queries and
    the numbers of the mining part; clired only those of findings over two views.
    """
    from redescribe.errors import ParameterError  # noqa: PLC0415
    from redescribe.store.results import load  # noqa: PLC0415

    chosen = _formats(formats)
    if table is not Table.FINDINGS and not set(chosen) <= set(_PLAIN):
        what = table.value.capitalize()
        em = f"{what} are exported as {', '.join(_PLAIN)} only. Got {formats!r}."
        raise ParameterError(em)
    in_folder = len(chosen) > 1 or bool(set(chosen) & set(_FOLDERS))
    if in_folder and output is None:
        em = f"The format {formats!r} needs several files. Name a folder with --output."
        raise ParameterError(em)
    assessed = load(run)
    for one in chosen:
        if output is None:
            _write(assessed, run, (one, table), None)
            continue
        if one in _FOLDERS:
            _tell(_write_folder(assessed, run, one, output))
            continue
        path = output
        if in_folder or output.is_dir():
            path = output / f"{table.value}.{_ENDINGS.get(one, one.value)}"
        n_rows = _write(assessed, run, (one, table), path)
        typer.echo(f"{n_rows} rows written to {path}", err=True)


def _write(
    assessed: AssessedSet, run: Path, one: tuple[Format, Table], path: Path | None
) -> int:
    """Write one file, or to the terminal; return the number of rows."""
    from redescribe.store.effects import read_effects  # noqa: PLC0415
    from redescribe.store.files import write_text  # noqa: PLC0415
    from redescribe.writers.latex import latex_text  # noqa: PLC0415
    from redescribe.writers.markdown import markdown_text  # noqa: PLC0415
    from redescribe.writers.tabular import TableFormat, write_table  # noqa: PLC0415

    table_format, table = one
    if table_format in _ENDINGS:
        writer = latex_text if table_format is Format.LATEX else markdown_text
        text = writer(assessed)
        if path is None:
            typer.echo(text, nl=False)
        else:
            write_text(path, text)
        return len(assessed)
    rows, columns = assessed.target_rows(), tuple[str, ...]()
    if table is Table.FINDINGS:
        rows, columns = _findings(assessed, run, table_format)
    elif table is Table.EFFECTS:
        effects = read_effects(run)
        rows, columns = effects.cells(), effects.columns
    write_table(rows, path, TableFormat(table_format.value), columns=columns)
    return len(rows)


def _findings(
    assessed: AssessedSet, run: Path, table_format: Format
) -> tuple[list[dict[str, Cell]], tuple[str, ...]]:
    """The rows of the findings, and the columns that a table without rows has as well."""
    from redescribe.store.run import RunFolder  # noqa: PLC0415
    from redescribe.writers.finding_record import rows_with_policies  # noqa: PLC0415

    columns = assessed.columns
    if table_format not in {Format.JSON, Format.JSONL}:
        return assessed.rows(), columns
    is_run = (run / "run.json").exists()
    rows = rows_with_policies(assessed, RunFolder.open(run).dataset() if is_run else None)
    return rows, (tuple(rows[0]) if rows else columns)


def _write_folder(
    assessed: AssessedSet, run: Path, table_format: Format, folder: Path
) -> Iterable[Path]:
    """Write the files of another tool, over the mining part; return their paths."""
    from redescribe.significance.params import TailTest  # noqa: PLC0415
    from redescribe.store.run import RunFolder  # noqa: PLC0415
    from redescribe.writers.clired import write_clired  # noqa: PLC0415
    from redescribe.writers.rr import write_rr_folder  # noqa: PLC0415
    from redescribe.writers.rr_files import RRStyle  # noqa: PLC0415

    opened = RunFolder.open(run)
    part = opened.dataset().mining_part
    test = TailTest(assessed.evidence.test)
    if table_format is Format.CLIRED:
        found = [finding.redescription for finding in assessed]
        n_wide = sum(len(redescription.queries) > 2 for redescription in found)
        paths = write_clired(found, part.views, folder, test=test)
        if n_wide:
            typer.echo(
                f"{n_wide} of {len(found)} findings cover more than two views and are left "
                "out of the tables of clired, which have two sides",
                err=True,
            )
        return paths
    style = RRStyle(
        min_jaccard=assessed.evidence.min_jaccard,
        min_support=_min_support(opened.document.get("parameters"), part.n_entities),
        test=test,
    )
    return write_rr_folder(assessed, part.views, folder, style)


def _min_support(parameters: object, n_entities: int) -> int:
    """The smallest support that the search kept, as a count; 1 where nobody knows it."""
    from redescribe.search.params import Thresholds  # noqa: PLC0415

    thresholds = parameters
    for key in ("mine", "search", "thresholds"):
        if not isinstance(thresholds, dict) or key not in thresholds:
            return 1
        thresholds = thresholds[key]
    if not isinstance(thresholds, dict) or "min_support" not in thresholds:
        return 1
    bounds = Thresholds(min_support=thresholds["min_support"]).support_bounds(n_entities)
    return bounds[0]


def _tell(paths: Iterable[Path]) -> None:
    paths = list(paths)
    where = f" to {paths[0].parent}" if paths else ""
    typer.echo(f"{len(paths)} files written{where}", err=True)
