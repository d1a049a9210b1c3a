"""Interactions by round: what more search gains in-sample and on the hold-out."""

from __future__ import annotations

import os
import time
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING

from benchmarks.measure import Cell, print_table
from benchmarks.mining import REFERENCE, wdbc_networks
from redescribe.core.dataset import Dataset
from redescribe.core.entities import SplitParams
from redescribe.core.redescription import Kind
from redescribe.discretize.modes import Discretization
from redescribe.mining.miner import mine
from redescribe.mining.params import MineParams
from redescribe.readers.tables import read
from redescribe.search.params import Alternation, SearchParams
from redescribe.selection.select import select
from redescribe.significance.assess import assess

if TYPE_CHECKING:
    from collections.abc import Callable

    from redescribe.core.assessed import AssessedSet, Finding
    from redescribe.core.view import View

ROUNDS, SEEDS = (1, 2, 5, 20), (0, 1, 2, 3)
HEADER = (
    "views",
    "rounds",
    "seconds",
    "kind",
    "targets",
    "first: mined J",
    "hold-out J",
    "in both kinds",
    "literals",
    "largest mined J",
    "its hold-out J",
)


def first_per_target(found: AssessedSet, kind: Kind) -> dict[str, Finding]:
    """The finding of each target that the ranking puts first."""
    return _best(found, kind, lambda finding: -finding.redescription.rank)


def largest_per_target(found: AssessedSet, kind: Kind) -> dict[str, Finding]:
    """The finding of each target with the largest mined Jaccard: the luckiest as well."""
    return _best(found, kind, lambda finding: -finding.redescription.mined.jaccard)


def _best(
    found: AssessedSet, kind: Kind, cost: Callable[[Finding], float]
) -> dict[str, Finding]:
    best: dict[str, Finding] = {}
    ranked = sorted(found, key=lambda f: (cost(f), len(f.redescription)))
    for finding in ranked:
        if finding.redescription.kind is kind:
            best.setdefault(finding.redescription.target, finding)
    return best


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
        rows_of: dict[Kind, list[list[float]]] = {kind: [] for kind in Kind}
        started = time.perf_counter()
        for seed in SEEDS:
            dataset = Dataset.of(views, SplitParams(seed=seed))
            found = assess(select(mine(dataset, params)), dataset)
            first = {kind: first_per_target(found, kind) for kind in Kind}
            both = set.intersection(*(set(of_kind) for of_kind in first.values()))
            for kind in Kind:
                largest = largest_per_target(found, kind)
                rows_of[kind].append(_quality(first[kind], both, largest))
        seconds = (time.perf_counter() - started) / len(SEEDS)
        rows += [
            [name, n_rounds, seconds, kind.value, *map(fmean, zip(*quality, strict=True))]
            for kind, quality in rows_of.items()
        ]
    return rows


def _quality(
    first: dict[str, Finding], both: set[str], largest: dict[str, Finding]
) -> list[float]:
    return [
        float(len(first)),
        fmean([finding.redescription.mined.jaccard for finding in first.values()]),
        fmean([_held_out(finding) for finding in first.values()]),
        fmean([_held_out(first[target]) for target in sorted(both)]),
        fmean([float(len(finding.redescription)) for finding in first.values()]),
        fmean([finding.redescription.mined.jaccard for finding in largest.values()]),
        fmean([_held_out(finding) for finding in largest.values()]),
    ]


def _held_out(finding: Finding) -> float:
    if finding.assessment is None:
        em = f"{finding.id} was not tested: the split has no hold-out."
        raise ValueError(em)
    return finding.assessment.hold_out.jaccard
