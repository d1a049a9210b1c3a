"""The search-aware permutation test: time for 200 searches, one worker and two."""

from __future__ import annotations

import os
import time

from benchmarks.measure import Cell, print_table
from benchmarks.mining import REFERENCE, reference, wdbc_pair
from redescribe.core.dataset import Dataset
from redescribe.core.entities import SplitParams
from redescribe.core.resampling import Statistic
from redescribe.executors.joblib import JoblibExecutor
from redescribe.mining.miner import mine
from redescribe.mining.null_search import search_null
from redescribe.mining.params import MineParams
from redescribe.mining.warm_up import warm_up
from redescribe.significance.assess import assess
from redescribe.significance.permutation import with_search_p

N_PERMUTATIONS = 200
HEADER = (
    *("workers", "wall s", "CPU s", "targets", "p smallest", "mean Jc", "mean Jc, null"),
)


def networks() -> tuple[str, Dataset]:
    """Two networks on all entities: the published ones where there are, else the demo's."""
    if os.environ.get(REFERENCE):
        return "WDBC: reference networks", reference()[0]
    dataset, _ = wdbc_pair()
    return "WDBC: network, network", Dataset.of(dataset.views, SplitParams(hold_out=0))


def row(dataset: Dataset, n_workers: int) -> list[Cell]:
    """The cells under `HEADER`."""
    params = MineParams()
    wall, cpu = time.perf_counter(), time.process_time()
    nulls = search_null(
        dataset,
        params,
        n_permutations=N_PERMUTATIONS,
        executor=JoblibExecutor(n_jobs=n_workers),
    )
    spent = [time.perf_counter() - wall, time.process_time() - cpu]
    found = mine(dataset, params)
    assessed = with_search_p(assess(found, dataset), found, nulls)
    tests = [target.search for target in assessed.targets if target.search is not None]
    smallest = 1 / (1 + N_PERMUTATIONS)
    return [
        n_workers,
        *spent,
        len(tests),
        sum(test.p_value.value == smallest for test in tests),
        sum(test.best for test in tests) / len(tests),
        float(nulls.of(Statistic.ADJUSTED_JACCARD).mean()),
    ]


def report() -> None:
    """Print the time for all permutations, and what they say."""
    warm_up()
    name, dataset = networks()
    print_table(
        f"Permutation test: {N_PERMUTATIONS} searches of permuted entities; "
        "p smallest = targets that no permutation reaches",
        ["views", *HEADER],
        [[name, *row(dataset, n_workers)] for n_workers in (1, 2)],
    )
