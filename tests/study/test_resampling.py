"""Permutations and resamples in a run folder: added, interrupted, taken up, left out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
from pyarrow import parquet
from tests.study.test_stages import Interrupted, Recorded, mtimes

from redescribe.core.dataset import Dataset
from redescribe.core.entities import SplitParams
from redescribe.core.view import View
from redescribe.errors import ParameterError, StoreError
from redescribe.executors.joblib import JoblibExecutor
from redescribe.mining.miner import mine
from redescribe.mining.null_search import search_null
from redescribe.mining.params import MineParams
from redescribe.selection.select import select
from redescribe.significance.assess import assess
from redescribe.significance.permutation import with_search_p
from redescribe.significance.resample_params import ResampleParams
from redescribe.significance.stability import with_stability
from redescribe.store.run import RunFolder
from redescribe.study import stages
from redescribe.study.stages import run_stages

if TYPE_CHECKING:
    from pathlib import Path

PARAMS = MineParams(chunk_size=2, seed=5)
ASKED = ResampleParams(permutations=12, bootstrap=30, recovery=6)
TABLES = ("assessed.parquet", "targets.parquet", "nulls.parquet", "recovery.parquet")


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    generator = np.random.default_rng(5)
    x = generator.normal(size=(120, 2))
    y = x[:, :1] + 0.3 * generator.normal(size=(120, 1))
    return Dataset.of([View.of("x", x), View.of("y", y)], SplitParams(seed=5))


@pytest.fixture(scope="module")
def whole(dataset: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with everything; only read it."""
    folder = tmp_path_factory.mktemp("whole") / "run"
    run_stages(dataset, folder, PARAMS, resample_params=ASKED)
    return folder


def assert_same(folder: Path, other: Path) -> None:
    for name in TABLES:
        assert parquet.read_table(folder / name).equals(parquet.read_table(other / name))


def test_the_folder_holds_what_the_functions_give(dataset: Dataset, whole: Path) -> None:
    found = mine(dataset, PARAMS)
    nulls = search_null(dataset, PARAMS, n_permutations=12)
    stored = RunFolder.open(whole).read_nulls()
    assert (stored.targets, stored.kinds) == (nulls.targets, nulls.kinds)
    assert np.array_equal(stored.maxima, nulls.maxima)
    tested = with_search_p(assess(select(found), dataset), found, nulls)
    expected = with_stability(tested, dataset, 30)
    rows = RunFolder.open(whole).read_assessed().rows()
    assert [
        {name: row[name] for name in expected.columns} for row in rows
    ] == expected.rows()
    assert RunFolder.open(whole).read_assessed().target_rows() == expected.target_rows()
    best = parquet.read_table(whole / "recovery.parquet")
    assert best.num_rows == 6 * len(rows)
    for row in rows:
        of = best.filter(np.array(best["key"].to_pylist()) == row["key"])
        values = of["support_jaccard"].to_numpy()
        assert row["recovery"] == (values >= 0.8).mean()
        assert row["recovery_mean"] == pytest.approx(values.mean())
    document = json.loads((whole / "run.json").read_text())
    assert document["stages"]["resample"] == "done"
    assert document["seconds"].keys() > {"mining", "permuting", "recovering"}


@pytest.mark.parametrize("n_jobs", [2, 4])
def test_workers_change_nothing(
    dataset: Dataset, whole: Path, tmp_path: Path, n_jobs: int
) -> None:
    executor = JoblibExecutor(n_jobs=n_jobs)
    run_stages(dataset, tmp_path, PARAMS, resample_params=ASKED, executor=executor)
    assert_same(tmp_path, whole)


class InterruptedLater(Interrupted):
    """Interrupted after some tasks of one of the maps."""

    def __init__(self, n_maps: int, n_tasks: int) -> None:
        super().__init__(10**6)
        self.n_maps, self.n_later = n_maps, n_tasks

    def map(self, func, tasks):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
        self.n_tasks = self.n_later if self.n_maps == 0 else self.n_tasks
        self.n_maps -= 1
        return super().map(func, tasks)


@pytest.mark.parametrize(("n_maps", "n_tasks"), [(1, 1), (2, 0), (2, 1)])
def test_an_interrupted_run_goes_on(
    dataset: Dataset, whole: Path, tmp_path: Path, n_maps: int, n_tasks: int
) -> None:
    executor = InterruptedLater(n_maps, n_tasks)
    with pytest.raises(KeyboardInterrupt):
        run_stages(dataset, tmp_path, PARAMS, resample_params=ASKED, executor=executor)
    # What was found is there already; of permutations, it knows nothing yet.
    assert "p_search" not in RunFolder.open(tmp_path).read_assessed().columns
    before = mtimes(tmp_path / "nulls") if (tmp_path / "nulls").exists() else {}
    progress = Recorded()
    run_stages(dataset, tmp_path, PARAMS, resample_params=ASKED, progress=progress)
    assert progress.heard["Searching permuted entities"] == (12, 12)
    assert progress.heard["Searching resampled entities"] == (6, 6)
    after = mtimes(tmp_path / "nulls")
    assert {path: after[path] for path in before} == before
    assert_same(tmp_path, whole)


