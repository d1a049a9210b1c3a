"""Work in the calling thread, one task after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from redescribe.core.protocols import Result, Task


class SerialExecutor:
    """Runs each task when its result is asked for; the oracle of all other executors.

    Examples
    --------
    >>> list(SerialExecutor().map(abs, [-1, 2]))
    [1, 2]
    """

    n_workers = 1

    def map(
        self, func: Callable[[Task], Result], tasks: Iterable[Task]
    ) -> Iterator[Result]:
        """Yield `func(task)` for each task, in order.

        Parameters
        ----------
        func
            A pure function of one task.
        tasks
            Read lazily, one by one.

        Yields
        ------
        result
            Before the next task starts; an error of `func` ends the iteration.
        """
        for task in tasks:
            yield func(task)
