"""Runs python-clired once, in its own environment, and writes down what that cost.

python -m benchmarks.clired_main PREFERENCES SECONDS SUMMARY
"""

from __future__ import annotations

import json
import signal
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from benchmarks.measure import peak_megabytes

if TYPE_CHECKING:
    from types import FrameType


def main(preferences: str, limit: str, summary: str) -> None:
    """Mine as the preferences say; after so many CPU seconds keep what was found."""
    run = import_module("blocks.mine.exec_clired")
    stopped = []

    def stop(_signal: int, _frame: FrameType | None) -> NoReturn:
        # What it does at Ctrl-C is to end the search and to write its results.
        stopped.append(True)
        raise KeyboardInterrupt

    signal.signal(signal.SIGPROF, stop)
    wall, cpu = time.perf_counter(), time.process_time()
    signal.setitimer(signal.ITIMER_PROF, float(limit))
    run.do_task(["exec_clired", preferences])
    signal.setitimer(signal.ITIMER_PROF, 0)
    cost = {
        "wall": time.perf_counter() - wall,
        "cpu": time.process_time() - cpu,
        "peak": peak_megabytes(),
        "stopped": bool(stopped),
    }
    Path(summary).write_text(json.dumps(cost), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
