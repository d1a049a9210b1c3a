"""Search, family, hold-out: run in order into a folder, and taken up where they stopped."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, cast

from redescribe.errors import StoreError
from redescribe.executors.serial import SerialExecutor
from redescribe.mining.miner import collect
from redescribe.mining.neuron import mine_chunk
from redescribe.mining.null_networks import plan_null_networks
from redescribe.mining.null_search import plan_null
from redescribe.mining.tasks import plan_chunks
from redescribe.mining.warm_up import warm_up
from redescribe.selection.select import select
from redescribe.significance.assess import assess
from redescribe.significance.resample_params import ResampleParams
from redescribe.significance.stability import check_can_bootstrap
from redescribe.store.fingerprint import dataset_fingerprint, plain
from redescribe.store.mending import logger
from redescribe.store.resamples import NULL_NETWORKS, NULLS, RECOVERY, remove_tables
from redescribe.store.results import check_tables
from redescribe.store.run import RunFolder
from redescribe.store.shards import seconds_of_shards
from redescribe.study.announced import Announced
from redescribe.study.openings import openings_of, record_opening
from redescribe.study.progress import seconds_of, stage, timed
from redescribe.study.resampling import Resampler
from redescribe.study.stage_params import StageParams

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from os import PathLike

    from redescribe.core.assessed import AssessedSet
    from redescribe.core.dataset import Dataset
    from redescribe.core.protocols import Executor, Progress
    from redescribe.core.redescription import RedescriptionSet
    from redescribe.core.view import View
    from redescribe.mining.null_networks import NetworkSearches
    from redescribe.mining.null_search import NullChunk
    from redescribe.mining.params import MineParams
    from redescribe.mining.plan import MiningPlan
    from redescribe.mining.tasks import Chunk
    from redescribe.selection.params import SelectParams
    from redescribe.significance.params import AssessParams
    from redescribe.store.schema import JSON


def run_stages(  # noqa: PLR0913 - one parameter per stage
    dataset: Dataset,
    folder: str | PathLike[str],
    mine_params: MineParams | None = None,
    assess_params: AssessParams | None = None,
    *,
    select_params: SelectParams | None = None,
    resample_params: ResampleParams | None = None,
    null_views: Mapping[str, Sequence[View]] | None = None,
    origins: Mapping[str, JSON] | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
    announce: Callable[[MiningPlan], None] | None = None,
    memory: int | None = None,
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
        How often entities are permuted and resampled, and networks rotated; other numbers
        for a finished run neither mine nor choose again.
    null_views
        By the name of the view that they replace: the same of untrained networks. Their
        entities are joined by id.
    origins
        Value and origin of every setting, which `run.json` then records.
    executor
        Where chunks of targets run.
    progress
        Hears how many targets are done.
    announce
        Hears the plan before the search, with an estimate of its time.
    memory
        Bytes that the search may take; None: what the machine has.
    force
        Replace another run that lies in the folder.

    Raises
    ------
    RedescribeError
        If the input cannot be mined, or does not fit into memory or onto the disk (nothing
        is written then), or the folder holds something else.
    """
    params = StageParams.of(mine_params, select_params, assess_params, resample_params)
    params = params.with_null_views(null_views or {})
    check_can_bootstrap(dataset, params.resample.bootstrap)
    executor = executor or SerialExecutor()
    announced = Announced(dataset, params.mine, executor, announce)
    announced.check_room(folder, memory, force=force)
    started = time.perf_counter()
    chunks, null_chunks = planned(dataset, params)
    null_networks = planned_networks(chunks, params, null_views or {})
    key = params.key(dataset_fingerprint(dataset))
    parameters = params.record(dataset.split.params)
    run = RunFolder.create(folder, dataset, parameters, key, force=force)
    found = finished_findings(run, params)
    if found is not None:
        return found
    counts = n_chunks(chunks, null_chunks)
    run.update(parameters=parameters, stages={}, chunks=counts)
    remove_tables(run.path)
    if origins is not None:
        run.update(origins=origins)
    spent = time.perf_counter() - started
    load_kernels(params.mine, progress)
    run.update(stages={"mine": "running"})
    with timed(run, "mining", spent):
        announced.tell(run, chunks)
        search_chunks(run, chunks, executor, progress)
    assessed, mined = finish(run, dataset, params, len(chunks))
    resampler = Resampler(run, executor, progress, chunks, null_chunks, null_networks)
    return resampled(resampler, assessed, mined, dataset=dataset, params=params.resample)


def planned(dataset: Dataset, params: StageParams) -> tuple[list[Chunk], list[NullChunk]]:
    """Return the searches of a run, and those of permuted entities.

    Raises
    ------
    RedescribeError
        If the input cannot be mined.
    """
    chunks = plan_chunks(dataset, params.mine)
    asked = params.resample
    return chunks, plan_null(chunks, asked.permutations, within=asked.permute_within)


