"""A search that is divided gives what the whole one gives, and never opens the hold-out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
from benchmarks.content_hash import content_hash
from tests.study.test_stages import Interrupted, mtimes

from redescribe.core.dataset import Dataset
from redescribe.core.entities import SplitParams
from redescribe.core.view import View
from redescribe.errors import StoreError, UnfinishedError
from redescribe.executors.shards import Shard
from redescribe.mining.params import MineParams
from redescribe.selection.params import SelectParams
from redescribe.significance.params import AssessParams
from redescribe.significance.resample_params import ResampleParams
from redescribe.store.run import RunFolder
from redescribe.study import shards as study_shards
from redescribe.study.merge import merge
from redescribe.study.shards import mine_shard
from redescribe.study.stages import run_stages
from redescribe.study.status import run_status

if TYPE_CHECKING:
    from pathlib import Path

PARAMS = MineParams(chunk_size=1, seed=5)
N_CHUNKS = 5
OTHERS = {
    "assess_params": AssessParams(alpha=0.05, correction="holm"),  # type: ignore[arg-type]
    "select_params": SelectParams(max_per_target=2),
}
ASKED = ResampleParams(permutations=12, bootstrap=20, recovery=2)


def views(n_entities: int = 150) -> list[View]:
    generator = np.random.default_rng(5)
    x = generator.normal(size=(n_entities, 3))
    y = x[:, :2] + 0.3 * generator.normal(size=(n_entities, 2))
    return [View.of("x", x), View.of("y", y)]


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return Dataset.of(views(), SplitParams(seed=5))


@pytest.fixture(scope="module")
def whole(dataset: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run without shards; only read it."""
    folder = tmp_path_factory.mktemp("whole") / "run"
    run_stages(dataset, folder, PARAMS, **OTHERS)  # type: ignore[arg-type]
    return folder


@pytest.mark.parametrize("n_shards", [1, 3, 7])
def test_shards_of_one_folder_give_the_same(
    dataset: Dataset, whole: Path, tmp_path: Path, n_shards: int
) -> None:
    for number in reversed(range(n_shards)):
        shard = Shard(number, n_shards)
        status = mine_shard(dataset, tmp_path, shard, PARAMS, **OTHERS)  # type: ignore[arg-type]
        assert not (tmp_path / "result.json").exists()
        assert not status.finished
        assert status.searched is (number == 0)
    document = RunFolder.open(tmp_path).document
    assert document["stages"] == document["counts"] == {}
    assert document["openings"] == []
    assessed = merge(tmp_path)
    assert content_hash(tmp_path) == content_hash(whole)
    assert assessed.seconds > 0
    merged, expected = (RunFolder.open(p).document for p in (tmp_path, whole))
    for name in ("key", "counts", "stages", "parameters", "fingerprints", "chunks"):
        assert merged[name] == expected[name]
    before = mtimes(tmp_path)
    assert merge(tmp_path) == assessed
    assert run_stages(dataset, tmp_path, PARAMS, **OTHERS) == assessed  # type: ignore[arg-type]
    assert mine_shard(dataset, tmp_path, Shard(0, 1), PARAMS, **OTHERS).finished  # type: ignore[arg-type]
    assert mtimes(tmp_path) == before


def test_folders_of_their_own_are_gathered(
    dataset: Dataset, whole: Path, tmp_path: Path
) -> None:
    folders = [tmp_path / f"s{number}" for number in range(3)]
    for number, folder in enumerate(folders[:2]):
        mine_shard(dataset, folder, Shard(number, 3), PARAMS, **OTHERS)  # type: ignore[arg-type]
    with pytest.raises(UnfinishedError, match=r"1 of 5 chunks of mine \(2\)"):
        merge(*folders[:2], out=tmp_path / "out")
    assert not (tmp_path / "out").exists()
    mine_shard(dataset, folders[2], Shard(2, 3), PARAMS, **OTHERS)  # type: ignore[arg-type]
    before = [mtimes(folder) for folder in folders]
    merge(*folders, out=tmp_path / "out")
    assert content_hash(tmp_path / "out") == content_hash(whole)
    assert [mtimes(folder) for folder in folders] == before
    shards = RunFolder.open(tmp_path / "out").document["seconds"]
    assert isinstance(shards, dict)
    assert shards["shards"] > 0
    merge(*folders, out=folders[1])  # one of them may be the result
    assert content_hash(folders[1]) == content_hash(whole)


