"""A run folder gives back what was put in, survives kills, and refuses what is not its."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from pyarrow import parquet
from tests.store.examples import dataset, one_result, parts

from redescribe.core.redescription import Redescription, TargetReport
from redescribe.errors import StoreError
from redescribe.store import views
from redescribe.store.run import RunFolder

Part = list[tuple[TargetReport, tuple[Redescription, ...]]]


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    return RunFolder.create(tmp_path / "run", dataset(), {"search": "trees"}, "k1")


def _part_file(run: RunFolder, chunk: int = 0) -> Path:
    return run.path / "redescriptions" / f"part-{chunk:05d}.parquet"


@pytest.mark.parametrize("n_entities", [2, 63, 64, 65])
@pytest.mark.parametrize("hold_out", [0.0, 0.5])
@pytest.mark.parametrize("with_groups", ["groups", ""])
def test_the_dataset_comes_back(
    tmp_path: Path, n_entities: int, hold_out: float, with_groups: str
) -> None:
    if with_groups and n_entities == 2:
        hold_out = 0.0  # one group cannot be divided
    data = dataset(n_entities, hold_out=hold_out, groups=bool(with_groups))
    RunFolder.create(tmp_path, data, {}, "k")
    again = RunFolder.open(tmp_path).dataset()
    assert again.names == data.names
    assert again.entities == data.entities
    assert again.split.params == data.split.params
    np.testing.assert_array_equal(again.split.mined, data.split.mined)
    np.testing.assert_array_equal(again.split.held_out, data.split.held_out)
    for view, expected in zip(again.views, data.views, strict=True):
        assert view.attributes == expected.attributes
        assert view.values.dtype == expected.values.dtype
        np.testing.assert_array_equal(view.values, expected.values)


def test_run_json_says_how_it_was_made(run: RunFolder) -> None:
    run.update(counts={"kept": 3}, stages={"search": "done"})
    document = json.loads((run.path / "run.json").read_text())
    assert document["encoding-type"] == "run"
    assert document["parameters"] == {"search": "trees"}
    assert document["seed"] == 3
    assert document["counts"] == {"kept": 3}
    assert document["versions"]["numpy"] == np.__version__
    assert set(document["fingerprints"]) == set(dataset().names)


def test_strangers_can_read_the_inputs(run: RunFolder) -> None:
    entities = pd.read_parquet(run.path / "entities.parquet")
    assert list(entities.columns) == ["id", "group", "part"]
    assert set(entities["part"]) == {"mine", "hold_out"}
    folder = run.path / "views" / "labels%20%26%20more"
    assert list(pd.read_parquet(folder / "attributes.parquet")["name"]) == [
        "stage",
        "smoker",
    ]
    assert np.load(folder / "values.npy").shape == (2, 65)


@given(part=parts())
@settings(max_examples=30, deadline=None)
def test_a_part_comes_back(part: Part) -> None:
    with TemporaryDirectory() as folder:
        run = RunFolder(Path(folder), "k")
        run.write_part(3, part)
        assert run.has_part(3)
        assert run.read_part(3) == part


def test_a_part_belongs_to_its_key(run: RunFolder) -> None:
    assert not run.has_part(0)
    run.write_part(0, [one_result()])
    assert run.has_part(0)
    assert not run.has_part(0, "another")
    assert not run.has_part(1)
    run.write_part(1, [one_result()], "stage")
    assert run.has_part(1, "stage")
    table = pd.read_parquet(_part_file(run))
    assert table.loc[0, "n_literals"] == 2
    assert table.loc[0, "target"] == "fc:0"


def test_a_resumed_run_keeps_its_parts(run: RunFolder) -> None:
    run.write_part(0, [one_result()])
    (run.path / "supports" / ".redescribe-part-00001.npy-12.tmp").write_text("half")
    again = RunFolder.create(run.path, dataset(), {}, "k1")
    assert again.read_part(0) == [one_result()]
    assert not list(run.path.rglob("*.tmp"))


@pytest.mark.parametrize("length", [0, 3, 100, -1])
@pytest.mark.parametrize("which", ["redescriptions", "supports"])
def test_a_truncated_part_is_not_done(
    run: RunFolder, caplog: pytest.LogCaptureFixture, length: int, which: str
) -> None:
    run.write_part(0, [one_result()])
    path = next((run.path / which).iterdir())
    path.write_bytes(path.read_bytes()[:length])
    with caplog.at_level(logging.WARNING, "redescribe.store"):
        assert not run.has_part(0)
    assert "will be made again" in caplog.text
    assert not _part_file(run).exists()
    run.write_part(0, [one_result()])
    assert run.has_part(0)


def test_supports_alone_are_no_part(run: RunFolder) -> None:
    run.write_part(0, [one_result()])
    _part_file(run).unlink()
    assert not run.has_part(0)
    with pytest.raises(StoreError, match="does not exist"):
        run.read_part(0)


def test_another_key_needs_force(run: RunFolder) -> None:
    run.write_part(0, [one_result()])
    (run.path / "report.html").write_text("of the user")
    with pytest.raises(StoreError, match=r"other inputs or parameters.*--force"):
        RunFolder.create(run.path, dataset(), {}, "k2")
    assert run.has_part(0)
    other = RunFolder.create(run.path, dataset(64), {}, "k2", force=True)
    assert not _part_file(run).exists()
    assert other.dataset().n_entities == 64
    assert (run.path / "report.html").exists()
    assert RunFolder.open(run.path).key == "k2"


def test_a_folder_of_other_things_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("dear")
    for force in (False, True):
        with pytest.raises(StoreError, match="not a run folder"):
            RunFolder.create(tmp_path, dataset(), {}, "k", force=force)
    with pytest.raises(StoreError, match=r"no run\.json"):
        RunFolder.open(tmp_path)
    with pytest.raises(StoreError, match="does not exist"):
        RunFolder.open(tmp_path / "nowhere")
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_a_run_killed_while_it_was_made_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(views, "_write_view", _interrupt)
        with pytest.raises(KeyboardInterrupt):
            RunFolder.create(tmp_path, dataset(), {}, "k1")
    run = RunFolder.create(tmp_path, dataset(63), {}, "k2")
    assert run.dataset().n_entities == 63


def test_a_folder_with_leftovers_only_is_free(tmp_path: Path) -> None:
    (tmp_path / ".redescribe-run.json-12.tmp").write_text("{")
    RunFolder.create(tmp_path, dataset(), {}, "k")
    assert not list(tmp_path.glob(".*"))


def test_a_part_without_its_key_is_not_done(run: RunFolder) -> None:
    run.write_part(0, [one_result()])
    table = parquet.read_table(_part_file(run))
    header = {"encoding-type": "redescriptions-part", "encoding-version": "0.1"}
    parquet.write_table(table.replace_schema_metadata(header), _part_file(run))
    assert not run.has_part(0)
    parquet.write_table(table.replace_schema_metadata({}), _part_file(run))
    assert not run.has_part(0)


def test_a_path_that_is_a_file_is_a_store_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for path in (tmp_path / "file", tmp_path / "file" / "run"):
        with pytest.raises(StoreError, match="cannot be written"):
            RunFolder.create(path, dataset(), {}, "k")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "is broken"),
        ("[]", "where an object is needed"),
        ('{"encoding-type": "zoo"}', "'run' is needed"),
        ('{"encoding-type": "run", "encoding-version": "99"}', "Upgrade"),
    ],
)
def test_a_broken_run_json_is_a_store_error(
    run: RunFolder, text: str, message: str
) -> None:
    (run.path / "run.json").write_text(text)
    with pytest.raises(StoreError, match=message):
        RunFolder.open(run.path)
    with pytest.raises(StoreError, match=message):
        RunFolder.create(run.path, dataset(), {}, "k1")


def test_a_view_of_pickled_objects_is_refused(run: RunFolder) -> None:
    path = run.path / "views" / "third" / "values.npy"
    np.save(path, np.array([{"a": 1}]), allow_pickle=True)
    with pytest.raises(StoreError, match=r"values\.npy"):
        run.dataset()


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt
