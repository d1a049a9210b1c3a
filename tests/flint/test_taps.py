"""Hooks give what layers gave, and none stays behind."""

from __future__ import annotations

import pytest
import torch
from tests.flint.toys import TinyText, mlp
from torch import nn

from redescribe.errors import CaptureError, UnknownNameError
from redescribe.flint.taps import LayerTaps


def n_hooks(model: nn.Module) -> int:
    return sum(len(module._forward_hooks) for module in model.modules())


class Twice(nn.Module):
    def __init__(self, *, raises: bool = False) -> None:
        super().__init__()
        self.fc = nn.Linear(2, 2)
        self.unused = nn.Linear(2, 2)
        self.raises = raises

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        once = self.fc(x)
        if self.raises:
            em = "broken"
            raise RuntimeError(em)
        twice: torch.Tensor = self.fc(once)
        return twice


def test_features_are_those_of_the_layers_and_part_of_the_graph() -> None:
    model, x = mlp(), torch.ones(2, 4)
    output, features = LayerTaps(model, "re:fc.").run(x)
    assert list(features) == ["fc1", "fc2"]
    assert torch.equal(features["fc1"], model[0](x))
    assert torch.equal(output, model(x))
    features["fc1"].sum().backward()  # type: ignore[no-untyped-call]  # torch has no types
    gradients = [weight.grad is not None for weight in model.parameters()]
    assert gradients == [True, True, False, False, False, False]
    assert n_hooks(model) == 0


def test_no_hook_is_left_after_an_error() -> None:
    model = Twice(raises=True)
    with pytest.raises(RuntimeError, match="broken"):
        LayerTaps(model, "fc").run(torch.ones(1, 2))
    assert n_hooks(model) == 0


def test_operations_in_place_after_a_tap_do_not_change_it() -> None:
    first = nn.Linear(2, 2)
    nn.init.constant_(first.weight, -2.0)
    model = nn.Sequential(first, nn.ReLU(inplace=True))
    _, features = LayerTaps(model, "0").run(torch.ones(1, 2))
    assert (features["0"] < 0).all()
    features["0"].sum().backward()  # type: ignore[no-untyped-call]  # torch has no types


def test_a_call_of_a_module_that_runs_twice_is_named() -> None:
    model, x = Twice(), torch.ones(1, 2)
    with pytest.raises(CaptureError, match=r"runs 2 times.*'fc#1' to 'fc#2'"):
        LayerTaps(model, "fc").run(x)
    output, features = LayerTaps(model, ["fc#1", "fc#2"]).run(x)
    assert torch.equal(features["fc#2"], output)
    with pytest.raises(CaptureError, match="'fc#3' is tapped"):
        LayerTaps(model, "fc#3").run(x)


def test_wrong_layers_are_errors() -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'fc1"):
        LayerTaps(mlp(), "fc11")
    with pytest.raises(CaptureError, match="'unused' does not run"):
        LayerTaps(Twice(), "unused").run(torch.ones(1, 2))


def test_the_first_tensor_of_a_tuple_is_taken() -> None:
    _, features = LayerTaps(TinyText(), "rnn").run(torch.zeros(2, 3, dtype=torch.long))
    assert features["rnn"].shape == (2, 3, 5)


def test_scalars_per_entity_cannot_be_tapped() -> None:
    model = nn.Sequential(nn.Linear(2, 1), nn.Flatten(0))
    with pytest.raises(CaptureError, match=r"'1' gives the shape \(3,\)"):
        LayerTaps(model, "1").run(torch.ones(3, 2))
