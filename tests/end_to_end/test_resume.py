"""A run that was killed or interrupted is taken up where it stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from pyarrow import parquet

from redescribe.cli.main import run
from redescribe.datasets.wdbc import wdbc_views

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of posix")

N_TARGETS, N_BEFORE = 30, 3
PATIENCE = 120.0
"""Seconds: the first run on a machine compiles the kernels."""


@pytest.fixture(scope="module")
def arguments(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """A command of some seconds: thirty targets, each a chunk of its own."""
    path = tmp_path_factory.mktemp("tumours") / "tumours.csv"
    attributes, _ = wdbc_views()
    table = pd.DataFrame(attributes.values.T, columns=list(attributes.names))
    table.insert(0, "id", attributes.entities.ids)
    table.to_csv(path, index=False)
    views = ["--view", "a=mean_*,*_error", "--view", "b=worst_*"]
    return ["mine", "--table", str(path), *views, "--chunk-size", "1", "--quiet"]


@pytest.fixture(scope="module")
def uninterrupted(arguments: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole") / "run"
    assert run([*arguments, "-o", str(folder)]) == 0
    return folder


def part_files(folder: Path, stage: str = "redescriptions") -> dict[str, int]:
    """When each finished part was written."""
    paths = sorted((folder / stage).glob("part-*.parquet"))
    return {path.name: path.stat().st_mtime_ns for path in paths}


def stopped(
    command: list[str],
    folder: Path,
    with_signal: int,
    *,
    stage: str = "redescriptions",
) -> tuple[int, str]:
    """Start a command, stop it in the middle; return its exit status and its errors."""
    with subprocess.Popen(
        [sys.executable, "-m", "redescribe", *command, "-o", str(folder)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        deadline = time.monotonic() + PATIENCE
        while len(part_files(folder, stage)) < N_BEFORE and time.monotonic() < deadline:
            assert process.poll() is None
            time.sleep(0.005)
        process.send_signal(with_signal)
        _, errors = process.communicate(timeout=PATIENCE)
    return process.returncode, errors


def assert_same_results(folder: Path, expected: Path) -> None:
    for name in ("assessed.parquet", "targets.parquet"):
        assert parquet.read_table(folder / name).equals(parquet.read_table(expected / name))


def test_a_killed_run_is_taken_up(
    arguments: list[str], uninterrupted: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    status, _ = stopped([*arguments, "--jobs", "1"], folder, signal.SIGKILL)
    assert status == -signal.SIGKILL
    before = part_files(folder)
    assert N_BEFORE <= len(before) < N_TARGETS
    assert not (folder / "result.json").exists()
    assert run([*arguments, "-o", str(folder)]) == 0
    after = part_files(folder)
    assert len(after) == N_TARGETS
    assert {name: after[name] for name in before} == before
    assert_same_results(folder, uninterrupted)
    leftovers = [path for path in folder.rglob("*") if path.name.endswith(".tmp")]
    assert leftovers == []


def test_an_interrupted_run_says_how_to_go_on(
    arguments: list[str], uninterrupted: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    status, errors = stopped([*arguments, "--jobs", "2"], folder, signal.SIGINT)
    assert status == 130
    assert errors.splitlines() == [
        "Interrupted. Finished parts are kept: the same command takes them up."
    ]
    before = part_files(folder)
    assert N_BEFORE <= len(before) < N_TARGETS
    broken = folder / "redescriptions" / next(iter(before))
    broken.write_bytes(broken.read_bytes()[:-20])
    del before[broken.name]
    assert run([*arguments, "-o", str(folder)]) == 0
    after = part_files(folder)
    assert {name: after[name] for name in before} == before
    assert_same_results(folder, uninterrupted)


def test_permutations_go_on_after_a_kill(arguments: list[str], tmp_path: Path) -> None:
    asked = [*arguments, "--permutations", "25"]
    whole, folder = tmp_path / "whole", tmp_path / "run"
    assert run([*asked, "--jobs", "4", "-o", str(whole)]) == 0
    command = [*asked, "--jobs", "1"]
    status, _ = stopped(command, folder, signal.SIGKILL, stage="nulls")
    assert status == -signal.SIGKILL
    before = part_files(folder, "nulls")
    assert N_BEFORE <= len(before) < len(part_files(whole, "nulls"))
    assert run([*command, "-o", str(folder)]) == 0
    after = part_files(folder, "nulls")
    assert {name: after[name] for name in before} == before
    assert_same_results(folder, whole)
    nulls = (parquet.read_table(run / "nulls.parquet") for run in (folder, whole))
    assert next(nulls).equals(next(nulls))
