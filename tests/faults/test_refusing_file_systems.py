"""A full disk, a read-only folder: one clear error, and what was finished is taken up."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING

import numpy as np
import pytest
from tests.faults.damage import contents, copied, mined, timeless

from redescribe.core.captured import LayerUnits
from redescribe.core.entities import EntityIndex
from redescribe.errors import StoreError
from redescribe.store.activation_writer import ActivationWriter
from redescribe.store.activations import ActivationStore
from redescribe.store.results import load
from redescribe.study.status import run_status

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

REFUSALS = [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EIO, errno.EDQUOT]


def parts(run: Path) -> dict[str, int]:
    found = sorted(run.glob("*/part-*.parquet"))
    return {f"{path.parent.name}/{path.name}": path.stat().st_mtime_ns for path in found}


@pytest.mark.parametrize(
    ("code", "n_before"), [*zip(REFUSALS, [0, 5, 14, 30, 50], strict=True)]
)
def test_a_refusal_is_one_error_and_the_run_goes_on(
    finished: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    code: int,
    n_before: int,
) -> None:
    run, flush, calls = tmp_path / "run", os.fsync, count()

    def refuse(handle: int) -> None:
        if next(calls) >= n_before:
            raise OSError(code, os.strerror(code))
        flush(handle)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", refuse)
        with pytest.raises(StoreError) as caught:
            mined(run)
    said = str(caught.value)
    assert os.strerror(code) in said
    assert str(run) in said
    assert "Check the folder, its rights and the free space" in said
    before = parts(run)
    assert mined(run) == timeless(load(finished))
    assert contents(run) == contents(finished)
    assert {name: parts(run)[name] for name in before} == before


@contextmanager
def mounted(folder: Path, *options: str) -> Iterator[Path]:
    """Mount something on a folder; where this is not allowed, skip."""
    folder.mkdir(exist_ok=True)
    done = subprocess.run(
        ["mount", *options, str(folder)],  # noqa: S607 - whichever mount there is
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        pytest.skip(f"mounting is not allowed here: {done.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)  # noqa: S607


needs_mount = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="mounts of Linux"
)


@needs_mount
@pytest.mark.parametrize("kilobytes", [32, 64, 100])
def test_a_full_disk_costs_no_finished_part(
    finished: Path, tmp_path: Path, kilobytes: int
) -> None:
    small = ("-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs")
    with mounted(tmp_path / "disk", *small) as disk:
        with pytest.raises(StoreError, match=f"{disk}/run.* cannot be written"):
            mined(disk / "run")
        before = parts(disk / "run")
        more_room = ["mount", "-o", "remount,size=20m", str(disk)]
        subprocess.run(more_room, check=True)
        assert mined(disk / "run") == timeless(load(finished))
        assert contents(disk / "run") == contents(finished)
        now = parts(disk / "run")
        assert {name: now[name] for name in before} == before


@needs_mount
def test_a_read_only_folder_can_be_read_and_is_never_written(
    finished: Path, tmp_path: Path
) -> None:
    source = tmp_path / "source"
    source.mkdir()
    copied(finished, source / "run")
    with mounted(tmp_path / "seen", "--bind", "-o", "ro", str(source)) as seen:
        if os.access(seen, os.W_OK):
            pytest.skip("a bind mount is not read-only here")
        assert timeless(load(seen / "run")) == timeless(load(finished))
        assert run_status(seen / "run").finished
        assert mined(seen / "run") == timeless(load(finished))
        with pytest.raises(StoreError, match="Read-only file system"):
            mined(seen / "other")


LIMITED = """
import resource, signal, sys
from redescribe.cli.main import run

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
sys.exit(run(sys.argv[1:]))
"""


@pytest.mark.skipif(os.name != "posix", reason="limits of posix")
def test_a_limit_on_the_size_of_files_is_one_line(tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    values = np.random.default_rng(0).normal(size=(100, 4))
    np.savetxt(table, values, delimiter=",", header="a,b,c,d", comments="")
    views = ["--table", str(table), "--view", "x=a,b", "--view", "y=c,d"]
    command = ["mine", *views, "-o", str(tmp_path / "run"), "--quiet"]
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, *command],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "REDESCRIBE_NUMBA_CACHE": "0"},
    )
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith(f"Error: {tmp_path / 'run'}")
    assert "File too large" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def batches(n_batches: int = 6) -> list[np.ndarray]:
    values = np.random.default_rng(0).normal(size=(n_batches * 10, 3))
    return np.split(values.astype(np.float32), n_batches)


def captured(path: Path, sizes: list[int]) -> None:
    """Write what a writer lacks; `sizes` hears how many entities were kept."""
    entities = EntityIndex.numbered(60)
    with ActivationWriter(path, [LayerUnits.whole("fc", 3)], entities) as sink:
        sizes.append(sink.n_kept)
        for number, batch in enumerate(batches()):
            if number * 10 >= sink.n_kept:
                sink.write(batch)


def test_a_full_disk_costs_no_saved_batch_of_a_capture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("redescribe.store.activation_writer._PATIENCE", 0.0)
    flush, calls, kept = os.fsync, count(), list[int]()

    def refuse(handle: int) -> None:
        if next(calls) >= 9:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        flush(handle)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", refuse)
        with pytest.raises(StoreError, match="No space left on device"):
            captured(tmp_path / "out", kept)
    captured(tmp_path / "out", kept)
    assert kept[0] == 0
    assert kept[1] >= 20
    found = ActivationStore.open(tmp_path / "out").view("x").values
    assert np.array_equal(found, np.concatenate(batches()).T)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
