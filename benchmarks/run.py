"""Prints all benchmarks, or those named: `python -m benchmarks.run trees pairs`."""

from __future__ import annotations

import platform
import subprocess
import sys
import time
from importlib import import_module

SUBJECTS = (
    *("trees", "pairs", "memory", "mining", "permutations", "exact", "scaling"),
    *("interactions", "images", "beam", "strategies", "makers", "null_networks"),
    *("capture", "report", "flint"),
)
"""Modules of this package with a `report`."""
BY_NAME_ONLY = ("peers", "calibration", "rules", "distributed")
"""Others, which need what `make bench` does not install, or many minutes."""


def main(chosen: list[str]) -> int:
    """Print the chosen subjects; none chosen means all."""
    known = (*SUBJECTS, *BY_NAME_ONLY)
    unknown = [name for name in chosen if name not in known]
    if unknown:
        print(f"There is no benchmark {', '.join(unknown)}. Choose of {', '.join(known)}.")
        return 2
    if len(chosen) == 1:
        # It comes with scikit-learn and has no types.
        with import_module("threadpoolctl").threadpool_limits(1):
            import_module(f"benchmarks.{chosen[0]}").report()
        return 0
    started = time.perf_counter()
    print(
        f"Python {platform.python_version()} on {platform.machine()}, one thread",
        flush=True,
    )
    for name in chosen or SUBJECTS:
        # A process of its own, so that the peak memory of one is not that of another.
        command = [sys.executable, "-m", "benchmarks.run", name]
        subprocess.run(command, check=True)
    print(f"\n{time.perf_counter() - started:.0f} seconds in all")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
