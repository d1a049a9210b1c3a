"""Shards of a capture are joined to what a capture without shards gives."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from tests.capture.toys import TOKENS, Reader, network

from redescribe.capture.capture import capture
from redescribe.capture.joining import join_captures
from redescribe.core.entities import EntityIndex
from redescribe.errors import CaptureError, StoreError
from redescribe.executors.shards import Shard

if TYPE_CHECKING:
    from pathlib import Path

ROWS = np.random.default_rng(0).normal(size=(23, 2)).astype(np.float32)
IDS = EntityIndex(tuple(f"e{i}" for i in range(23)), tuple(f"g{i // 4}" for i in range(23)))


def sharded(folder: Path, of: int, data: Any = ROWS, **options: Any) -> list[Path]:  # noqa: ANN401
    """Capture all shards; return their folders, the last one first."""
    common: dict[str, Any] = {"layers": ["relu", "hidden"], "batch_size": 2, "ids": IDS}
    paths = []
    for number in range(of):
        shard = Shard(number, of)
        out = folder / f"part{number}"
        capture(network(), data, shard=shard, out=out, **(common | options))
        paths.append(out)
    return paths[::-1]


@pytest.mark.parametrize("of", [1, 2, 5, 12])
@pytest.mark.parametrize("dtype", ["float32", "float16"])
def test_joined_values_are_those_of_a_whole_capture(
    tmp_path: Path, of: int, dtype: str
) -> None:
    whole = tmp_path / "whole"
    options: dict[str, Any] = {"layers": ["relu", "hidden"], "batch_size": 2, "ids": IDS}
    expected = capture(network(), ROWS, out=whole, dtype=dtype, **options)
    joined = join_captures(*sharded(tmp_path, of, dtype=dtype), out=tmp_path / "all")
    assert joined.entities == expected.entities
    assert joined.names == expected.names
    values, others = (tmp_path / name / "activations.npy" for name in ("whole", "all"))
    assert values.read_bytes() == others.read_bytes()
    stored, other = (
        json.loads((tmp_path / name / "store.json").read_text())
        for name in ("whole", "all")
    )
    assert stored.pop("inputs_fingerprint") != other.pop("inputs_fingerprint")
    assert stored == other


@pytest.mark.parametrize("form", ["batches", "processes"])
def test_given_batches_and_processes_are_shared_out(tmp_path: Path, form: str) -> None:
    whole = capture(network(), ROWS, layers=["relu", "hidden"], ids=IDS, batch_size=4)
    batches = [torch.tensor(ROWS[i : i + 4]) for i in range(0, 23, 4)]
    options = {"n_jobs": 2, "batch_size": 4} if form == "processes" else {}
    data = ROWS if form == "processes" else batches
    joined = join_captures(*sharded(tmp_path, 3, data, **options), out=tmp_path / "all")
    np.testing.assert_array_equal(joined.values, whole.values)


def test_tokens_are_shared_out_by_text(tmp_path: Path) -> None:
    mask = np.array([[1, 1, 0], [1, 1, 1]])
    data = {"values": np.tile(TOKENS, (5, 1)), "attention_mask": np.tile(mask, (5, 1))}
    options: dict[str, Any] = {"layers": "signed", "reduce": "each", "batch_size": 3}
    whole = capture(Reader(), data, **options)
    paths = []
    for number in range(3):
        paths.append(tmp_path / str(number))
        capture(Reader(), data, out=paths[-1], shard=Shard(number, 3), **options)
    joined = join_captures(*paths, out=tmp_path / "all")
    np.testing.assert_array_equal(joined.values, whole.values)
    assert joined.entities == whole.entities


def test_in_memory_a_shard_is_a_view_of_its_entities() -> None:
    shard = Shard(1, 2)
    view = capture(network(), ROWS, layers="relu", ids=IDS, batch_size=5, shard=shard)
    assert view.entities.ids == IDS.ids[15:]


def test_what_cannot_be_shared_out() -> None:
    shard = Shard(1, 2)
    with pytest.raises(CaptureError, match=r"Shard 1/2 has no batch: there are 1 of them"):
        capture(network(), ROWS, layers="relu", shard=shard)
    with pytest.raises(CaptureError, match="not a generator"):
        capture(network(), iter([ROWS]), layers="relu", ids=IDS, shard=shard)
    with pytest.raises(CaptureError, match="23 entities and there are 3 ids"):
        capture(network(), [ROWS], layers="relu", ids=list("abc"), shard=shard)


def test_only_all_shards_of_one_capture_are_joined(tmp_path: Path) -> None:
    paths = sharded(tmp_path, 3)
    out = tmp_path / "all"
    with pytest.raises(CaptureError, match=r"Got 0/3, 2/3\."):
        join_captures(paths[0], paths[2], out=out)
    with pytest.raises(CaptureError, match=r"Got 1/3, 1/3, 2/3\."):
        join_captures(paths[0], paths[1], paths[1], out=out)
    with pytest.raises(CaptureError, match="nothing to join"):
        join_captures(out=out)
    with pytest.raises(StoreError, match="does not exist"):
        join_captures(tmp_path / "none", out=out)
    (other,) = sharded(tmp_path / "other", 1, dtype="float16")
    with pytest.raises(CaptureError, match="differ in dtype"):
        join_captures(paths[0], other, out=out)
    capture(network(), ROWS, layers="relu", out=tmp_path / "plain")
    with pytest.raises(CaptureError, match="plain is no shard of a capture"):
        join_captures(tmp_path / "plain", out=out)
    described = json.loads((paths[0] / "store.json").read_text())
    del described["versions"]
    (paths[0] / "store.json").write_text(json.dumps(described))
    with pytest.raises(StoreError, match=r"store\.json is broken"):
        join_captures(*paths, out=out)
    assert not out.exists()
