"""Interactions by round: what more search gains in-sample and on the hold-out."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.measure import Cell, print_table
from benchmarks.mining import REFERENCE, mean, wdbc_networks
from redescribe.core.dataset import Dataset
from redescribe.core.entities import SplitParams
from redescribe.core.redescription import Kind
from redescribe.discretize.modes import Discretization
from redescribe.mining.miner import mine
from redescribe.mining.params import MineParams
from redescribe.readers.tables import read
from redescribe.search.params import Alternation, SearchParams
from redescribe.significance.assess import assess

if TYPE_CHECKING:
    from redescribe.core.assessed import AssessedSet, Finding
    from redescribe.core.view import View

ROUNDS, SEEDS = (1, 2, 5), (0, 1, 2, 3)
HEADER = (
    "views",
    "rounds",
    "seconds",
    "kind",
    "targets",
    "best mined J",
    "its hold-out J",
    "its literals",
)


def best_per_target(found: AssessedSet, kind: Kind) -> list[Finding]:
    """The finding with the largest mined Jaccard of each target; ties: the shortest."""
    best: dict[str, Finding] = {}
    for finding in found:
        redescription = finding.redescription
        known = best.get(redescription.target)
        if redescription.kind is kind and (known is None or _rank(finding) < _rank(known)):
            best[redescription.target] = finding
    return list(best.values())


def report() -> None:
    """Print the table, means over four splits with a hold-out of 30 %."""
    pairs: dict[str, tuple[View, View]] = {"WDBC: network, network": wdbc_networks()[:2]}
    folder = os.environ.get(REFERENCE)
    if folder:
        pairs["WDBC: reference networks"] = (
            read(Path(folder) / "mlp-s-111.arff", name="a"),
            read(Path(folder) / "mlp-s-112.arff", name="b"),
        )
    rows = [row for name, views in pairs.items() for row in _rows(name, views)]
    title = "Interactions by round: means over the targets and four splits, 30 % held out"
    print_table(title, HEADER, rows)


def _rows(name: str, views: tuple[View, View]) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    for n_rounds in ROUNDS:
        alternation = Alternation(interactions=True, iterations=n_rounds)
        params = MineParams(
            discretizer=Discretization.EQUAL_WIDTH,
            search=SearchParams(alternation=alternation),
        )
        chosen: dict[Kind, list[Finding]] = {kind: [] for kind in Kind}
        started = time.perf_counter()
        for seed in SEEDS:
            dataset = Dataset.of(views, SplitParams(seed=seed))
            found = assess(mine(dataset, params), dataset)
            for kind in Kind:
                chosen[kind] += best_per_target(found, kind)
        seconds = (time.perf_counter() - started) / len(SEEDS)
        rows += [
            [name, n_rounds, seconds, kind.value, *_quality(chosen[kind])] for kind in Kind
        ]
    return rows


def _quality(chosen: list[Finding]) -> list[Cell]:
    held_out = [f.assessment.hold_out.jaccard for f in chosen if f.assessment is not None]
    return [
        len(chosen) / len(SEEDS),
        mean([finding.redescription.mined.jaccard for finding in chosen]),
        mean(held_out),
        mean([float(len(finding.redescription)) for finding in chosen]),
    ]


def _rank(finding: Finding) -> tuple[float, int]:
    return -finding.redescription.mined.jaccard, len(finding.redescription)
