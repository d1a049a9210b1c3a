"""Two processes on one run folder: one of them says so, or both are right; never a mix."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from tests.faults.damage import contents, copied, dataset, mined, timeless

import redescribe as rd
from redescribe.errors import StoreError
from redescribe.store.locking import lock
from redescribe.store.results import load
from redescribe.study.status import run_status

if TYPE_CHECKING:
    from collections.abc import Iterator

fcntl = pytest.importorskip("fcntl")
pytestmark = pytest.mark.skipif(os.name != "posix", reason="locks of posix")

ROOT = Path(__file__).parents[2]
ENVIRONMENT = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}


@contextmanager
def held_elsewhere(folder: Path, how: str) -> Iterator[subprocess.Popen[str]]:
    """Another process has the lock of a folder."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.faults.holding", str(folder), how],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=ENVIRONMENT,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "locked\n"
        yield process
        process.kill()


def test_a_folder_that_another_process_writes_is_left_alone(
    finished: Path, tmp_path: Path
) -> None:
    run = copied(finished, tmp_path / "run")
    before = contents(run)
    with held_elsewhere(run, "alone") as other:
        with pytest.raises(StoreError, match="is being written by another process"):
            mined(run)
        with pytest.raises(StoreError, match="is being written by another process"):
            rd.mine_shard(dataset(), run, rd.Shard(0, 2), rd.MineParams(chunk_size=2))
        assert timeless(load(run)) == timeless(load(finished))
        assert run_status(run).finished
        assert contents(run) == before
        other.kill()
        other.wait()
    # A kill leaves nothing behind.
    assert mined(run) == timeless(load(finished))


def test_shards_share_a_folder_and_nobody_else_writes_it(tmp_path: Path) -> None:
    run, params = tmp_path / "run", rd.MineParams(chunk_size=2)
    rd.mine_shard(dataset(), run, rd.Shard(0, 2), params)
    with held_elsewhere(run, "shared"):
        assert rd.mine_shard(dataset(), run, rd.Shard(1, 2), params).searched
        with pytest.raises(StoreError, match="is being written by another process"):
            rd.merge(run)
        with pytest.raises(StoreError, match="is being written by another process"):
            rd.run_stages(dataset(), run, params)
    assert len(rd.merge(run)) > 0


def test_who_shares_a_folder_gets_it_alone_when_nobody_else_does(tmp_path: Path) -> None:
    def others_may_share() -> bool:
        handle = os.open(tmp_path, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        finally:
            os.close(handle)
        return True

    shared = lock(tmp_path, shared=True)
    with held_elsewhere(tmp_path, "shared") as other:
        with pytest.raises(StoreError, match="is being written by another process"):
            lock(tmp_path)
        assert others_may_share()
        other.kill()
        other.wait()
    assert others_may_share()
    assert lock(tmp_path) is shared
    assert not others_may_share()
    assert lock(tmp_path, shared=True) is shared
    assert not others_may_share()


def test_a_lock_goes_with_its_run(finished: Path, tmp_path: Path) -> None:
    run = copied(finished, tmp_path / "run")
    mined(run)
    gc.collect()
    with held_elsewhere(run, "alone"):
        pass  # it got the lock


def test_the_same_command_twice_at_once_is_right_or_says_so(tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    values = np.random.default_rng(0).normal(size=(150, 3))
    values = np.hstack([values, values + 0.3])
    np.savetxt(table, values, delimiter=",", header="a,b,c,d,e,f", comments="")
    views = ["--table", str(table), "--view", "x=a,b,c", "--view", "y=d,e,f"]

    def started(number: str, folder: str) -> subprocess.Popen[str]:
        options = ["--seed", number, "--quiet", "-o", str(tmp_path / folder)]
        return subprocess.Popen(
            [sys.executable, "-m", "redescribe", "mine", *views, *options],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env=ENVIRONMENT,
        )

    both = [started(number, "run") for number in "12"]
    said = [process.communicate()[1] for process in both]
    statuses = [process.returncode for process in both]
    assert sorted(statuses) == [0, 2], said
    (refused,) = [text for text, status in zip(said, statuses, strict=True) if status]
    assert "is being written by another" in refused or "holds a run with other" in refused
    alone = started("12"[statuses.index(0)], "alone")
    alone.communicate()
    expected = contents(tmp_path / "alone")
    found = contents(tmp_path / "run")
    for different in ("report.html",):  # it states the time
        expected.pop(different, None)
        found.pop(different, None)
    assert found == expected
