"""Writes docs/explanation/scale.md from what `make bench-scale` measured.

Run it from the root of the repository: python -m docs.make_scale
It needs docs/data/scale.json, which `make bench-scale` writes, and scale_large.json, which
`python -m benchmarks.scale --large FOLDER docs/data/scale_large.json` writes.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from benchmarks.measure import Table
from benchmarks.scale import BASE, HEADER, Cost, Large, Size, exponent, row

from redescribe.core.sizes import format_bytes

DATA = Path(__file__).with_name("data") / "scale.json"
LARGE = Path(__file__).with_name("data") / "scale_large.json"
PAGE = Path(__file__).with_name("explanation") / "scale.md"
INTRODUCTION = """\
# Scale: what a run costs, and what does not fit into memory

<!-- Written by docs/make_scale.py; do not edit. -->

Before the work, `redescribe mine` tells its plan: how many targets and entities, how much
memory, how much disk, how long. What does not fit into the memory of the machine (or its
control group; `--memory 8GB` sets another limit) or onto the disk is refused before
anything is written, and the message says what would help.

- **Views** are memory-mapped where they come from a store of activations, NPY or a run
  folder. What is taken of them (the mined entities) and their codes lie in scratch files
  once an array has more than 256 MiB: the system keeps in memory what there is room for.
  Scratch files lie in the folder for temporary files (TMPDIR) and go with the process;
  those of a killed process are removed by the next one. Their space is reserved first, so
  that a full disk is an error and not a crash.
- **Memory** then holds the program, the cuts of the partner views as packed sets, what each
  worker needs, and what was found: who satisfies each side lies in the files of the run and
  is read where it lies, and while some are chosen, who satisfies all sides is in memory.
- **Time** grows with the number of targets, one by one: a target does not know of the
  others.
- **Much larger**: draw some of the units (`--neurons stratified:layer=64`), divide the
  search among machines ([shards](../how-to/divide_a_search.md)).

## Measured

ReLU units over two of the attributes each, with noise; {base}, unless the column says
otherwise. A run is planned, mined, chosen, tested on the hold-out and written. *Memory* is
the peak of what the process holds itself: pages of files, which the system takes back when
it needs them, are not in it; *planned* is what the plan told. {machine}.
"""


LARGE_RUN = """\
## The largest run

{entities:,} entities with {units:,} units against {attributes} attributes, {workers}
workers, in a control group that the system let have {ceiling} of memory, pages of files
included (`python -m benchmarks.scale --large FOLDER`; {machine}). The values alone are
{values}.

{table}
Before the work, the plan told {planned} of memory, {planned_disk} of disk and {scratch} of
scratch files; the process that finished it held {memory}. Seconds of mining are those of
all calls: the run was stopped when all was mined, and taken up, which plans again. Other
work ran on the machine meanwhile.
"""


def large() -> str:
    """Return what the largest run took."""
    document = json.loads(LARGE.read_text(encoding="utf-8"))
    machine, size = document.pop("machine"), Size(**document.pop("size"))
    taken = Large(size=size, **document)
    mining = taken.seconds["mining"]
    row = (
        *(mining, taken.seconds["selecting"], taken.seconds["assessing"]),
        *(1000 * mining / size.units, taken.disk / 1e6, taken.findings),
    )
    header = (
        "mining s",
        "choosing s",
        "testing s",
        "mining ms per unit",
        "disk MB",
        "findings",
    )
    bytes_of = {
        "ceiling": taken.ceiling or 0,
        "planned": taken.planned,
        "planned_disk": taken.planned_disk,
        "scratch": taken.scratch,
        "memory": taken.memory,
        "values": 4 * size.entities * (size.units + size.attributes),
    }
    return LARGE_RUN.format(
        **asdict(size),
        machine=machine,
        table=Table("", header, (row,)).markdown(),
        **{name: format_bytes(number) for name, number in bytes_of.items()},
    )


def read() -> tuple[str, dict[str, list[Cost]]]:
    """The machine, and the costs by what was varied."""
    document = json.loads(DATA.read_text(encoding="utf-8"))
    costs = {
        name: [Cost(**{**cost, "size": Size(**cost["size"])}) for cost in of_name]
        for name, of_name in document["sweeps"].items()
    }
    return document["machine"], costs


def page() -> str:
    """Return the page."""
    machine, sweeps = read()
    base = ", ".join(f"{value:,} {name}" for name, value in asdict(BASE).items())
    blocks = [INTRODUCTION.format(base=base, machine=machine)]
    for name, costs in sweeps.items():
        table = Table("", (name, *HEADER), tuple(tuple(row(name, cost)) for cost in costs))
        blocks.append(f"### {name.capitalize()}\n\n{table.markdown()}")
        laws = [
            f"{meaning} grows with {name}^{exponent(name, costs, measure):.2f}"
            for measure, meaning in {"cpu": "CPU time", "memory": "memory"}.items()
        ]
        blocks.append(f"Fitted: {', '.join(laws)}.\n")
    return "\n".join([*blocks, large()])


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8", newline="")


if __name__ == "__main__":
    main()