def planned_networks(
    chunks: Sequence[Chunk],
    params: StageParams,
    null_views: Mapping[str, Sequence[View]],
) -> list[NetworkSearches]:
    """Return the searches of null networks that belong to the searches of a run.

    Raises
    ------
    RedescribeError
        If no two views are networks, or what replaces one does not fit.
    """
    return plan_null_networks(
        chunks,
        rotations=params.resample.rotations,
        null_views=null_views,
        networks=params.resample.networks,
    )


def n_chunks(chunks: Sequence[Chunk], null_chunks: Sequence[NullChunk]) -> dict[str, JSON]:
    """Return how many parts the searches of a run are stored in, as `run.json` says it."""
    return {"mine": len(chunks), "permute": len(null_chunks)}


def is_finished(run: RunFolder, params: StageParams) -> bool:
    """Return whether the findings are there, with what is asked for now and no more."""
    document = cast("dict[str, Any]", run.document)
    stages, known = document["stages"], document["parameters"]
    # Older runs know of no resampling, or not of all of it.
    before = {**asdict(ResampleParams()), **known.get("resample", {})}
    same = plain(before) == plain(params.resample)
    same = same and known.get("null_views", {}) == plain(dict(params.null_views))
    is_asked = params.resample.asked or params.null_views
    is_resampled = not is_asked or stages.get("resample") == "done"
    return bool(same and is_resampled and stages.get("assess") == "done")


def finished_findings(run: RunFolder, params: StageParams) -> AssessedSet | None:
    """Return the findings of a finished run; None if there is work left.

    Findings that are broken are to be made again of the parts, with a warning on the logger
    `redescribe.store`.
    """
    if not is_finished(run, params):
        return None
    asked = params.resample
    made = {
        NULLS: asked.permutations,
        RECOVERY: asked.recovery,
        NULL_NETWORKS: asked.rotations or params.null_views,
    }
    try:
        check_tables(run.path, [name for name, number in made.items() if number])
        return run.read_assessed()
    except StoreError as error:
        logger.warning("The findings are chosen and tested again: %s", error)
        return None


def load_kernels(params: MineParams, progress: Progress | None) -> None:
    """Compile what the search needs, or load it, before threads start."""
    with stage(progress, "Loading kernels (the first time: compiling)", 1):
        warm_up(params.search.search)


def search_chunks(
    run: RunFolder,
    chunks: Sequence[Chunk],
    executor: Executor,
    progress: Progress | None,
) -> None:
    """Mine the chunks without a part; each is on the disk before the next is awaited."""
    pending = [chunk for chunk in chunks if not run.has_part(chunk.number)]
    n_targets = sum(len(chunk.targets) for chunk in chunks)
    n_pending = sum(len(chunk.targets) for chunk in pending)
    with stage(progress, "Mining targets", n_targets) as advance:
        advance(n_targets - n_pending)
        for number, results in executor.map(mine_chunk, pending):
            run.write_part(number, results)
            advance(len(results))


def finish(
    run: RunFolder, dataset: Dataset, params: StageParams, n_parts: int
) -> tuple[AssessedSet, RedescriptionSet]:
    """Choose the family of all parts, open the hold-out, and write the findings.

    Returns
    -------
    assessed, mined
        The findings, and everything of which they were chosen.
    """
    results = [result for number in range(n_parts) for result in run.read_part(number)]
    seconds = seconds_of(run)
    shared = seconds_of_shards(run.path)
    if shared:
        seconds["shards"] = shared
    searched = seconds.get("mining", 0.0) + seconds.get("shards", 0.0)
    mined = collect(results, dataset, seconds=searched, params=params.mine)
    started = time.perf_counter()
    family = select(mined, params.select)
    seconds["selecting"] = time.perf_counter() - started
    started = time.perf_counter()
    before = openings_of(run, without=run.key)
    record_opening(run, dataset, family, before)
    assessed = assess(family, dataset, params.assess, opened_before=before)
    run.write_assessed(assessed)
    seconds["assessing"] = time.perf_counter() - started
    run.update(
        counts={"mined": len(mined), **assessed.counts},
        seconds=seconds,
        stages={"mine": "done", "select": "done", "assess": "done"},
    )
    return assessed, mined


def resampled(
    resampler: Resampler,
    assessed: AssessedSet,
    mined: RedescriptionSet,
    *,
    dataset: Dataset,
    params: ResampleParams,
) -> AssessedSet:
    """Add what repeated searches and resamples say, and write the findings again."""
    if not params.asked and not resampler.null_networks:
        return assessed
    run = resampler.run
    stages = cast("dict[str, JSON]", run.document["stages"])
    run.update(stages={**stages, "resample": "running"})
    assessed = resampler.resample(assessed, mined, dataset, params)
    run.write_assessed(assessed)
    counts = {"mined": len(mined), **assessed.counts}
    run.update(counts=counts, stages={**stages, "resample": "done"})
    return assessed
