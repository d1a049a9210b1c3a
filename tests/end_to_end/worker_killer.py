"""Runs the digits study while its workers are killed, then again; prints what happened.

    python -m tests.end_to_end.worker_killer BACKEND STAGE SIZE INPUTS OUTPUT

All workers are killed when the first part of a stage is there.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
from benchmarks.distributed import SIZES, Way, ran

from redescribe.errors import WorkerError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

COMMANDS = {"loky": "popen_loky", "dask": "spawn_main"}
"""What is in the command line of a worker."""


class Killer:
    """Hears how far the study is, and kills the workers once."""

    def __init__(self, backend: str, stage: str) -> None:
        self.killed: list[int] = []
        self._command, self._stage = COMMANDS[backend], stage

    @contextmanager
    def stage(self, name: str, total: int) -> Iterator[Callable[[int], None]]:
        def advance(steps: int) -> None:
            if steps and name == self._stage and not self.killed:
                for process in psutil.Process().children():
                    if self._command in " ".join(process.cmdline()):
                        os.kill(process.pid, signal.SIGKILL)
                        self.killed.append(process.pid)

        yield advance


def main(
    backend: str, stage: str, size: str, inputs: Path, output: Path
) -> dict[str, object]:
    """Return the error of the first run and the hash of the tables in the end."""
    killer, error = Killer(backend, stage), ""
    try:
        made = ran(Way(backend), inputs, output, size=SIZES[size], progress=killer)
    except WorkerError as ended:
        error = str(ended)
        made = ran(Way(backend), inputs, output, size=SIZES[size])
    return {"killed": len(killer.killed), "error": error, "hash": made.hash}


if __name__ == "__main__":
    backend, stage, size, inputs, output = sys.argv[1:]
    result = main(backend, stage, size, Path(inputs), Path(output))
    sys.stdout.write(json.dumps(result))
