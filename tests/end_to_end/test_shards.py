"""Shards in processes of their own: at once, killed, gathered; the same tables."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from benchmarks.content_hash import content_hash
from tests.end_to_end.test_resume import part_files

from redescribe.cli.main import run
from redescribe.datasets.wdbc import wdbc_views

if TYPE_CHECKING:
    from pathlib import Path

N_TARGETS, WORK_LEFT = 30, 3
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
def whole(arguments: list[str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """The hash of the tables of the run without shards."""
    folder = tmp_path_factory.mktemp("whole") / "run"
    assert run([*arguments, "-o", str(folder)]) == 0
    return content_hash(folder)


def started(arguments: list[str], folder: Path, shard: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "redescribe", *arguments, "--jobs", "1"]
    return subprocess.Popen(
        [*command, "--shard", shard, "-o", str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_processes_share_a_folder(arguments: list[str], whole: str, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    processes = [started(arguments, folder, f"{number}/3") for number in range(3)]
    outputs = [process.communicate(timeout=PATIENCE) for process in processes]
    assert [process.returncode for process in processes] == [WORK_LEFT] * 3
    assert [errors for _, errors in outputs] == [""] * 3
    assert all("Left: " in printed for printed, _ in outputs)
    assert len(part_files(folder)) == N_TARGETS
    assert run(["merge", str(folder), "--quiet"]) == 0
    assert content_hash(folder) == whole
    names = {path.name for path in folder.iterdir()}
    assert {"report.html", "shards"} <= names
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


@pytest.mark.skipif(os.name != "posix", reason="signals of posix")
def test_a_killed_shard_loses_no_finished_part(
    arguments: list[str], whole: str, tmp_path: Path
) -> None:
    folder, other, merged = (tmp_path / name for name in ("even", "odd", "merged"))
    with started(arguments, folder, "0/2") as process:
        deadline = time.monotonic() + PATIENCE
        while len(part_files(folder)) < 3 and time.monotonic() < deadline:
            assert process.poll() is None
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=PATIENCE)
    assert process.returncode == -signal.SIGKILL
    before = part_files(folder)
    assert 3 <= len(before) < N_TARGETS // 2
    half = [*arguments, "--shard"]
    assert run([*half, "1/2", "-o", str(other)]) == WORK_LEFT
    both = ["merge", str(folder), str(other), "-o", str(merged), "--quiet"]
    assert run(both) == WORK_LEFT
    assert not merged.exists()
    assert run([*half, "0/2", "-o", str(folder)]) == WORK_LEFT
    after = part_files(folder)
    assert len(after) == N_TARGETS // 2
    assert {name: after[name] for name in before} == before
    assert run(both) == 0
    assert content_hash(merged) == whole
