"""Search, family, hold-out: run in order into a folder, and taken up where they stopped."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, cast

from redescribe.executors.serial import SerialExecutor
from redescribe.mining.miner import collect
from redescribe.mining.neuron import mine_chunk
from redescribe.mining.null_search import plan_null
from redescribe.mining.params import MineParams
from redescribe.mining.tasks import plan_chunks
from redescribe.mining.warm_up import warm_up
from redescribe.selection.params import SelectParams
from redescribe.selection.select import select
from redescribe.significance.assess import assess
from redescribe.significance.params import AssessParams
from redescribe.significance.resample_params import ResampleParams
from redescribe.significance.stability import check_can_bootstrap
from redescribe.store.fingerprint import (
    dataset_fingerprint,
    params_fingerprint,
    plain,
    stage_key,
)
from redescribe.store.resamples import remove_tables
from redescribe.store.run import RunFolder
from redescribe.study.progress import seconds_of, stage, timed
from redescribe.study.resampling import Resampler

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
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
    resample_params: ResampleParams | None = None,
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
    resample_params
        How often entities are permuted and resampled; other numbers for a finished run
        neither mine nor choose again.
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
    resample_params = resample_params or ResampleParams()
    check_can_bootstrap(dataset, resample_params.bootstrap)
    key = stage_key(
        SEARCH_VERSION,
        dataset_fingerprint(dataset),
        params_fingerprint(mine_params),
        params_fingerprint(select_params),
        params_fingerprint(assess_params),
    )
    started = time.perf_counter()
    chunks = plan_chunks(dataset, mine_params)
    null_chunks = plan_null(
        chunks, resample_params.permutations, within=resample_params.permute_within
    )
    parameters: dict[str, JSON] = {
        "split": plain(dataset.split.params),
        "mine": plain(mine_params),
        "select": plain(select_params),
        "assess": plain(assess_params),
        "resample": plain(resample_params),
    }
    run = RunFolder.create(folder, dataset, parameters, key, force=force)
    if _is_finished(run, resample_params):
        return run.read_assessed()
    run.update(parameters=parameters, stages={})
    remove_tables(run.path)
    if origins is not None:
        run.update(origins=origins)
    planned = time.perf_counter() - started
    with stage(progress, "Loading kernels (the first time: compiling)", 1):
        warm_up(mine_params.search.search)
    executor = executor or SerialExecutor()
    _mine(run, chunks, executor, progress, seconds=planned)
    results = [result for chunk in chunks for result in run.read_part(chunk.number)]
    seconds = seconds_of(run)
    mined = collect(results, dataset, seconds=seconds["mining"], params=mine_params)
    started = time.perf_counter()
    family = select(mined, select_params)
    seconds["selecting"] = time.perf_counter() - started
    started = time.perf_counter()
    assessed = assess(family, dataset, assess_params)
    run.write_assessed(assessed)
    seconds["assessing"] = time.perf_counter() - started
    stages = {"mine": "done", "select": "done", "assess": "done"}
    run.update(
        counts={"mined": len(mined), **assessed.counts}, seconds=seconds, stages=stages
    )
    if resample_params.asked:
        run.update(stages={**stages, "resample": "running"})
        resampler = Resampler(run, executor, progress, chunks, null_chunks)
        assessed = resampler.resample(assessed, mined, dataset, resample_params)
        run.write_assessed(assessed)
        run.update(stages={**stages, "resample": "done"})
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
    run.update(stages={"mine": "running"})
    with (
        timed(run, "mining", seconds),
        stage(progress, "Mining targets", n_targets) as advance,
    ):
        advance(n_targets - n_pending)
        for number, results in executor.map(mine_chunk, pending):
            run.write_part(number, results)
            advance(len(results))


def _is_finished(run: RunFolder, params: ResampleParams) -> bool:
    """Whether the findings are there, with what is asked for now and nothing else."""
    document = cast("dict[str, Any]", run.document)
    stages, known = document["stages"], document["parameters"]
    # Runs from before there was resampling have none.
    same = known.get("resample", plain(ResampleParams())) == plain(params)
    is_resampled = not params.asked or stages.get("resample") == "done"
    return bool(same and is_resampled and stages.get("assess") == "done")
