"""Activations are written in batches and read back unit by unit."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redescribe.core.captured import LayerUnits
from redescribe.core.entities import EntityIndex
from redescribe.errors import StoreError, UnknownNameError
from redescribe.store.activation_writer import ActivationWriter
from redescribe.store.activations import ActivationFolder, ActivationStore

if TYPE_CHECKING:
    from collections.abc import Iterator

ENTITIES = EntityIndex(("a", "b", "c"), ("g", "g", "h"))
FC = np.array([[0.0, 1.5], [2.0, 1.5], [np.nan, 1.5]], np.float32)
ODD = np.array([[1.0], [2.0], [3.0]], np.float32)


def _write(path: Path, dtype: str = "float32") -> ActivationStore:
    layers = [LayerUnits.whole("model.0/fc", 2), LayerUnits.whole("odd layer", 1)]
    with ActivationWriter(path, layers, ENTITIES, dtype=dtype, model_name="net") as sink:
        for batch in (slice(0, 2), slice(2, 3)):
            sink.write(np.hstack([FC[batch], ODD[batch]]))
    return ActivationStore.open(path)


def _bases(array: np.ndarray) -> Iterator[object]:
    base = array.base
    while base is not None:
        yield base
        base = getattr(base, "base", None)


@pytest.mark.parametrize("dtype", ["float32", "float16"])
def test_batches_come_back_as_units(tmp_path: Path, dtype: str) -> None:
    store = _write(tmp_path / "acts", dtype)
    view = store.view("neurons")
    assert view.names == ("net@model.0/fc:0", "net@model.0/fc:1", 'net@"odd layer":0')
    assert all(attribute.neuron for attribute in view.attributes)
    assert view.entities == ENTITIES
    assert view.values.dtype == np.float32
    np.testing.assert_array_equal(view.values, np.hstack([FC, ODD]).T)
    assert list(store.layers) == ["model.0/fc", "odd layer"]
    assert store.view("o", ["odd layer"]).values.shape == (1, 3)


@pytest.mark.parametrize("layers", [None, ["odd layer"], ["model.0/fc", "odd layer"]])
def test_neighbours_are_memory_mapped(tmp_path: Path, layers: list[str] | None) -> None:
    values = _write(tmp_path).view("o", layers).values
    assert not values.flags.writeable
    assert np.shares_memory(values, values.base)
    assert "memmap" in {type(base).__name__ for base in _bases(values)}


def test_layers_in_another_order_are_joined(tmp_path: Path) -> None:
    view = _write(tmp_path).view("o", ["odd layer", "model.0/fc"])
    np.testing.assert_array_equal(view.values, np.hstack([ODD, FC]).T)


def test_strangers_can_read_the_files(tmp_path: Path) -> None:
    _write(tmp_path)
    neurons = pd.read_parquet(tmp_path / "neurons.parquet")
    assert neurons["unit"].tolist() == [0, 1, 0]
    assert neurons["row"].tolist() == [0, 1, 2]
    assert set(neurons["file"]) == {"activations.npy"}
    assert neurons["minimum"].tolist() == [0.0, 1.5, 1.0]
    assert neurons["maximum"].tolist() == [2.0, 1.5, 3.0]
    assert neurons["share_non_zero"].tolist() == pytest.approx([1 / 3, 1, 1])
    assert neurons["share_missing"].tolist() == pytest.approx([1 / 3, 0, 0])
    assert neurons["constant"].tolist() == [False, True, False]
    block = np.load(tmp_path / neurons["file"][0])
    assert block.dtype == np.dtype("<f4")
    np.testing.assert_array_equal(block, np.hstack([FC, ODD]).T)


def test_a_unit_that_is_always_missing_has_no_extremes(tmp_path: Path) -> None:
    with ActivationWriter(
        tmp_path, [LayerUnits.whole("fc", 1)], EntityIndex.numbered(2)
    ) as sink:
        sink.write(np.full((2, 1), np.nan, np.float32))
    row = pd.read_parquet(tmp_path / "neurons.parquet").iloc[0]
    assert pd.isna(row["minimum"])
    assert row["share_missing"] == 1
    assert not row["constant"]


@given(cuts=st.lists(st.integers(0, 7), max_size=4).map(sorted), n_units=st.integers(1, 3))
@settings(max_examples=20, deadline=None)
def test_any_batching_gives_the_same_store(cuts: list[int], n_units: int) -> None:
    values = np.random.default_rng(0).normal(size=(7, n_units)).astype(np.float32)
    with TemporaryDirectory() as folder:
        out = ActivationFolder(Path(folder) / "acts")
        entities = EntityIndex.numbered(7)
        with out.writer(
            [LayerUnits.whole("fc", n_units)],
            entities,
            dtype="float32",
            model_name="",
            details={},
        ) as sink:
            for batch in np.split(values, cuts):
                sink.write(batch)
        np.testing.assert_array_equal(out.view("v").values, values.T)


def test_an_overflow_names_the_way_out(tmp_path: Path) -> None:
    writer = ActivationWriter(
        tmp_path / "a",
        [LayerUnits.whole("fc", 1)],
        EntityIndex.numbered(1),
        dtype="float16",
    )
    batch = np.array([[70000.0]], np.float32)
    with pytest.raises(StoreError, match=r"70000.*dtype='float32'"), writer as sink:
        sink.write(batch)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("batch", "message"),
    [
        (np.array([[np.inf, 0]], np.float32), "infinite"),
        (np.zeros((1, 3), np.float32), "2 units"),
        (np.zeros((4, 2), np.float32), "3 entities"),
        (np.zeros(2, np.float32), r"shape \(2,\)"),
        (np.zeros((2, 2), np.float32), "got 2 of 3 entities"),
    ],
)
def test_what_does_not_fit_leaves_nothing(
    tmp_path: Path, batch: np.ndarray, message: str
) -> None:
    writer = ActivationWriter(tmp_path / "a", [LayerUnits.whole("fc", 2)], ENTITIES)
    with pytest.raises(StoreError, match=message), writer as sink:
        sink.write(batch)
    assert not list(tmp_path.iterdir())


class _Stopped(Exception):  # noqa: N818 - as a stranger's error
    pass


def _stopped_after(path: Path, n_batches: int, error: type[BaseException]) -> None:
    layers = [LayerUnits.whole("fc", 2)]
    with ActivationWriter(path, layers, ENTITIES) as sink:
        for row in range(n_batches):
            sink.write(FC[row : row + 1], inputs=f"digest {row}")
        raise error


@pytest.mark.parametrize("error", [KeyboardInterrupt, _Stopped])
def test_an_interrupted_writer_is_taken_up(
    tmp_path: Path, error: type[BaseException]
) -> None:
    with pytest.raises(error):
        _stopped_after(tmp_path / "a", 2, error)
    assert not (tmp_path / "a").exists()
    layers = [LayerUnits.whole("fc", 2)]
    with ActivationWriter(tmp_path / "a", layers, ENTITIES) as sink:
        assert (sink.n_kept, sink.inputs_kept) == (2, "digest 1")
        sink.write(FC[2:], inputs="digest 2")
    store = ActivationStore.open(tmp_path / "a")
    np.testing.assert_array_equal(store.view("v").values, FC.T)
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    described = json.loads((tmp_path / "a" / "store.json").read_text())
    assert described["inputs_fingerprint"] == "digest 2"


@pytest.mark.parametrize(("n_batches", "error"), [(0, KeyboardInterrupt), (2, StoreError)])
def test_what_cannot_be_taken_up_leaves_nothing(
    tmp_path: Path, n_batches: int, error: type[BaseException]
) -> None:
    with pytest.raises(error):
        _stopped_after(tmp_path / "a", n_batches, error)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "other",
    [
        {"layers": [LayerUnits.whole("fd", 2)]},
        {"layers": [LayerUnits("fc", (0, 2), 3)]},
        {"entities": EntityIndex.numbered(3)},
        {"dtype": "float16"},
        {"details": {"seed": 1}},
    ],
)
def test_another_capture_begins_anew(tmp_path: Path, other: dict[str, Any]) -> None:
    with pytest.raises(KeyboardInterrupt):
        _stopped_after(tmp_path / "a", 2, KeyboardInterrupt)
    options: dict[str, Any] = {"layers": [LayerUnits.whole("fc", 2)], "entities": ENTITIES}
    with ActivationWriter(tmp_path / "a", **options | other) as sink:
        assert (sink.n_kept, sink.inputs_kept) == (0, "")
        sink.write(FC)


def test_a_broken_state_begins_anew(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        _stopped_after(tmp_path / "a", 2, KeyboardInterrupt)
    (state,) = tmp_path.rglob("progress.json")
    state.write_text("{")
    with ActivationWriter(tmp_path / "a", [LayerUnits.whole("fc", 2)], ENTITIES) as sink:
        assert sink.n_kept == 0
        sink.write(FC)


def test_sampled_units_keep_their_numbers(tmp_path: Path) -> None:
    layers = [LayerUnits("conv", (1, 7), 9, "max"), LayerUnits("conv", (1,), 9, "mean")]
    with ActivationWriter(tmp_path, layers, ENTITIES) as sink:
        sink.write(np.hstack([FC, ODD]))
    store = ActivationStore.open(tmp_path)
    assert store.view("v").names == ("conv:1|max", "conv:7|max", "conv:1|mean")
    assert store.view("v", ["conv|max"]).names == ("conv:1|max", "conv:7|max")
    assert store.view("v", ["conv"]).names == store.view("v").names
    described = json.loads((tmp_path / "store.json").read_text())["layers"][0]
    assert (described["n_captured"], described["n_units"]) == (2, 9)


def test_a_store_of_the_first_version_is_read(tmp_path: Path) -> None:
    _write(tmp_path)
    path, file = tmp_path / "store.json", "layers/fc/e00000-u00000.npy"
    (tmp_path / file).parent.mkdir(parents=True)
    np.save(tmp_path / file, FC.T)
    described = json.loads(path.read_text())
    old = described | {"encoding-version": "0.1", "layers": {"fc": file}}
    path.write_text(json.dumps(old))
    view = ActivationStore.open(tmp_path).view("v")
    assert view.names == ("net@fc:0", "net@fc:1")
    np.testing.assert_array_equal(view.values, FC.T)


def test_a_buffer_smaller_than_a_batch_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("redescribe.store.unit_file._BUFFER", 16)
    values = np.random.default_rng(0).normal(size=(7, 2)).astype(np.float32)
    layers = [LayerUnits.whole("fc", 2)]
    with ActivationWriter(tmp_path, layers, EntityIndex.numbered(7)) as sink:
        sink.write(values[:5])
        sink.write(values[5:])
    stored = ActivationStore.open(tmp_path).view("v").values
    np.testing.assert_array_equal(stored, values.T)


def test_a_taken_folder_is_refused(tmp_path: Path) -> None:
    _write(tmp_path)
    with pytest.raises(StoreError, match="not an empty folder"):
        _write(tmp_path)
    assert ActivationStore.open(tmp_path).view("v").values.shape == (3, 3)


def test_another_dtype_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="float64"):
        ActivationWriter(tmp_path, [LayerUnits.whole("fc", 1)], ENTITIES, dtype="float64")


def test_an_unknown_layer_has_a_nearest_one(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'odd layer'"):
        _write(tmp_path).view("v", ["odd_layer"])


def test_what_is_no_store_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="does not exist"):
        ActivationStore.open(tmp_path / "nowhere")
    with pytest.raises(StoreError, match=r"no store\.json"):
        ActivationStore.open(tmp_path)
    (tmp_path / "store.json").write_text(json.dumps({"encoding-type": "run"}))
    with pytest.raises(StoreError, match="'activations' is needed"):
        ActivationStore.open(tmp_path)


@pytest.mark.parametrize("length", [0, 20, -4])
def test_a_truncated_block_is_a_store_error(tmp_path: Path, length: int) -> None:
    store = _write(tmp_path)
    path = tmp_path / store.layers["odd layer"].file
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(StoreError, match=r"activations\.npy"):
        store.view("v")


def test_a_block_of_other_entities_is_a_store_error(tmp_path: Path) -> None:
    store = _write(tmp_path)
    np.save(tmp_path / store.layers["odd layer"].file, np.zeros((1, 4), np.float32))
    with pytest.raises(StoreError, match="3 entities are needed"):
        store.view("v")
