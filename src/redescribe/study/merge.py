"""Parts or families of several folders -> one finished run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from redescribe.errors import ParameterError, StoreError, UnfinishedError
from redescribe.executors.serial import SerialExecutor
from redescribe.store.atomic import remove_leftovers, remove_offers
from redescribe.store.gather import gather
from redescribe.store.run import RunFolder
from redescribe.store.shards import seconds_of_shards
from redescribe.study.merge_families import merge_families
from redescribe.study.progress import seconds_of
from redescribe.study.resampling import Resampler
from redescribe.study.stage_params import StageParams
from redescribe.study.stages import (
    finish,
    finished_findings,
    load_kernels,
    planned,
    planned_networks,
    resampled,
)
from redescribe.study.status import run_status

if TYPE_CHECKING:
    from collections.abc import Sequence
    from os import PathLike

    from redescribe.core.assessed import AssessedSet
    from redescribe.core.protocols import Executor, Progress


def merge(
    *runs: str | PathLike[str],
    out: str | PathLike[str] | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
    force: bool = False,
) -> AssessedSet:
    """Make one finished run of the shards of a run, or of several finished runs.

    *Shards*: unfinished folders of one run (the same inputs and parameters), in which every
    chunk is done somewhere. The candidates of all parts are put together; the family is
    chosen, the hold-out opened and q computed once: the same tables as those of the run
    without shards. No part is searched here.

    *Finished runs* on the same entities and split: the new family is the union of theirs,
    and q-values are computed over it. They may differ in views, partners, strategy and
    further settings of the search, but not in how findings are tested (alpha, test,
    correction, least Jaccard, policy for missing values). A redescription of several counts
    once (`redescribe.selection.union.identity`). The hold-out is opened again, which the
    evidence and `run.json` say.

    Parameters
    ----------
    *runs
        The folders. They are only read, unless one is `out`.
    out
        Folder of the result. One folder of shards may be finished in its place, without.
    executor, progress
        For the searches of resampled entities (`recovery`), if the shards were asked for
        them.
    force
        Replace another run in `out`.

    Raises
    ------
    UnfinishedError
        If chunks are left.
    StoreError, ParameterError, EntityMismatchError
        If the runs cannot be merged: shards of different runs, other entities, another
        split, other tests; or a folder cannot be used.

    References
    ----------
    Specification of redescription mining, section 7.2.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> import numpy as np
    >>> import redescribe as rd
    >>> values = np.random.default_rng(0).normal(size=(100, 2))
    >>> x, y, z = (rd.View.of(name, values) for name in "xyz")
    >>> with TemporaryDirectory() as name:
    ...     folder = Path(name)
    ...     first = rd.run_stages(rd.Dataset.of([x, y]), folder / "xy")
    ...     second = rd.run_stages(rd.Dataset.of([x, z]), folder / "xz")
    ...     both = rd.merge(folder / "xy", folder / "xz", out=folder / "both")
    >>> len(both) == len(first) + len(second)
    True
    >>> [opening.run for opening in both.evidence.opened_before]
    ['xy', 'xz']
    """
    sources = [RunFolder.open(run) for run in runs]
    _check_folders(sources, out)
    finished = [run_status(source.path).finished for source in sources]
    target = sources[0].path if out is None else Path(out).resolve()
    if len(sources) == 1 and finished[0]:
        return _nothing_to_merge(sources[0], target)
    if len({source.key for source in sources}) == 1 and not all(finished):
        run = _gathered(sources, target, force=force)
        return _finished(run, executor or SerialExecutor(), progress)
    if not all(finished):
        state = dict(zip((source.path for source in sources), finished, strict=True))
        unfinished = next(path for path, done in state.items() if not done)
        em = (
            f"{unfinished} is unfinished and belongs to another run than the others: its "
            "inputs or parameters differ. Merge the shards of each run by themselves, then "
            "the finished runs."
        )
        raise StoreError(em)
    return merge_families(sources, target, force=force)


def _check_folders(sources: Sequence[RunFolder], out: str | PathLike[str] | None) -> None:
    if not sources:
        em = "There is nothing to merge. Give the folder of a run."
        raise ParameterError(em)
    if len(sources) > 1 and out is None:
        em = f"Merging {len(sources)} folders needs one for the result: out=… (--output)."
        raise ParameterError(em)
    paths = [source.path for source in sources]
    for path in paths:
        if paths.count(path) > 1:
            em = f"{path} is given twice. Name each folder once."
            raise ParameterError(em)


def _nothing_to_merge(run: RunFolder, target: Path) -> AssessedSet:
    if target != run.path:
        em = f"{run.path} is finished and alone: there is nothing to merge. Copy it."
        raise StoreError(em)
    return run.read_assessed()


def _gathered(sources: Sequence[RunFolder], target: Path, *, force: bool) -> RunFolder:
    """The folder that has all parts; nothing is written if some are missing."""
    first, *others = (source for source in sources)
    status = run_status(first.path, among=[other.path for other in others])
    if not status.searched:
        em = f"{first.path} has work left to do. {status.left}"
        raise UnfinishedError(em)
    if [source.path for source in sources] == [target]:
        first.claim()
        remove_leftovers(target)
        remove_offers(target)
        return first
    document: Any = first.document
    entries = {name: document[name] for name in ("chunks", "origins") if name in document}
    for other in others:
        known: Any = other.document["parameters"]
        if known.get("resample") != document["parameters"].get("resample"):
            em = (
                f"{other.path} was begun with other numbers of permutations or resamples "
                f"than {first.path}. Merge folders that were asked for the same."
            )
            raise StoreError(em)
    run = RunFolder.create(
        target, first.dataset(), document["parameters"], first.key, force=force, **entries
    )
    elsewhere = [source for source in sources if source.path != run.path]
    gather(run, elsewhere, document["chunks"]["mine"])
    shared = sum(
        seconds_of_shards(source.path) + seconds_of(source).get("mining", 0.0)
        for source in elsewhere
    )
    run.update(seconds=seconds_of(run) | {"shards": shared})
    return run


def _finished(run: RunFolder, executor: Executor, progress: Progress | None) -> AssessedSet:
    """Choose, test, and resample what was asked for; a finished run is only read."""
    dataset = run.dataset()
    params = StageParams.of_run(run, dataset.split)
    found = finished_findings(run, params)
    if found is not None:
        return found
    if params.null_views:
        em = (
            f"{run.path} was begun with untrained networks, which it does not hold. Finish "
            "it with the command or call that began it."
        )
        raise StoreError(em)
    document: Any = run.document
    assessed, mined = finish(run, dataset, params, document["chunks"]["mine"])
    if not params.resample.asked:
        return assessed
    chunks, null_chunks = planned(dataset, params)
    load_kernels(params.mine, progress)
    null_networks = planned_networks(chunks, params, {})
    resampler = Resampler(run, executor, progress, chunks, null_chunks, null_networks)
    return resampled(resampler, assessed, mined, dataset=dataset, params=params.resample)