def test_a_broken_part_is_taken_from_another_folder(
    dataset: Dataset, whole: Path, tmp_path: Path
) -> None:
    for name in "ab":
        mine_shard(dataset, tmp_path / name, Shard(0, 1), PARAMS, **OTHERS)  # type: ignore[arg-type]
    broken = tmp_path / "a" / "redescriptions" / "part-00002.parquet"
    broken.write_bytes(broken.read_bytes()[:-9])
    merge(tmp_path / "a", tmp_path / "b", out=tmp_path / "out")
    assert content_hash(tmp_path / "out") == content_hash(whole)
    assert broken.exists()  # sources are only read


def test_a_run_without_shards_finishes_what_shards_began(
    dataset: Dataset, whole: Path, tmp_path: Path
) -> None:
    mine_shard(dataset, tmp_path, Shard(1, 2), PARAMS, **OTHERS)  # type: ignore[arg-type]
    kept = mtimes(tmp_path / "redescriptions")
    run_stages(dataset, tmp_path, PARAMS, **OTHERS)  # type: ignore[arg-type]
    assert content_hash(tmp_path) == content_hash(whole)
    after = mtimes(tmp_path / "redescriptions")
    assert {path: after[path] for path in kept} == kept


def test_values_of_the_hold_out_change_no_part(tmp_path: Path, dataset: Dataset) -> None:
    held_out = dataset.split.held_out
    poisoned = [
        View(view.name, view.entities, view.attributes, view.values.copy())
        for view in dataset.views
    ]
    for view in poisoned:
        view.values[:, held_out] = 1e30
        view.values[:, held_out[::3]] = np.nan
    other = Dataset(tuple(poisoned), dataset.split)
    for name, data in (("clean", dataset), ("poisoned", other)):
        mine_shard(data, tmp_path / name, Shard(0, 1), PARAMS)
    clean, bad = (RunFolder.open(tmp_path / name) for name in ("clean", "poisoned"))
    assert clean.key != bad.key
    for chunk in range(N_CHUNKS):
        assert clean.read_part(chunk) == bad.read_part(chunk)


def test_an_interrupted_shard_goes_on(dataset: Dataset, tmp_path: Path) -> None:
    shard = Shard(0, 2)
    with pytest.raises(KeyboardInterrupt):
        mine_shard(dataset, tmp_path, shard, PARAMS, executor=Interrupted(1))
    assert run_status(tmp_path).searches[0].left == (1, 2, 3, 4)
    kept = mtimes(tmp_path / "redescriptions")
    record = tmp_path / "shards" / "0-of-2.json"
    spent = json.loads(record.read_text())["seconds"]
    assert mine_shard(dataset, tmp_path, shard, PARAMS).searches[0].left == (1, 3)
    after = mtimes(tmp_path / "redescriptions")
    assert {path: after[path] for path in kept} == kept
    assert json.loads(record.read_text())["seconds"] > spent > 0


