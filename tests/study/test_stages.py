"""The stages run in order into a folder, once for the same inputs and parameters."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
import pytest
from pyarrow import parquet

from redescribe.core.dataset import Dataset
from redescribe.core.entities import SplitParams
from redescribe.core.grammar import parse_query
from redescribe.core.redescription import Agreement
from redescribe.core.view import View
from redescribe.datasets.wdbc import wdbc_views
from redescribe.errors import ParameterError, StoreError, ViewError
from redescribe.executors.joblib import JoblibExecutor
from redescribe.mining.miner import mine
from redescribe.mining.params import MineParams
from redescribe.selection.params import SelectParams
from redescribe.selection.select import select
from redescribe.significance.assess import assess
from redescribe.significance.params import AssessParams
from redescribe.store.run import RunFolder
from redescribe.study import stages
from redescribe.study.stages import run_stages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from redescribe.core.protocols import Result, Task


class Interrupted:
    """An executor that is interrupted after some tasks."""

    n_workers = 1

    def __init__(self, n_tasks: int) -> None:
        self.n_tasks = n_tasks

    def map(
        self, func: Callable[[Task], Result], tasks: Iterable[Task]
    ) -> Iterator[Result]:
        for number, task in enumerate(tasks):
            if number == self.n_tasks:
                raise KeyboardInterrupt
            yield func(task)


class Recorded:
    """Hears of stages and of their steps: total and done."""

    def __init__(self) -> None:
        self.heard: dict[str, tuple[int, int]] = {}

    @contextmanager
    def stage(self, name: str, total: int) -> Iterator[Callable[[int], None]]:
        self.heard[name] = (total, 0)

        def advance(steps: int) -> None:
            self.heard[name] = (total, self.heard[name][1] + steps)

        yield advance


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    generator = np.random.default_rng(5)
    x = generator.normal(size=(150, 3))
    y = x[:, :2] + 0.3 * generator.normal(size=(150, 2))
    return Dataset.of([View.of("x", x), View.of("y", y)], SplitParams(seed=5))


PARAMS = MineParams(chunk_size=2, seed=5)


def mtimes(folder: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in folder.rglob("*")}


def test_the_folder_holds_what_mine_and_assess_give(
    dataset: Dataset, tmp_path: Path
) -> None:
    assessed = run_stages(dataset, tmp_path, PARAMS)
    expected = assess(select(mine(dataset, PARAMS)), dataset)
    assert assessed.rows() == expected.rows()
    assert assessed.target_rows() == expected.target_rows()
    again = RunFolder.open(tmp_path).read_assessed()
    assert again == assessed
    document = json.loads((tmp_path / "run.json").read_text())
    assert document["stages"] == {"mine": "done", "select": "done", "assess": "done"}
    n_mined = len(mine(dataset, PARAMS))
    assert document["counts"] == {"mined": n_mined, **assessed.counts}
    assert document["seconds"].keys() == {"mining", "selecting", "assessing"}
    assert document["parameters"]["mine"]["chunk_size"] == 2
    assert len(list((tmp_path / "redescriptions").iterdir())) == 3


def test_near_duplicates_are_linked_to_findings(tmp_path: Path) -> None:
    """What is stored can be evaluated again: the entities are as near as it says."""
    values = wdbc_views()[0].values.T
    views = [View.of("mean", values[:150, :4]), View.of("worst", values[:150, 20:24])]
    dataset, params = Dataset.of(views), SelectParams(near_duplicate=0.9)
    assessed = run_stages(dataset, tmp_path, PARAMS, select_params=params)
    rows = parquet.read_table(tmp_path / "near_duplicates.parquet").to_pylist()
    assert rows
    part = dataset.mining_part
    found = {finding.id: finding for finding in assessed}
    for row in rows:
        texts = zip(row["queries"], row["query_views"], strict=True)
        queries = [parse_query(text, view) for text, view in texts]
        supports = [query.on(part.view(query.view)) for query in queries]
        finding = found[row["id"]]
        one, other = (
            np.logical_and.reduce([support.mask for support in some])
            for some in (supports, finding.redescription.supports)
        )
        assert row["support_jaccard_mined"] == (one & other).sum() / (one | other).sum()
        # It is near to the finding, or to what the finding says of all other entities.
        neither = ~np.logical_or.reduce([s.mask for s in finding.redescription.supports])
        apart = (one & neither).sum() / (one | neither).sum()
        assert max(row["support_jaccard_mined"], apart) >= params.near_duplicate
        assert row["jaccard_mined"] == Agreement.of(tuple(supports)).jaccard
        # The finding is better by the cautious Jaccard, which ranks them.
        length = sum(map(len, queries))
        near = Agreement.of(tuple(supports)).cautious_jaccard(length)
        assert near <= finding.redescription.rank + 1e-12
    keys = [near.key for finding in assessed for near in finding.near_duplicates]
    assert keys == [row["key"] for row in rows]
    reported = {finding.redescription.key for finding in assessed}
    assert not reported.intersection(keys)


def test_a_finished_run_is_only_read(
    dataset: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = run_stages(dataset, tmp_path, PARAMS)
    before = mtimes(tmp_path)
    monkeypatch.setattr(stages, "mine_chunk", None)
    assert run_stages(dataset, tmp_path, PARAMS) == first
    assert mtimes(tmp_path) == before


@pytest.mark.parametrize("n_tasks", [0, 1, 2])
def test_an_interrupted_run_goes_on(dataset: Dataset, tmp_path: Path, n_tasks: int) -> None:
    with pytest.raises(KeyboardInterrupt):
        run_stages(dataset, tmp_path, PARAMS, executor=Interrupted(n_tasks))
    kept = mtimes(tmp_path / "redescriptions") if n_tasks else {}
    document = json.loads((tmp_path / "run.json").read_text())
    assert document["stages"] == {"mine": "running"}
    spent = document["seconds"]["mining"]
    progress = Recorded()
    assessed = run_stages(dataset, tmp_path, PARAMS, progress=progress)
    assert progress.heard["Mining targets"] == (5, 5)
    after = mtimes(tmp_path / "redescriptions")
    assert {path: after[path] for path in kept} == kept
    assert assessed.rows() == assess(select(mine(dataset, PARAMS)), dataset).rows()
    assert assessed.seconds > spent


def test_a_truncated_part_is_mined_again(
    dataset: Dataset, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(KeyboardInterrupt):
        run_stages(dataset, tmp_path, PARAMS, executor=Interrupted(2))
    part = tmp_path / "redescriptions" / "part-00000.parquet"
    part.write_bytes(part.read_bytes()[:-9])
    other = tmp_path / "redescriptions" / "part-00001.parquet"
    kept = other.stat().st_mtime_ns
    assessed = run_stages(dataset, tmp_path, PARAMS)
    assert "A part is removed and will be made again" in caplog.text
    assert other.stat().st_mtime_ns == kept
    assert assessed.rows() == assess(select(mine(dataset, PARAMS)), dataset).rows()


@pytest.mark.parametrize(
    ("mine_params", "assess_params"),
    [
        (MineParams(chunk_size=2, seed=6), AssessParams()),
        (MineParams(chunk_size=3, seed=5), AssessParams()),
        (PARAMS, AssessParams(alpha=0.05)),
    ],
)
def test_other_parameters_are_another_run(
    dataset: Dataset, tmp_path: Path, mine_params: MineParams, assess_params: AssessParams
) -> None:
    run_stages(dataset, tmp_path, PARAMS)
    with pytest.raises(StoreError, match="other inputs or parameters"):
        run_stages(dataset, tmp_path, mine_params, assess_params)
    replaced = run_stages(dataset, tmp_path, mine_params, assess_params, force=True)
    assert RunFolder.open(tmp_path).read_assessed() == replaced


def test_another_choice_is_another_run(dataset: Dataset, tmp_path: Path) -> None:
    run_stages(dataset, tmp_path, PARAMS)
    one = SelectParams(max_per_target=1)
    with pytest.raises(StoreError, match="other inputs or parameters"):
        run_stages(dataset, tmp_path, PARAMS, select_params=one)
    chosen = run_stages(dataset, tmp_path, PARAMS, select_params=one, force=True)
    assert chosen.evidence.family_size == len(chosen) == chosen.counts["described"]
    assert chosen.rows() == assess(select(mine(dataset, PARAMS), one), dataset).rows()


def test_other_inputs_are_another_run(dataset: Dataset, tmp_path: Path) -> None:
    run_stages(dataset, tmp_path, PARAMS)
    values = dataset.views[0].values.copy()
    values[0, 0] += 1e-9
    first = View("x", dataset.entities, dataset.views[0].attributes, values)
    changed = Dataset((first, dataset.views[1]), dataset.split)
    with pytest.raises(StoreError, match="other inputs or parameters"):
        run_stages(changed, tmp_path, PARAMS)


def test_bad_input_leaves_no_folder(dataset: Dataset, tmp_path: Path) -> None:
    constant = View.of("c", np.ones((150, 1)))
    unusable = Dataset((dataset.views[0], constant), dataset.split)
    with pytest.raises(ViewError, match="View 'c' cannot be mined"):
        run_stages(unusable, tmp_path / "run")
    params = MineParams(partners=("x",))
    with pytest.raises(ParameterError, match="the only partner"):
        run_stages(dataset, tmp_path / "run", params)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("chunk_size", [1, 16])
@pytest.mark.parametrize("n_jobs", [1, 2])
def test_chunks_and_threads_change_nothing(
    dataset: Dataset, tmp_path: Path, chunk_size: int, n_jobs: int
) -> None:
    run_stages(dataset, tmp_path / "a", PARAMS)
    params = MineParams(chunk_size=chunk_size, seed=5)
    run_stages(dataset, tmp_path / "b", params, executor=JoblibExecutor(n_jobs=n_jobs))
    for name in ("assessed.parquet", "targets.parquet"):
        first, second = (parquet.read_table(tmp_path / run / name) for run in "ab")
        assert first.equals(second)
