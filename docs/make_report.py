"""Writes docs/how-to/report.md: a file to send or a server, and what each costs.

Run it from the root of the repository: python -m docs.make_report. With --measure it first
measures anew, which needs the built front end and a browser, and keeps the figures in
docs/data/report.json.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, cast

from benchmarks.report import measure
from benchmarks.report_run import N_ATTRIBUTES, N_ENTITIES, N_FINDINGS, N_NEURONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.report import Measured

PAGE = Path(__file__).with_name("how-to") / "report.md"
FIGURES = Path(__file__).with_name("data") / "report.json"

INTRODUCTION = """\
<!-- Written by docs/make_report.py: edit that file. -->
# A file, or a server?

[The report](../report.md) is the same pages either way.

## Send a file

```console
$ redescribe report run -o report.html
$ redescribe report run -o report.html --title "Birds" --noun image --budget 60MB
```

The file holds its data and loads nothing: it opens from a mail, a shared folder or a stick,
years later, with the network off. Every page, filter, selection, link, note and export
works in it, and changed rules are recounted on the mined entities. 15 MB are the limit
unless `--budget` says otherwise; the command and the first page say what did not fit.

## Serve a run

```console
$ pip install 'redescribe[serve]'
$ redescribe serve run
run is served at http://127.0.0.1:41873/?token=…
```

The browser opens at this address, unless `--no-open` is given; Ctrl-C ends the server.
Columns and supports come when a page needs them, so a run of any size opens complete.
Beside what the file can do,

- **Count on all entities** below the changed rules of a finding asks the library itself for
  counts and Jaccard on mined and held-out entities together. It is exploratory: rules that
  are changed after such a look are not tested by the hold-out any more.
- **New row** takes what is known of something new, one `name = value` a line or the values
  of an entity to start from, and lists the findings whose rule about it holds, with what
  the other rules then lead to expect.

| | file | server |
|---|---|---|
| pages, filters, selections, cohorts, links, notes, exports | yes | yes |
| live recount of changed rules, mined entities | yes; in steps where cut | yes |
| recount by the library on all entities | – | yes |
| which rules hold for a new row | – | yes |
| everything, whatever the size of the run | up to `--budget` | yes |
| needs the run folder and Python | – | yes |

**On a cluster**, forward the port: `redescribe serve run --no-open --port 8765` there, `ssh
-L 8765:127.0.0.1:8765 host` here, and open the printed address. Both ports must be the
same: a server answers under its own address only.

**What it answers.** It listens on 127.0.0.1 only, on a free port unless `--port` names one.
The first request must bring the token of the address, a later one the cookie that the first
was given; both are compared in constant time. Another Host header (DNS rebinding) or Origin
is refused. It shows this run and nothing else, makes no path out of a request, reads only,
and runs no code from a request: rules are parsed by the grammar of the library, questions
take 256 KiB at most. Pages have the content policy of the file, and may ask this server.
`--token` sets the secret, for scripts; whoever can list the processes of the machine can
then read it.

## What it costs
"""

MEASURED = """
{findings:,} findings on {entities:,} entities, {neurons} neurons and {attributes}
attributes of random numbers, which do not compress; two shared cores, the best of three
tries, `python -m docs.make_report --measure`. The pages are drawn by Chromium; overlaps are
those of all findings with a selection.

| | size | overview opens | findings open | all overlaps | made in |
|---|---|---|---|---|---|
"""


def text(measured: Sequence[Measured]) -> str:
    """Return the page with these figures."""
    head = MEASURED.format(
        findings=N_FINDINGS,
        entities=N_ENTITIES,
        neurons=N_NEURONS,
        attributes=N_ATTRIBUTES,
    )
    rows = [_row(found) for found in measured]
    told = [
        f"In the {found['what']}: {'; '.join(found['cuts'])}.\n"
        for found in measured
        if found["cuts"]
    ]
    return INTRODUCTION + head + "".join(rows) + "\n" + "\n".join(told)


def _row(found: Measured) -> str:
    opened = found["opened"]
    cells = (
        found["what"],
        f"{found['size'] / 1e6:.1f} MB",
        f"{opened['overview']:.1f} s",
        f"{opened['findings']:.1f} s",
        f"{opened['overlaps']:.0f} ms",
        f"{found['made']:.0f} s",
    )
    return f"| {' | '.join(cells)} |\n"


def figures() -> list[Measured]:
    """Return what was measured last."""
    return cast("list[Measured]", json.loads(FIGURES.read_text("utf-8")))


if __name__ == "__main__":
    if "--measure" in sys.argv[1:]:
        FIGURES.write_text(json.dumps(measure(), indent=1) + "\n", "utf-8", newline="")
    PAGE.write_text(text(figures()), "utf-8", newline="")