def test_permuted_entities_are_divided_as_well(
    dataset: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    params = MineParams(targets=("y",), chunk_size=1, seed=5)
    run_stages(dataset, tmp_path / "whole", params, resample_params=ASKED)
    shards = [Shard(number, 2) for number in range(2)]
    lefts = []
    for shard in shards:
        folder = tmp_path / f"s{shard.number}"
        status = mine_shard(dataset, folder, shard, params, resample_params=ASKED)
        lefts.append([search.left for search in status.searches])
    assert lefts == [[(1,), (1,)], [(0,), (0, 2)]]
    monkeypatch.setattr("redescribe.study.resampling.null_chunk", None)
    found = merge(tmp_path / "s0", tmp_path / "s1", out=tmp_path / "out")
    assert found.evidence.resampling.n_permutations == 12
    assert content_hash(tmp_path / "out") == content_hash(tmp_path / "whole")


def test_shards_must_ask_for_the_same(dataset: Dataset, tmp_path: Path) -> None:
    mine_shard(dataset, tmp_path / "a", Shard(0, 2), PARAMS)
    with pytest.raises(StoreError, match="other numbers of permutations"):
        mine_shard(dataset, tmp_path / "a", Shard(1, 2), PARAMS, resample_params=ASKED)
    few = ResampleParams(bootstrap=5)
    mine_shard(dataset, tmp_path / "b", Shard(1, 2), PARAMS, resample_params=few)
    with pytest.raises(StoreError, match="asked for the same"):
        merge(tmp_path / "a", tmp_path / "b", out=tmp_path / "out")


def test_other_parameters_are_another_run(dataset: Dataset, tmp_path: Path) -> None:
    mine_shard(dataset, tmp_path, Shard(0, 2), PARAMS)
    other = MineParams(chunk_size=1, seed=6)
    with pytest.raises(StoreError, match="other inputs or parameters"):
        mine_shard(dataset, tmp_path, Shard(1, 2), other)


def test_bad_input_leaves_no_folder(dataset: Dataset, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="the only partner"):
        mine_shard(dataset, tmp_path / "run", Shard(0, 2), MineParams(partners=("x",)))
    assert list(tmp_path.iterdir()) == []


def test_another_version_is_not_merged(
    dataset: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("redescribe.study.stage_params.SEARCH_VERSION", "0")
    mine_shard(dataset, tmp_path, Shard(0, 1), PARAMS)
    monkeypatch.undo()
    with pytest.raises(StoreError, match="another version of redescribe"):
        merge(tmp_path)
    document = json.loads((tmp_path / "run.json").read_text())
    del document["parameters"]["mine"]
    (tmp_path / "run.json").write_text(json.dumps(document))
    with pytest.raises(StoreError, match="does not say how it was mined"):
        merge(tmp_path)


def test_status_says_whose_chunks_are_left(dataset: Dataset, tmp_path: Path) -> None:
    status = mine_shard(dataset, tmp_path, Shard(1, 2), PARAMS)
    (search,) = status.searches
    assert (search.name, search.n_chunks, search.n_done) == ("mine", N_CHUNKS, 2)
    assert search.by_shard(2) == {Shard(0, 2): (3, 3), Shard(1, 2): (0, 2)}
    assert search.by_shard(3) == {
        Shard(0, 3): (1, 2),
        Shard(1, 3): (1, 2),
        Shard(2, 3): (1, 1),
    }
    assert status.left == ("Left: 3 of 5 chunks of mine (0, 2, 4), then redescribe merge.")
    before = mtimes(tmp_path)
    part = tmp_path / "redescriptions" / "part-00001.parquet"
    part.write_bytes(part.read_bytes()[:-9])
    changed = mtimes(tmp_path)
    assert run_status(tmp_path).searches[0].left == (0, 1, 2, 4)
    assert mtimes(tmp_path) == changed != before


def test_a_run_of_before_chunks_were_counted(dataset: Dataset, tmp_path: Path) -> None:
    mine_shard(dataset, tmp_path, Shard(0, 1), PARAMS)
    document = json.loads((tmp_path / "run.json").read_text())
    del document["chunks"]
    (tmp_path / "run.json").write_text(json.dumps(document))
    status = run_status(tmp_path)
    assert not status.searched
    assert status.left.startswith("Left: unknown")
    with pytest.raises(UnfinishedError, match="mine it again"):
        merge(tmp_path)


def test_a_shard_never_assesses(
    dataset: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hold-out part of the dataset is not even made."""
    assert not hasattr(study_shards, "assess")
    monkeypatch.setattr(Dataset, "hold_out_part", property(_opened))
    mine_shard(dataset, tmp_path, Shard(0, 1), PARAMS)
    with pytest.raises(AssertionError, match="opened"):
        merge(tmp_path)
    # Before it was opened, it was recorded that it would be.
    document = json.loads((tmp_path / "run.json").read_text())
    assert [opening["key"] for opening in document["openings"]] == [document["key"]]


def _opened(_: Dataset) -> Dataset:
    em = "the hold-out was opened"
    raise AssertionError(em)
