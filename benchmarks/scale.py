"""Time and memory over entities, units, attributes, views and workers, with exponents.

python -m benchmarks.scale [docs/data/scale.json]     the sweeps
python -m benchmarks.scale --large FOLDER [JSON]      200,000 × 4,096 units, 200 attributes

The large run is to be started in a control group with a limit of memory, such as that of
`systemd-run --scope -p MemoryMax=2500M`; the limit is written with what it cost.
"""

from __future__ import annotations

import json
import os
import platform
import sys
import tempfile
import threading
import time
from dataclasses import asdict, dataclass, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np

from benchmarks.measure import Cell, in_fresh_process, print_table
from redescribe.core.dataset import Dataset
from redescribe.core.entities import EntityIndex
from redescribe.core.view import Attribute, View
from redescribe.executors.joblib import JoblibExecutor
from redescribe.mining.params import MineParams
from redescribe.mining.plan import MiningPlan, machine_memory
from redescribe.mining.warm_up import warm_up
from redescribe.study.stages import run_stages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from redescribe._typing import Values


@dataclass(frozen=True)
class Size:
    """Units of a layer against attributes, in one or more views."""

    entities: int = 10_000
    units: int = 64
    attributes: int = 50
    views: int = 2
    workers: int = 1


@dataclass(frozen=True)
class Cost:
    """What a run of a size took.

    Attributes
    ----------
    seconds, cpu
        Of the whole run: mined, chosen, tested on the hold-out and written.
    mining
        Seconds of planning and searching.
    memory
        Peak of the bytes that the process holds itself; pages of files, which the system
        takes back when it needs them, are not among them.
    planned
        Bytes of memory that the plan told before.
    disk
        Bytes of the run folder.
    findings
        How many were reported.
    """

    size: Size
    seconds: float
    cpu: float
    mining: float
    memory: int
    planned: int
    disk: int
    findings: int


BASE = Size()
SWEEPS: dict[str, tuple[int, ...]] = {
    "entities": (5_000, 10_000, 20_000, 40_000),
    "units": (32, 64, 128, 256),
    "attributes": (25, 50, 100, 200),
    "views": (2, 3, 4),
    "workers": (1, 2),
}
LARGE = Size(200_000, 4_096, 200, 2, 2)
_BLOCK = 64
"""Units that are made at once, so that the data are never in memory as a whole."""


def made(folder: Path, size: Size) -> Dataset:
    """Write views to disk and return them as memory maps: ReLU units over two attributes.

    Further views beside the attributes are noisy copies of these.
    """
    rng = np.random.default_rng(0)
    entities = EntityIndex.numbered(size.entities)
    attributes = _file(folder / "attributes.npy", (size.attributes, size.entities))
    for row in attributes:
        row[:] = rng.normal(size=size.entities)
    units = _file(folder / "units.npy", (size.units, size.entities))
    for start in range(0, size.units, _BLOCK):
        for row in units[start : start + _BLOCK]:
            first, second = rng.choice(size.attributes, 2, replace=False)
            bent = attributes[first] + 0.5 * attributes[second] * (attributes[first] > 0)
            row[:] = np.maximum(0, bent + 0.3 * rng.normal(size=size.entities))
    views = [("units", units), ("attributes", attributes)]
    for number in range(2, size.views):
        copy = _file(folder / f"copy{number}.npy", attributes.shape)
        for row, source in zip(copy, attributes, strict=True):
            row[:] = source + 0.3 * rng.normal(size=size.entities)
        views.append((f"copy{number}", copy))
    return Dataset.of([_view(name, values, entities) for name, values in views])


def found(folder: Path, size: Size) -> Dataset:
    """Return what `made` has written there, if a run has begun on it; else make it."""
    if not (folder / "run" / "run.json").exists():
        return made(folder, size)
    names = ("units", "attributes")
    views = {name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in names}
    entities = EntityIndex.numbered(size.entities)
    return Dataset.of([_view(name, values, entities) for name, values in views.items()])


def _file(path: Path, shape: tuple[int, ...]) -> NDArray[np.float32]:
    return np.lib.format.open_memmap(path, "w+", np.float32, shape)


def _view(name: str, values: Values, entities: EntityIndex) -> View:
    attributes = tuple(
        Attribute(f"{name}{i}", neuron=name == "units") for i in range(len(values))
    )
    return View(name, entities, attributes, cast("Values", np.asarray(values)))


def machine() -> str:
    """What it was measured on."""
    python = f"Python {platform.python_version()} on {platform.machine()}"
    return f"{python}, {os.cpu_count()} cores"


class PeakMemory:
    """Samples what a process holds itself, within a `with` block."""

    def __init__(self) -> None:
        self.peak = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> PeakMemory:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        status = Path("/proc/self/status")
        while not self._stop.wait(0.02):
            lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
            self.peak = max(self.peak, int(lines["RssAnon"].split()[0]) * 1024)


