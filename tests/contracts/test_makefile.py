"""`make help` lists every target that a person may want."""

from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_help_lists_the_benchmarks() -> None:
    done = subprocess.run(
        ["make", "help"],  # noqa: S607 - whichever make there is
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    listed = {line.split()[0] for line in done.stdout.splitlines()}
    assert {
        "bench",
        "bench-peers",
        "bench-rules",
        "soak",
        "fuzz",
        "test",
        "check",
        "web",
        "web-test",
    } <= listed


def test_constraints_of_the_peers_pin_versions_and_name_no_host() -> None:
    lines = (ROOT / "benchmarks" / "constraints-peers.txt").read_text().splitlines()
    assert "python-clired==6.0.9" in lines
    rules = (ROOT / "benchmarks" / "constraints-rules.txt").read_text().splitlines()
    assert {"aix360==0.3.0", "imodels==3.0.4"} <= set(rules)
    assert all(line.count("==") == 1 and "/" not in line for line in [*lines, *rules])
