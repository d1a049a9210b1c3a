"""Peak memory and time of captures of more and more entities."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.measure import Table, in_fresh_process, peak_megabytes
from redescribe.capture.batches import GivenBatches
from redescribe.capture.capture import capture
from redescribe.capture.params import CaptureParams
from redescribe.capture.recording import Recording
from redescribe.capture.sinks import MemoryOutput
from redescribe.capture.torch import TorchNetwork
from redescribe.core.entities import EntityIndex
from redescribe.store.activations import ActivationFolder, ActivationStore

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch.nn import Module

SIZES = (2_000, 20_000, 100_000)
N_INPUTS, N_UNITS, BATCH = 64, 512, 256
LAYERS = ("1", "3")


@dataclass(frozen=True)
class Measured:
    """One capture in a process of its own.

    Attributes
    ----------
    n_entities
        How many.
    before
        Peak before the capture: interpreter, torch and the model, in MB.
    peak
        Peak after it, in MB.
    opened
        Peak when the view over all entities is made of what was captured, in MB.
    seconds
        Wall time of the capture.
    """

    n_entities: int
    before: float
    peak: float
    opened: float
    seconds: float


def network() -> Module:
    """Two layers of 512 rectified units."""
    import torch  # noqa: PLC0415 - only here
    from torch import nn  # noqa: PLC0415

    torch.set_num_threads(1)
    return nn.Sequential(
        nn.Linear(N_INPUTS, N_UNITS), nn.ReLU(), nn.Linear(N_UNITS, N_UNITS), nn.ReLU()
    )


def batches(n_entities: int) -> Iterator[np.ndarray]:
    """Random inputs that exist one batch at a time."""
    generator = np.random.default_rng(0)
    for start in range(0, n_entities, BATCH):
        n_rows = min(BATCH, n_entities - start)
        yield generator.normal(size=(n_rows, N_INPUTS)).astype(np.float32)


def measured(n_entities: int, *, streamed: bool) -> Measured:
    """Capture two layers, to a folder or in memory."""
    model, entities = network(), EntityIndex.numbered(n_entities)
    capture(model, next(batches(BATCH)), layers=LAYERS)
    before = peak_megabytes()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "acts"
        started = time.perf_counter()
        Recording(
            network=TorchNetwork(model),
            choices=LAYERS,
            params=CaptureParams(batch_size=BATCH),
            inputs=GivenBatches(batches(n_entities), 1),
            entities=entities,
            output=ActivationFolder(path) if streamed else MemoryOutput(),
            dtype="float32",
            model_name="",
        ).run()
        seconds = time.perf_counter() - started
        peak = peak_megabytes()
        if streamed:
            ActivationStore.open(path).view("neurons")
        return Measured(n_entities, before, peak, peak_megabytes(), seconds)


def tables(sizes: tuple[int, ...] = SIZES) -> list[Table]:
    """A table for captures to a folder, and one for captures in memory."""
    found = []
    for streamed in (True, False):
        where = "to a folder" if streamed else "in memory"
        rows = []
        for n_entities in sizes:
            one = in_fresh_process(measured, n_entities, streamed=streamed)
            values = n_entities * len(LAYERS) * N_UNITS * 4 / 2**20
            opened = [one.opened - one.before] if streamed else []
            rows.append(
                (
                    n_entities,
                    values,
                    one.peak - one.before,
                    *opened,
                    one.before,
                    one.seconds,
                )
            )
        found.append(
            Table(
                f"Capture {where} of {len(LAYERS) * N_UNITS:,} units: MB on top of the "
                "process",
                (
                    "entities",
                    "values MB",
                    "capture MB",
                    *(["with the mapped view MB"] if streamed else []),
                    "process before MB",
                    "seconds",
                ),
                tuple(rows),
            )
        )
    return found


def report() -> None:
    """Print the tables."""
    for table in tables():
        table.print()
