"""Whole searches: time, memory, work and quality."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from sklearn.datasets import load_digits

from benchmarks.measure import Cell, peak_megabytes, print_table
from redescribe.core.dataset import Dataset
from redescribe.core.entities import SplitParams
from redescribe.core.redescription import RedescriptionSet, TargetState
from redescribe.core.view import View
from redescribe.datasets.wdbc import train_mlp, wdbc_halves, wdbc_views
from redescribe.discretize.modes import Discretization
from redescribe.mining.miner import mine
from redescribe.mining.params import MineParams
from redescribe.readers.tables import read
from redescribe.search.params import SearchParams, Thresholds
from redescribe.significance.assess import assess

if TYPE_CHECKING:
    from collections.abc import Callable

REFERENCE = "REDESCRIBE_REFERENCE_DATA"
N_ENTITIES, N_NEURONS = (1_000, 2_000, 5_000), (16, 64, 128)


@dataclass(frozen=True)
class Mined:
    """A search and what it cost."""

    found: RedescriptionSet
    wall: float
    cpu: float

    @classmethod
    def of(cls, dataset: Dataset, params: MineParams) -> Mined:
        """Mine a dataset."""
        wall, cpu = time.perf_counter(), time.process_time()
        found = mine(dataset, params)
        return cls(found, time.perf_counter() - wall, time.process_time() - cpu)

    def row(self, dataset: Dataset) -> list[Cell]:
        """Cost, then work, then quality; None where nothing is held out."""
        reports = self.found.targets
        described = [r for r in reports if r.state is TargetState.DESCRIBED]
        held_out = [
            finding.assessment.hold_out.jaccard
            for finding in assess(self.found, dataset)
            if finding.assessment is not None
        ]
        return [
            self.wall,
            self.cpu,
            peak_megabytes(),
            f"{len(described)} / {len(reports)}",
            self.found.n_candidates,
            len(self.found),
            mean([r.best_jaccard_mined or 0.0 for r in described]),
            mean(held_out),
            mean([float(len(redescription)) for redescription in self.found]),
        ]


def mean(values: list[float]) -> float | None:
    """The mean, or None of nothing."""
    return float(np.mean(values)) if values else None


def wdbc_networks() -> tuple[View, View, View]:
    """Hidden layers of two small networks, and the attributes, of the explained half."""
    from redescribe.capture.torch import capture  # noqa: PLC0415 - needs torch

    attributes, labels = wdbc_views()
    trained, explained = wdbc_halves()
    part = attributes.take(explained)
    values, malignant = attributes.values.T, labels.values[0]
    layers = [
        capture(
            train_mlp(values[trained], malignant[trained], seed),
            values[explained].astype(np.float32),
            layers="hidden2",
            ids=part.entities,
            model_name=f"network{seed}",
        )
        for seed in (0, 1)
    ]
    return layers[0], layers[1], part


def wdbc_pair() -> tuple[Dataset, MineParams]:
    """Network against network."""
    first, second, _ = wdbc_networks()
    return Dataset.of([first, second]), MineParams()


def wdbc_attributes() -> tuple[Dataset, MineParams]:
    """Neurons against attributes."""
    first, _, attributes = wdbc_networks()
    return Dataset.of([first, attributes]), MineParams(targets=(first.name,))


def digits() -> tuple[Dataset, MineParams]:
    """The ten classes against the pixels."""
    bunch = load_digits()
    classes = (bunch.target[:, None] == np.arange(10)).astype(np.float64)
    views = [View.of("classes", classes), View.of("pixels", bunch.data)]
    return Dataset.of(views), MineParams(targets=("classes",))


def synthetic(n_entities: int, n_neurons: int) -> tuple[Dataset, MineParams]:
    """Noisy rectified sums of a few of 64 attributes, against these attributes."""
    rng = np.random.default_rng(0)
    attributes = rng.normal(size=(n_entities, 64)).astype(np.float32)
    used = rng.random((64, n_neurons)) < 0.1
    sums = attributes @ (rng.normal(size=used.shape) * used)
    neurons = np.maximum(sums + rng.normal(0, 0.3, sums.shape), 0).astype(np.float32)
    views = [View.of("neurons", neurons), View.of("attributes", attributes)]
    return Dataset.of(views), MineParams(targets=("neurons",))


def reference() -> tuple[Dataset, MineParams]:
    """The pair of networks of the published results, with their parameters."""
    folder = Path(os.environ[REFERENCE])
    views = [read(folder / f"mlp-s-{number}.arff") for number in (111, 112)]
    thresholds = Thresholds(min_support=10, max_support=136)
    params = MineParams(
        discretizer=Discretization.EQUAL_WIDTH, search=SearchParams(thresholds=thresholds)
    )
    return Dataset.of(views, SplitParams(hold_out=0)), params


CASES: dict[str, Callable[[], tuple[Dataset, MineParams]]] = {
    "WDBC: network, network": wdbc_pair,
    "WDBC: neurons, attributes": wdbc_attributes,
    "digits: classes, pixels": digits,
}


def exponent(sizes: tuple[int, ...], seconds: list[float]) -> float:
    """The slope of time over size on logarithmic axes."""
    return float(np.polyfit(np.log(sizes), np.log(seconds), 1)[0])


def report() -> None:
    """Print quality and cost of whole searches, then how time grows with the data."""
    cases = dict(CASES)
    if os.environ.get(REFERENCE):
        cases["WDBC: reference networks"] = reference
    Mined.of(*synthetic(100, 2))  # compiles
    rows: list[list[Cell]] = []
    for name, case in cases.items():
        dataset, params = case()
        rows.append([name, *Mined.of(dataset, params).row(dataset)])
    print_table(
        "Mining: one thread; memory is the peak of the process so far",
        [
            "views",
            "wall s",
            "CPU s",
            "peak MB",
            "described",
            "candidates",
            "found",
            "best Jaccard",
            "hold-out Jaccard",
            "literals",
        ],
        rows,
    )
    if not os.environ.get(REFERENCE):
        print(f"  Left out: the reference networks ({REFERENCE} names no folder).")
    _report_scaling()


def _report_scaling() -> None:
    sizes = [(n, N_NEURONS[0]) for n in N_ENTITIES]
    sizes += [(N_ENTITIES[0], n) for n in N_NEURONS[1:]]
    rows: list[list[Cell]] = []
    seconds: dict[tuple[int, int], float] = {}
    for size in sizes:
        dataset, params = synthetic(*size)
        mined = Mined.of(dataset, params)
        seconds[size] = mined.cpu
        rows.append([*size, *mined.row(dataset)])
    print_table(
        "Scaling: neurons against 64 attributes",
        [
            "entities",
            "neurons",
            "wall s",
            "CPU s",
            "peak MB",
            "described",
            "candidates",
            "found",
            "best Jaccard",
            "hold-out Jaccard",
            "literals",
        ],
        rows,
    )
    by_entities = exponent(N_ENTITIES, [seconds[n, N_NEURONS[0]] for n in N_ENTITIES])
    by_neurons = exponent(N_NEURONS, [seconds[N_ENTITIES[0], n] for n in N_NEURONS])
    print(f"  CPU grows with entities^{by_entities:.2f} and neurons^{by_neurons:.2f}.")
