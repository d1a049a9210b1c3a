"""The search-aware permutation test: time for 200 searches on two workers."""

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
from redescribe.search.params import SearchParams
from redescribe.significance.assess import assess
from redescribe.significance.permutation import with_search_p

N_PERMUTATIONS, N_WORKERS = 200, 2
HEADER = (
    *("search", "wall s", "CPU s", "targets", "p smallest", "mean Jc", "mean Jc, null"),
)


def networks() -> tuple[str, Dataset]:
    """Two networks on all entities: the published ones where there are, else the demo's."""
    if os.environ.get(REFERENCE):
        return "WDBC: reference networks", reference()[0]
    dataset, _ = wdbc_pair()
    return "WDBC: network, network", Dataset.of(dataset.views, SplitParams(hold_out=0))


def row(dataset: Dataset, strategy: str) -> list[Cell]:
    """The cells under `HEADER`."""
    params = MineParams(search=SearchParams(search=strategy))
    wall, cpu = time.perf_counter(), time.process_time()
    nulls = search_null(
        dataset,
        params,
        n_permutations=N_PERMUTATIONS,
        executor=JoblibExecutor(n_jobs=N_WORKERS),
    )
    spent = [time.perf_counter() - wall, time.process_time() - cpu]
    found = mine(dataset, params)
    assessed = with_search_p(assess(found, dataset), found, nulls)
    tests = [target.search for target in assessed.targets if target.search is not None]
    smallest = 1 / (1 + N_PERMUTATIONS)
    return [
        strategy,
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
        f"Permutation test: {N_PERMUTATIONS} searches of permuted entities, {N_WORKERS} "
        "workers; p smallest = targets that no permutation reaches",
        ["views", *HEADER],
        [[name, *row(dataset, strategy)] for strategy in ("trees", "auto")],
    )
