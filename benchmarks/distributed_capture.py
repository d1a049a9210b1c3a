"""One network on scikit-learn's digits, captured here, in processes, on Dask and on Ray.

python -m benchmarks.distributed_capture "dask 2" FOLDER     one way, into a new folder
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

import joblib
import numpy as np

from benchmarks.distributed import CLUSTERS, SERIAL, TIMEOUT, Ran, Way, workers
from benchmarks.measure import Table
from redescribe.capture.capture import capture

WAYS = (SERIAL, *(Way(backend) for backend in ("loky", "multiprocessing", "dask", "ray")))
BATCH = 64
SIDE = 96
"""Images are enlarged to this, so that a batch is some work."""


def captured(way: Way, output: Path) -> Ran:
    """Capture in one way; the hash is of the values and of what describes them."""
    import torch  # noqa: PLC0415 - only this benchmark of clusters runs a network
    from sklearn.datasets import load_digits  # noqa: PLC0415 - it has no types
    from torch import nn  # noqa: PLC0415

    torch.manual_seed(0)
    torch.set_num_threads(1)
    model = nn.Sequential(
        nn.Upsample(SIDE),
        nn.Conv2d(1, 24, 5, padding=2),
        nn.ReLU(),
        nn.Conv2d(24, 48, 5, stride=2),
        nn.ReLU(),
    )
    images = (load_digits().images / 16)[:, None].astype(np.float32)
    started = time.perf_counter()
    with ExitStack() as stack:
        if way != SERIAL:
            stack.enter_context(workers(way))
            config = joblib.parallel_config(backend=way.backend, n_jobs=way.n_workers)
            stack.enter_context(config)
        ready = time.perf_counter()
        capture(
            model, images, layers=["2", "4"], reduce="max", batch_size=BATCH, out=output
        )
        seconds = time.perf_counter() - ready
    starting = ready - started if way.backend in CLUSTERS else None
    return Ran(starting, seconds, store_hash(output))


def store_hash(folder: Path) -> str:
    """Return a hash of the values and the description of an activation store."""
    digest = hashlib.sha256()
    for name in ("activations.npy", "store.json"):
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()


def ran_apart(way: Way, folder: Path) -> Ran:
    """Capture in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.distributed_capture", str(way)]
    done = subprocess.run(
        [*command, str(folder / str(way))],
        check=True,
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
    )
    return Ran(**json.loads(done.stdout.splitlines()[-1]))


def tables() -> list[Table]:
    """Capture in every way."""
    with TemporaryDirectory() as path:
        results = {way: ran_apart(way, Path(path)) for way in WAYS}
    assert len({one.hash for one in results.values()}) == 1, results
    rows = tuple(
        (way.backend, way.n_workers, one.starting, one.seconds, one.hash[:12])
        for way, one in results.items()
    )
    title = (
        "A convolutional network on the 1,797 digits, captured in every way (one thread "
        "for each process)"
    )
    header = ("back end", "workers", "start s", "capture s", "hash of the store")
    return [Table(title, header, rows)]


if __name__ == "__main__":
    way, output = Way.parse(sys.argv[1]), Path(sys.argv[2])
    print(json.dumps(asdict(captured(way, output))))
