"""Several writers join one run folder; the first one makes it, nobody breaks anything."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING

import numpy as np
import pytest
from tests.store.examples import dataset, one_result

from redescribe.errors import StoreError
from redescribe.store.atomic import remove_offers
from redescribe.store.run import RunFolder
from redescribe.store.shards import add_seconds, seconds_of_shards

if TYPE_CHECKING:
    from pathlib import Path


def joined(path: Path, key: str = "k1") -> RunFolder:
    return RunFolder.join(path, dataset(), {"search": "trees"}, key, chunks={"mine": 8})


def test_whoever_comes_first_makes_the_folder(tmp_path: Path) -> None:
    first = joined(tmp_path / "run")
    document = json.loads((first.path / "run.json").read_text())
    assert document["inputs_complete"]
    assert document["chunks"] == {"mine": 8}
    first.write_part(0, [one_result()])
    halves = first.path / "supports" / ".redescribe-part-00001.npy-12.tmp"
    halves.write_text("half")
    before = {p: p.stat().st_mtime_ns for p in first.path.rglob("*") if p.is_file()}
    second = joined(tmp_path / "run")
    assert second.read_part(0) == [one_result()]
    # What another one is writing stays, and nothing else is touched.
    assert {p: p.stat().st_mtime_ns for p in before} == before
    np.testing.assert_array_equal(
        second.dataset().views[0].values, dataset().views[0].values
    )


@pytest.mark.parametrize("kind", ["nothing", "empty", "leftovers"])
def test_all_at_once_find_one_folder(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "run"
    if kind != "nothing":
        path.mkdir()
    if kind == "leftovers":
        (path / ".redescribe-run.json-0.tmp").write_text("{")
    n_writers = 8
    barrier = Barrier(n_writers)

    def work(number: int) -> RunFolder:
        barrier.wait()
        run = joined(path)
        run.write_part(number, [one_result()])
        return run

    with ThreadPoolExecutor(n_writers) as pool:
        runs = list(pool.map(work, range(n_writers)))
    for number, run in enumerate(runs):
        assert run.has_part(number)
    assert [entry.name for entry in tmp_path.iterdir()] == ["run"]


def test_another_run_is_left_alone(tmp_path: Path) -> None:
    joined(tmp_path / "run").write_part(0, [one_result()])
    with pytest.raises(StoreError, match="other inputs or parameters"):
        joined(tmp_path / "run", "k2")
    assert RunFolder.open(tmp_path / "run").has_part(0, "k1")
    (tmp_path / "thesis.tex").write_text("dear")
    with pytest.raises(StoreError, match="not a run folder"):
        joined(tmp_path)


def test_an_incomplete_run_is_not_joined(tmp_path: Path) -> None:
    joined(tmp_path / "run").update(inputs_complete=False)
    with pytest.raises(StoreError, match="inputs are not complete"):
        joined(tmp_path / "run")


def test_what_a_killed_writer_offered_is_removed(tmp_path: Path) -> None:
    ours = tmp_path / f".redescribe-run-{'0' * 32}.tmp"
    others = tmp_path / f".redescribe-run-2-{'0' * 32}.tmp"
    for folder in (ours, others):
        (folder / "views").mkdir(parents=True)
    remove_offers(tmp_path / "run")
    assert list(tmp_path.iterdir()) == [others]


def test_seconds_of_shards_add_up(tmp_path: Path) -> None:
    assert seconds_of_shards(tmp_path) == 0
    for number, of, seconds in ((0, 2, 1.5), (1, 2, 2.0), (0, 2, 0.25), (0, 3, 4.0)):
        add_seconds(tmp_path, number, of, seconds)
    assert seconds_of_shards(tmp_path) == 7.75
    record = json.loads((tmp_path / "shards" / "0-of-2.json").read_text())
    assert (record["shard"], record["of"], record["seconds"]) == (0, 2, 1.75)
    (tmp_path / "shards" / "0-of-2.json").write_text('{"encoding-type": "shard"}')
    with pytest.raises(StoreError, match=r"0-of-2\.json"):
        seconds_of_shards(tmp_path)
