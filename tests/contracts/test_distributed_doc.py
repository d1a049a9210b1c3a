"""docs/tutorials/cluster.md has the tables of docs/make_distributed.py."""

from __future__ import annotations

from benchmarks.distributed import WAYS
from docs.make_distributed import MEASURED, PAGE

MESSAGE = "Run: python -m docs.make_distributed"


def test_every_way_is_there_and_gave_the_same_tables() -> None:
    (measured,) = MEASURED.findall(PAGE.read_text(encoding="utf-8"))
    first, second = measured.split("What is sent", 1)
    rows = [line.split(" | ") for line in first.splitlines() if line.startswith("| ")][2:]
    ran = [(row[0].removeprefix("| "), int(row[1])) for row in rows]
    assert ran == [(way.backend, way.n_workers) for way in WAYS], MESSAGE
    assert len({row[-1] for row in rows}) == 1
    assert "| search |" in second, MESSAGE
    assert "| permutations |" in second, MESSAGE
