"""The plan comes first, an interrupted capture goes on, memory stays bounded."""

from __future__ import annotations

import json
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from tests.capture.toys import INPUTS, RECTIFIED, TOKENS, Raising, Signed, network
from torch import nn

from redescribe.capture.capture import capture
from redescribe.capture.plan import CapturePlan
from redescribe.core.captured import LayerUnits, Room
from redescribe.core.sizes import format_bytes, parse_size
from redescribe.errors import CaptureError, ParameterError, RedescribeError
from redescribe.store.activations import ActivationFolder, ActivationStore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROWS = np.random.default_rng(0).normal(size=(10, 2)).astype(np.float32)


def test_the_plan_is_announced_before_anything_is_written(tmp_path: Path) -> None:
    heard: list[tuple[CapturePlan, bool]] = []
    out = tmp_path / "acts"

    def hear(plan: CapturePlan) -> None:
        heard.append((plan, bool(list(tmp_path.iterdir()))))

    capture(network(), ROWS, layers=["hidden", "relu"], neurons=2, out=out, announce=hear)
    ((plan, something),) = heard
    assert not something
    assert (plan.n_units, plan.n_available, plan.n_entities) == (4, 6, 10)
    assert plan.n_bytes == 4 * 10 * 4
    assert plan.seconds > 0
    assert str(plan).startswith("4 of 6 units of 2 layers × 10 entities → 160 B (float32)")
    assert str(plan).endswith("on cpu (estimated from the first batch)")


def test_what_an_announcement_raises_stops_the_capture(tmp_path: Path) -> None:
    def refuse(_plan: CapturePlan) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        capture(network(), ROWS, layers="relu", out=tmp_path / "acts", announce=refuse)
    assert not list(tmp_path.iterdir())


def test_too_much_for_the_memory_is_refused_with_advice() -> None:
    with pytest.raises(CaptureError, match=r"need 120 B .* memory has room for 100 B") as e:
        capture(network(), ROWS, layers="relu", memory=100)
    for advice in ("fewer layers", "neurons=64", "out='acts/'", "memory='16GB'"):
        assert advice in str(e.value)
    assert "float16" not in str(e.value)
    assert capture(network(), ROWS, layers="relu", memory="120 B").values.shape == (3, 10)


def test_too_much_for_the_disk_is_refused_with_advice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = Room(10, str(tmp_path / "acts"))
    monkeypatch.setattr(ActivationFolder, "room", lambda _self: full)
    with pytest.raises(CaptureError, match="acts has room for 10 B") as raised:
        capture(network(), ROWS, layers="relu", out=tmp_path / "acts")
    assert "dtype='float16'" in str(raised.value)
    assert "out=" not in str(raised.value)
    assert not list(tmp_path.iterdir())


def test_the_room_of_a_folder_is_that_of_its_disk(tmp_path: Path) -> None:
    assert ActivationFolder(tmp_path / "not" / "there").room().n_bytes > 0


@pytest.mark.parametrize("size", ["", "4 apples", "-1", "GB"])
def test_what_is_no_size(size: str) -> None:
    with pytest.raises(ParameterError, match="A size is a number with kB"):
        parse_size(size)


def test_the_largest_layer_is_named() -> None:
    layers = (LayerUnits.whole("small", 2), LayerUnits.whole("large", 5))
    plan = CapturePlan(layers, 10, "float16", "cpu", 1.0)
    with pytest.raises(CaptureError, match="of layer 'large'"):
        plan.check_room(Room(139, "memory"))
    plan.check_room(Room(140, "memory"))
    assert format_bytes(plan.n_bytes) == "140 B"


def _counting(model: nn.Module) -> list[int]:
    rows: list[int] = []
    model.register_forward_pre_hook(lambda _m, args: rows.append(len(args[0])))
    return rows


def _interrupted(out: Path, inputs: Any, **options: Any) -> None:  # noqa: ANN401
    model = Raising(KeyboardInterrupt(), batch=3)
    _fill(model)
    with pytest.raises(KeyboardInterrupt):
        capture(model, inputs, layers="fc", out=out, **options)


def _fill(model: Raising) -> None:
    with torch.no_grad():
        model.fc.weight.copy_(torch.tensor([[1.0, 0.5], [-1.0, 2.0]]))
        model.fc.bias.fill_(0.25)


def _healthy() -> Raising:
    model = Raising(KeyboardInterrupt(), batch=1000)
    _fill(model)
    return model


