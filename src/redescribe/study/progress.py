"""Stages of a run: who hears of their steps, and the seconds that they took."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from redescribe.core.protocols import Progress
    from redescribe.store.run import RunFolder


def stage(
    progress: Progress | None, name: str, total: int
) -> AbstractContextManager[Callable[[int], None]]:
    """Open a stage of so many steps; nobody may listen."""
    return nullcontext(_ignore) if progress is None else progress.stage(name, total)


def seconds_of(run: RunFolder) -> dict[str, Any]:
    """Return the seconds spent so far, by stage, over all sessions of the run."""
    seconds = run.document.get("seconds")
    return dict(seconds) if isinstance(seconds, dict) else {}


@contextmanager
def timed(run: RunFolder, name: str, before: float = 0.0) -> Iterator[None]:
    """Add the seconds of the block, also of an interrupted one, and some before it."""
    spent = seconds_of(run).get(name, 0.0)
    started = time.perf_counter() - before
    try:
        yield
    finally:
        total = spent + time.perf_counter() - started
        run.update(seconds={**seconds_of(run), name: total})


def _ignore(_steps: int) -> None:
    pass
