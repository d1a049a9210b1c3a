"""Null networks in a run folder: added, interrupted, taken up, other ones, left out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
from pyarrow import parquet
from tests.study.test_resampling import InterruptedLater
from tests.study.test_stages import Recorded, mtimes

from redescribe.core.dataset import Dataset
from redescribe.core.entities import EntityIndex, SplitParams
from redescribe.core.neuron import NeuronId
from redescribe.core.view import Attribute, View
from redescribe.errors import ParameterError, StoreError
from redescribe.executors.joblib import JoblibExecutor
from redescribe.executors.shards import Shard
from redescribe.mining.miner import mine
from redescribe.mining.null_networks import search_null_networks
from redescribe.mining.null_search import search_null
from redescribe.mining.params import MineParams
from redescribe.search.params import SearchParams
from redescribe.selection.select import select
from redescribe.significance.assess import assess
from redescribe.significance.null_networks import with_null_networks
from redescribe.significance.permutation import with_search_p
from redescribe.significance.resample_params import ResampleParams
from redescribe.store.run import RunFolder
from redescribe.study import stages
from redescribe.study.merge import merge
from redescribe.study.shards import mine_shard
from redescribe.study.stages import run_stages

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from redescribe.core.assessed import AssessedSet
    from redescribe.core.protocols import Executor, Progress

PARAMS = MineParams(seed=5, search=SearchParams(search="trees"))
ASKED = ResampleParams(permutations=3, rotations=7)
TABLE = "null_networks.parquet"


def network(name: str, seed: int, *, noise: float = 1.0) -> View:
    """Three neurons; without noise always the same ones."""
    values = np.random.default_rng(0).normal(size=(3, 100))
    values = (1 - noise) * values + noise * np.random.default_rng(seed).normal(
        size=(3, 100)
    )
    units = tuple(Attribute(str(NeuronId("fc", u, name)), neuron=True) for u in range(3))
    return View(name, EntityIndex.numbered(100), units, values)


NULL_VIEWS = {"net b": [network("net b", seed) for seed in (11, 12)]}


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    views = [network("net a", 1, noise=0.2), network("net b", 2, noise=0.2)]
    return Dataset.of(views, SplitParams(seed=5))


def run(
    dataset: Dataset,
    folder: Path,
    asked: ResampleParams = ASKED,
    *,
    null_views: Mapping[str, Sequence[View]] | None = NULL_VIEWS,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> AssessedSet:
    return run_stages(
        dataset,
        folder,
        PARAMS,
        resample_params=asked,
        null_views=null_views,
        executor=executor,
        progress=progress,
    )


@pytest.fixture(scope="module")
def whole(dataset: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with everything; only read it."""
    folder = tmp_path_factory.mktemp("whole") / "run"
    run(dataset, folder)
    return folder


def assert_same(folder: Path, other: Path) -> None:
    for name in ("assessed.parquet", "targets.parquet", TABLE):
        assert parquet.read_table(folder / name).equals(parquet.read_table(other / name))


def test_the_folder_holds_what_the_functions_give(dataset: Dataset, whole: Path) -> None:
    found = mine(dataset, PARAMS)
    series = search_null_networks(dataset, PARAMS, rotations=7, null_views=NULL_VIEWS)
    stored = RunFolder.open(whole).read_null_networks()
    for one, other in zip(stored, series, strict=True):
        assert (one.null, one.partner) == (other.null, other.partner)
        assert one.searches.targets == other.searches.targets
        assert np.array_equal(one.searches.maxima, other.searches.maxima)
    nulls = search_null(dataset, PARAMS, n_permutations=3)
    tested = with_search_p(assess(select(found), dataset), found, nulls)
    expected = with_null_networks(tested, found, series, permuted=nulls)
    read = RunFolder.open(whole).read_assessed()
    assert [t.networks for t in read.targets] == [t.networks for t in expected.targets]
    assert [f.nulls for f in read] == [f.nulls for f in expected]
    assert read.rows() == expected.rows()
    assert read.target_rows() == expected.target_rows()
    document = json.loads((whole / "run.json").read_text())
    counts = document["counts"]
    assert counts["network_pairs"] == 6
    assert {"above_permuted", "above_rotated", "above_untrained"} < counts.keys()
    assert document["seconds"]["replacing"] > 0
    assert len(document["parameters"]["null_views"]["net b"]) == 2


def test_workers_change_nothing(dataset: Dataset, whole: Path, tmp_path: Path) -> None:
    run(dataset, tmp_path, executor=JoblibExecutor(n_jobs=4))
    assert_same(tmp_path, whole)


