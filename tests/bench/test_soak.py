"""The soak sees what is lost, changed, computed again, unreadable or unequal."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pytest
from benchmarks import soak, soak_stages
from benchmarks.killing import Attempt
from benchmarks.soak import Soak
from benchmarks.soak_stages import Part

from redescribe.store.atomic import partial_name

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

KILLED, DONE = Attempt(None, 0.1), Attempt(0, 0.1)


@dataclass
class Fake:
    """A stage of two parts, whose faults begin with its first kill."""

    fault: str = ""
    n_looks: int = 0
    name: str = "fake"

    def prepare(self, folder: Path) -> None:
        self.n_looks = 0

    def command(self, folder: Path) -> list[str]:
        return []

    def parts(self, folder: Path) -> dict[str, Part]:
        self.n_looks += 1
        if self.n_looks == 1:  # before the first attempt
            return {}
        last = self.n_looks > 2
        digest = "changed" if last and self.fault == "changed" else "0"
        kept = {} if last and self.fault == "lost" else {"a": Part(digest, ())}
        return kept | {"b": Part("1", ())}

    def n_recomputed(self, folder: Path, before: dict[str, Part]) -> int:
        return len(before) if self.fault == "recomputed" else 0

    def read(self, folder: Path) -> bool:
        if self.fault == "unreadable":
            em = "half-written"
            raise KeyError(em)
        return False

    def digest(self, folder: Path) -> str:
        return str(self.n_looks) if self.fault == "unequal" else "same"


def soaked(fake: Fake, folder: Path, patch: pytest.MonkeyPatch) -> soak.Outcome:
    attempts = iter([DONE, KILLED, DONE])

    def attempt(
        arguments: Sequence[str], log: Path, *, kill_after: float | None
    ) -> Attempt:
        return next(attempts)

    patch.setattr(soak, "attempt", attempt)
    runs = Soak(folder, np.random.default_rng(0), time.monotonic() + 60)
    return runs.run(fake, 1)


def test_a_stage_without_faults_passes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcome = soaked(Fake(), tmp_path, monkeypatch)
    assert outcome.passed
    assert outcome.row()[:6] == ["fake", 1, 1, 2, 0, 0]


@pytest.mark.parametrize(
    "fault", ["changed", "lost", "recomputed", "unequal", "unreadable"]
)
def test_each_fault_is_seen(
    fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcome = soaked(Fake(fault), tmp_path, monkeypatch)
    assert not outcome.passed
    seen = {
        "changed": outcome.n_lost,
        "lost": outcome.n_lost,
        "recomputed": outcome.n_recomputed,
        "unequal": outcome.n_runs - outcome.n_equal,
        "unreadable": len(outcome.failures),
    }
    assert [name for name, number in seen.items() if number] == (
        ["changed", "lost"] if fault in {"changed", "lost"} else [fault]
    )


def test_a_command_that_fails_or_is_never_killed_does_not_pass() -> None:
    assert not soak.Outcome("mine", 1.0, n_runs=1, n_equal=1).passed
    assert not soak.Outcome("mine", 1.0, n_kills=1).passed


def test_a_part_that_is_written_again_counts_as_recomputed(tmp_path: Path) -> None:
    stage = soak_stages.Run("mine", lambda folder: [])
    path = tmp_path / "out" / "nulls" / "part-00000.parquet"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"whole")
    before = stage.parts(tmp_path)
    assert stage.n_recomputed(tmp_path, before) == 0
    os.utime(path, ns=(0, 0))
    assert stage.n_recomputed(tmp_path, before) == 1
    assert stage.parts(tmp_path).keys() == before.keys()


def test_batches_of_a_capture_are_counted_by_the_network(tmp_path: Path) -> None:
    inputs, batch = tmp_path / "inputs.npy", soak_stages.BATCH
    np.save(inputs, np.zeros((4 * batch, 2)))
    stage = soak_stages.Capture(inputs)
    place = partial_name(tmp_path / "out")
    place.mkdir()
    np.save(place / "activations.npy", np.arange(8.0 * batch).reshape(2, -1))
    state = f'{{"key": "", "state": {{"n_entities": {2 * batch}}}}}'
    (place / "progress.json").write_text(state)
    saved = stage.parts(tmp_path)
    assert len(saved) == 2
    (tmp_path / "passes").write_bytes(b"...")  # the one of the plan, and two that are left
    assert stage.n_recomputed(tmp_path, saved) == 0
    (tmp_path / "passes").write_bytes(b"....")
    assert stage.n_recomputed(tmp_path, saved) == 1
