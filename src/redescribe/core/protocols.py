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

    @property
    def n_workers(self) -> int:
        """How many tasks run at the same time; results do not depend on it."""

    def map(
        self, func: Callable[[Task], Result], tasks: Iterable[Task]
    ) -> Iterator[Result]:
        """Yield `func(task)` for each task, in order, as soon as it is done."""


class ActivationSink(Protocol):
    """Takes activations batch by batch."""

    @property
    def n_kept(self) -> int:
        """Entities that an interrupted capture has written: they are not sent again."""

    @property
    def inputs_kept(self) -> str:
        """Digest of the inputs of these entities; empty where there are none."""

    def write(self, batch: Values, *, inputs: str = "") -> None:
        """Append a batch: all layers side by side, shape (n_entities_of_batch, n_units).

        `inputs` is the digest of the inputs up to the end of this batch.
        """


class Progress(Protocol):
    """Hears how far a long piece of work is."""

    def stage(self, name: str, total: int) -> AbstractContextManager[Callable[[int], None]]:
        """Open a stage of `total` steps; the value it yields advances it."""
