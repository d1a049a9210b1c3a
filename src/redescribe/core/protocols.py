"""The three seams: where work runs, where activations go, who hears of progress."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from contextlib import AbstractContextManager

    from redescribe._typing import Values

Task = TypeVar("Task")
Result = TypeVar("Result")


class Executor(Protocol):
    """Maps a pure function over tasks and yields the results in task order."""

    def map(
        self, func: Callable[[Task], Result], tasks: Iterable[Task]
    ) -> Iterator[Result]:
        """Yield `func(task)` for each task, in order, as soon as it is done."""


class ActivationSink(Protocol):
    """Takes activations batch by batch."""

    def write(self, layer: str, batch: Values) -> None:
        """Append a batch of one layer, shape (n_entities_of_batch, n_units)."""


class Progress(Protocol):
    """Hears how far a long piece of work is."""

    def stage(self, name: str, total: int) -> AbstractContextManager[Callable[[int], None]]:
        """Open a stage of `total` steps; the value it yields advances it."""
