"""Search, family, hold-out: run in order into a folder, and taken up where they stopped."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

from redescribe.executors.serial import SerialExecutor
from redescribe.mining.miner import collect
from redescribe.mining.neuron import mine_chunk
from redescribe.mining.params import MineParams
from redescribe.mining.tasks import plan_chunks
from redescribe.mining.warm_up import warm_up
from redescribe.selection.params import SelectParams
from redescribe.selection.select import select
from redescribe.significance.assess import assess
from redescribe.significance.params import AssessParams
from redescribe.store.fingerprint import (
    dataset_fingerprint,
    params_fingerprint,
    plain,
    stage_key,
)
from redescribe.store.run import RunFolder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from os import PathLike

    from redescribe.core.assessed import AssessedSet
    from redescribe.core.dataset import Dataset
    from redescribe.core.protocols import Executor, Progress
    from redescribe.mining.tasks import Chunk
    from redescribe.store.schema import JSON

SEARCH_VERSION = "2"
"""Changes when the same inputs and parameters give other results."""


def run_stages(  # noqa: PLR0913 - one parameter per stage
    dataset: Dataset,
    folder: str | PathLike[str],
    mine_params: MineParams | None = None,
    assess_params: AssessParams | None = None,
    *,
    select_params: SelectParams | None = None,
    origins: Mapping[str, JSON] | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
    force: bool = False,
) -> AssessedSet:
    """Mine, choose the family, assess it, and keep everything in a run folder.

    The family is chosen before the hold-out is opened; nothing changes it afterwards.

    The folder is written as the work goes on: after a kill or Ctrl-C the same call takes up
    what is finished. A finished run of the same inputs and parameters is only read.

    Parameters
    ----------
    dataset
        Two or more views with a split.
    folder
        A new or empty folder, or the one of the same run.
    mine_params, assess_params
        How it is mined and tested.
    select_params
        Which of the mined redescriptions are tested and reported.
    origins
        Value and origin of every setting, which `run.json` then records.
    executor
        Where chunks of targets run.
    progress
        Hears how many targets are done.
    force
        Replace another run that lies in the folder.

    Raises
    ------
    RedescribeError
        If the input cannot be mined (nothing is written then), or the folder holds
        something else.
    """
    mine_params = mine_params or MineParams()
    select_params = select_params or SelectParams()
    assess_params = assess_params or AssessParams()
    key = stage_key(
        SEARCH_VERSION,
        dataset_fingerprint(dataset),
        params_fingerprint(mine_params),
        params_fingerprint(select_params),
        params_fingerprint(assess_params),
    )
    started = time.perf_counter()
    chunks = plan_chunks(dataset, mine_params)
    parameters: dict[str, JSON] = {
        "split": plain(dataset.split.params),
        "mine": plain(mine_params),
        "select": plain(select_params),
        "assess": plain(assess_params),
    }
    run = RunFolder.create(folder, dataset, parameters, key, force=force)
    if _is_finished(run):
        return run.read_assessed()
    if origins is not None:
        run.update(origins=origins)
    planned = time.perf_counter() - started
    with _stage(progress, "Loading kernels (the first time: compiling)", 1):
        warm_up(mine_params.search.search)
    _mine(run, chunks, executor or SerialExecutor(), progress, seconds=planned)
    results = [result for chunk in chunks for result in run.read_part(chunk.number)]
    seconds = _seconds(run)
    mined = collect(results, dataset, seconds=seconds["mining"], params=mine_params)
    started = time.perf_counter()
    family = select(mined, select_params)
    seconds["selecting"] = time.perf_counter() - started
    started = time.perf_counter()
    assessed = assess(family, dataset, assess_params)
    run.write_assessed(assessed)
    seconds["assessing"] = time.perf_counter() - started
    run.update(
        counts={"mined": len(mined), **assessed.counts},
        seconds=seconds,
        stages={"mine": "done", "select": "done", "assess": "done"},
    )
    return assessed


def _mine(
    run: RunFolder,
    chunks: Sequence[Chunk],
    executor: Executor,
    progress: Progress | None,
    *,
    seconds: float,
) -> None:
    """Mine the chunks without a part; each is on the disk before the next is awaited."""
    pending = [chunk for chunk in chunks if not run.has_part(chunk.number)]
    n_targets = sum(len(chunk.targets) for chunk in chunks)
    n_pending = sum(len(chunk.targets) for chunk in pending)
    before = _seconds(run).get("mining", 0.0)
    started = time.perf_counter() - seconds
    run.update(stages={"mine": "running"})
    with _stage(progress, "Mining targets", n_targets) as advance:
        advance(n_targets - n_pending)
        try:
            for number, results in executor.map(mine_chunk, pending):
                run.write_part(number, results)
                advance(len(results))
        finally:
            spent = before + time.perf_counter() - started
            run.update(seconds={"mining": spent})


def _is_finished(run: RunFolder) -> bool:
    stages = run.document.get("stages")
    return isinstance(stages, dict) and stages.get("assess") == "done"


def _seconds(run: RunFolder) -> dict[str, Any]:
    """The seconds spent so far, by stage, over all sessions of the run."""
    seconds = run.document.get("seconds")
    return dict(seconds) if isinstance(seconds, dict) else {}


def _stage(
    progress: Progress | None, name: str, total: int
) -> AbstractContextManager[Callable[[int], None]]:
    return nullcontext(_ignore) if progress is None else progress.stage(name, total)


def _ignore(_steps: int) -> None:
    pass
