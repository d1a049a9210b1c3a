"""One study on threads, processes, shards, Dask and Ray: the same tables, and their cost.

Two small networks that tell scikit-learn's digits apart: each by the pixels, by the classes
and by the other, with permutations, resamples and null networks.
"""

from __future__ import annotations

import json
import os
import pickle
import secrets
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

import joblib
import numpy as np

from benchmarks.content_hash import content_hash
from benchmarks.measure import Table
from redescribe.core.dataset import Dataset
from redescribe.core.entities import SplitParams
from redescribe.core.view import View
from redescribe.executors.joblib import JoblibExecutor
from redescribe.executors.parcel import Parcel, Rest, shared_fields
from redescribe.executors.shards import Shard
from redescribe.mining.neuron import mine_chunk
from redescribe.mining.params import MineParams
from redescribe.mining.warm_up import warm_up
from redescribe.significance.resample_params import ResampleParams
from redescribe.study.merge import merge
from redescribe.study.shards import mine_shard
from redescribe.study.stage_params import StageParams
from redescribe.study.stages import planned, run_stages

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from redescribe.core.protocols import Progress

INPUTS = "digits.npz"
N_CLASSES, N_EPOCHS, N_WORKERS = 10, 100, 2
NETWORKS = ("a", "b")
TIMEOUT = 300
CLUSTERS = ("dask", "ray")


@dataclass(frozen=True)
class Size:
    """How much work the study is."""

    n_images: int = 200
    n_units: int = 4
    permutations: int = 10
    recovery: int = 4
    rotations: int = 4

    @property
    def mine(self) -> MineParams:
        """Every neuron, each a chunk of its own."""
        return MineParams(targets=NETWORKS, chunk_size=1)

    @property
    def resample(self) -> ResampleParams:
        """Permutations, resamples and null networks."""
        return ResampleParams(
            permutations=self.permutations,
            recovery=self.recovery,
            rotations=self.rotations,
            networks=NETWORKS if self.rotations else (),
        )


SMALL = Size(n_images=120, n_units=2, permutations=6, recovery=1, rotations=1)
SIZES = {
    "whole": Size(),
    "small": SMALL,
    "permuted": replace(SMALL, recovery=0, rotations=0),
    "many": replace(SMALL, n_units=20, permutations=0, recovery=0, rotations=0),
}
"""Tests: all stages; two of them, for Ray starts its workers anew for each; and the search
of so many neurons that workers which are killed at its first part have work left."""


class Way(NamedTuple):
    """How a study is run: a joblib back end and its workers, or shards."""

    backend: str
    n_workers: int = N_WORKERS

    def __str__(self) -> str:
        return f"{self.backend} {self.n_workers}"

    @classmethod
    def parse(cls, text: str) -> Way:
        """Read the text form."""
        backend, _, number = text.partition(" ")
        return cls(backend, int(number))


SERIAL = Way("serial", 1)
WAYS = (
    SERIAL,
    *(Way("threads", number) for number in (1, 2, 4)),
    *(Way("shards", number) for number in (1, 3)),
    *(Way(backend) for backend in ("loky", "multiprocessing", "dask", "ray")),
)


@dataclass(frozen=True)
class Ran:
    """What a run gave; seconds of the start of its cluster, if any, and of the study."""

    starting: float | None
    seconds: float
    hash: str


def write_inputs(folder: Path, size: Size) -> None:
    """Train the networks on the first images, and write what they give for the last."""
    from sklearn.datasets import load_digits  # noqa: PLC0415 - it has no types
    from sklearn.neural_network import MLPClassifier  # noqa: PLC0415

    bunch = load_digits()
    pixels, classes = bunch.data, bunch.target
    shown = slice(len(pixels) - size.n_images, len(pixels))
    units = {}
    for seed, name in enumerate(NETWORKS):
        model = MLPClassifier((size.n_units,), random_state=seed)
        for _ in range(N_EPOCHS):
            rows = slice(shown.start)
            known = np.arange(N_CLASSES)
            model.partial_fit(pixels[rows] / 16, classes[rows], classes=known)
        sums = pixels[shown] / 16 @ model.coefs_[0] + model.intercepts_[0]
        units[name] = np.maximum(sums, 0).astype(np.float32)
    one_hot = (classes[shown, None] == np.arange(N_CLASSES)).astype(np.float32)
    # Means of 2 × 2 pixels: 16 of them.
    coarse = pixels[shown].reshape(-1, 4, 2, 4, 2).mean(axis=(2, 4)).reshape(-1, 16)
    np.savez(folder / INPUTS, pixels=coarse, classes=one_hot, **units)


def digits(folder: Path) -> Dataset:
    """Return the views of the inputs in a folder."""
    with np.load(folder / INPUTS) as arrays:
        views = [View.of(name, arrays[name]) for name in (*NETWORKS, "pixels", "classes")]
    return Dataset.of(views, SplitParams(hold_out=0.3))