@pytest.mark.parametrize("form", ["array", "batches", "generator"])
def test_an_interrupted_capture_goes_on_with_the_same_result(
    tmp_path: Path, form: str
) -> None:
    def inputs() -> Any:  # noqa: ANN401 - three forms
        batches = [torch.tensor(ROWS[i : i + 2]) for i in range(0, 10, 2)]
        return {"array": ROWS, "batches": batches, "generator": iter(batches)}[form]

    options: dict[str, Any] = {"batch_size": 2, "ids": list("abcdefghij")}
    whole = capture(_healthy(), inputs(), layers="fc", out=tmp_path / "whole", **options)
    _interrupted(tmp_path / "acts", inputs(), **options)
    assert not (tmp_path / "acts").exists()
    model = _healthy()
    rows = _counting(model)
    view = capture(model, inputs(), layers="fc", out=tmp_path / "acts", **options)
    assert rows == [2, 2, 2]  # the first batch says how large layers are; then two are left
    np.testing.assert_array_equal(view.values, whole.values)
    first, second = (
        json.loads((tmp_path / name / "store.json").read_text())
        for name in ("whole", "acts")
    )
    assert first == second
    assert sorted(path.name for path in tmp_path.iterdir()) == ["acts", "whole"]


def test_other_inputs_do_not_continue_a_capture(tmp_path: Path) -> None:
    _interrupted(tmp_path / "acts", ROWS, batch_size=2)
    others = ROWS.copy()
    others[5, 0] += 1
    with pytest.raises(
        CaptureError, match=r"interrupted capture to .*acts\. Give the same inputs"
    ):
        capture(_healthy(), others, layers="fc", out=tmp_path / "acts", batch_size=2)


@pytest.mark.parametrize("change", ["weights", "batch_size", "reduce"])
def test_another_capture_does_not_continue_one(tmp_path: Path, change: str) -> None:
    _interrupted(tmp_path / "acts", ROWS, batch_size=2)
    model = _healthy()
    options: dict[str, Any] = {"batch_size": 2}
    if change == "weights":
        with torch.no_grad():
            model.fc.bias.fill_(0.5)
    else:
        options |= {"batch_size": 5} if change == "batch_size" else {"reduce": "max"}
    rows = _counting(model)
    view = capture(model, ROWS, layers="fc", out=tmp_path / "acts", **options)
    assert sum(rows) == 10
    again = capture(model, ROWS, layers="fc", batch_size=options["batch_size"])
    np.testing.assert_array_equal(view.values, again.values)


def test_an_error_of_ours_leaves_nothing_to_continue(tmp_path: Path) -> None:
    rows = ROWS.copy()
    rows[7] = np.nan
    with pytest.raises(CaptureError, match="NaN or infinite in batch 3"):
        capture(network(), rows, layers="hidden", out=tmp_path / "acts", batch_size=2)
    assert not list(tmp_path.iterdir())


def test_tokens_of_an_interrupted_capture_go_on(tmp_path: Path) -> None:
    texts = np.tile(TOKENS, (4, 1)).astype(np.float32)
    model = nn.Sequential(Signed())
    n_batches = 0

    def stop(*_: object) -> None:
        nonlocal n_batches
        n_batches += 1
        if n_batches == 3:
            raise KeyboardInterrupt

    hook = model.register_forward_hook(stop)
    options: dict[str, Any] = {"layers": "0", "reduce": "each", "batch_size": 3}
    with pytest.raises(KeyboardInterrupt):
        capture(model, texts, out=tmp_path / "acts", **options)
    hook.remove()
    view = capture(model, texts, out=tmp_path / "acts", **options)
    np.testing.assert_array_equal(view.values[0], texts.ravel())
    assert len(set(view.entities.groups)) == 8


def test_what_the_values_depend_on_is_stored(tmp_path: Path) -> None:
    capture(
        network(), ROWS, layers="re*", neurons=2, seed=3, model_name="net",
        out=tmp_path / "acts", dtype="float16",
    )  # fmt: skip
    described = json.loads((tmp_path / "acts" / "store.json").read_text())
    stored = described["capture"]
    assert stored["layers"] == ["re*"]
    assert (stored["neurons"], stored["seed"]) == ("2", 3)
    assert len(stored["model_fingerprint"]) == len(described["inputs_fingerprint"]) == 64
    assert described["layers"][0]["layer"] == "relu"
    assert described["versions"]["torch"] == version("torch")
    assert (
        ActivationStore.open(tmp_path / "acts").view("v").names[0].startswith("net@relu:")
    )


def test_streams_and_memory_agree_whatever_the_batches(tmp_path: Path) -> None:
    for batch_size in (1, 2, 3):
        out = tmp_path / str(batch_size)
        view = capture(network(), INPUTS, layers="relu", out=out, batch_size=batch_size)
        np.testing.assert_array_equal(view.values, RECTIFIED.T)


def test_ids_of_a_generator_may_be_short() -> None:
    def batches() -> Iterator[np.ndarray]:
        yield from (INPUTS, INPUTS)

    with pytest.raises(RedescribeError, match="more than 4 entities"):
        capture(network(), batches(), layers="relu", ids=list("abcd"))
    with pytest.raises(CaptureError, match="no batch"):
        capture(network(), iter(()), layers="relu", ids=list("abcd"))
