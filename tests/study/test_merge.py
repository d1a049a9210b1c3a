"""What `merge` makes of its folders, and what it refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.study.test_merge_families import data, made, params

from redescribe.errors import ParameterError, StoreError
from redescribe.executors.shards import Shard
from redescribe.study.merge import merge
from redescribe.study.shards import mine_shard

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run, and half of another one; only read them."""
    path = tmp_path_factory.mktemp("folders")
    made(path / "done", data("x", "y"))
    mine_shard(data("x", "z"), path / "half", Shard(0, 2), params(chunk_size=1))
    return path


def test_nothing_is_refused() -> None:
    with pytest.raises(ParameterError, match="nothing to merge"):
        merge()


def test_several_need_a_folder_for_the_result(folders: Path) -> None:
    with pytest.raises(ParameterError, match="needs one for the result"):
        merge(folders / "done", folders / "half")


def test_a_folder_is_named_once(folders: Path, tmp_path: Path) -> None:
    again = folders / "half" / ".." / "done"
    with pytest.raises(ParameterError, match="given twice"):
        merge(folders / "done", again, out=tmp_path / "out")


def test_unfinished_runs_come_first(folders: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="half is unfinished and belongs to another run"):
        merge(folders / "done", folders / "half", out=tmp_path / "out")


def test_a_finished_run_alone_is_not_copied(folders: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="nothing to merge"):
        merge(folders / "done", out=tmp_path / "out")


def test_a_folder_that_is_no_run(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="does not exist"):
        merge(tmp_path / "nowhere")


def test_the_result_may_not_replace_another_run(folders: Path, tmp_path: Path) -> None:
    mine_shard(data("x", "z"), tmp_path / "all", Shard(0, 1), params(chunk_size=1))
    made(tmp_path / "taken", data("x", "y"))
    with pytest.raises(StoreError, match="other inputs or parameters"):
        merge(tmp_path / "all", folders / "half", out=tmp_path / "taken")
    merged = merge(tmp_path / "all", folders / "half", out=tmp_path / "taken", force=True)
    assert merged.views == ("x", "z")
