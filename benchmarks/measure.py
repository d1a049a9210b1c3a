"""CPU seconds, peak memory, processes of their own, and tables as plain text."""

from __future__ import annotations

import resource
import statistics
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Cell = str | int | float | None
Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def cpu_seconds(work: Callable[[], object], repeats: int) -> float:
    """Median CPU seconds of one call; the first one, which may compile, is not timed."""
    work()
    taken = []
    for _ in range(repeats):
        started = time.process_time()
        work()
        taken.append(time.process_time() - started)
    return statistics.median(taken)


def peak_megabytes() -> float:
    """Largest resident memory of this process so far."""
    status = Path("/proc/self/status")
    if status.exists():
        # Linux lets a child inherit the maximum that getrusage gives from its parent.
        lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
        return int(lines["VmHWM"].split()[0]) / 2**10
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def in_fresh_process(
    work: Callable[Arguments, Result], *args: Arguments.args, **kwargs: Arguments.kwargs
) -> Result:
    """Call a function of a module in a process whose memory holds nothing else."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *args, **kwargs).result()


@dataclass(frozen=True)
class Table:
    """A title, a header and rows, to be printed or put on a page."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def print(self) -> None:
        """Print it as plain text."""
        print_table(self.title, self.header, self.rows)

    def markdown(self) -> str:
        """The header and the rows in Markdown; a column of numbers is set right."""
        texts = [[_text(cell) for cell in row] for row in self.rows]
        columns = zip(*self.rows, strict=True) if self.rows else [()] * len(self.header)
        rules = ["---" if _is_text(column) else "---:" for column in columns]
        return "".join(f"| {' | '.join(r)} |\n" for r in (self.header, rules, *texts))


def print_table(title: str, header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
    """Print rows under a header; numbers are aligned to the right."""
    texts = [list(header), *([_text(cell) for cell in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    print(f"\n{title}")
    for number, line in enumerate(texts):
        print("  " + "  ".join(map(_aligned, line, widths)))
        if number == 0:
            print("  " + "  ".join("-" * width for width in widths))
    sys.stdout.flush()


def _aligned(text: str, width: int) -> str:
    return text.rjust(width) if text[:1].isdigit() or text == "-" else text.ljust(width)


def _is_text(column: Sequence[Cell]) -> bool:
    """Whether a column holds words, which no number begins."""
    return any(isinstance(cell, str) and not cell[:1].isdigit() for cell in column)


def _text(cell: Cell) -> str:
    if cell is None:
        return "-"
    if isinstance(cell, float):
        return f"{cell:,.0f}" if abs(cell) >= 1000 else f"{cell:.3g}"
    return f"{cell:,}" if isinstance(cell, int) else cell
