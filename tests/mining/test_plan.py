"""What a search takes is told before it begins, and refused where there is no room."""

from __future__ import annotations

import shutil
from collections import namedtuple
from typing import TYPE_CHECKING

import numpy as np
import pytest

from redescribe.core.dataset import Dataset
from redescribe.core.entities import SplitParams
from redescribe.core.view import View
from redescribe.errors import ParameterError
from redescribe.mining.params import MineParams
from redescribe.mining.plan import MiningPlan
from redescribe.mining.tasks import plan_chunks
from redescribe.search.params import LiteralSearch, SearchParams
from redescribe.store.run import is_run
from redescribe.study.stages import run_stages

if TYPE_CHECKING:
    from pathlib import Path

Usage = namedtuple("Usage", "total used free")


def dataset(n_units: int = 40, n_entities: int = 100) -> Dataset:
    values = np.random.default_rng(0).normal(size=(n_entities, n_units))
    views = [View.of("units", values), View.of("x", values[:, :5] + 0.01)]
    return Dataset.of(views, SplitParams(hold_out=0.3))


UNITS = MineParams(targets=("units",))


def test_a_plan_counts_what_is_mined() -> None:
    plan = MiningPlan.of(dataset(), UNITS, 2)
    assert (plan.n_targets, plan.n_entities, plan.n_attributes) == (40, 70, 45)
    assert str(plan).startswith("40 targets × 70 mined entities: up to 168 MB of memory")
    assert plan.scratch == 0
    some = MineParams(targets=("units",), neurons="random:7")
    sampled = MiningPlan.of(dataset(), some, 2)
    assert sampled.n_targets == 7
    assert sampled.disk < plan.disk


def test_large_arrays_are_counted_on_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    before = MiningPlan.of(dataset(), UNITS)
    monkeypatch.setattr("redescribe.mining.plan.IN_MEMORY", 10_000)
    after = MiningPlan.of(dataset(), UNITS)
    # Of 40 units: 70 mined and 30 held-out entities of 8 bytes; codes are smaller.
    assert after.scratch == 40 * 70 * 8
    assert before.memory - after.memory == after.scratch
    assert "22 kB of scratch files" in str(after)


def test_memory_grows_with_cuts_partners_and_workers() -> None:
    def memory(params: MineParams, n_workers: int = 1) -> int:
        return MiningPlan.of(dataset(), params, n_workers).memory

    few = SearchParams(literals=LiteralSearch(beam_cuts=3))
    exact = SearchParams(search="exact")
    assert memory(MineParams(targets=("units",), search=few)) < memory(UNITS)
    assert memory(UNITS) < memory(MineParams(targets=("units",), search=exact))
    assert memory(UNITS) < memory(MineParams())  # then units are partners, too
    assert memory(UNITS, 2) - memory(UNITS) == 200 * 70


def test_flags_are_not_counted_as_numbers_with_many_cuts() -> None:
    rng = np.random.default_rng(0)
    flags = View.of("x", rng.integers(0, 2, (3_000, 500)) + 0.0)
    numbers = View.of("x", rng.normal(size=(3_000, 500)))
    units = View.of("units", rng.normal(size=(3_000, 1)))
    plans_of = {
        search: [
            MiningPlan.of(
                Dataset.of([units, view]),
                MineParams(targets=("units",), search=SearchParams(search=search)),
            )
            for view in (flags, numbers)
        ]
        for search in ("beam", "exact")
    }
    # One cut of each flag, 31 or 255 of each number, twice: a literal and its complement.
    words = 8 * 33
    for search, cuts in {"beam": 31, "exact": 255}.items():
        few, many = plans_of[search]
        assert many.memory - few.memory == 2 * 2 * (cuts - 1) * 500 * words


def test_what_does_not_fit_into_memory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match=r"168 MB of memory.*10 MB is there.*--memory"):
        run_stages(dataset(), tmp_path / "run", UNITS, memory=10_000_000)
    assert not list(tmp_path.iterdir())


def test_what_does_not_fit_onto_the_disk_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10_000, 9_000, 1_000))
    with pytest.raises(ParameterError, match=r"on the disk of .*1 kB is free.*TMPDIR"):
        run_stages(dataset(), tmp_path / "run", UNITS)
    assert not list(tmp_path.iterdir())


def test_a_finished_run_needs_no_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[MiningPlan] = []
    found = run_stages(dataset(4), tmp_path, UNITS, announce=heard.append)
    assert is_run(tmp_path)
    assert [plan.seconds for plan in heard] == [None]  # of four targets no time is told
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10_000, 9_000, 0))
    again = run_stages(dataset(4), tmp_path, UNITS, announce=heard.append, memory=1)
    assert len(again.findings) == len(found.findings)
    assert len(heard) == 1


def test_the_time_is_estimated_from_one_target() -> None:
    plan = MiningPlan.of(dataset(), UNITS)
    chunks = plan_chunks(dataset(), UNITS)
    timed = plan.timed(chunks)
    assert timed.seconds is not None
    assert timed.seconds > 0
    assert str(timed).endswith("with 1 worker (estimated from one target)")
    assert plan.timed(chunks[:1]).seconds is None
