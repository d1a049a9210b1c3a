"""Every back end gives the same values and, whatever fails, is left as it was."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from tests.capture.keras_home import imported
from tests.capture.toys import HIDDEN, INPUTS, RECTIFIED, n_hooks, network
from torch import nn

from redescribe.capture.capture import capture
from redescribe.capture.listing import layers
from redescribe.capture.loading import network_of
from redescribe.errors import CaptureError, RedescribeError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

keras = imported()
onnx = pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")

FLOATS = INPUTS.astype(np.float32)


@dataclass(frozen=True)
class Backend:
    """A model of a framework, with two layers whose values are known."""

    make: Callable[[], Any]
    hidden: str
    relu: str


def _onnx_model() -> Any:  # noqa: ANN401
    helper, floats = onnx.helper, onnx.TensorProto.FLOAT
    torch_model = network()
    weights = {
        f"{layer}.{kind}": getattr(torch_model.get_submodule(layer), kind).detach().numpy()
        for layer in ("hidden", "output")
        for kind in ("weight", "bias")
    }
    nodes = [
        helper.make_node(
            "Gemm", ["x", "hidden.weight", "hidden.bias"], ["h"], name="hidden", transB=1
        ),
        helper.make_node("Relu", ["h"], ["r"]),
        helper.make_node(
            "Gemm", ["r", "output.weight", "output.bias"], ["y"], name="output", transB=1
        ),
    ]
    graph = helper.make_graph(
        nodes,
        "toy",
        [helper.make_tensor_value_info("x", floats, ["n", 2])],
        [helper.make_tensor_value_info("y", floats, ["n", 1])],
        [onnx.numpy_helper.from_array(value, name) for name, value in weights.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])


def _keras_model() -> Any:  # noqa: ANN401
    given = keras.Input((2,), name="x")
    hidden = keras.layers.Dense(3, name="hidden")(given)
    rectified = keras.layers.ReLU(name="relu")(hidden)
    dropped = keras.layers.Dropout(0.5, name="dropout")(rectified)
    model = keras.Model(given, keras.layers.Dense(1, name="output")(dropped))
    torch_model = network()
    for name in ("hidden", "output"):
        layer = torch_model.get_submodule(name)
        weight, bias = layer.weight, layer.bias
        assert isinstance(weight, torch.Tensor)
        assert isinstance(bias, torch.Tensor)
        model.get_layer(name).set_weights(
            [weight.detach().numpy().T, bias.detach().numpy()]
        )
    return model


BACKENDS = {
    "torch": Backend(network, "hidden", "relu"),
    "onnx": Backend(_onnx_model, "hidden", "r"),
    "keras": Backend(_keras_model, "hidden", "relu"),
}


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> Backend:
    return BACKENDS[request.param]


@pytest.mark.parametrize("batch_size", [1, 2, 256])
def test_activations_are_those_of_the_hand(backend: Backend, batch_size: int) -> None:
    model = backend.make()
    view = capture(
        model, INPUTS, layers=[backend.relu, backend.hidden], batch_size=batch_size
    )
    np.testing.assert_allclose(view.values, np.hstack([RECTIFIED, HIDDEN]).T, atol=1e-6)
    assert view.names[0] == f"{backend.relu}:0"


def test_the_input_side(backend: Backend) -> None:
    model = backend.make()
    view = capture(model, INPUTS, layers=[backend.hidden, backend.relu], side="input")
    np.testing.assert_allclose(view.values, np.hstack([INPUTS, HIDDEN]).T, atol=1e-6)


def test_patterns_and_layers(backend: Backend) -> None:
    table = layers(backend.make(), INPUTS)
    found = {row.layer: row for row in table}
    assert {backend.hidden, backend.relu, "output"} <= set(found)
    row = found[backend.hidden]
    assert (row.shape, row.n_units, row.reduce, row.n_parameters) == ((None, 3), 3, "", 9)
    view = capture(backend.make(), INPUTS, layers="*")
    assert len(view.names) >= 3 + 3 + 1


def test_named_inputs(backend: Backend) -> None:
    name = "input" if backend is BACKENDS["torch"] else "x"
    model = backend.make()
    view = capture(model, {name: FLOATS}, layers=backend.hidden)
    np.testing.assert_allclose(view.values, HIDDEN.T, atol=1e-6)


def _wide() -> Iterator[np.ndarray]:
    yield FLOATS
    yield np.ones((3, 5), np.float32)


def _interrupting() -> Iterator[np.ndarray]:
    yield FLOATS
    raise KeyboardInterrupt


def _nan() -> Iterator[np.ndarray]:
    yield FLOATS
    yield np.full((3, 2), np.nan, np.float32)


Failure = tuple["Callable[[], Any]", dict[str, Any], type[BaseException]]

FAILURES: dict[str, Failure] = {
    "forward raises": (_wide, {}, Exception),
    "wrong layer": (_nan, {"layers": "hiddden"}, UnknownNameError),
    "no match": (_nan, {"layers": "conv*"}, CaptureError),
    "NaN": (_nan, {}, CaptureError),
    "a reducer that is none": (_nan, {"reduce": "median"}, UnknownNameError),
    "too little room": (_nan, {"memory": 1}, CaptureError),
    "too many entities": (_nan, {"ids": list("abcd")}, CaptureError),
    "an interruption": (_interrupting, {}, KeyboardInterrupt),
    "an item that is none": (_nan, {"item": "3"}, CaptureError),
}


def _state(model: Any) -> list[Any]:  # noqa: ANN401
    """All that a capture could leave behind in a model."""
    state: list[Any] = [network_of(model).fingerprint()]
    if isinstance(model, nn.Module):
        state += [
            n_hooks(model),
            [module.training for module in model.modules()],
            [(p.device, p.requires_grad, p.grad is None) for p in model.parameters()],
        ]
    if isinstance(model, keras.Model):
        state += [[layer.name for layer in model.layers], len(model.outputs)]
        state.append([len(layer._inbound_nodes) for layer in model.layers])
    if isinstance(model, onnx.ModelProto):
        state.append(model.SerializeToString(deterministic=True))
    return state


@pytest.mark.parametrize("failure", FAILURES)
@pytest.mark.parametrize("to", ["memory", "store"])
def test_failures_leave_no_trace(
    tmp_path: Path, backend: Backend, failure: str, to: str
) -> None:
    model = backend.make()
    if isinstance(model, nn.Module):
        model.train()
    before = _state(model)
    inputs, changed, error = FAILURES[failure]
    options: dict[str, Any] = {"layers": backend.hidden, "ids": list("abcdef")} | changed
    if to == "store" and "memory" not in options:
        options["out"] = tmp_path / "acts"
    with pytest.raises(error) as raised:
        capture(model, inputs(), **options)
    assert isinstance(raised.value, RedescribeError) == issubclass(error, RedescribeError)
    assert _state(model) == before
    assert torch.is_grad_enabled()
    # Whole batches are kept only if the same call could go on.
    kept = failure in {"forward raises", "an interruption"} and to == "store"
    assert bool(list(tmp_path.iterdir())) == kept
    assert not (tmp_path / "acts").exists()
    view = capture(model, INPUTS, layers=backend.hidden)
    np.testing.assert_allclose(view.values, HIDDEN.T, atol=1e-6)


def test_a_capture_changes_nothing(backend: Backend, tmp_path: Path) -> None:
    model = backend.make()
    before = _state(model)
    capture(model, INPUTS, layers="*", out=tmp_path / "acts")
    assert _state(model) == before


def test_fingerprints_tell_weights_apart(backend: Backend) -> None:
    first = network_of(backend.make()).fingerprint()
    assert first == network_of(backend.make()).fingerprint()
    other = backend.make()
    if isinstance(other, onnx.ModelProto):
        other.graph.initializer[0].raw_data = b"\0" * len(
            other.graph.initializer[0].raw_data
        )
    elif isinstance(other, keras.Model):
        other.get_layer("hidden").set_weights([np.zeros((2, 3)), np.zeros(3)])
    else:
        torch.nn.init.zeros_(other.get_submodule("hidden").weight)
    assert network_of(other).fingerprint() != first


@pytest.mark.parametrize("name", ["onnx", "keras"])
def test_devices_are_for_torch(name: str) -> None:
    with pytest.raises(CaptureError, match="device='cpu' is for PyTorch models"):
        capture(BACKENDS[name].make(), INPUTS, layers="hidden", device="cpu")


@pytest.mark.parametrize("model", [None, 3, object(), lambda x: x])
def test_what_is_no_model(model: Any) -> None:  # noqa: ANN401
    with pytest.raises(CaptureError, match="cannot be captured"):
        capture(model, INPUTS, layers="hidden")


def _exported(model: nn.Module, example: torch.Tensor, path: Path) -> Path:
    pytest.importorskip("onnxscript")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the exporter, about itself
        torch.onnx.export(
            model, (example,), str(path), dynamo=True, verbose=False,
            dynamic_shapes=({0: torch.export.Dim("n")},),
        )  # fmt: skip
    return path


def test_an_exported_network_gives_the_same_view(tmp_path: Path) -> None:
    """Tolerance: 1e-5 of the largest activation; frameworks add up in different orders."""
    torch.manual_seed(0)
    model = nn.Sequential(
        nn.Linear(12, 32), nn.ReLU(), nn.Linear(32, 16), nn.ReLU(), nn.Linear(16, 3)
    )
    rows = torch.randn(100, 12)
    path = _exported(model.eval(), rows[:2], tmp_path / "mlp.onnx")
    kinds = {row.layer: row.kind for row in layers(path)}
    names = list(kinds)
    assert list(kinds.values()) == ["Gemm", "Relu", "Gemm", "Relu", "Gemm"]
    for layer, name in enumerate(names):
        want = capture(model, rows, layers=str(layer)).values
        got = capture(path, rows, layers=name).values
        np.testing.assert_allclose(got, want, rtol=0, atol=1e-5 * np.abs(want).max())


def test_maps_of_an_exported_network_are_reduced_alike(tmp_path: Path) -> None:
    torch.manual_seed(0)
    model = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.MaxPool2d(2)).eval()
    images = torch.randn(6, 1, 8, 8)
    path = _exported(model, images[:2], tmp_path / "cnn.onnx")
    kinds = {row.kind: row for row in layers(path)}
    assert (kinds["Conv"].n_units, kinds["Conv"].reduce) == (4, "max")
    for kind, layer in (("Conv", "0"), ("MaxPool", "2")):
        want = capture(model, images, layers=layer, reduce=["max", "mean"])
        got = capture(path, images, layers=kinds[kind].layer, reduce=["max", "mean"])
        np.testing.assert_allclose(got.values, want.values, atol=1e-5)


def test_inputs_that_an_onnx_model_does_not_take() -> None:
    with pytest.raises(CaptureError, match=r"takes 'x'; batch 0 gives 0 .* and 'z'"):
        capture(_onnx_model(), {"z": FLOATS}, layers="hidden")


def test_a_file_that_is_no_onnx_model(tmp_path: Path) -> None:
    path = tmp_path / "broken.onnx"
    path.write_bytes(b"no model")
    with pytest.raises(CaptureError, match="is no ONNX model that can be read"):
        capture(path, INPUTS, layers="hidden")


def test_maps_of_keras_have_units_last() -> None:
    given = keras.Input((4, 4, 1))
    model = keras.Model(given, keras.layers.Conv2D(3, 2, name="conv")(given))
    (row,) = layers(model)
    assert (row.shape, row.n_units, row.reduce) == ((None, 3, 3, 3), 3, "max")
    images = np.random.default_rng(0).normal(size=(5, 4, 4, 1)).astype(np.float32)
    maps = np.asarray(model(images).detach())
    view = capture(model, images, layers="conv", reduce="max")
    np.testing.assert_allclose(view.values, maps.max(axis=(1, 2)).T, atol=1e-6)


def test_the_calls_of_a_keras_layer_in_this_model_and_no_other() -> None:
    given = keras.Input((2,))
    shared = keras.layers.Dense(2, name="shared", use_bias=False)
    shared(keras.Input((2,)))
    model = keras.Model(given, shared(shared(given)))
    shared.set_weights([2 * np.eye(2)])
    with pytest.raises(CaptureError, match=r"runs 2 times .*'shared#1' or 'shared#2'"):
        capture(model, INPUTS, layers="shared")
    for call, factor in (("shared#1", 2), ("shared#2", 4)):
        view = capture(model, INPUTS, layers=call)
        np.testing.assert_allclose(view.values, factor * INPUTS.T)
    view = capture(model, INPUTS, layers="shared#2", side="input")
    np.testing.assert_allclose(view.values, 2 * INPUTS.T)


def test_a_sequential_keras_model() -> None:
    layer = keras.layers.Dense(2, name="fc", use_bias=False)
    model = keras.Sequential([keras.Input((2,)), layer])
    layer.set_weights([3 * np.eye(2)])
    np.testing.assert_allclose(capture(model, INPUTS, layers="fc").values, 3 * INPUTS.T)


def test_a_subclassed_keras_model_is_not_supported() -> None:
    class Own(keras.Model):  # type: ignore[misc, name-defined]
        def call(self, x: Any) -> Any:  # noqa: ANN401
            return x

    with pytest.raises(
        CaptureError, match=r"'Own' is subclassed or not built.*not supported"
    ):
        capture(Own(), INPUTS, layers="x")


def test_a_keras_file(tmp_path: Path) -> None:
    path = tmp_path / "net.keras"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of Keras, about NumPy
        _keras_model().save(path)
    view = capture(path, INPUTS, layers="hidden")
    np.testing.assert_allclose(view.values, HIDDEN.T, atol=1e-6)
    path.write_bytes(b"no model")
    with pytest.raises(CaptureError, match=r"net\.keras cannot be loaded by Keras"):
        capture(path, INPUTS, layers="hidden")
