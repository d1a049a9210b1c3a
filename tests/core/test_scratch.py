"""Large arrays lie in files that go with them."""

from __future__ import annotations

import gc
import os
import platform
import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING

import numpy as np
import pytest
from joblib import Parallel, delayed

from redescribe.core import scratch
from redescribe.core.dataset import Dataset
from redescribe.core.view import View
from redescribe.errors import StoreError
from redescribe.mining.miner import mine

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for scratch files, which every array of more than 1,000 bytes needs."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(scratch, "IN_MEMORY", 1_000)
    return tmp_path


def test_a_large_array_has_a_file_while_it_lives(disk: Path) -> None:
    array = scratch.empty((10, 100), np.float32)
    array[:] = np.arange(100)
    rows = array[3:5]
    del array
    gc.collect()
    assert len(list(disk.iterdir())) == 1
    assert rows.sum() == 2 * 4950
    del rows
    gc.collect()
    assert not list(disk.iterdir())


def test_a_small_array_has_none(disk: Path) -> None:
    assert scratch.empty((10, 25), np.float32).flags.writeable
    assert not list(disk.iterdir())


def test_columns_and_copies_are_those_of_numpy(disk: Path) -> None:
    array = np.random.default_rng(0).normal(size=(20, 90))
    positions = np.array([3, 3, 80, *range(60)])
    taken, copied = scratch.take_columns(array, positions), scratch.copied(array, "float32")
    assert len(list(disk.iterdir())) == 2
    assert taken.tolist() == array.take(positions, axis=1).tolist()
    assert copied.tolist() == array.astype(np.float32).tolist()


def test_what_is_mined_does_not_depend_on_where_arrays_lie(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = np.random.default_rng(0).normal(size=(120, 6))
    values[5, 2] = np.nan
    noisy = values + 0.1 * np.random.default_rng(1).normal(size=values.shape)
    dataset = Dataset.of([View.of("x", values), View.of("y", noisy)])
    in_memory = mine(dataset)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(scratch, "IN_MEMORY", 0)
    on_disk = mine(dataset)
    assert in_memory.redescriptions
    assert on_disk.redescriptions == in_memory.redescriptions
    del on_disk
    gc.collect()
    assert not list(tmp_path.iterdir())


def test_other_processes_read_the_file(disk: Path) -> None:
    array = scratch.copied(np.arange(2_000_000.0).reshape(2, -1))
    sums = Parallel(n_jobs=2, backend="loky")(delayed(np.sum)(array) for _ in range(2))
    assert sums == [array.sum()] * 2
    assert len(list(disk.glob("*.scratch"))) == 1


def test_files_of_a_dead_process_are_removed(disk: Path) -> None:
    dead = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"],
        capture_output=True,
        check=True,
        text=True,
    )
    here = platform.node().partition(".")[0]
    left = disk / f"redescribe-{here}-{dead.stdout.strip()}-abc.scratch"
    alive = disk / f"redescribe-{here}-{os.getppid()}-abc.scratch"
    others = disk / "redescribe-report.scratch"
    elsewhere = disk / f"redescribe-other{here}-{dead.stdout.strip()}-abc.scratch"
    for path in (left, alive, others, elsewhere):
        path.touch()
    array = scratch.empty((1_000,), np.float64)
    assert array.size == 1_000
    assert not left.exists()
    assert alive.exists()
    assert others.exists()
    assert elsewhere.exists()
    assert any(f"-{here}-{os.getpid()}-" in path.name for path in disk.iterdir())


def test_a_full_disk_is_told(disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full)
    with pytest.raises(StoreError, match=r"room for a scratch file of 8,000 bytes.*TMPDIR"):
        scratch.empty((1_000,), np.float64)
    assert not list(disk.iterdir())