def ran(
    way: Way, inputs: Path, output: Path, *, size: Size, progress: Progress | None = None
) -> Ran:
    """Run the study in one way into a new folder, or go on in that of the same study."""
    dataset = digits(inputs)
    warm_up()
    started = time.perf_counter()
    with ExitStack() as stack:
        executor = JoblibExecutor(way.n_workers)
        if way.backend not in {"serial", "threads", "shards"}:
            stack.enter_context(workers(way))
            stack.enter_context(joblib.parallel_config(backend=way.backend))
        ready = time.perf_counter()
        if way.backend == "shards":
            for number in range(way.n_workers):
                shard = Shard(number, way.n_workers)
                mine_shard(dataset, output, shard, size.mine, resample_params=size.resample)
            merge(output)
        else:
            run_stages(
                dataset,
                output,
                size.mine,
                resample_params=size.resample,
                executor=None if way == SERIAL else executor,
                progress=progress,
            )
        seconds = time.perf_counter() - ready
    starting = ready - started if way.backend in CLUSTERS else None
    return Ran(starting, seconds, content_hash(output))


@contextmanager
def workers(way: Way) -> Iterator[None]:
    """Start what a back end needs on this machine, and end it on every way out."""
    with ExitStack() as stack:
        if way.backend == "dask":
            distributed: Any = import_module("distributed")
            cluster = distributed.LocalCluster(
                n_workers=way.n_workers,
                threads_per_worker=1,
                processes=True,
                dashboard_address=None,
                local_directory=stack.enter_context(TemporaryDirectory()),
            )
            stack.enter_context(distributed.Client(stack.enter_context(cluster)))
        if way.backend == "ray":
            # Nothing is reported to its makers, and only who knows the token may connect.
            os.environ |= {
                "RAY_USAGE_STATS_ENABLED": "0",
                "RAY_AUTH_MODE": "token",
                "RAY_AUTH_TOKEN": secrets.token_hex(32),
            }
            ray: Any = import_module("ray")
            folder = stack.enter_context(TemporaryDirectory(prefix="ray", dir="/tmp"))
            stack.callback(ray.shutdown)
            ray.init(
                num_cpus=way.n_workers,
                include_dashboard=False,
                log_to_driver=False,
                logging_level="ERROR",
                _temp_dir=folder,
            )
            import_module("ray.util.joblib").register_ray()
        yield


def sent(inputs: Path, size: Size) -> Table:
    """What goes to workers in other processes, in bytes."""
    params = StageParams.of(size.mine, None, None, size.resample)
    rows = []
    chunks, null_chunks = planned(digits(inputs), params)
    every: dict[str, Sequence[object]] = {"search": chunks, "permutations": null_chunks}
    for title, tasks in every.items():
        shared = shared_fields(tasks)
        rests = [Rest.of(mine_chunk, task, shared) for task in tasks]
        parcel = Parcel.of(shared).block.nbytes / 2**20
        rows.append((title, len(tasks), _pickled(tasks) / 2**20, parcel, _pickled(rests)))
    return Table(
        "What is sent to workers in other processes",
        (
            "tasks of",
            "tasks",
            "MB with each task",
            "MB sent once instead",
            "bytes with the tasks",
        ),
        tuple(rows),
    )


def _pickled(tasks: Sequence[object]) -> int:
    return sum(len(pickle.dumps(task, protocol=5)) for task in tasks)


def ran_apart(way: Way, folder: Path) -> Ran:
    """Run the whole study in a process of its own: Ray changes the one that starts it."""
    command = [sys.executable, "-m", "benchmarks.distributed", str(way), "whole"]
    places = [str(folder), str(folder / str(way))]
    done = subprocess.run(
        [*command, *places], check=True, capture_output=True, text=True, timeout=TIMEOUT
    )
    return Ran(**json.loads(done.stdout.splitlines()[-1]))


def tables() -> list[Table]:
    """Run the study in every way."""
    with TemporaryDirectory() as path:
        folder, size = Path(path), Size()
        write_inputs(folder, size)
        results = {way: ran_apart(way, folder) for way in WAYS}
        shipped = sent(folder, size)
    expected = results[SERIAL].hash
    assert all(one.hash == expected for one in results.values()), results
    rows = tuple(
        (way.backend, way.n_workers, one.starting, one.seconds, one.hash[:12])
        for way, one in results.items()
    )
    header = ("back end", "workers", "start s", "study s", "hash of the tables")
    n_units = size.n_units * len(NETWORKS)
    title = (
        f"The digits study in every way: {n_units} neurons of two networks, "
        f"{size.n_images} images"
    )
    return [Table(title, header, rows), shipped]


def report() -> None:
    """Print them."""
    for table in tables():
        table.print()


if __name__ == "__main__":
    way, size = Way.parse(sys.argv[1]), SIZES[sys.argv[2]]
    inputs, output = (Path(text) for text in sys.argv[3:5])
    print(json.dumps(asdict(ran(way, inputs, output, size=size))))
