"""The search of a run, shared out among processes that need not know each other."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from redescribe.errors import StoreError
from redescribe.executors.serial import SerialExecutor
from redescribe.significance.stability import check_can_bootstrap
from redescribe.store.fingerprint import dataset_fingerprint, plain
from redescribe.store.run import RunFolder
from redescribe.store.shards import add_seconds
from redescribe.study.announced import Announced
from redescribe.study.resampling import Resampler
from redescribe.study.stage_params import StageParams
from redescribe.study.stages import (
    is_finished,
    load_kernels,
    n_chunks,
    planned,
    planned_networks,
    search_chunks,
)
from redescribe.study.status import run_status

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from os import PathLike

    from redescribe.core.dataset import Dataset
    from redescribe.core.protocols import Executor, Progress
    from redescribe.executors.shards import Shard
    from redescribe.mining.params import MineParams
    from redescribe.mining.plan import MiningPlan
    from redescribe.selection.params import SelectParams
    from redescribe.significance.params import AssessParams
    from redescribe.significance.resample_params import ResampleParams
    from redescribe.store.schema import JSON
    from redescribe.study.status import RunStatus


def mine_shard(  # noqa: PLR0913 - as `run_stages`
    dataset: Dataset,
    folder: str | PathLike[str],
    shard: Shard,
    mine_params: MineParams | None = None,
    *,
    assess_params: AssessParams | None = None,
    select_params: SelectParams | None = None,
    resample_params: ResampleParams | None = None,
    origins: Mapping[str, JSON] | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
    announce: Callable[[MiningPlan], None] | None = None,
    memory: int | None = None,
) -> RunStatus:
    """Search the chunks of one shard of a run, and store what they gave.

    The hold-out is never read. Shards may write into one folder at the same time, or each
    into a folder of its own; `redescribe.merge` gathers them, chooses the family and tests
    it. Permuted entities, where asked for, are searched as well. Chunks that are done are
    not done again: a shard that was killed goes on.

    Parameters
    ----------
    dataset, folder, mine_params, select_params, assess_params, resample_params
        As for `run_stages`, and the same for all shards: they decide which run it is.
    shard
        Which chunks: those whose number is `shard.number` modulo `shard.of`.
    origins, executor, progress, announce, memory
        As for `run_stages`; the plan is that of the whole run, its time that of the shard.

    Returns
    -------
    RunStatus
        What is done and left of the whole run, as far as the folder shows.

    Raises
    ------
    RedescribeError
        If the input cannot be mined (nothing is written then), or the folder holds another
        run.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> import numpy as np
    >>> import redescribe as rd
    >>> values = np.random.default_rng(0).normal(size=(100, 2))
    >>> data = rd.Dataset.of([rd.View.of("x", values), rd.View.of("y", 2 * values)])
    >>> with TemporaryDirectory() as folder:
    ...     for number in range(3):
    ...         done = rd.mine_shard(data, folder, rd.Shard(number, 3))
    ...     findings = rd.merge(folder)
    >>> done.searched, len(findings) > 0
    (True, True)
    """
    params = StageParams.of(mine_params, select_params, assess_params, resample_params)
    check_can_bootstrap(dataset, params.resample.bootstrap)
    executor = executor or SerialExecutor()
    announced = Announced(dataset, params.mine, executor, announce)
    announced.check_room(folder, memory)
    started = time.perf_counter()
    chunks, null_chunks = planned(dataset, params)
    planned_networks(chunks, params, {})  # says what is wrong before work is done
    entries: dict[str, JSON] = {"chunks": n_chunks(chunks, null_chunks)}
    if origins is not None:
        entries["origins"] = origins
    run = RunFolder.join(
        folder,
        dataset,
        params.record(dataset.split.params),
        params.key(dataset_fingerprint(dataset)),
        **entries,
    )
    if is_finished(run, params):
        return run_status(run.path)
    _check_resampling(run, params.resample)
    try:
        load_kernels(params.mine, progress)
        announced.tell(run, shard.share(chunks))
        search_chunks(run, shard.share(chunks), executor, progress)
        resampler = Resampler(run, executor, progress, chunks, shard.share(null_chunks))
        resampler.search_permuted(params.resample.permute_within)
    finally:
        seconds = time.perf_counter() - started
        add_seconds(run.path, shard.number, shard.of, seconds)
    return run_status(run.path)


def _check_resampling(run: RunFolder, params: ResampleParams) -> None:
    """The numbers of permutations and resamples are those the folder was begun with."""
    parameters: Any = run.document["parameters"]
    if parameters.get("resample") != plain(params):
        em = (
            f"{run.path} was begun with other numbers of permutations or resamples. Give "
            "all shards the same; once the run is merged, `redescribe mine` without "
            "--shard adds others."
        )
        raise StoreError(em)
