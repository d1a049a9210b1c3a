"""Work on threads, or on the active joblib back end."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from concurrent.futures import BrokenExecutor
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Literal, cast

from joblib import Parallel, delayed, effective_n_jobs
from joblib.parallel import get_active_backend

from redescribe.errors import RedescribeError, WorkerError
from redescribe.executors.outcome import Failed, attempt
from redescribe.executors.parcel import BlockLostError, Parcel, Rest, call, shared_fields

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

    from redescribe._typing import Bytes
    from redescribe.core.protocols import Result, Task

MAPPED = 64 * 1024
"""Bytes: joblib maps larger arrays into the memory of its processes, and copies others."""
WAVE = 4
"""Tasks for each worker, where a back end cannot give results while others are made."""
_CLUSTERS = ("distributed", "dask", "ray")
"""Packages whose own errors are those of their workers and of the network between them."""


class JoblibExecutor:
    """Runs tasks on threads; inside `joblib.parallel_config` on the back end named there.

    Threads suffice on one machine, because kernels release the GIL and share the data.
    Where the back end has workers in other processes ("loky", "multiprocessing", "dask",
    "ray"), what all tasks share is sent once, not with each task. With "multiprocessing", a
    worker that is killed is waited for without end, as Python's pools do: use "loky".

    Parameters
    ----------
    n_jobs
        Workers, as joblib counts them (-1 is all cores). None is what
        `joblib.parallel_config` says, else 1. Dask always uses all workers of its cluster.
    prefer
        "threads" or "processes", where no back end is named.

    Examples
    --------
    >>> list(JoblibExecutor(n_jobs=2).map(abs, [-1, 2, -3]))
    [1, 2, 3]
    """

    def __init__(
        self,
        n_jobs: int | None = None,
        *,
        prefer: Literal["threads", "processes"] = "threads",
    ) -> None:
        self.n_jobs, self.prefer = n_jobs, prefer

    @property
    def n_workers(self) -> int:
        """How many tasks run at the same time."""
        return int(effective_n_jobs(self.n_jobs))

    @property
    def shares_memory(self) -> bool:
        """Whether the workers are threads of this process."""
        return bool(getattr(self._backend, "supports_sharedmem", False))

    @property
    def _backend(self) -> Any:  # noqa: ANN401 - joblib has no types
        return get_active_backend(prefer=self.prefer)[0]

    def map(
        self, func: Callable[[Task], Result], tasks: Iterable[Task]
    ) -> Iterator[Result]:
        """Yield `func(task)` for each task, in order, as soon as it is done.

        Parameters
        ----------
        func
            A pure function of one task; importable by name where the back end runs in
            other processes.
        tasks
            Read a few ahead of the workers. For other processes a sequence is read at once,
            anything else a few tasks per worker at a time; fields of dataclasses that are
            the same object in all of them are sent once.

        Yields
        ------
        result
            While later tasks still run, so that what is finished can be written before an
            interruption. Leaving the loop early stops the workers after their current task.

        Raises
        ------
        WorkerError
            If a worker in another process was killed or lost, or could not start its task.
        """
        # With a preference, joblib ignores an n_jobs configured without a back end.
        n_jobs = effective_n_jobs() if self.n_jobs is None else self.n_jobs
        backend, settings = self._backend, _settings(n_jobs, self.prefer)
        if self.shares_memory:
            yield from _as_they_come((delayed(func)(task) for task in tasks), settings)
            return
        calls = _posted(func, tasks, backend)
        # joblib would read on while nobody takes the results.
        streams = backend.supports_return_generator and isinstance(tasks, Sequence)
        try:
            yield from (_as_they_come if streams else _by_waves)(calls, settings)
        except Exception as error:
            if _is_of_worker(error):
                raise WorkerError(_ended(backend, error)) from error
            raise


def _as_they_come(calls: Iterable[Any], settings: dict[str, Any]) -> Iterator[Any]:
    run = Parallel(return_as="generator", **settings)
    results = cast("Generator[Any, None, None]", run(calls))
    try:
        for result in results:  # noqa: UP028 - `yield from` would close it before us
            yield result
    finally:
        with warnings.catch_warnings():
            # joblib warns of unused results; whoever leaves the loop knows.
            warnings.filterwarnings("ignore", ".*(cancelled|not used)", UserWarning)
            results.close()


def _by_waves(calls: Iterable[Any], settings: dict[str, Any]) -> Iterator[Any]:
    """Results that come all at once: a wave of calls after the other.

    Those before an error are given first.
    """
    calls = iter(calls)
    with Parallel(**settings) as run:
        size = WAVE * effective_n_jobs(settings["n_jobs"])
        while wave := list(islice(calls, size)):
            for result in run(delayed(attempt)(func, *given) for func, given, _ in wave):
                if isinstance(result, Failed):
                    raise result.error
                yield result


def _settings(n_jobs: int, prefer: str) -> dict[str, Any]:
    return {
        "n_jobs": n_jobs,
        "prefer": prefer,
        # Private to each process: kernels are compiled for arrays that may be written to.
        "mmap_mode": "c",
        "max_nbytes": MAPPED,
    }


def _posted(
    func: Callable[[Task], Result],
    tasks: Iterable[Task],
    backend: Any,  # noqa: ANN401 - joblib has no types
) -> Iterator[Any]:
    """The calls of joblib for workers in other processes; what tasks share comes apart."""
    later = iter(tasks)
    known = list(later if isinstance(tasks, Sequence) else islice(later, 2))
    shared = shared_fields(known)
    parcel = block = None
    for task in chain(known, later):
        still = {name: it for name, it in shared.items() if getattr(task, name) is it}
        if still and (parcel is None or len(still) < len(shared)):
            parcel = Parcel.of(still)
            block = _placed(parcel.block, backend)
        shared = still
        if parcel is None or not shared:
            yield delayed(func)(task)
        else:
            yield delayed(call)(Rest.of(func, task, shared), parcel.name, block)


def _placed(block: Bytes, backend: Any) -> Any:  # noqa: ANN401 - joblib has no types
    """The block as an argument; on every worker of a Dask cluster, its place there.

    joblib would bring it to one of them, with which it is lost, and wait for ever if that
    failed. All other back ends send an array once.
    """
    client = getattr(backend, "client", None)
    if client is None:
        return block
    try:
        return client.scatter(block, broadcast=True, hash=False)
    except OSError as error:
        raise WorkerError(_ended(backend, error)) from error


def _is_of_worker(error: Exception) -> bool:
    """Whether an error is one of the back end, not of a task."""
    if isinstance(error, RedescribeError):
        return False
    origin = type(error).__module__.partition(".")[0]
    return isinstance(error, (BrokenExecutor, BlockLostError)) or origin in _CLUSTERS


def _ended(backend: object, error: Exception) -> str:
    lines = str(error).strip().splitlines() or [""]
    # Ray puts the traceback of the worker before what went wrong there.
    said = lines[-1 if "Traceback" in str(error) else 0].strip().removesuffix(".")
    return (
        f"A worker of the joblib back end {type(backend).__name__} did not do its task "
        f"({type(error).__name__}: {said}). Its machine is gone or has other packages, or "
        "it was killed, perhaps for lack of memory. Finished parts are kept: the same "
        "command or call goes on from there; if it was memory, with fewer workers."
    )
