"""`redescribe export`: the same table in every format, to a file and to the terminal."""

from __future__ import annotations

import csv
import json
from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest
from pyarrow import parquet
from tests.cli.examples import findings

from redescribe.store.results import load

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pyarrow as pa
    from tests.cli.examples import CommandLine

MINED = [
    *("id", "key", "kind", "target", "query_mean", "query_worst"),
    *("n_literals", "n_mined", "support_mined", "jaccard_mined"),
    *("adjusted_jaccard_mined", "p_mined", "work_mined"),
]
HELD_OUT = [
    *("n_hold_out", "support", "jaccard", "jaccard_low", "jaccard_high"),
    *("adjusted_jaccard", "work", "p_value", "q_value", "confirmed"),
]
FINDINGS = [*MINED, *HELD_OUT, "log10_p_mined", "log10_p_value", "log10_q_value"]
TARGETS = [
    *("target", "view", "attribute", "state", "reason", "n_bins"),
    *("best_jaccard_mined", "baseline_jaccard", "baseline_adjusted_jaccard"),
    *("baseline_log10_p", "baseline_left", "baseline_right_view", "baseline_right"),
    *("baseline_pairs", "candidates", "front"),
]


def read(text: str, table_format: str, stored: pa.Table) -> list[dict[str, Any]]:
    """The rows of a text, with the types of the stored table."""
    if table_format == "json":
        return list(json.loads(text))
    if table_format == "jsonl":
        return [json.loads(line) for line in text.splitlines()]
    types: dict[str, Callable[[str], Any]] = {
        "string": str,
        "int64": int,
        "double": float,
        "bool": "true".__eq__,
    }
    return [
        {
            name: types[str(stored.schema.field(name).type)](cell) if cell else None
            for name, cell in row.items()
        }
        for row in csv.DictReader(StringIO(text))
    ]


@pytest.mark.parametrize("table_format", ["csv", "json", "jsonl"])
def test_findings_as_text(cli: CommandLine, finished: Path, table_format: str) -> None:
    outcome = cli("export", finished, "--format", table_format)
    assert (outcome.status, outcome.err) == (0, "")
    stored = parquet.read_table(finished / "assessed.parquet")
    rows = read(outcome.out, table_format, stored)
    assert all(list(row) == FINDINGS for row in rows)
    assert rows == stored.to_pylist()


@pytest.mark.parametrize("table_format", ["csv", "json", "jsonl"])
def test_a_file_holds_what_the_terminal_shows(
    cli: CommandLine, finished: Path, tmp_path: Path, table_format: str
) -> None:
    path = tmp_path / "new" / f"findings.{table_format}"
    printed = cli("export", finished, "--format", table_format).out
    outcome = cli("export", finished, "--format", table_format, "-o", path)
    assert (outcome.status, outcome.out) == (0, "")
    assert f"{len(findings(finished))} rows written to {path}" in outcome.err
    assert path.read_text(encoding="utf-8") == printed


def test_parquet_needs_a_file(cli: CommandLine, finished: Path, tmp_path: Path) -> None:
    refused = cli("export", finished, "--format", "parquet")
    assert refused.status == 2
    assert "Parquet is binary and cannot be printed. Name a file" in refused.err
    path = tmp_path / "findings.parquet"
    assert cli("export", finished, "--format", "parquet", "-o", path).status == 0
    assert parquet.read_table(path).equals(
        parquet.read_table(finished / "assessed.parquet")
    )


def test_without_a_hold_out_its_columns_are_absent(
    cli: CommandLine, in_sample: Path
) -> None:
    stored = parquet.read_table(in_sample / "assessed.parquet")
    rows = read(cli("export", in_sample).out, "csv", stored)
    assert list(rows[0]) == [*MINED, "log10_p_mined"]
    assert rows == stored.to_pylist()
    assert all(row["p_mined"] is not None for row in rows)


@pytest.mark.parametrize("table_format", ["csv", "json", "jsonl"])
def test_targets(cli: CommandLine, finished: Path, table_format: str) -> None:
    arguments = ("--table", "targets", "--format", table_format)
    stored = parquet.read_table(finished / "targets.parquet")
    rows = read(cli("export", finished, *arguments).out, table_format, stored)
    assert all(list(row) == TARGETS for row in rows)
    assert rows == stored.to_pylist()
    assert {row["state"] for row in rows} == {"described"}


def test_the_findings_are_the_default(cli: CommandLine, finished: Path) -> None:
    explicit = cli("export", finished, "--table", "findings", "--format", "csv")
    assert cli("export", finished).out == explicit.out


POLICIES = ("query_non_missing", "rejective", "pessimistic", "optimistic")


def test_json_has_every_policy_where_values_are_missing(
    cli: CommandLine, incomplete: Path
) -> None:
    stored = parquet.read_table(incomplete / "assessed.parquet").to_pylist()
    lines = cli("export", incomplete, "--format", "jsonl").out.splitlines()
    further = [f"{name}_{one}" for name in ("jaccard_mined", "jaccard") for one in POLICIES]
    for line, row in zip(map(json.loads, lines), stored, strict=True):
        assert list(line) == [*row, "missing", *further]
        assert line["missing"] == "pessimistic"
        assert line["jaccard_mined_pessimistic"] == row["jaccard_mined"]
        assert line["jaccard_pessimistic"] == row["jaccard"]
        assert line["jaccard_mined_optimistic"] > line["jaccard_mined_pessimistic"]
    header = cli("export", incomplete, "--format", "csv").out.splitlines()[0]
    assert header.split(",") == list(stored[0])


def test_a_saved_set_has_the_policies_of_the_mining_part(
    cli: CommandLine, incomplete: Path, tmp_path: Path
) -> None:
    load(incomplete).save(tmp_path / "saved")
    (line, *_) = cli("export", tmp_path / "saved", "--format", "jsonl").out.splitlines()
    assert "jaccard_mined_rejective" in json.loads(line)
    assert "jaccard_rejective" not in json.loads(line)


def test_tables_of_two_sides_say_what_they_leave_out(
    cli: CommandLine, three_views: Path, tmp_path: Path
) -> None:
    found = findings(three_views)
    n_wide = int(found.filter(like="query_").notna().all(axis=1).sum())
    outcome = cli("export", three_views, "--format", "clired", "-o", tmp_path)
    assert outcome.status == 0
    assert f"{n_wide} of {len(found)} findings cover more than two views" in outcome.err
    lines = [path.read_text().splitlines() for path in tmp_path.glob("*.tsv")]
    assert sum(len(rows) - 1 for rows in lines) == len(found) - n_wide


def test_all_views_are_in_a_file_of_the_reference(
    cli: CommandLine, three_views: Path, tmp_path: Path
) -> None:
    outcome = cli("export", three_views, "--format", "rr", "-o", tmp_path)
    assert outcome.status == 0
    text = "".join(path.read_text() for path in tmp_path.glob("*.rr"))
    found = findings(three_views)
    for number, name in enumerate(("mean", "worst", "labels"), start=1):
        assert text.count(f"W{number}R: ") == found[f"query_{name}"].notna().sum()
