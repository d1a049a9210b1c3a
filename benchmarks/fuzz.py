"""Coverage-guided fuzzing of the readers with atheris: `make fuzz`, which installs it.

Each reader runs in a process of its own for some seconds. Whatever is no error of ours, a
hang, or too much memory ends it; the input then lies in the folder of findings, and belongs
into tests/fuzz as a regression.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

FOLLOWED = [
    "redescribe.readers",
    "redescribe.core",
    "redescribe.config",
    "redescribe.store",
]
"""Packages whose branches guide the search; compiled kernels are none."""
MEGABYTES, LONGEST = 2_000, 20
"""Memory of a process, and seconds of one input."""


def fuzz(name: str, seconds: int, findings: Path) -> None:
    """Fuzz one reader in this process, which ends with it."""
    atheris: Any = import_module("atheris")
    with atheris.instrument_imports(include=FOLLOWED):
        targets: Any = import_module("tests.fuzz.targets")
    with TemporaryDirectory() as corpus:
        for number, seed in enumerate(targets.TARGETS[name].seeds):
            (Path(corpus) / str(number)).write_bytes(seed)
        limits = [
            *(f"-max_total_time={seconds}", f"-timeout={LONGEST}", "-max_len=4096"),
            *(f"-rss_limit_mb={MEGABYTES}", "-seed=1", "-print_final_stats=1"),
            f"-artifact_prefix={findings}/{name.replace(' ', '_')}-",
        ]
        atheris.Setup(
            [sys.argv[0], corpus, *limits], lambda content: targets.survives(name, content)
        )
        atheris.Fuzz()


def main(arguments: Sequence[str] | None = None) -> int:
    """Fuzz all readers, or those named; return 1 if one of them failed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz", description=__doc__)
    parser.add_argument("names", nargs="*", help="readers; all where none is named")
    parser.add_argument("--seconds", type=int, default=60, help="for each reader")
    parser.add_argument("--findings", type=Path, default=Path(".fuzz"), help="folder")
    parser.add_argument("--here", action="store_true", help="one reader, in this process")
    options = parser.parse_args(arguments)
    findings = options.findings.resolve()
    findings.mkdir(parents=True, exist_ok=True)
    if options.here:
        fuzz(options.names[0], options.seconds, findings)
        return 0
    names = options.names or list(import_module("tests.fuzz.targets").TARGETS)
    failed = []
    for name in names:
        command = [sys.executable, "-m", "benchmarks.fuzz", "--here", name]
        command += ["--seconds", str(options.seconds), "--findings", str(findings)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        counted = [line for line in done.stderr.splitlines() if "executed_units" in line]
        inputs = counted[0].split()[-1] if counted else "no"
        print(f"{name}: {inputs} inputs, exit status {done.returncode}", flush=True)
        if done.returncode:
            failed.append(name)
            print(done.stdout[-2_000:] + done.stderr[-3_000:])
    print(f"{len(names) - len(failed)} of {len(names)} readers passed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