@pytest.mark.parametrize(("n_maps", "n_tasks"), [(2, 1), (3, 0), (4, 0)])
def test_an_interrupted_run_goes_on(
    dataset: Dataset, whole: Path, tmp_path: Path, n_maps: int, n_tasks: int
) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(dataset, tmp_path, executor=InterruptedLater(n_maps, n_tasks))
    assert not (tmp_path / TABLE).exists()
    before = mtimes(tmp_path / "null_networks")
    assert before
    progress = Recorded()
    run(dataset, tmp_path, progress=progress)
    assert progress.heard["Searching with net a rotated"] == (7, 7)
    assert progress.heard["Searching with net b untrained"] == (2, 2)
    after = mtimes(tmp_path / "null_networks")
    assert {path: after[path] for path in before} == before
    assert_same(tmp_path, whole)


def test_a_removed_part_is_made_again(
    dataset: Dataset, whole: Path, tmp_path: Path
) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(dataset, tmp_path, executor=InterruptedLater(4, 0))
    names = sorted(path.name for path in (tmp_path / "null_networks").iterdir())
    assert names == [
        *(f"rotated-net%20a-0000{number}.parquet" for number in range(2)),
        *(f"rotated-net%20b-0000{number}.parquet" for number in range(2)),
    ]
    (tmp_path / "null_networks" / names[1]).unlink()
    run(dataset, tmp_path)
    assert_same(tmp_path, whole)


def test_they_are_added_without_mining_again(
    dataset: Dataset, whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = run(dataset, tmp_path, ResampleParams(), null_views=None)
    assert "network_pairs" not in plain.counts
    monkeypatch.setattr(stages, "mine_chunk", None)
    run(dataset, tmp_path, ResampleParams(rotations=5), null_views=None)
    first = mtimes(tmp_path / "null_networks")
    run(dataset, tmp_path)
    kept = str(tmp_path / "null_networks" / "rotated-net%20a-00000.parquet")
    assert mtimes(tmp_path / "null_networks")[kept] == first[kept]
    assert_same(tmp_path, whole)
    before = mtimes(tmp_path)
    run(dataset, tmp_path)
    assert mtimes(tmp_path) == before
    # Other untrained networks are another run of them only.
    others = {"net b": [network("net b", seed) for seed in (21, 22)]}
    run(dataset, tmp_path, null_views=others)
    series = RunFolder.open(tmp_path).read_null_networks()
    assert not np.array_equal(
        series[-1].searches.maxima,
        RunFolder.open(whole).read_null_networks()[-1].searches.maxima,
    )
    again = run(dataset, tmp_path, ResampleParams(), null_views=None)
    assert again.rows() == plain.rows()
    with pytest.raises(StoreError, match=r"null_networks\.parquet does not exist"):
        RunFolder.open(tmp_path).read_null_networks()


def test_a_run_from_before_null_networks_is_only_read(
    dataset: Dataset, tmp_path: Path
) -> None:
    asked = ResampleParams(permutations=2)
    run(dataset, tmp_path, asked, null_views=None)
    document = json.loads((tmp_path / "run.json").read_text())
    del document["parameters"]["null_views"]
    for name in ("rotations", "networks"):
        del document["parameters"]["resample"][name]
    (tmp_path / "run.json").write_text(json.dumps(document))
    before = mtimes(tmp_path)
    run(dataset, tmp_path, asked, null_views=None)
    assert mtimes(tmp_path) == before


def test_without_two_networks_nothing_is_written(tmp_path: Path) -> None:
    x = np.random.default_rng(0).normal(size=(60, 2))
    data = Dataset.of([View.of("x", x), View.of("y", x)])
    with pytest.raises(ParameterError, match="there is no such pair"):
        run_stages(data, tmp_path / "run", resample_params=ResampleParams(rotations=2))
    assert not (tmp_path / "run").exists()


def test_shards_are_rotated_once_they_are_merged(
    dataset: Dataset, whole: Path, tmp_path: Path
) -> None:
    for number in range(2):
        mine_shard(*(dataset, tmp_path, Shard(number, 2), PARAMS), resample_params=ASKED)
    assert not (tmp_path / "null_networks").exists()
    merged = merge(tmp_path)
    assert merged.evidence.resampling.n_rotations == 7
    run(dataset, tmp_path)
    assert_same(tmp_path, whole)


def test_a_run_with_untrained_networks_is_finished_by_what_began_it(
    dataset: Dataset, tmp_path: Path
) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(dataset, tmp_path, executor=InterruptedLater(4, 0))
    with pytest.raises(StoreError, match="untrained networks, which it does not hold"):
        merge(tmp_path)
    finished = run(dataset, tmp_path)
    assert merge(tmp_path) == finished


def test_families_are_joined_without_null_networks(
    dataset: Dataset, whole: Path, tmp_path: Path
) -> None:
    other = MineParams(seed=5, targets=("net a",), search=SearchParams(search="beam"))
    run_stages(dataset, tmp_path / "other", other)
    merged = merge(whole, tmp_path / "other", out=tmp_path / "out")
    assert not merged.evidence.resampling.null_networks
    assert not any(target.networks for target in merged.targets)
    assert not any(finding.nulls for finding in merged)
