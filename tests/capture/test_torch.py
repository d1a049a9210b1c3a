"""Captured activations are those worked out by hand, and the model is left as it was."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from tests.capture.toys import (
    HIDDEN,
    INPUTS,
    RECTIFIED,
    Raising,
    Twice,
    n_hooks,
    network,
)
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from redescribe.capture.capture import capture
from redescribe.capture.sinks import MemoryOutput
from redescribe.core.entities import EntityIndex
from redescribe.errors import CaptureError, RedescribeError, StoreError, UnknownNameError
from redescribe.store.activations import ActivationFolder, ActivationStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from redescribe.capture.batches import Data


class _Pair(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.pair = nn.LSTM(2, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        result: torch.Tensor = self.pair(x)[0]
        return result


@pytest.mark.parametrize("inplace", ["", "inplace"])
@pytest.mark.parametrize(
    ("layer", "side", "expected"),
    [
        ("hidden", "output", HIDDEN),
        ("hidden", "input", INPUTS),
        ("relu", "input", HIDDEN),
        ("relu", "output", RECTIFIED),
        ("output", "input", RECTIFIED),
        ("output", "output", RECTIFIED.sum(axis=1, keepdims=True)),
    ],
)
@pytest.mark.parametrize("batch_size", [1, 2, 3, 256])
def test_activations_are_those_of_the_hand(
    inplace: str, layer: str, side: str, expected: np.ndarray, batch_size: int
) -> None:
    model = network(inplace=bool(inplace))
    view = capture(model, INPUTS, layers=layer, side=side, batch_size=batch_size)
    np.testing.assert_array_equal(view.values, expected.T.astype(np.float32))
    assert view.values.dtype == np.float32
    assert view.name == layer
    assert view.names == tuple(f"{layer}:{unit}" for unit in range(expected.shape[1]))
    assert all(attribute.neuron for attribute in view.attributes)
    assert view.entities.ids == ("0", "1", "2")


def test_layers_stand_one_below_the_other() -> None:
    ids = EntityIndex(("a", "b", "c"), ("g", "g", "h"))
    view = capture(network(), INPUTS, layers=["output", "relu"], ids=ids, model_name="net")
    assert view.name == "net"
    assert view.names == ("net@output:0", "net@relu:0", "net@relu:1", "net@relu:2")
    assert view.entities == ids
    np.testing.assert_array_equal(view.values[1:], RECTIFIED.T)
    assert capture(network(), INPUTS, layers=["output", "relu"]).name == "neurons"


@pytest.mark.parametrize(
    "inputs",
    [
        torch.tensor(INPUTS, dtype=torch.float32),
        [torch.tensor(INPUTS[:2], dtype=torch.float32), INPUTS[2:]],
        [(INPUTS, np.zeros(3))],
        DataLoader(TensorDataset(torch.tensor(INPUTS).float()), batch_size=2),
        DataLoader(torch.tensor(INPUTS).float(), batch_size=2),  # type: ignore[arg-type]
    ],
    ids=["tensor", "list", "tuple", "loader of tuples", "loader"],
)
def test_inputs_come_in_several_forms(inputs: Data) -> None:
    view = capture(network(), inputs, layers="relu")
    np.testing.assert_array_equal(view.values, RECTIFIED.T)


def test_a_generator_needs_ids() -> None:
    def batches() -> Iterator[np.ndarray]:
        yield INPUTS[:1]
        yield INPUTS[1:]

    with pytest.raises(CaptureError, match="Give their ids"):
        capture(network(), batches(), layers="relu")
    view = capture(network(), batches(), layers="relu", ids=[7, 8, 9])
    assert view.entities.ids == ("7", "8", "9")
    np.testing.assert_array_equal(view.values, RECTIFIED.T)


@pytest.mark.parametrize("layers", ["relu", ["hidden", "relu"]])
def test_streamed_equals_in_memory(tmp_path: Path, layers: str | list[str]) -> None:
    ids = ["x", "y", "z"]
    kept = capture(network(), INPUTS, layers=layers, batch_size=2, ids=ids)
    streamed = capture(
        network(),
        INPUTS,
        layers=layers,
        batch_size=2,
        ids=ids,
        out=ActivationFolder(tmp_path / "acts"),
    )
    again = ActivationStore.open(tmp_path / "acts").view(kept.name)
    for view in (streamed, again):
        assert (view.name, view.names) == (kept.name, kept.names)
        assert view.entities == kept.entities
        np.testing.assert_array_equal(view.values, kept.values)


def test_float16_is_stored_and_its_overflow_refused(tmp_path: Path) -> None:
    out = ActivationFolder(tmp_path / "acts")
    view = capture(network(), INPUTS, layers="relu", out=out, dtype="float16")
    np.testing.assert_array_equal(view.values, RECTIFIED.T)
    out = ActivationFolder(tmp_path / "large")
    with pytest.raises(StoreError, match="dtype='float32'"):
        capture(network(), INPUTS * 1e5, layers="relu", out=out, dtype="float16")
    assert not (tmp_path / "large").exists()
    with pytest.raises(CaptureError, match="in memory are float32"):
        capture(network(), INPUTS, layers="relu", dtype="float16")


Case = tuple[nn.Module, Any, dict[str, Any], type[Exception], str]

FAILURES: dict[str, Callable[[], Case]] = {
    "unknown layer": lambda: (
        network(), INPUTS, {"layers": "hiden"}, UnknownNameError, "Did you mean 'hidden'"
    ),
    "no layer": lambda: (network(), INPUTS, {"layers": []}, CaptureError, "No layer is"),
    "unknown side": lambda: (
        network(), INPUTS, {"layers": "relu", "side": "outputs"},
        UnknownNameError, "Did you mean 'output'",
    ),
    "raising forward": lambda: (
        Raising(RuntimeError("inside the model")), INPUTS, {"layers": "fc"},
        RuntimeError, "inside the model",
    ),
    "runs twice": lambda: (
        Twice(), INPUTS, {"layers": "fc"},
        CaptureError, "'fc' runs 2 times .* 'fc#1' or 'fc#2'",
    ),
    "never runs": lambda: (
        Twice(), INPUTS, {"layers": "unused"}, CaptureError, "'unused' does not run"
    ),
    "a map": lambda: (
        nn.Sequential(nn.Conv1d(1, 2, 1)), np.ones((3, 1, 4)), {"layers": "0"},
        CaptureError, r"'0' gives shape \(3, 2, 4\).*reduce='max' \(suggested\)",
    ),
    "no tensor": lambda: (
        _Pair(), INPUTS, {"layers": "pair", "item": "1"},
        CaptureError, "'pair' gives a tuple of 2; what stands at '1' is a tuple of 2",
    ),
    "other rows": lambda: (
        nn.Sequential(nn.Flatten(0), nn.Unflatten(0, (1, 6))), INPUTS, {"layers": "1"},
        CaptureError, r"shape \(1, 6\) for a batch of 3; the first",
    ),
    "NaN": lambda: (
        network(), np.where(INPUTS == 0.5, np.nan, INPUTS),
        {"layers": "relu", "batch_size": 1},
        CaptureError, "'relu' has .* NaN or infinite in batch 1",
    ),
    "too few": lambda: (
        network(), [INPUTS], {"layers": "relu", "ids": list("abcd")},
        CaptureError, "only 3 entities; 4 were announced",
    ),
    "too many": lambda: (
        network(), [INPUTS, INPUTS], {"layers": "relu", "ids": list("abcd")},
        CaptureError, "more than 4 entities",
    ),
    "ids of an array": lambda: (
        network(), INPUTS, {"layers": "relu", "ids": list("ab")},
        CaptureError, "3 entities and there are 2 ids",
    ),
    "nothing": lambda: (
        network(), INPUTS[:0], {"layers": "relu"}, CaptureError, "empty"
    ),
    "a batch that is no table": lambda: (
        network(), iter([{"x": 1}]), {"layers": "relu", "ids": ["a"]},
        CaptureError, "Batch 0 of the inputs, 'x', is a int",
    ),
    "shuffling": lambda: (
        network(), DataLoader(TensorDataset(torch.ones(3, 2)), shuffle=True),
        {"layers": "relu"}, CaptureError, "shuffle=False",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", FAILURES)
@pytest.mark.parametrize("to", ["memory", "store"])
def test_failures_leave_nothing_behind(tmp_path: Path, case: str, to: str) -> None:
    model, inputs, options, error, message = FAILURES[case]()
    model.train()
    out = ActivationFolder(tmp_path / "acts") if to == "store" else None
    with pytest.raises(error, match=message):
        capture(model, inputs, out=out, **options)
    assert n_hooks(model) == 0
    assert all(module.training for module in model.modules())
    assert not list(tmp_path.iterdir())
    assert issubclass(error, RedescribeError) or case == "raising forward"


def test_the_model_is_left_as_it_was() -> None:
    model = network()
    model.train()
    model.get_submodule("hidden").eval()
    modes = [module.training for module in model.modules()]
    capture(model, INPUTS, layers="output", device="cpu")
    assert [module.training for module in model.modules()] == modes
    assert n_hooks(model) == 0
    assert torch.is_grad_enabled()
    assert all(parameter.grad is None for parameter in model.parameters())


def test_hooks_of_others_stay() -> None:
    model = network()
    seen: list[int] = []
    model.get_submodule("relu").register_forward_hook(lambda *_: seen.append(1))
    capture(model, INPUTS, layers="relu")
    assert n_hooks(model) == 1
    assert seen == [1]


def test_a_model_without_parameters_runs() -> None:
    view = capture(nn.Sequential(nn.ReLU()), INPUTS, layers="0", device="cpu")
    np.testing.assert_array_equal(view.values, np.maximum(INPUTS, 0).T)


def test_progress_counts_entities() -> None:
    heard: list[tuple[str, int]] = []

    class Listener:
        @contextmanager
        def stage(self, name: str, total: int) -> Iterator[Callable[[int], None]]:
            heard.append((name, total))
            yield lambda steps: heard.append(("+", steps))

    capture(network(), INPUTS, layers="relu", batch_size=2, progress=Listener())
    assert heard == [("capture", 3), ("+", 2), ("+", 1)]


def test_memory_without_activations_is_no_view() -> None:
    with pytest.raises(CaptureError, match="no activations"):
        MemoryOutput().view("v")
