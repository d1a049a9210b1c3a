"""Dataset -> redescriptions of every target."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from redescribe.core.redescription import RedescriptionSet
from redescribe.core.sample import TargetSample
from redescribe.executors.serial import SerialExecutor
from redescribe.mining.neuron import mine_chunk
from redescribe.mining.params import MineParams
from redescribe.mining.tasks import choose_targets, plan_chunks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from redescribe.core.dataset import Dataset
    from redescribe.core.protocols import Executor
    from redescribe.mining.neuron import TargetResult
    from redescribe.mining.tasks import Chunk


def mine(
    dataset: Dataset,
    params: MineParams | None = None,
    *,
    executor: Executor | None = None,
    on_chunk: Callable[[int, Sequence[TargetResult]], None] | None = None,
) -> RedescriptionSet:
    """Return redescriptions of every target, mined on the mining part of the dataset.

    Parameters
    ----------
    dataset
        Two or more views with a split; the hold-out is never read.
    params
        Targets, partners and search.
    executor
        Where the chunks of targets run; the result does not depend on it.
    on_chunk
        Is called with the number and the results of each finished chunk, in order.

    Returns
    -------
    RedescriptionSet
        In the order of the targets; `redescribe.assess` tests it on the hold-out. Its
        `sample` says what a sample of the targets was drawn of.

    Raises
    ------
    UnknownNameError, ParameterError
        If a target or partner does not exist or the support bounds exclude everything.

    Examples
    --------
    >>> import numpy as np
    >>> from redescribe.core.entities import SplitParams
    >>> from redescribe.core.dataset import Dataset
    >>> from redescribe.core.view import View
    >>> values = np.random.default_rng(0).normal(size=(100, 1))
    >>> data = Dataset.of([View.of("x", values), View.of("y", 2 * values)])
    >>> found = mine(data, MineParams(targets=["x"]))
    >>> found.redescriptions[0].mined.jaccard
    1.0
    """
    params = params or MineParams()
    chunks = plan_chunks(dataset, params)
    started = time.perf_counter()
    results = list(_finished(chunks, executor or SerialExecutor(), on_chunk))
    return collect(results, dataset, seconds=time.perf_counter() - started, params=params)


def collect(
    results: Iterable[TargetResult], dataset: Dataset, *, seconds: float, params: MineParams
) -> RedescriptionSet:
    """Return the results of all targets, in order, as one set."""
    results = list(results)
    return RedescriptionSet(
        redescriptions=tuple(found for _, kept in results for found in kept),
        targets=tuple(report for report, _ in results),
        views=dataset.names,
        n_entities=dataset.split.mined.size,
        seconds=seconds,
        min_jaccard=params.search.thresholds.min_jaccard,
        sample=_sample(len(results), dataset, params),
    )


def _sample(n_sampled: int, dataset: Dataset, params: MineParams) -> TargetSample | None:
    """What the sample was drawn of; None where no target was left out."""
    if params.sample is None:
        return None
    n_available = len(choose_targets(dataset, params))
    if n_sampled == n_available:
        return None
    return TargetSample(params.sample, params.seed, n_sampled, n_available)


def _finished(
    chunks: Sequence[Chunk],
    executor: Executor,
    on_chunk: Callable[[int, Sequence[TargetResult]], None] | None,
) -> Iterable[TargetResult]:
    for number, results in executor.map(mine_chunk, chunks):
        if on_chunk is not None:
            on_chunk(number, results)
        yield from results
