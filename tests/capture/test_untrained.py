"""Untrained copies: drawn by the laws of the modules, and nothing else is touched."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from redescribe.capture.capture import capture
from redescribe.capture.untrained import untrained
from redescribe.errors import CaptureError, UnknownNameError


def trained() -> nn.Sequential:
    """Weights far from where they started, and a batch normalisation that has seen data."""
    network = nn.Sequential()
    network.add_module("standardised", nn.Linear(3, 3))
    network.add_module("hidden", nn.Sequential(nn.Linear(3, 8), nn.BatchNorm1d(8)))
    network.add_module("output", nn.Linear(8, 1))
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.fill_(7.0)
    network.train()
    network(torch.arange(12.0).reshape(4, 3))
    return network.eval()


def state(model: nn.Module) -> dict[str, torch.Tensor]:
    return {name: tensor.clone() for name, tensor in model.state_dict().items()}


def same(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> bool:
    return all(torch.equal(one[name], other[name]) for name in one | other)


def test_all_is_drawn_anew_and_the_model_stays() -> None:
    model = trained()
    before, random = state(model), torch.get_rng_state()
    fresh = untrained(model, 0)
    assert same(before, state(model))
    assert torch.equal(random, torch.get_rng_state())
    for name, tensor in fresh.named_parameters():
        assert not (tensor == 7.0).any(), name
    drawn = state(fresh)
    assert torch.equal(drawn["hidden.1.running_mean"], torch.zeros(8))
    assert drawn["hidden.1.num_batches_tracked"] == 0
    assert torch.equal(drawn["hidden.1.weight"], torch.ones(8))
    assert not fresh.training
    # PyTorch's law of a linear layer: uniform within 1 / sqrt(inputs).
    assert drawn["output.weight"].abs().max() <= 1 / 8**0.5


def test_the_seed_alone_decides() -> None:
    one, other = state(untrained(trained(), 3)), state(untrained(trained(), 3))
    assert same(one, other)
    assert not same(one, state(untrained(trained(), 4)))


def test_some_modules_are_kept() -> None:
    model = trained()
    fresh = untrained(model, 0, keep="standardised")
    kept, before = (state(m.get_submodule("standardised")) for m in (fresh, model))
    assert same(kept, before)
    assert not torch.isin(state(fresh)["output.weight"], 7.0).any()
    fresh = untrained(model, 0, keep=["hidden"])
    kept, before = (state(m.get_submodule("hidden")) for m in (fresh, model))
    assert same(kept, before)
    with pytest.raises(UnknownNameError, match="no module 'standardized'"):
        untrained(model, 0, keep="standardized")


class Whole(nn.Module):
    """Draws also what its inner modules contain."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = nn.Linear(2, 2)
        self.other = nn.Linear(2, 2)

    def reset_parameters(self) -> None:
        for parameter in self.parameters():
            nn.init.zeros_(parameter)


def test_the_outer_law_comes_last_but_spares_what_is_kept() -> None:
    model = Whole()
    fresh = untrained(model, 0, keep="inner")
    assert same(state(fresh.get_submodule("inner")), state(model.inner))
    assert not state(fresh)["other.weight"].any()


def test_attention_has_a_law() -> None:
    model = nn.MultiheadAttention(4, 2)
    with torch.no_grad():
        model.in_proj_weight.fill_(7.0)
    assert not torch.isin(state(untrained(model, 0))["in_proj_weight"], 7.0).any()


class Lawless(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.ones(3))


def test_a_module_without_a_law_is_named() -> None:
    model = nn.Sequential(nn.Linear(2, 3), Lawless())
    with pytest.raises(CaptureError, match=r"draws them: 1 \(Lawless\)\. Give the class"):
        untrained(model, 0)
    assert torch.equal(untrained(model, 0, keep="1")[1].scale, torch.ones(3))  # type: ignore[index]
    with pytest.raises(CaptureError, match="the model itself"):
        untrained(Lawless(), 0)


def test_hooks_and_shared_weights_are_those_of_the_copy() -> None:
    layer = nn.Linear(3, 3)
    model = nn.Sequential(layer, nn.ReLU(), layer)
    fresh = untrained(model, 0)
    assert fresh[0].weight is fresh[2].weight  # type: ignore[index]
    assert fresh[0].weight is not layer.weight  # type: ignore[index]


def test_its_activations_are_a_view_with_the_same_neurons() -> None:
    model = trained()
    inputs = torch.arange(12.0).reshape(4, 3)
    views = [
        capture(network, inputs, layers="hidden", model_name="net")
        for network in (model, untrained(model, 0))
    ]
    assert views[0].names == views[1].names
    assert (views[0].values != views[1].values).any()
