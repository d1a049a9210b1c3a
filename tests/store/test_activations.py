"""Activations are written in batches and read back unit by unit."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redescribe.core.entities import EntityIndex
from redescribe.errors import StoreError, UnknownNameError
from redescribe.store.activation_writer import ActivationWriter
from redescribe.store.activations import ActivationFolder, ActivationStore

ENTITIES = EntityIndex(("a", "b", "c"), ("g", "g", "h"))
FC = np.array([[0.0, 1.5], [2.0, 1.5], [np.nan, 1.5]], np.float32)
ODD = np.array([[1.0], [2.0], [3.0]], np.float32)


def _write(path: Path, dtype: str = "float32") -> ActivationStore:
    layers = {"model.0/fc": 2, "odd layer": 1}
    with ActivationWriter(path, layers, ENTITIES, dtype=dtype, model_name="net") as sink:
        for batch in (slice(0, 2), slice(2, 3)):
            sink.write("model.0/fc", FC[batch])
            sink.write("odd layer", ODD[batch])
    return ActivationStore.open(path)


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


def test_one_layer_is_memory_mapped(tmp_path: Path) -> None:
    values = _write(tmp_path).view("o", ["odd layer"]).values
    assert isinstance(values.base, np.memmap)


def test_strangers_can_read_the_files(tmp_path: Path) -> None:
    _write(tmp_path)
    neurons = pd.read_parquet(tmp_path / "neurons.parquet")
    assert neurons["unit"].tolist() == [0, 1, 0]
    assert neurons["file"][0] == "layers/model.0%2Ffc/e00000-u00000.npy"
    assert neurons["minimum"].tolist() == [0.0, 1.5, 1.0]
    assert neurons["maximum"].tolist() == [2.0, 1.5, 3.0]
    assert neurons["share_non_zero"].tolist() == pytest.approx([1 / 3, 1, 1])
    assert neurons["share_missing"].tolist() == pytest.approx([1 / 3, 0, 0])
    assert neurons["constant"].tolist() == [False, True, False]
    block = np.load(tmp_path / neurons["file"][0])
    assert block.dtype == np.dtype("<f4")
    np.testing.assert_array_equal(block, FC.T)


def test_a_unit_that_is_always_missing_has_no_extremes(tmp_path: Path) -> None:
    with ActivationWriter(tmp_path, {"fc": 1}, EntityIndex.numbered(2)) as sink:
        sink.write("fc", np.full((2, 1), np.nan, np.float32))
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
        with out.writer({"fc": n_units}, entities, dtype="float32", model_name="") as sink:
            for batch in np.split(values, cuts):
                sink.write("fc", batch)
        np.testing.assert_array_equal(out.view("v").values, values.T)


def test_an_overflow_names_the_way_out(tmp_path: Path) -> None:
    writer = ActivationWriter(
        tmp_path / "a", {"fc": 1}, EntityIndex.numbered(1), dtype="float16"
    )
    batch = np.array([[70000.0]], np.float32)
    with pytest.raises(StoreError, match=r"70000.*dtype='float32'"), writer as sink:
        sink.write("fc", batch)
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
    writer = ActivationWriter(tmp_path / "a", {"fc": 2}, ENTITIES)
    with pytest.raises(StoreError, match=message), writer as sink:
        sink.write("fc", batch)
    assert not list(tmp_path.iterdir())


def test_an_interrupted_writer_leaves_nothing(tmp_path: Path) -> None:
    writer = ActivationWriter(tmp_path / "a", {"fc": 2}, ENTITIES)

    def interrupt() -> None:
        with writer as sink:
            sink.write("fc", FC)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupt()
    assert not list(tmp_path.iterdir())


def test_a_taken_folder_is_refused(tmp_path: Path) -> None:
    _write(tmp_path)
    with pytest.raises(StoreError, match="not an empty folder"):
        _write(tmp_path)
    assert ActivationStore.open(tmp_path).view("v").values.shape == (3, 3)


def test_another_dtype_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="float64"):
        ActivationWriter(tmp_path, {"fc": 1}, ENTITIES, dtype="float64")


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
    path = tmp_path / store.layers["odd layer"]
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(StoreError, match="e00000-u00000"):
        store.view("v")


def test_a_block_of_other_entities_is_a_store_error(tmp_path: Path) -> None:
    store = _write(tmp_path)
    np.save(tmp_path / store.layers["odd layer"], np.zeros((1, 4), np.float32))
    with pytest.raises(StoreError, match="3 entities are needed"):
        store.view("v")
