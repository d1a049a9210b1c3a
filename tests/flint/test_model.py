"""A FLINT wraps any network, by design and post hoc."""

from __future__ import annotations

import warnings
from typing import Any

import pytest
import torch
from tests.flint.toys import TinyCNN, TinyText, mlp, trained_mlp
from torch import nn

from redescribe.errors import CaptureError, ParameterError, UnknownNameError
from redescribe.flint import FLINT, AttributeParams
from redescribe.flint.attributes import AttributeNet
from redescribe.flint.decoders import ConvDecoder, MlpDecoder
from redescribe.flint.params import Activation


def flint_of(model: nn.Module | None = None, **options: Any) -> FLINT:  # noqa: ANN401
    shown: dict[str, Any] = {"example_input": torch.ones(2, 4), "n_classes": 3} | options
    return FLINT(model or mlp(), shown.pop("layers", ["fc1", "fc2"]), 5, **shown)


def test_shapes_of_what_it_gives() -> None:
    output = flint_of()(torch.ones(7, 4))
    assert output.logits_f.shape == output.logits_g.shape == (7, 3)
    assert output.attributes.shape == (7, 5)
    assert output.reconstruction is not None
    assert output.reconstruction.shape == (7, 4)
    assert list(output.features) == ["fc1", "fc2"]


def test_it_is_built_at_the_first_pass_and_the_seed_decides_how() -> None:
    late, early = flint_of(example_input=None), flint_of()
    assert not late.is_built
    late(torch.ones(1, 4))
    for one, other in zip(late.parameters(), early.parameters(), strict=True):
        assert torch.equal(one, other)
    other_seed = flint_of(seed=1)
    assert not torch.equal(late.head.linear.weight, other_seed.head.linear.weight)


def test_building_leaves_random_state_modes_and_buffers_alone() -> None:
    model = TinyCNN().train()
    state, before = (
        torch.get_rng_state(),
        model.state_dict()["block1.1.running_mean"].clone(),
    )
    FLINT(model, "block1", 4, 2, example_input=torch.ones(3, 1, 8, 8))
    assert torch.equal(torch.get_rng_state(), state)
    assert torch.equal(model.state_dict()["block1.1.running_mean"], before)
    assert model.dropout.training


@pytest.mark.parametrize("layers", [["block1"], ["block1", "block2"], ["block2", "output"]])
def test_maps_of_several_sizes_and_vectors_are_joined(layers: list[str]) -> None:
    flint = FLINT(TinyCNN(), layers, 4, 2)
    assert flint(torch.rand(3, 1, 8, 8)).attributes.shape == (3, 4)
    assert isinstance(flint.decoder, MlpDecoder)


def test_large_images_get_a_decoder_of_convolutions() -> None:
    flint = FLINT(TinyCNN(), "block1", 4, 2, example_input=torch.rand(2, 1, 16, 16))
    assert isinstance(flint.decoder, ConvDecoder)
    with pytest.raises(ParameterError, match="multiples of 4"):
        FLINT(
            TinyCNN(), "block1", 4, 2, decoder="conv", example_input=torch.rand(2, 1, 6, 6)
        )


@pytest.mark.parametrize("tokens", ["mean", "cls"])
def test_tokens_are_tapped_and_token_numbers_not_decoded(tokens: str) -> None:
    net = AttributeParams(tokens=tokens)  # type: ignore[arg-type]  # checked there
    flint = FLINT(TinyText(), "rnn", 4, 2, attribute_net=net)
    words = torch.randint(0, 10, (3, 6))
    output = flint(words)
    assert output.attributes.shape == (3, 4)
    assert output.reconstruction is None
    changed = words.clone()
    changed[:, -1] = (changed[:, -1] + 1) % 10
    same = torch.equal(flint(changed).attributes, output.attributes)
    assert same == (tokens == "cls")  # the first token sees nothing of the last one
    with pytest.raises(ParameterError, match="'mlp' needs inputs that are one tensor"):
        FLINT(TinyText(), "rnn", 4, 2, decoder="mlp", example_input=words)


def test_inputs_by_name_are_passed_by_name() -> None:
    flint = FLINT(TinyText(), "rnn", 4, 2)
    words = torch.randint(0, 10, (3, 6))
    assert torch.equal(flint({"words": words}).logits_f, flint(words).logits_f)


