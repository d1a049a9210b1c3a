"""Branch and bound: what certificates cost, and how many are complete."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.measure import Cell, print_table
from benchmarks.mining import REFERENCE, mean, wdbc_attributes, wdbc_pair
from redescribe.core.dataset import Dataset
from redescribe.core.entities import SplitParams
from redescribe.core.view import View
from redescribe.mining.miner import mine
from redescribe.mining.params import MineParams
from redescribe.mining.warm_up import warm_up
from redescribe.readers.tables import read
from redescribe.search.params import LiteralSearch, Objective, SearchParams

if TYPE_CHECKING:
    from collections.abc import Callable

_N_ENTITIES, _N_ATTRIBUTES, _N_UNITS, _NOISE = 5_000, 30, 4, 0.5


def published_pair() -> Dataset:
    """The two networks of the published results; nothing is held out."""
    return _published("mlp-s-111.arff", "mlp-s-112.arff")


def published_attributes() -> Dataset:
    """One of them and the attributes of the tumours."""
    return _published("mlp-s-111.arff", "attributes.csv")


def many_entities() -> Dataset:
    """Noisy rectified units of random weights against their inputs."""
    generator = np.random.default_rng(0)
    inputs = generator.normal(size=(_N_ENTITIES, _N_ATTRIBUTES))
    weights = generator.normal(size=(_N_ATTRIBUTES, _N_UNITS))
    noise = _NOISE * generator.normal(size=(_N_ENTITIES, _N_UNITS))
    units = np.maximum(0, inputs @ weights + noise)
    views = [View.of("units", units), View.of("inputs", inputs)]
    return Dataset.of(views, SplitParams(hold_out=0))


def _published(*names: str) -> Dataset:
    folder = Path(os.environ[REFERENCE])
    return Dataset.of([read(folder / name) for name in names], SplitParams(hold_out=0))


EVERY = tuple(Objective)
CASES: tuple[tuple[str, Callable[[], Dataset], int, tuple[Objective, ...]], ...] = (
    ("networks", lambda: wdbc_pair()[0], 3, EVERY),
    ("network, attributes", lambda: wdbc_attributes()[0], 3, EVERY[:1]),
    ("noisy units, inputs", many_entities, 2, EVERY[:1]),
)
PUBLISHED = (
    ("published networks", published_pair, 3, EVERY),
    ("published network, attributes", published_attributes, 3, EVERY),
    ("published networks", published_pair, 5, EVERY[:1]),
)
"""Name, data, longest conjunction, objectives."""


def measure(dataset: Dataset, params: MineParams) -> list[Cell]:
    """Seconds, certificates, and the mean of the proven Jaccards."""
    wall, cpu = time.perf_counter(), time.process_time()
    found = mine(dataset, params)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    proofs = [proof for target in found.targets for proof in target.certificates]
    complete = [proof for proof in proofs if proof.complete]
    return [
        wall,
        cpu,
        f"{len(complete)} / {len(proofs)}",
        mean([proof.jaccard for proof in complete if proof.jaccard is not None]),
        sum(proof.n_nodes for proof in proofs) / 1e6,
    ]


def report() -> None:
    """Print the table."""
    warm_up("exact")
    rows: list[list[Cell]] = []
    cases = [*CASES, *(PUBLISHED if os.environ.get(REFERENCE) else ())]
    for name, data, length, objectives in cases:
        dataset = data()
        shape = [len(dataset.mining_part.entities), *(len(v.names) for v in dataset.views)]
        for objective in objectives:
            literals = LiteralSearch(max_length=length, objective=objective)
            search = SearchParams(search="exact", literals=literals)
            cells = measure(dataset, MineParams(search=search))
            text = " × ".join(map(str, shape))
            rows.append([name, text, length, objective.value, *cells])
    print_table(
        "Exact search, one thread, both views in turn as targets",
        [
            *("data", "entities × columns", "length", "objective", "wall s", "CPU s"),
            *("complete", "mean J", "million pairs counted"),
        ],
        rows,
    )
    if not os.environ.get(REFERENCE):
        print(f"  Left out: the published networks ({REFERENCE} names no folder).")
