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
from redescribe.mining.warm_up import warm_up
from redescribe.readers.tables import read
from redescribe.search.params import SearchParams, Thresholds
from redescribe.significance.assess import assess

if TYPE_CHECKING:
    from collections.abc import Callable

REFERENCE = "REDESCRIBE_REFERENCE_DATA"
HEADER = (
    *("wall s", "CPU s", "peak MB", "described", "candidates", "found"),
    *("best Jaccard", "hold-out Jaccard", "literals"),
)
"""What a row says about a search."""


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
        """The cells under `HEADER`; None where nothing is held out."""
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
    from redescribe.capture.capture import capture  # noqa: PLC0415 - needs torch

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


def report() -> None:
    """Print quality and cost of whole searches."""
    cases = dict(CASES)
    if os.environ.get(REFERENCE):
        cases["WDBC: reference networks"] = reference
    warm_up()
    rows: list[list[Cell]] = []
    for name, case in cases.items():
        dataset, params = case()
        rows.append([name, *Mined.of(dataset, params).row(dataset)])
    print_table(
        "Mining: one thread; memory is the peak of the process so far",
        ["views", *HEADER],
        rows,
    )
    if not os.environ.get(REFERENCE):
        print(f"  Left out: the reference networks ({REFERENCE} names no folder).")