@pytest.mark.parametrize("activation", list(Activation))
def test_activations(activation: Activation) -> None:
    params = AttributeParams(top_k=2)
    flint = flint_of(activation=activation, attribute_net=params).eval()
    phi = flint(torch.randn(50, 4)).attributes
    if activation is Activation.LEAKY_RELU:
        assert phi.min() < 0
    elif activation is Activation.SOFTPLUS:
        assert phi.min() > 0
    else:
        assert phi.min() == 0
    if activation is Activation.TOPK:
        assert (phi > 0).sum(1).max() == 2


def test_spatial_attributes_are_the_largest_of_their_map() -> None:
    params = AttributeParams(spatial=True, pool=2)
    flint = FLINT(TinyCNN(), ["block1", "block2"], 4, 2, attribute_net=params)
    output = flint.eval()(torch.rand(3, 1, 8, 8))
    maps = flint.attribute_values(output.features)
    assert maps.shape == (3, 4, 2, 2)
    wanted = nn.functional.leaky_relu(maps.flatten(2).amax(2), 0.01)
    assert torch.equal(output.attributes, wanted)
    with pytest.raises(ParameterError, match="need layers that all give maps"):
        flint_of(attribute_net=params)


def test_tokens_have_spatial_attributes_too() -> None:
    flint = FLINT(TinyText(), "rnn", 4, 2, attribute_net=AttributeParams(spatial=True))
    output = flint.eval()(torch.randint(0, 10, (3, 6)))
    each = flint.attribute_values(output.features)
    assert each.shape == (3, 4, 6)
    assert torch.equal(output.attributes, nn.functional.leaky_relu(each.amax(2), 0.01))


def test_tokens_are_pooled_by_their_largest_values_or_with_attention() -> None:
    words = torch.randint(0, 10, (3, 6))
    for how in ("max", "attention"):
        params = AttributeParams(tokens=how)  # type: ignore[arg-type]  # checked there
        flint = FLINT(TinyText(), "rnn", 4, 2, attribute_net=params, example_input=words)
        net = flint.eval().attribute_net
        assert isinstance(net, AttributeNet)
        output = flint(words)
        inner = net.branches[0](output.features["rnn"])
        wanted = inner.amax(1)
        if how == "attention":
            weights = net.attention[0](inner).softmax(1)
            wanted = (weights * inner).sum(1)
        assert torch.allclose(flint.attribute_values(output.features), net.last(wanted))


@pytest.mark.parametrize("kind", ["maps", "tokens"])
def test_attention_weighs_positions(kind: str) -> None:
    params = AttributeParams(spatial=True, spatial_pool="attention")  # type: ignore[arg-type]
    if kind == "maps":
        x, flint = (
            torch.rand(3, 1, 8, 8),
            FLINT(TinyCNN(), "block1", 4, 2, attribute_net=params),
        )
    else:
        x, flint = (
            torch.randint(0, 10, (3, 6)),
            FLINT(TinyText(), "rnn", 4, 2, attribute_net=params),
        )
    flint.build(x).eval()
    net = flint.attribute_net
    assert isinstance(net, AttributeNet)
    nn.init.zeros_(net.attention[0].weight)  # type: ignore[arg-type]  # every position counts alike
    output = flint(x)
    weighted = flint.attribute_values(output.features)
    n_positions = weighted.flatten(2).shape[2]
    plain = AttributeParams(spatial=True)
    same = AttributeNet(flint.feature_shapes, 4, plain)
    same.load_state_dict(
        {k: v for k, v in net.state_dict().items() if "attention" not in k}
    )
    values = same(list(output.features.values()))
    assert torch.allclose(weighted, values / n_positions)
    mean = values.flatten(2).mean(2)
    assert torch.allclose(
        output.attributes, nn.functional.leaky_relu(mean, 0.01), atol=1e-6
    )


def test_biases_begin_where_they_are_told() -> None:
    flint = flint_of(attribute_net=AttributeParams(bias=0.1))
    bias = flint.attribute_net.last.bias  # type: ignore[union-attr]
    assert bias.tolist() == pytest.approx([0.1] * 5)  # type: ignore[operator]


