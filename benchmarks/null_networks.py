"""Null networks on two networks for the same tumours: what is above them, and the time."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.measure import Cell, Table, in_fresh_process
from redescribe.core.dataset import Dataset
from redescribe.core.entities import SplitParams
from redescribe.core.network_null import NullKind, null_shares
from redescribe.core.resampling import Statistic
from redescribe.datasets.wdbc import train_mlp, wdbc_halves, wdbc_views
from redescribe.executors.joblib import JoblibExecutor
from redescribe.mining.miner import mine
from redescribe.mining.null_networks import search_null_networks
from redescribe.mining.null_search import search_null
from redescribe.mining.params import MineParams
from redescribe.mining.warm_up import warm_up
from redescribe.search.params import SearchParams
from redescribe.significance.assess import assess
from redescribe.significance.null_networks import with_null_networks

if TYPE_CHECKING:
    from redescribe.core.network_null import NullSeries
    from redescribe.core.view import View

RESULT = Path(__file__).parents[1] / "docs" / "data" / "null_networks.json"
N_SEARCHES, N_WORKERS = 19, 2
"""Searches of each null: the smallest p is .05."""
STRATEGY = "trees"
LAYERS = ("hidden0", "hidden2")
HEADER = (
    "layer",
    "statistic",
    "null",
    "neurons",
    "above all",
    "by chance",
    "mean",
    "null mean",
)
TIMES = ("layer", "null", "searches", "wall s", "CPU s")


def networks(layer: str) -> list[tuple[View, list[View]]]:
    """A layer of two trained networks, and of untrained ones of the same architecture.

    Both explain the half of the tumours on which neither was trained. The standardisation
    of the inputs is no part of what was learned, so untrained networks have it too.
    """
    from redescribe.capture.capture import capture  # noqa: PLC0415 - needs torch
    from redescribe.capture.untrained import untrained  # noqa: PLC0415 - needs torch

    attributes, labels = wdbc_views()
    trained, explained = wdbc_halves()
    values, malignant = attributes.values.T, labels.values[0]
    inputs = values[explained].astype(np.float32)
    found = []
    for seed in (0, 1):
        model = train_mlp(values[trained], malignant[trained], seed, hidden=(32, 32, 32))
        fresh = (
            untrained(model, 100 * (seed + 1) + number, keep="standardised")
            for number in range(N_SEARCHES)
        )
        views = [
            capture(
                network,
                inputs,
                layers=layer,
                ids=attributes.take(explained).entities,
                model_name=f"network{seed}",
            )
            for network in (model, *fresh)
        ]
        found.append((views[0], views[1:]))
    return found


def measured(layer: str) -> dict[str, list[list[Cell]]]:
    """The rows under `HEADER` and `TIMES` of one layer."""
    views = in_fresh_process(networks, layer)
    dataset = Dataset.of([view for view, _ in views], SplitParams(hold_out=0))
    params = MineParams(search=SearchParams(search=STRATEGY))
    executor = JoblibExecutor(n_jobs=N_WORKERS)
    nulls = {view.name: fresh for view, fresh in views}
    mined = mine(dataset, params, executor=executor)
    times: list[list[Cell]] = []
    series: list[NullSeries] = []
    started = time.perf_counter(), time.process_time()
    permuted = search_null(dataset, params, n_permutations=N_SEARCHES, executor=executor)
    times.append([layer, NullKind.PERMUTED.value, N_SEARCHES, *_since(started)])
    for null in (NullKind.ROTATED, NullKind.UNTRAINED):
        started = time.perf_counter(), time.process_time()
        series += search_null_networks(
            dataset,
            params,
            rotations=N_SEARCHES if null is NullKind.ROTATED else 0,
            null_views=nulls if null is NullKind.UNTRAINED else {},
            executor=executor,
        )
        times.append([layer, null.value, N_SEARCHES * len(views), *_since(started)])
    found = assess(mined, dataset)
    rows: list[list[Cell]] = []
    for statistic in (Statistic.ADJUSTED_JACCARD, Statistic.LOG_P):
        compared = with_null_networks(
            found, mined, series, statistic=statistic, permuted=permuted
        )
        beside = [n for t in compared.targets for one in t.networks for n in one.nulls]
        for share in null_shares(compared.targets):
            of_null = [one for one in beside if one.null is share.null]
            rows.append(
                [
                    *(
                        layer,
                        statistic.value,
                        share.null.value,
                        share.n_pairs,
                        share.n_above,
                    ),
                    share.n_pairs / (1 + share.n_searches),
                    float(np.mean([one.value for one in of_null])),
                    float(np.mean([one.mean for one in of_null])),
                ]
            )
    return {"rows": rows, "times": times}


def _since(started: tuple[float, float]) -> list[float]:
    return [time.perf_counter() - started[0], time.process_time() - started[1]]


def tables(result: dict[str, list[list[Cell]]]) -> tuple[Table, Table]:
    """The table of what is above each null, and the table of times."""
    return (
        Table(
            "Null networks: neurons of one of two networks (WDBC, 32 units a layer) that "
            f"the other explains, {STRATEGY}, {N_SEARCHES} searches of each null",
            HEADER,
            tuple(map(tuple, result["rows"])),
        ),
        Table(
            f"Null networks: time, {N_WORKERS} workers",
            TIMES,
            tuple(map(tuple, result["times"])),
        ),
    )


def report() -> dict[str, list[list[Cell]]]:
    """Print both tables, and return their rows."""
    warm_up()
    found = [measured(layer) for layer in LAYERS]
    result = {key: [row for one in found for row in one[key]] for key in ("rows", "times")}
    for table in tables(result):
        table.print()
    return result


if __name__ == "__main__":
    RESULT.write_text(json.dumps(report(), indent=1) + "\n", encoding="utf-8")
