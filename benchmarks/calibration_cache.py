"""Counts of simulated data sets, kept so that none is simulated twice."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from joblib import Parallel, delayed

from benchmarks import calibration_studies as studies
from benchmarks import simulated

if TYPE_CHECKING:
    from benchmarks.calibration_studies import Row, Study

ROOT = Path(__file__).parents[1]
CACHE = ROOT / ".benchmarks" / "calibration"
PER_BLOCK = 10
"""Data sets that are simulated and stored together."""
N_WORKERS = 2
USED = (
    *("_kernels", "core", "discretize", "mining", "search", "selection"),
    *("significance", "trees"),
)
"""Packages of the library that the studies depend on."""


def simulated_rows(study: Study, n_data_sets: int) -> list[Row]:
    """The counts of the first data sets of a study."""
    n_blocks = -(-n_data_sets // PER_BLOCK)
    # Processes: the data sets are tiny, and most of the time is spent in Python.
    blocks = Parallel(n_jobs=N_WORKERS)(
        delayed(block)(study.name, number) for number in range(n_blocks)
    )
    return [row for rows in blocks for row in rows][:n_data_sets]


def block(name: str, number: int) -> list[Row]:
    """The counts of some data sets of a study, from the cache where they are there."""
    path = CACHE / f"{name}-{code_key()}-{number}.json"
    if path.is_file():
        rows: list[Row] = json.loads(path.read_text(encoding="utf-8"))
        return rows
    study = next(study for study in studies.STUDIES if study.name == name)
    rows = [study.row(number * PER_BLOCK + place) for place in range(PER_BLOCK)]
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    unfinished.write_text(json.dumps(rows), encoding="utf-8")
    unfinished.replace(path)
    return rows


@cache
def code_key() -> str:
    """A hash of the code that the counts depend on, parameters included."""
    package = ROOT / "src" / "redescribe"
    files = [Path(str(module.__file__)) for module in (studies, simulated)]
    files += sorted(path for name in USED for path in (package / name).rglob("*.py"))
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