def test_options_that_would_do_nothing_are_errors() -> None:
    with pytest.raises(ParameterError, match="Set spatial=True"):
        AttributeParams(spatial_pool="attention")  # type: ignore[arg-type]
    with pytest.raises(ParameterError, match="Use spatial_pool, not tokens"):
        AttributeParams(spatial=True, tokens="max")  # type: ignore[arg-type]
    with pytest.raises(ParameterError, match=r"is a number, or None\. Got 'a'"):
        AttributeParams(bias="a")  # type: ignore[arg-type]


def test_one_logit_of_two_classes_becomes_two() -> None:
    model = mlp(1)
    flint = flint_of(model, n_classes=2)
    x = torch.randn(4, 4)
    p = flint.predict_proba(x, which="f")
    assert torch.allclose(p[:, 1:], model(x).sigmoid())


def test_predictions_of_every_task() -> None:
    x = torch.randn(6, 4)
    classes = flint_of()
    assert torch.equal(classes.predict(x), classes.predict_proba(x).argmax(1))
    labels = flint_of(task="multilabel")
    assert torch.equal(labels.predict(x), labels.predict_proba(x) > 0.5)
    values = flint_of(task="regression")
    assert torch.equal(values.predict(x, which="f"), values.model(x))
    with pytest.raises(ParameterError, match="no probabilities"):
        values.predict_proba(x)
    with pytest.raises(ParameterError, match="Got 'h'"):
        values.predict(x, which="h")


def test_one_attribute_and_no_bias() -> None:
    flint = FLINT(mlp(), "fc2", 1, 3, head_bias=False, decoder=None)
    output = flint.eval()(torch.ones(2, 4))
    assert output.attributes.shape == (2, 1)
    assert torch.equal(flint.head.offsets(), torch.zeros(3))


def test_own_parts_are_used_and_checked() -> None:
    class First(nn.Module):
        def forward(self, features: list[torch.Tensor]) -> torch.Tensor:
            return features[0][:, :5]

    flint = flint_of(attribute_net=First(), decoder=nn.Linear(5, 4))
    output = flint(torch.ones(2, 4))
    assert torch.equal(output.attributes, output.features["fc1"][:, :5])
    with pytest.raises(ParameterError, match=r"decoder gives the shape \(2, 3\)"):
        flint_of(decoder=nn.Linear(5, 3))
    with pytest.raises(ParameterError, match="The attribute_net is 'auto' or"):
        flint_of(attribute_net="conv")


def test_a_post_hoc_network_is_frozen_and_stays_in_evaluation_mode() -> None:
    model = TinyCNN()
    with pytest.warns(UserWarning, match="network is in training mode"):
        flint = FLINT.post_hoc(model, "block1", 4, 2)
    flint.build(torch.ones(2, 1, 8, 8)).train()
    assert flint.head.training
    assert not model.training
    assert not any(weight.requires_grad for weight in model.parameters())
    assert not flint(torch.ones(2, 1, 8, 8)).logits_f.requires_grad
    model.train()
    with pytest.raises(CaptureError, match="frozen network is in training mode"):
        flint(torch.ones(2, 1, 8, 8))


def test_a_network_in_evaluation_mode_is_no_reason_to_warn() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        FLINT.post_hoc(trained_mlp(), "fc1", 4, 3)


def test_moves_to_other_types() -> None:
    flint = flint_of().double()
    assert flint(torch.ones(2, 4, dtype=torch.float64)).logits_g.dtype == torch.float64
    built_so = flint_of(mlp().double())
    assert built_so.predict_proba(torch.ones(2, 4)).dtype == torch.float64


def test_no_graph_is_kept() -> None:
    flint = flint_of()
    output = flint(torch.ones(2, 4))
    kept = [
        value for value in vars(flint._taps).values() if isinstance(value, torch.Tensor)
    ]
    assert kept == []
    assert output.logits_f.grad_fn is not None


def test_wrong_networks_and_layers_are_errors() -> None:
    with pytest.raises(CaptureError, match=r"gives the shape \(2, 3\); \(batch, 4\)"):
        flint_of(n_classes=4)
    with pytest.raises(UnknownNameError, match="no layer 'fc9'"):
        flint_of(layers=["fc9"])
    with pytest.raises(ParameterError, match="Got a str"):
        FLINT("net.pt", "fc1", 5, 3)  # type: ignore[arg-type]
    with pytest.raises(UnknownNameError, match="activation"):
        flint_of(activation="gelu")
