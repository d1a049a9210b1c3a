"""Inputs that activate attributes: found, made and contrasted."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
import torch
from tests.flint.toys import (
    TinyCNN,
    TinyText,
    blobs,
    images,
    mlp,
    parameters_of,
    trained_mlp,
)
from torch import nn

from redescribe.errors import ParameterError
from redescribe.flint import FLINT, Batches, evaluate, fit, global_interpretation, relevance
from redescribe.flint.figures import (
    conciseness,
    local_bars,
    pictures,
    relevance_heat_map,
    sufficiency,
)
from redescribe.flint.interventions import intervene, intervention_view
from redescribe.flint.metrics import cns_curve
from redescribe.flint.sufficiency import sufficiency_curve
from redescribe.flint.visualize import (
    MaximisationParams,
    am_pi,
    attribution,
    decoder_contrast,
    mas,
    quantile_range,
)

X, Y = blobs()
SHORT = MaximisationParams(rounds=2, steps=10)


@pytest.fixture(scope="module")
def flint() -> FLINT:
    made = FLINT(mlp(), ["fc1", "fc2"], 6, 3, activation="softplus")
    fit(made, Batches(X, Y, 40), epochs=30, lr=1e-2)
    return made


def test_most_activating_samples(flint: FLINT) -> None:
    phi = evaluate(flint, X).attributes
    found = mas(flint, (X, Y), 2, cls=1, k=3)
    of_class = np.flatnonzero(Y == 1)
    wanted = of_class[np.argsort(-phi[of_class, 2], kind="stable")[:3]]
    assert found.positions.tolist() == wanted.tolist()
    assert found.values == pytest.approx(phi[wanted, 2])
    assert mas(flint, X, 2, k=1).positions[0] == phi[:, 2].argmax()
    assert len(mas(flint, X, 2, cls=0, label="g", k=500).positions) < len(X)
    with pytest.raises(ParameterError, match="Labels are needed"):
        mas(flint, X, 2, cls=1)
    with pytest.raises(ParameterError, match=r"from 0 to 5\. Got 6"):
        mas(flint, X, 6)


def test_most_activating_samples_of_a_label() -> None:
    truth = (X[:, :3] > 1.5).astype(int)
    several = FLINT(mlp(), "fc2", 4, 3, task="multilabel", example_input=X[:2])
    phi = evaluate(several, X).attributes[:, 1]
    rows = np.flatnonzero(truth[:, 2])
    found = mas(several, (X, truth), 1, cls=2, k=4)
    assert (
        found.positions.tolist() == rows[np.argsort(-phi[rows], kind="stable")[:4]].tolist()
    )
    with pytest.raises(ParameterError, match=r"from 0 to 2\. Got 3"):
        mas(several, (X, truth), 1, cls=3)
    values = FLINT(mlp(), "fc2", 4, 3, task="regression", example_input=X[:2])
    with pytest.raises(ParameterError, match="are no classes"):
        mas(values, (X, truth), 1, cls=2)


@pytest.mark.parametrize("post_hoc", [False, True])
def test_maximised_images_activate_more_and_change_no_parameter(*, post_hoc: bool) -> None:
    x, _ = images(4)
    make = FLINT.post_hoc if post_hoc else FLINT
    net = make(TinyCNN().eval(), "block1", 3, 2, activation="softplus", example_input=x)
    before = parameters_of(net)
    params = MaximisationParams(rounds=2, steps=40, jitter=1, tv=0.0, bound=0.0, lr=0.2)
    found = am_pi(net, 1, x, params)
    assert found.inputs.shape == (4, 1, 8, 8)
    assert (found.after > found.before).all()
    assert np.array_equal(found.changes, found.inputs - x.numpy())
    assert all(torch.equal(v, before[k]) for k, v in net.state_dict().items())
    assert all(weight.grad is None for weight in net.parameters())


def test_weights_of_the_objective_do_what_they_say(flint: FLINT) -> None:
    low, high = quantile_range(X, 0.05)
    free = MaximisationParams(rounds=2, steps=60, bound=0, lr=0.3)
    bound = MaximisationParams(
        rounds=2, steps=60, bound=1e3, lr=0.3, value_range=(low, high)
    )
    sparse = MaximisationParams(rounds=2, steps=60, bound=0, lr=0.3, l1=1e3)
    outside = [
        np.abs(np.clip(found.inputs, low, high) - found.inputs).sum()
        for found in (am_pi(flint, 0, X[:5], free), am_pi(flint, 0, X[:5], bound))
    ]
    assert outside[1] < 0.5 * outside[0]
    mean = np.abs(am_pi(flint, 0, X[:5], sparse).inputs).mean()
    assert mean < np.abs(am_pi(flint, 0, X[:5], free).inputs).mean()


def test_total_variation_smooths_images() -> None:
    x, _ = images(3)
    net = FLINT(TinyCNN().eval(), "block1", 3, 2, activation="softplus", example_input=x)
    rough, smooth = (
        am_pi(net, 0, x, MaximisationParams(rounds=2, steps=20, tv=tv)).inputs
        for tv in (0.0, 100.0)
    )
    assert np.abs(np.diff(smooth)).mean() < 0.7 * np.abs(np.diff(rough)).mean()


def test_attribution_is_the_gradient() -> None:
    flint = FLINT.post_hoc(trained_mlp(), "fc2", 4, 3, activation="softplus")
    flint.build(X[:2]).double()
    gradient = attribution(flint, X[:3], 1)
    step = 1e-5
    moved = X[:3].copy()
    moved[:, 2] += step
    phi = [flint(torch.as_tensor(x)).attributes[:, 1] for x in (X[:3], moved)]
    slope = ((phi[1] - phi[0]) / step).detach().numpy()
    assert gradient[:, 2] == pytest.approx(slope, abs=1e-4)
    words = torch.zeros(2, 3, dtype=torch.long)
    with pytest.raises(ParameterError, match="one array of real numbers"):
        attribution(FLINT(TinyText(), "rnn", 4, 2), words, 0)


def test_guided_back_propagation_by_hand() -> None:
    first, second = nn.Linear(1, 2), nn.Linear(2, 1)
    for layer in (first, second):
        nn.init.ones_(layer.weight)
        nn.init.zeros_(layer.bias)
    relu = nn.ReLU(inplace=True)

    class Weighted(nn.Module):
        def forward(self, features: list[torch.Tensor]) -> torch.Tensor:
            return features[0] @ torch.tensor([[2.0], [-1.0]])

    net = nn.Sequential(first, relu, second).eval()
    flint = FLINT(net, "1", 1, 1, attribute_net=Weighted(), decoder=None, task="regression")
    x = np.array([[3.0]])
    assert attribution(flint, x, 0).tolist() == [[1.0]]
    assert attribution(flint, x, 0, guided=True).tolist() == [[2.0]]  # without the -1
    assert not relu._forward_hooks
    plain = FLINT(nn.Sequential(first), "0", 1, 2, attribute_net=Weighted(), decoder=None)
    with pytest.raises(ParameterError, match="there is none"):
        attribution(plain, x, 0, guided=True)


def test_decoder_contrast(flint: FLINT) -> None:
    with_it, without = decoder_contrast(flint, X[:3], 0)
    output = flint(torch.as_tensor(X[:3], dtype=torch.float32))
    assert output.reconstruction is not None
    assert with_it == pytest.approx(output.reconstruction.detach().numpy(), abs=1e-6)
    assert not np.allclose(with_it, without)
    with pytest.raises(ParameterError, match="has none"):
        decoder_contrast(FLINT(mlp(), "fc2", 4, 3, decoder=None), X[:3], 0)


def test_interventions_change_probabilities(flint: FLINT) -> None:
    found = intervene(flint, X, 2, factors=[0, 1, 3])
    assert found.change_g.shape == (3, len(X), 3)
    assert found.change_f is not None
    assert found.decoded is not None
    assert found.decoded.shape == (3, len(X), 4)
    assert np.abs(found.change_g[1]).max() == np.abs(found.change_f[1]).max() == 0
    assert found.change_g.sum(axis=2) == pytest.approx(0, abs=1e-6)
    phi = torch.as_tensor(evaluate(flint, X).attributes, dtype=torch.float32)
    off = phi.clone()
    off[:, 2] = 0
    head = flint.head
    wanted = (head(off).softmax(1) - head(phi).softmax(1)).detach().numpy()
    assert found.change_g[0] == pytest.approx(wanted, abs=1e-5)
    without = intervene(FLINT(mlp(), "fc2", 4, 3, decoder=None), X, 0)
    assert without.change_f is without.decoded is None


def test_interventions_as_a_view(flint: FLINT) -> None:
    view = intervention_view(flint, X, factors=[0.0, 2.0])
    assert view.names[:2] == ("attribute 0 × 0", "attribute 0 × 2")
    assert len(view.names) == 12
    change = intervene(flint, X, 1, factors=[0.0]).change_g[0]
    classes = evaluate(flint, X).classes_g
    wanted = change[np.arange(len(X)), classes]
    assert np.array_equal(view.column("attribute 1 × 0"), wanted)
    assert len(intervention_view(flint, X, which="f").names) == 12
    with pytest.raises(ParameterError, match="no decoder"):
        intervention_view(FLINT(mlp(), "fc2", 4, 3, decoder=None), X, which="f")
    with pytest.raises(ParameterError, match="'regression'"):
        intervention_view(FLINT(mlp(), "fc2", 4, 3, task="regression"), X)


def test_figures_show_what_they_are_given(flint: FLINT) -> None:
    pyplot = pytest.importorskip("matplotlib.pyplot")
    pyplot.switch_backend("agg")
    r = relevance(flint, X[:1])[0]
    bars = local_bars(r, top=4)
    widths = sorted((abs(bar.get_width()) for bar in bars.patches), reverse=True)
    assert widths == pytest.approx(sorted(np.abs(r), reverse=True)[:4])
    found = global_interpretation(flint, (X, Y))
    heat = relevance_heat_map(found, classes=["a", "b", "c"])
    assert np.array_equal(heat.images[0].get_array(), found.relevance.T)
    assert [text.get_text() for text in heat.get_yticklabels()] == ["a", "b", "c"]
    curve = cns_curve(evaluate(flint, X))
    line = conciseness(curve, label="FLINT").lines[0]
    assert tuple(line.get_ydata()) == curve.values
    few = sufficiency_curve(evaluate(flint, (X, Y)))
    both = sufficiency(few).lines
    assert [tuple(line.get_ydata()) for line in both] == [few.fidelity, few.accuracy]
    assert len(sufficiency(sufficiency_curve(evaluate(flint, X))).lines) == 1
    x, _ = images(3)
    figure = pictures([("grey", list(x.numpy())), ("colour", [np.ones((3, 8, 8))])])
    assert len(figure.axes) == 6
    drawn = figure.axes[0].images[0].get_array()
    assert (drawn.min(), drawn.max()) == (0, 1)
    dark = pictures([("grey", list(x.numpy()))], value_range=(0, 2))
    shown = dark.axes[0].images[0].get_array()
    assert np.asarray(shown) == pytest.approx(x[0, 0].numpy() / 2)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # fonts of the machine
        figure.canvas.draw()
    pyplot.close("all")
    with pytest.raises(ParameterError, match="no image"):
        pictures([])
