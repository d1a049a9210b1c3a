"""Writes docs/explanation/faults.md: what kills, full disks and broken files cost.

Run it from the root of the repository, after the soak that it tells of:
python -m benchmarks.soak --json docs/data/soak.json && python -m docs.make_faults
"""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.measure import Table
from benchmarks.soak import COLUMNS, RESULTS, Outcome

PAGE = Path(__file__).with_name("explanation") / "faults.md"
PAGE_START = """\
# When something goes wrong

<!-- Written by docs/make_faults.py; do not edit. -->

A search may run for days. What is promised when it does not end well, and how it was
tried:

- **kill -9, Ctrl-C**: the same command goes on. Nothing half-written is read, and no
  finished part is computed again.
- **The disk is full**, a quota, a file too large: one error that names the path. With room
  again, the same command goes on.
- **The folder is read-only**: one error before the search; a finished run can be read.
- **A second process writes the same run folder**: it is refused at once, and the first one
  is not disturbed. Shards share a folder; `mine` and `merge` are refused while they write.
- **A file is truncated, changed by a bit, or gone**: the error names the file; the same
  command makes exactly that part again, with a warning.
- **A worker process dies**: `WorkerError`; finished parts are kept.
- **The clock jumps**: nothing. No decision reads the time of day, no duration is negative.
- **A file is not what its name says**: an error of the library (`RedescribeError`), no
  crash and no hang. `make fuzz` looks for more.

**How.** Every file appears under its name when it is whole (written beside it, flushed,
renamed). A part is done if and only if it is there, whole, with the key of the run. Files
carry digests ([format](../format.md)). A writer holds a lock of the operating system, which
ends with the process, so that after a kill nothing needs to be unlocked by hand.

**Limits.** A capture saves every few seconds: that much is captured again. Where a file
system has no locks (some network file systems), two processes are not told apart. Views of
more than 64 MiB are not compared with their fingerprint each time they are opened, and the
values of an activation store have no digest. If `run.json` is broken, it is made again, but
whether the hold-out had been opened for *another* family is then no longer known: the
warning says so. An NPZ archive may still unpack to more than you have memory: limit the
process where files come from strangers.

## Kills

`make soak` kills `capture`, `mine` (with permutations), the stage that chooses and tests,
and `merge` with SIGKILL, the whole process group, at moments drawn at random, starts the
same command again, and compares: every part that was finished at a kill must be there
afterwards, byte for byte, and must not be computed again (inode and time of its files; a
capture is watched by its network, which counts the batches it is asked for). Everything in
the folder is read after each kill. Finished tables must have the hash of a run that nobody
killed.

"""


def page() -> str:
    """Return the page."""
    record = json.loads(RESULTS.read_text(encoding="utf-8"))
    outcomes = [Outcome(**stage) for stage in record["stages"]]
    n_kills = sum(outcome.n_kills for outcome in outcomes)
    n_lost = sum(outcome.n_lost for outcome in outcomes)
    n_parts = sum(outcome.n_parts for outcome in outcomes)
    table = Table("", tuple(COLUMNS), tuple(tuple(outcome.row()) for outcome in outcomes))
    return (
        f"{PAGE_START}{n_kills} kills in {record['seconds']} seconds (seed "
        f"{record['seed']}): {n_lost} of {n_parts:,} parts lost. *Parts before kills* "
        f"counts a part at each kill that it lived through.\n\n{table.markdown()}"
    )


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8", newline="")


if __name__ == "__main__":
    main()
