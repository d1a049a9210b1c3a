"""Kills capture, mine, assess and merge at random moments: `python -m benchmarks.soak`.

Each command is killed with SIGKILL, its whole process group, and started again, until it
comes to its end; then the next folder begins. What was finished before a kill must be there
afterwards, byte for byte, and must not be computed again; in the end the tables must have
the hash of a run that nobody killed.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import time
import traceback
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.killing import attempt
from benchmarks.measure import print_table
from benchmarks.soak_stages import stages
from redescribe.store import activation_writer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.soak_stages import Part, Stage

N_KILLS, MINUTES = 100, 10.0
RESULTS = Path(__file__).parents[1] / "docs" / "data" / "soak.json"
COLUMNS = [
    *("stage", "kills", "runs", "parts before kills", "lost", "recomputed"),
    *("unreadable", "equal hashes", "seconds of a whole run"),
]


@dataclass(slots=True)
class Outcome:
    """What happened to one stage.

    Attributes
    ----------
    stage
        Its name.
    seconds
        Of the run that nobody killed.
    n_kills
        Kills that met the command at work.
    n_runs, n_equal
        Runs that came to their end, and those with the hash of the run without kills.
    n_parts
        Parts that were finished when a kill came, counted at each kill.
    n_lost, n_recomputed
        Those of them that were gone or changed afterwards, or were computed again.
    failures
        What else went wrong: reading after a kill, or an exit status.
    """

    stage: str
    seconds: float
    n_kills: int = 0
    n_runs: int = 0
    n_equal: int = 0
    n_parts: int = 0
    n_lost: int = 0
    n_recomputed: int = 0
    failures: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether nothing was lost, and all that was finished is equal."""
        bad = self.n_lost + self.n_recomputed + len(self.failures)
        return bad == 0 and self.n_equal == self.n_runs > 0 and self.n_kills > 0

    def row(self) -> list[str | int | float | None]:
        """Return the cells of the table."""
        return [
            *(self.stage, self.n_kills, self.n_runs, self.n_parts, self.n_lost),
            *(self.n_recomputed, len(self.failures)),
            *(f"{self.n_equal} of {self.n_runs}", round(self.seconds, 2)),
        ]


@dataclass(frozen=True, slots=True)
class Soak:
    """Where it happens, and until when.

    Attributes
    ----------
    folder
        Of everything that is written.
    rng
        Draws the moments of the kills.
    deadline
        In seconds of the monotonic clock: no run begins after it.
    """

    folder: Path
    rng: np.random.Generator
    deadline: float

    def run(self, stage: Stage, n_kills: int) -> Outcome:
        """Kill a stage so many times, or until the time is over."""
        whole = self._fresh(stage)
        done = attempt(stage.command(whole), self._log, kill_after=None)
        outcome = Outcome(stage.name, done.seconds)
        if done.status != 0:
            outcome.failures.append(f"without a kill: exit status {done.status}")
            return outcome
        expected = stage.digest(whole)
        while outcome.n_kills < n_kills and time.monotonic() < self.deadline:
            folder = self._fresh(stage)
            if self._until_finished(stage, folder, outcome, n_kills):
                outcome.n_runs += 1
                outcome.n_equal += stage.digest(folder) == expected
            shutil.rmtree(folder)
        return outcome

    def _until_finished(
        self, stage: Stage, folder: Path, outcome: Outcome, n_kills: int
    ) -> bool:
        """Kill and start again until the command comes to its end."""
        before = stage.parts(folder)
        while True:
            moment = float(self.rng.uniform(0, outcome.seconds))
            kill = outcome.n_kills < n_kills
            done = attempt(
                stage.command(folder), self._log, kill_after=moment if kill else None
            )
            now = stage.parts(folder)
            _compare(before, now, outcome)
            outcome.n_recomputed += stage.n_recomputed(folder, before)
            before = now
            if not done.killed:
                if done.status != 0:
                    outcome.failures.append(f"exit status {done.status}")
                return done.status == 0
            outcome.n_kills += 1
            outcome.n_parts += len(now)
            try:
                finished = stage.read(folder)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is counted
                outcome.failures.append(f"reading: {error!r}")
                traceback.print_exc()
                return False
            # A store that took its name before the kill is finished: nothing goes on.
            if finished and stage.name == "capture":
                return True

    def _fresh(self, stage: Stage) -> Path:
        folder = self.folder / f"{stage.name}-{self.rng.integers(2**32):08x}"
        folder.mkdir()
        stage.prepare(folder)
        return folder

    @property
    def _log(self) -> Path:
        return self.folder / "log.txt"


def _compare(before: dict[str, Part], now: dict[str, Part], outcome: Outcome) -> None:
    for name, part in before.items():
        if name not in now or now[name].digest != part.digest:
            outcome.n_lost += 1
            print(f"{outcome.stage}: lost {name}")


def soak(n_kills: int, minutes: float, seed: int) -> list[Outcome]:
    """Kill all stages, so many times altogether; return what happened to each."""
    # A capture saves every few seconds; here every batch, so that there is what to lose.
    activation_writer._PATIENCE = 0.0
    with TemporaryDirectory() as name:
        folder, rng = Path(name), np.random.default_rng(seed)
        chosen = stages(folder)
        started = time.monotonic()  # kernels are loaded now
        outcomes = []
        left = n_kills
        for number, stage in enumerate(chosen):
            # Each stage has its share of the time, too.
            share = (number + 1) / len(chosen)
            n_here = -(-left // (len(chosen) - number))
            runs = Soak(folder, rng, started + 60 * minutes * share)
            outcomes.append(runs.run(stage, n_here))
            left -= outcomes[-1].n_kills
        if not all(outcome.passed for outcome in outcomes):
            print((folder / "log.txt").read_text("utf-8", "replace")[-5_000:])
    return outcomes


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; return 1 if anything was lost or is not equal."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("--kills", type=int, default=N_KILLS, help="in all stages together")
    parser.add_argument("--minutes", type=float, default=MINUTES, help="of kills, at most")
    parser.add_argument("--seed", type=int, default=0, help="of the moments of the kills")
    parser.add_argument("--json", type=Path, help=f"write it there, such as {RESULTS.name}")
    options = parser.parse_args(arguments)
    started = time.monotonic()
    outcomes = soak(options.kills, options.minutes, options.seed)
    seconds = time.monotonic() - started
    n_kills = sum(outcome.n_kills for outcome in outcomes)
    print_table(
        f"{n_kills} kills in {seconds:.0f} seconds (seed {options.seed})",
        COLUMNS,
        [outcome.row() for outcome in outcomes],
    )
    for outcome in outcomes:
        for failure in outcome.failures:
            print(f"{outcome.stage}: {failure}")
    if options.json is not None:
        record = {"seed": options.seed, "seconds": round(seconds)}
        stage_records = [asdict(outcome) for outcome in outcomes]
        text = json.dumps(record | {"stages": stage_records}, indent=1)
        options.json.write_text(text + "\n", encoding="utf-8")
    enough = n_kills >= options.kills
    if not enough:
        print(f"The time was over after {n_kills} of {options.kills} kills.")
    return 0 if enough and all(outcome.passed for outcome in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
