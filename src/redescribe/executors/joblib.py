"""Work on threads, or on the active joblib back end."""

from __future__ import annotations

import warnings
from concurrent.futures import BrokenExecutor
from typing import TYPE_CHECKING, cast

from joblib import Parallel, delayed, effective_n_jobs

from redescribe.errors import WorkerError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

    from redescribe.core.protocols import Result, Task


class JoblibExecutor:
    """Runs tasks on threads; inside `joblib.parallel_config` on the back end named there.

    Threads suffice because kernels release the GIL and share the data.

    Parameters
    ----------
    n_jobs
        Workers, as joblib counts them (-1 is all cores). None is what
        `joblib.parallel_config` says, else 1.

    Examples
    --------
    >>> list(JoblibExecutor(n_jobs=2).map(abs, [-1, 2, -3]))
    [1, 2, 3]
    """

    def __init__(self, n_jobs: int | None = None) -> None:
        self.n_jobs = n_jobs

    @property
    def n_workers(self) -> int:
        """How many tasks run at the same time."""
        return int(effective_n_jobs(self.n_jobs))

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
            Read a few ahead of the workers.

        Yields
        ------
        result
            While later tasks still run, so that what is finished can be written before an
            interruption. Leaving the loop early stops the workers after their current task.

        Raises
        ------
        WorkerError
            If a worker process dies.
        """
        # With a preference, joblib ignores an n_jobs configured without a back end.
        n_jobs = effective_n_jobs() if self.n_jobs is None else self.n_jobs
        run = Parallel(n_jobs=n_jobs, prefer="threads", return_as="generator")
        results = cast(
            "Generator[Result, None, None]", run(delayed(func)(task) for task in tasks)
        )
        try:
            for result in results:  # noqa: UP028 - `yield from` would close it before us
                yield result
        except BrokenExecutor as error:
            em = (
                "A worker process ended before its work was done; perhaps it was killed "
                "for lack of memory. Finished parts are kept: start the same run again, "
                "with fewer workers."
            )
            raise WorkerError(em) from error
        finally:
            with warnings.catch_warnings():
                # joblib warns of unused results; whoever leaves the loop knows.
                warnings.filterwarnings("ignore", ".*(cancelled|not used)", UserWarning)
                results.close()
