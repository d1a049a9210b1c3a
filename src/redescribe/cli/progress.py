"""Progress bars on stderr for work that takes more than two seconds."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_PATIENCE = 2.0
"""Seconds before a bar is shown."""


class TerminalProgress:
    """Shows a bar with the time left, once a stage has taken two seconds."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet

    @contextmanager
    def stage(self, name: str, total: int) -> Iterator[Callable[[int], None]]:
        """Open a stage of `total` steps; the value it yields advances it."""
        console = Console(stderr=True)
        bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("time left"),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=self._quiet or not console.is_terminal,
        )
        task = bar.add_task(name, total=total)
        started = time.monotonic()

        def advance(steps: int) -> None:
            bar.advance(task, steps)
            if not bar.live.is_started and time.monotonic() - started > _PATIENCE:
                bar.start()

        try:
            yield advance
        finally:
            if bar.live.is_started:
                bar.stop()
