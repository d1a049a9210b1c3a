"""The digits study gives the same tables wherever it runs, also when workers are killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from benchmarks.content_hash import content_hash
from benchmarks.distributed import SERIAL, SIZES, SMALL, Way, ran, write_inputs
from tests.end_to_end.test_resume import part_files

HERE = [Way("threads", 2), Way("threads", 4), Way("shards", 1), Way("shards", 3)]
ELSEWHERE = [Way("multiprocessing"), Way("dask"), Way("ray")]
PACKAGES = {"dask": "distributed", "ray": "ray"}
ROOT = Path(__file__).parents[2]
PATIENCE = 240.0
"""Seconds: the first run on a machine compiles the kernels, in each worker."""


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("digits")
    write_inputs(folder, SMALL)
    return folder


@pytest.fixture(scope="module")
def serial(inputs: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """By size, the hash of the tables of the serial run."""
    folder = tmp_path_factory.mktemp("serial")
    return {
        name: ran(SERIAL, inputs, folder / name, size=SIZES[name]).hash
        for name in ("small", "permuted")
    }


def in_session(*command: object) -> Any:  # noqa: ANN401 - JSON
    """Run a module in a session of its own, of which nothing is left; return what it says.

    Back ends change the process that starts them: Ray replaces a class of joblib.
    """
    with subprocess.Popen(
        [sys.executable, "-m", *map(str, command)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        start_new_session=True,
    ) as process:
        try:
            output, errors = process.communicate(timeout=PATIENCE)
        finally:
            end(process.pid)
    assert process.returncode == 0, errors
    return json.loads(output.splitlines()[-1])


def end(session: int) -> None:
    try:
        os.killpg(session, signal.SIGKILL)
    except ProcessLookupError:
        return  # all have ended by themselves


@pytest.mark.parametrize("way", HERE, ids=str)
def test_threads_and_shards_give_the_same_tables(
    way: Way, inputs: Path, serial: dict[str, str], tmp_path: Path
) -> None:
    assert ran(way, inputs, tmp_path / "run", size=SMALL).hash == serial["small"]


@pytest.mark.parametrize("way", ELSEWHERE, ids=str)
def test_processes_and_clusters_give_the_same_tables(
    way: Way, inputs: Path, serial: dict[str, str], tmp_path: Path
) -> None:
    if way.backend in PACKAGES:
        pytest.importorskip(PACKAGES[way.backend])
    size = "permuted" if way.backend == "ray" else "small"
    made = in_session("benchmarks.distributed", way, size, inputs, tmp_path / "run")
    assert made["hash"] == serial[size]


@pytest.fixture(scope="module")
def serial_capture(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The hash of the activations that are captured in one process."""
    folder = tmp_path_factory.mktemp("capture") / "acts"
    return str(in_session("benchmarks.distributed_capture", SERIAL, folder)["hash"])


@pytest.mark.parametrize("way", ELSEWHERE, ids=str)
def test_processes_and_clusters_capture_the_same(
    way: Way, serial_capture: str, tmp_path: Path
) -> None:
    pytest.importorskip(PACKAGES.get(way.backend, "joblib"))
    made = in_session("benchmarks.distributed_capture", way, tmp_path / "acts")
    assert made["hash"] == serial_capture


@pytest.mark.skipif(os.name != "posix", reason="signals of posix")
@pytest.mark.parametrize(
    ("backend", "stage", "size"),
    [
        ("loky", "Mining targets", "many"),
        ("dask", "Searching permuted entities", "permuted"),
    ],
)
def test_a_run_whose_workers_are_killed_goes_on(
    backend: str, stage: str, size: str, tmp_path: Path
) -> None:
    if backend in PACKAGES:
        pytest.importorskip(PACKAGES[backend])
    pytest.importorskip("psutil")
    write_inputs(tmp_path, SIZES[size])
    expected = ran(SERIAL, tmp_path, tmp_path / "serial", size=SIZES[size]).hash
    killer = ["tests.end_to_end.worker_killer", backend, stage, size]
    made = in_session(*killer, tmp_path, tmp_path / "run")
    assert made["killed"] == 2
    # Dask starts workers anew; whether it must give up depends on what they had done.
    if made["error"] or backend == "loky":
        assert "did not do its task" in made["error"]
        assert "Finished parts are kept" in made["error"]
    assert made["hash"] == expected


@pytest.mark.skipif(os.name != "posix", reason="signals of posix")
def test_a_killed_run_on_dask_is_taken_up(
    inputs: Path, serial: dict[str, str], tmp_path: Path
) -> None:
    pytest.importorskip("distributed")
    folder = tmp_path / "run"
    command = ["benchmarks.distributed", str(Way("dask")), "small"]
    with subprocess.Popen(
        [sys.executable, "-m", *command, str(inputs), str(folder)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        start_new_session=True,
    ) as process:
        try:
            deadline = time.monotonic() + PATIENCE
            while not part_files(folder) and time.monotonic() < deadline:
                assert process.poll() is None
                time.sleep(0.005)
        finally:
            end(process.pid)
    before = part_files(folder)
    assert before
    assert not (folder / "nulls.parquet").exists()
    ran(Way("threads"), inputs, folder, size=SMALL)
    after = part_files(folder)
    assert {name: after[name] for name in before} == before
    assert content_hash(folder) == serial["small"]