def test_a_broken_part_is_made_again(
    dataset: Dataset, whole: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    executor = InterruptedLater(2, 0)
    with pytest.raises(KeyboardInterrupt):
        run_stages(dataset, tmp_path, PARAMS, resample_params=ASKED, executor=executor)
    part = tmp_path / "nulls" / "part-00001.parquet"
    part.write_bytes(part.read_bytes()[:-9])
    run_stages(dataset, tmp_path, PARAMS, resample_params=ASKED)
    assert "A part is removed and will be made again" in caplog.text
    assert_same(tmp_path, whole)


def test_permutations_are_added_without_mining_again(
    dataset: Dataset, whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = run_stages(dataset, tmp_path, PARAMS)
    assert "p_search" not in plain.columns
    monkeypatch.setattr(stages, "mine_chunk", None)
    run_stages(dataset, tmp_path, PARAMS, resample_params=ResampleParams(permutations=7))
    first = mtimes(tmp_path / "nulls")
    assert not (tmp_path / "recovery.parquet").exists()
    run_stages(dataset, tmp_path, PARAMS, resample_params=ASKED)
    kept = str(tmp_path / "nulls" / "part-00000.parquet")
    assert mtimes(tmp_path / "nulls")[kept] == first[kept]
    assert_same(tmp_path, whole)
    before = mtimes(tmp_path)
    run_stages(dataset, tmp_path, PARAMS, resample_params=ASKED)
    assert mtimes(tmp_path) == before
    again = run_stages(dataset, tmp_path, PARAMS)
    assert again.rows() == plain.rows()
    assert not (tmp_path / "nulls.parquet").exists()
    with pytest.raises(StoreError, match=r"nulls\.parquet does not exist"):
        RunFolder.open(tmp_path).read_nulls()


def test_fewer_and_other_permutations(dataset: Dataset, tmp_path: Path) -> None:
    many = ResampleParams(permutations=9)
    run_stages(dataset, tmp_path, PARAMS, resample_params=many)
    all_nulls = RunFolder.open(tmp_path).read_nulls()
    few = ResampleParams(permutations=7, permutation_statistic="jaccard")  # type: ignore[arg-type]
    assessed = run_stages(dataset, tmp_path, PARAMS, resample_params=few)
    assert np.array_equal(
        RunFolder.open(tmp_path).read_nulls().maxima, all_nulls.maxima[:7]
    )
    assert assessed.evidence.resampling.statistic == "jaccard"
    within = ResampleParams(permutations=7, permute_within="x:x0")
    with pytest.raises(ParameterError, match="but there are 1: groups"):
        run_stages(dataset, tmp_path, PARAMS, resample_params=within)
    assert RunFolder.open(tmp_path).read_assessed() == assessed


def test_strata_have_parts_of_their_own(tmp_path: Path) -> None:
    generator = np.random.default_rng(5)
    x = generator.normal(size=(120, 1))
    labels = (x > 0) + 0.0
    views = [View.of("x", x), View.of("y", x + generator.normal(size=(120, 1)))]
    data = Dataset.of([*views, View.of("labels", labels)], SplitParams(hold_out=0))
    params = MineParams(targets=("x",))
    free = ResampleParams(permutations=5)
    within = ResampleParams(permutations=5, permute_within="labels:x0")
    run_stages(data, tmp_path, params, resample_params=free)
    first = RunFolder.open(tmp_path).read_nulls()
    assessed = run_stages(data, tmp_path, params, resample_params=within)
    second = RunFolder.open(tmp_path).read_nulls()
    # Within the classes x and the label stay related: the null reaches what was found.
    assert second.maxima.mean() > first.maxima.mean()
    assert assessed.evidence.resampling.within == "labels:x0"
    (target,) = assessed.targets
    assert target.search is not None
    assert target.search.p_value.value > 0.5


def test_a_bootstrap_needs_a_hold_out(dataset: Dataset, tmp_path: Path) -> None:
    data = Dataset.of(dataset.views, SplitParams(hold_out=0))
    with pytest.raises(ParameterError, match="but nothing is held out"):
        run_stages(data, tmp_path / "run", resample_params=ResampleParams(bootstrap=9))
    assert not (tmp_path / "run").exists()
