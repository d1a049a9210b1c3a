"""Which layers are meant, which of their calls and which of their tensors."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
import torch
from tests.capture.toys import INPUTS, Gives, Twice, network
from torch import nn

from redescribe.capture.capture import capture
from redescribe.capture.layers import choose_layers
from redescribe.capture.network import KnownLayer
from redescribe.capture.reading import sampled_units
from redescribe.errors import CaptureError, ParameterError, UnknownNameError

KNOWN = {
    "layer3.0.conv1": KnownLayer("Conv2d", 9),
    "layer4.1.conv2": KnownLayer("Conv2d", 9),
    "layer4.1.bn": KnownLayer("BatchNorm2d", 2),
    "layer5.conv": KnownLayer("Conv2d", 9),
    "odd[1]": KnownLayer("Linear", 3),
}


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ("layer5.conv", ["layer5.conv"]),
        ("layer[34].*conv*", ["layer3.0.conv1", "layer4.1.conv2"]),
        ("re:layer4.*", ["layer4.1.conv2", "layer4.1.bn"]),
        (re.compile(r".*conv\d"), ["layer3.0.conv1", "layer4.1.conv2"]),
        (lambda _name, kind: kind == "BatchNorm2d", ["layer4.1.bn"]),
        ("odd[1]", ["odd[1]"]),
        (
            ["layer5.conv", "layer*conv*"],
            ["layer5.conv", "layer3.0.conv1", "layer4.1.conv2"],
        ),
        (["layer5.conv", "layer5.conv"], ["layer5.conv"]),
    ],
)
def test_layers_are_chosen(choice: Any, expected: list[str]) -> None:  # noqa: ANN401
    assert [wanted.layer for wanted in choose_layers(KNOWN, choice)] == expected


@pytest.mark.parametrize(
    ("choice", "error", "message"),
    [
        ("layer5.cnv", UnknownNameError, "Did you mean 'layer5.conv'"),
        ("conv*", CaptureError, r"No layer matches 'conv\*'.*'layer3.0.conv1', "),
        ("re:(", CaptureError, "no regular expression"),
        (re.compile("x"), CaptureError, "No layer matches 'x'"),
        (lambda *_: False, CaptureError, "No layer matches"),
        ([], CaptureError, "No layer is named"),
    ],
)
def test_what_chooses_nothing(
    choice: Any,  # noqa: ANN401
    error: type[Exception],
    message: str,
) -> None:
    with pytest.raises(error, match=message):
        choose_layers(KNOWN, choice)


@pytest.mark.parametrize(("call", "factor"), [("fc#1", 2), ("fc#2", 4)])
def test_a_call_can_be_named(call: str, factor: int) -> None:
    view = capture(Twice(), INPUTS, layers=call, batch_size=2)
    assert view.names == (f"{call}:0", f"{call}:1")
    np.testing.assert_array_equal(view.values, factor * INPUTS.T)


def test_patterns_take_every_call_and_leave_out_what_does_not_run() -> None:
    view = capture(Twice(), INPUTS, layers="*")
    assert view.names == ("fc#1:0", "fc#1:1", "fc#2:0", "fc#2:1")


def test_the_only_call_needs_no_number() -> None:
    assert capture(network(), INPUTS, layers="output#1").names == ("output:0",)


@pytest.mark.parametrize(
    ("layers", "message"),
    [
        ("fc", "'fc' runs 2 times in a forward pass.*'fc#1' or 'fc#2'"),
        ("fc#3", "'fc' runs 2 times"),
        ("unused#1", "'unused' does not run"),
        ("unus*", "None of the layers that match runs.*'unused'"),
    ],
)
def test_calls_that_are_not_clear(layers: str, message: str) -> None:
    with pytest.raises(CaptureError, match=message):
        capture(Twice(), INPUTS, layers=layers)


def test_a_layer_must_run_as_often_in_every_batch() -> None:
    class Moody(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.fc = nn.Linear(2, 2)
            self.n_batches = 0

        def forward(self, x: torch.Tensor) -> None:
            self.n_batches += 1
            for _ in range(self.n_batches):
                self.fc(x)

    with pytest.raises(CaptureError, match="ran 1 times in the first batch and 2"):
        capture(Moody(), INPUTS, layers="fc", batch_size=1)


def test_units_must_be_as_many_in_every_batch() -> None:
    batches = [torch.zeros(1, 2), torch.zeros(1, 3)]
    with pytest.raises(CaptureError, match="'0' had 2 units in the first batch"):
        capture(nn.Sequential(nn.ReLU()), batches, layers="0")


class _ModelOutput(dict[str, Any]):
    """As in transformers: a mapping whose elements are also attributes."""


@pytest.mark.parametrize(
    ("what", "item", "factor"),
    [
        (lambda x: x, "0", 1),
        (lambda x: (2 * x, x), "0", 2),
        (lambda x: [2 * x, 3 * x], 1, 3),
        (lambda x: (x, (x, 5 * x)), "1.1", 5),
        (lambda x: {"a": 2 * x, "b": 3 * x}, "0", 2),
        (lambda x: {"a": 2 * x, "b": 3 * x}, "b", 3),
        (lambda x: _ModelOutput(loss=4 * x), "loss", 4),
    ],
)
def test_one_of_several_tensors_is_captured(
    what: Any,  # noqa: ANN401
    item: str | int,
    factor: int,
) -> None:
    view = capture(Gives(what), INPUTS, layers="layer", item=item)
    np.testing.assert_array_equal(view.values, factor * INPUTS.T)


@pytest.mark.parametrize(
    ("what", "item", "message"),
    [
        (lambda _: None, "0", r"gives a NoneType, which has no '0'"),
        (lambda x: (None, x), "0", r"gives a tuple of 2; what stands at '0' is a NoneType"),
        (lambda x: (x,), "1", r"gives a tuple of 1, which has no '1' \(item='1'\)"),
        (lambda x: {"a": x}, "b", "gives a dict with the keys a, which has no 'b'"),
        (lambda x: x, "1", r"gives a Tensor of shape \(3, 2\), which has no '1'"),
    ],
)
def test_what_is_no_tensor(what: Any, item: str, message: str) -> None:  # noqa: ANN401
    with pytest.raises(CaptureError, match=message):
        capture(Gives(what), INPUTS, layers="layer", item=item)


def test_a_single_value_per_entity_is_one_unit() -> None:
    view = capture(Gives(lambda x: x[:, 0]), INPUTS, layers="layer")
    np.testing.assert_array_equal(view.values, INPUTS[:, :1].T)


def test_tokens_that_come_first_are_explained() -> None:
    model = Gives(lambda x: x.T.reshape(2, 3, 1))
    with pytest.raises(CaptureError, match="batch_first=True"):
        capture(model, INPUTS, layers="layer")


def test_several_inputs_and_named_inputs() -> None:
    class Two(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.out = nn.Identity()

        def forward(self, a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
            result: torch.Tensor = self.out(a - b)
            return result

    a, b = torch.tensor(INPUTS), torch.ones(3, 2)
    want = (INPUTS - 1).T
    tuples = [(a[:2], b[:2], "label"), (a[2:], b[2:], "label")]
    view = capture(Two(), tuples, layers="out", n_inputs=2)
    np.testing.assert_array_equal(view.values, want)
    for named in ({"b": b, "a": a}, [{"a": a[:1], "b": b[:1]}, {"b": b[1:], "a": a[1:]}]):
        view = capture(Two(), named, layers="out", batch_size=2)
        np.testing.assert_array_equal(view.values, want)
    with pytest.raises(CaptureError, match="has 1 elements; the network is to take 2"):
        capture(Two(), [(a,)], layers="out", n_inputs=2)
    with pytest.raises(CaptureError, match=r"have \[2, 3\] rows"):
        capture(Two(), {"a": a, "b": b[:2]}, layers="out")


def test_the_input_side_of_a_layer_with_named_arguments() -> None:
    class Inner(nn.Module):
        def forward(self, *, x: torch.Tensor) -> torch.Tensor:
            return x

    class Outer(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inner = Inner()

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            result: torch.Tensor = self.inner(x=x)
            return result

    view = capture(Outer(), INPUTS, layers="inner", side="input")
    np.testing.assert_array_equal(view.values, INPUTS.T)


def test_units_are_drawn_by_layer_and_seed() -> None:
    model = nn.Sequential(nn.Linear(2, 50), nn.Linear(50, 50), nn.Linear(50, 3))
    view = capture(model, INPUTS, layers=["0", "1", "2"], neurons=4, seed=1)
    assert len(view.names) == 4 + 4 + 3
    assert view.names[-3:] == ("2:0", "2:1", "2:2")
    alone = capture(model, INPUTS, layers="1", neurons="4", seed=1)
    assert alone.names == view.names[4:8]
    assert alone.names != capture(model, INPUTS, layers="1", neurons=4, seed=2).names
    whole = capture(model, INPUTS, layers="1")
    for name in alone.names:
        np.testing.assert_array_equal(alone.column(name), whole.column(name))
    assert sampled_units("1", 50, 4, 1) != sampled_units("0", 50, 4, 1)


@pytest.mark.parametrize("neurons", ["some", "0", -3, "4.5"])
def test_a_sample_is_a_number(neurons: str | int) -> None:
    with pytest.raises(ParameterError, match="how many units are drawn of each layer"):
        capture(network(), INPUTS, layers="hidden", neurons=neurons)
