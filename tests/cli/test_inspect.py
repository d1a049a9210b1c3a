"""`redescribe inspect`: what a file holds, and commands that can be copied."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import pandas as pd
from tests.cli.examples import N_ENTITIES

from redescribe.cli.main import run

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.examples import CommandLine


def test_types_missing_constant_and_dead_columns(cli: CommandLine, tmp_path: Path) -> None:
    table = pd.DataFrame(
        {
            "id": list("pqrs"),
            "age": [30.5, None, 40.25, 50.0],
            "stage": ["I", "II", None, "I"],
            "smoker": ["true", "false", "true", "true"],
            "dead": [0.0, 0.0, 0.0, 0.0],
            "same": [2.5, 2.5, 2.5, None],
        }
    )
    path = tmp_path / "patients.csv"
    table.to_csv(path, index=False)
    outcome = cli("inspect", path)
    assert outcome.status == 0
    first, *_ = outcome.out.splitlines()
    assert first == (
        "patients: 4 entities × 5 attributes; 3 values missing, 2 columns constant, 1 of "
        "them dead"
    )
    for text in ("numeric", "nominal", "boolean", "dead: always 0", "constant: always 2.5"):
        assert text in outcome.out


def test_the_suggested_views_can_be_mined(
    cli: CommandLine, tables: Path, tmp_path: Path
) -> None:
    outcome = cli("inspect", tables / "all.csv")
    suggested = [line for line in outcome.out.splitlines() if "--view" in line]
    assert len(suggested) == 2
    arguments = [shlex.split(line.partition(": ")[2]) for line in suggested]
    options = [text for argument in arguments for text in argument]
    assert run(["mine", *options, "-o", str(tmp_path / "run")]) == 0


def test_several_files(cli: CommandLine, tables: Path) -> None:
    outcome = cli("inspect", tables / "mean.arff", tables / "worst.npy")
    assert f"mean: {N_ENTITIES} entities × 4 attributes" in outcome.out
    assert f"worst: {N_ENTITIES} entities × 3 attributes" in outcome.out


def test_the_id_column_is_no_attribute(cli: CommandLine, tables: Path) -> None:
    table = pd.read_csv(tables / "worst.csv").rename(columns={"id": "patient"})
    path = tables / "patients.csv"
    table.to_csv(path, index=False)
    assert "× 4 attributes" in cli("inspect", path).out
    assert "× 3 attributes" in cli("inspect", path, "--id", "patient").out