def measured(size: Size, folder: str = "") -> Cost:
    """Make the data of a size, run it in this process, and return what it cost."""
    warm_up()
    with tempfile.TemporaryDirectory(dir=folder or None) as temporary:
        dataset = made(Path(temporary), size)
        params = MineParams(targets=("units",), partners=dataset.names[1:])
        run = Path(temporary) / "run"
        cpu, wall = time.process_time(), time.perf_counter()
        with PeakMemory() as memory:
            found = run_stages(dataset, run, params, executor=JoblibExecutor(size.workers))
        wall = time.perf_counter() - wall
        cpu = time.process_time() - cpu
        document = json.loads((run / "run.json").read_text(encoding="utf-8"))
        disk = sum(path.stat().st_size for path in run.rglob("*") if path.is_file())
    mining = document["seconds"]["mining"]
    planned = MiningPlan.of(dataset, params, size.workers).memory
    return Cost(size, wall, cpu, mining, memory.peak, planned, disk, len(found.findings))


def sweeps() -> Iterator[tuple[str, list[Cost]]]:
    """Yield, for each thing that is varied, the cost of each of its sizes."""
    known: dict[Size, Cost] = {}
    for name, values in SWEEPS.items():
        sizes = [replace(BASE, **{name: value}) for value in values]
        for size in sizes:
            if size not in known:
                known[size] = in_fresh_process(measured, size)
        yield name, [known[size] for size in sizes]


def exponent(name: str, costs: list[Cost], measure: str) -> float:
    """Return e of the power law size^e nearest to the costs."""
    sizes = np.log([float(getattr(cost.size, name)) for cost in costs])
    taken = np.log([float(getattr(cost, measure)) for cost in costs])
    return float(np.polyfit(sizes, taken, 1)[0])


def row(name: str, cost: Cost) -> list[Cell]:
    """The cells of one cost."""
    return [
        getattr(cost.size, name),
        cost.seconds,
        cost.cpu,
        1000 * cost.mining / cost.size.units,
        cost.memory / 1e6,
        cost.planned / 1e6,
        cost.disk / 1e6,
        cost.findings,
    ]


HEADER = (
    "wall s",
    "CPU s",
    "mining ms per unit",
    "memory MB",
    "planned MB",
    "disk MB",
    "findings",
)


def report(path: Path | None = None) -> None:
    """Print the sweeps with their exponents, and write them where a path is given."""
    found = dict[str, list[Cost]]()
    for name, costs in sweeps():
        found[name] = costs
        base = ", ".join(f"{v:,} {k}" for k, v in asdict(BASE).items() if k != name)
        rows = [row(name, cost) for cost in costs]
        print_table(f"{name}, beside {base}", [name, *HEADER], rows)
        laws = [f"{m}: {name}^{exponent(name, costs, m):.2f}" for m in ("cpu", "memory")]
        print(f"  {', '.join(laws)}", flush=True)
    if path is not None:
        sweeps_found = {name: list(map(asdict, costs)) for name, costs in found.items()}
        document = {"machine": machine(), "sweeps": sweeps_found}
        path.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


@dataclass(frozen=True)
class Large:
    """What the largest run took; it may have been interrupted and taken up.

    Attributes
    ----------
    ceiling
        Bytes of memory that the system let it have.
    planned, scratch, planned_disk
        What the plan told before.
    seconds
        Of the stages.
    memory
        As in `Cost`, of the process that finished it.
    """

    size: Size
    ceiling: int | None
    planned: int
    scratch: int
    planned_disk: int
    seconds: dict[str, float]
    memory: int
    disk: int
    findings: int


def ran_large(folder: str) -> Large:
    """Run the largest size in a folder, or go on with it."""
    warm_up()
    here = Path(folder)
    dataset = found(here, LARGE)
    params = MineParams(targets=("units",), partners=dataset.names[1:])
    plan = MiningPlan.of(dataset, params, LARGE.workers)
    print(plan, flush=True)
    with PeakMemory() as memory:
        findings = run_stages(
            dataset, here / "run", params, executor=JoblibExecutor(LARGE.workers)
        ).findings
    document = json.loads((here / "run" / "run.json").read_text(encoding="utf-8"))
    disk = sum(path.stat().st_size for path in here.rglob("run/**/*") if path.is_file())
    return Large(
        LARGE,
        machine_memory(),
        plan.memory,
        plan.scratch,
        plan.disk,
        document["seconds"],
        memory.peak,
        disk,
        len(findings),
    )


def report_large(folder: str, path: Path | None) -> None:
    """Print what the largest size took, and write it where a path is given."""
    taken = in_fresh_process(ran_large, folder)
    text = json.dumps({"machine": machine(), **asdict(taken)}, indent=1)
    print(text)
    if path is not None:
        path.write_text(f"{text}\n", encoding="utf-8")


def main(arguments: list[str]) -> None:
    """As the docstring of the module says."""
    if arguments[:1] == ["--large"]:
        report_large(arguments[1], next(chain(map(Path, arguments[2:])), None))
    else:
        report(next(map(Path, arguments), None))


if __name__ == "__main__":
    main(sys.argv[1:])
