"""`explain RUN TARGET`: what became of a target, and what length brings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyarrow import parquet

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.examples import CommandLine


def test_a_target_is_explained_by_its_front(cli: CommandLine, finished: Path) -> None:
    rows = parquet.read_table(finished / "targets.parquet").to_pylist()
    target = rows[0]["target"]
    lines = cli("explain", finished, target).out.splitlines()
    assert lines[0] == f"{target}: described"
    assert lines[1].strip() == f"{rows[0]['candidates']:,} candidates scored"
    assert "Best pair of each length (individual descriptions)" in lines
    assert sum(line.endswith("do not pay") for line in lines) <= 1
    assert lines[-1].startswith("Findings: R")
    findings = parquet.read_table(finished / "assessed.parquet").to_pylist()
    own = [row["id"] for row in findings if row["target"] == target]
    assert lines[-1] == f"Findings: {', '.join(own)}"


def test_what_is_neither_finding_nor_target(cli: CommandLine, finished: Path) -> None:
    outcome = cli("explain", finished, "nothing:there")
    assert outcome.status == 2
    assert "no finding 'nothing:there'" in outcome.err
