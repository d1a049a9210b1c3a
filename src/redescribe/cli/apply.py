"""`redescribe apply`: the findings of a run on new data."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads annotations
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from redescribe.core.dataset import Dataset
    from redescribe.core.replication import ReplicatedSet

_LIMIT = 30


def apply(  # noqa: PLR0913 - one parameter per option
    *,
    run: Annotated[Path, typer.Argument(help="run folder")],
    view: Annotated[
        list[str],
        typer.Option(help="NAME=FILE[:COLUMN,COLUMN], as for mine; names as in the run"),
    ],
    table: Annotated[
        str, typer.Option(help="one file for all views: then --view is NAME=COLUMN,COLUMN")
    ] = "",
    id_column: Annotated[
        str, typer.Option("--id", help="column that names the entities")
    ] = "",
    align: Annotated[
        str, typer.Option(help="inner: keep only the entities that all views have")
    ] = "",
    skip_absent: Annotated[
        bool, typer.Option("--skip-absent", help="leave out findings that lack a column")
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="file: .csv, .json, .jsonl or .parquet"),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="findings shown at most")] = _LIMIT,
    everything: Annotated[bool, typer.Option("--all", help="show every finding")] = False,
    json: Annotated[bool, typer.Option("--json", help="print it all as JSON")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="print no table")] = False,
) -> None:
    """Apply the findings of a run to new data, to see what holds there too.

    Per finding: how many entities agree, the Jaccard with its exact interval, an exact
    p-value corrected over the findings applied, and how far all that is from what was mined
    and held out before. The rules are not changed.
    """
    from redescribe.cli.replication_table import lines  # noqa: PLC0415
    from redescribe.store.results import load  # noqa: PLC0415
    from redescribe.store.run import RunFolder  # noqa: PLC0415

    table_format = _format(output)
    assessed = load(run)
    before = RunFolder.open(run).dataset() if (run / "run.json").exists() else None
    new = _read(view, table=table, id_column=id_column, align=align)
    found = assessed.on(new, mined_on=before, skip_absent=skip_absent)
    if output is not None and table_format is not None:
        from redescribe.writers.tabular import TableFormat, write_table  # noqa: PLC0415

        write_table(found.rows(), output, TableFormat(table_format))
        typer.echo(f"{len(found)} rows written to {output}", err=True)
    if json:
        from json import dumps  # noqa: PLC0415

        typer.echo(dumps(_record(found), ensure_ascii=False, indent=2))
    elif not quiet:
        for line in lines(found, len(found) if everything else limit):
            typer.echo(line)


def _read(specifications: list[str], *, table: str, id_column: str, align: str) -> Dataset:
    """The new data as a dataset of which nothing is held out."""
    from redescribe.cli.sources import check_align, read_views, tell_unmatched  # noqa: PLC0415
    from redescribe.core.dataset import Dataset  # noqa: PLC0415
    from redescribe.core.dataset import align as align_views  # noqa: PLC0415
    from redescribe.core.entities import SplitParams  # noqa: PLC0415

    check_align(align)
    views = read_views(specifications, table=table, id_column=id_column)
    aligned, unmatched = align_views(views, inner=align == "inner")
    tell_unmatched(unmatched)
    return Dataset.of(aligned, SplitParams(hold_out=0))


def _format(output: Path | None) -> str | None:
    """The format that the name of a file asks for; checked before any work is done."""
    if output is None:
        return None
    from redescribe.errors import ParameterError  # noqa: PLC0415
    from redescribe.writers.tabular import TableFormat  # noqa: PLC0415

    ending = output.suffix.lower().removeprefix(".")
    known = [one.value for one in TableFormat]
    if ending not in known:
        endings = ", ".join(f".{name}" for name in known)
        em = f"{str(output)!r} has no known ending. Use one of {endings}."
        raise ParameterError(em)
    return ending


def _record(found: ReplicatedSet) -> dict[str, Any]:
    """Everything that is known of the findings on the new data."""
    return {
        "n_entities": found.n_entities,
        "n_applied": len(found),
        "n_replicated": found.n_replicated,
        "n_known_mined": found.n_known_mined,
        "n_known_hold_out": found.n_known_hold_out,
        "test": found.test,
        "correction": found.correction,
        "alpha": found.alpha,
        "min_jaccard": found.min_jaccard,
        "caveat": found.caveat,
        "skipped": [
            {"id": one.id, "view": one.view, "attribute": one.attribute}
            for one in found.skipped
        ],
        "findings": [
            row
            | {
                "unseen": None
                if replication.unseen is None
                else [
                    {
                        "view": unseen.view,
                        "attribute": unseen.attribute,
                        "categories": list(unseen.categories),
                        "n_entities": unseen.n_entities,
                    }
                    for unseen in replication.unseen
                ]
            }
            for row, replication in zip(found.rows(), found, strict=True)
        ],
    }
