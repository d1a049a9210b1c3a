"""What is learned becomes a view that the miner takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from tests.flint.toys import TinyCNN, TinyText, blobs, mlp
from torch import nn

import redescribe as rd
from redescribe.core.entities import EntityIndex
from redescribe.core.neuron import NeuronId
from redescribe.discretize.two_bin import two_bin_splits
from redescribe.errors import EntityMismatchError, ParameterError, UnknownNameError
from redescribe.flint import FLINT, Batches, evaluate, fit, relevance, to_view
from redescribe.flint.thresholds import otsu

if TYPE_CHECKING:
    from pathlib import Path

X, Y = blobs()
IDS = EntityIndex(tuple(f"e{i}" for i in range(len(X))))


@pytest.fixture(scope="module")
def flint() -> FLINT:
    made = FLINT(mlp(), ["fc1", "fc2"], 6, 3)
    fit(made, Batches(X, Y, 40), epochs=30, lr=1e-2)
    return made


def test_attributes_keep_order_and_names(flint: FLINT) -> None:
    view = to_view(flint, X, entities=IDS)
    assert view.entities == IDS
    assert view.values.dtype == np.float64
    assert view.record is not None
    phi = np.maximum(evaluate(flint, X).attributes, 0)
    for name, j in zip(view.names, view.record.numbers, strict=True):
        assert NeuronId.parse(name) == NeuronId("attributes", j, "flint")
        assert np.array_equal(view.column(name), phi[:, j])
        assert view.target_name(name) == name
    assert view.record.layers == ("fc1", "fc2")
    assert view.record.profile is not None
    assert view.record.profile.shape == (len(view.names), 3)


def test_a_part_of_the_entities_knows_where_its_columns_come_from(flint: FLINT) -> None:
    view = to_view(flint, X, scale="max")
    part = view.take(np.flatnonzero(Y == 1))
    assert part.record is view.record
    assert len(part.entities) == 40
    assert np.array_equal(part.values, view.values[:, Y == 1])


def test_relevances_are_signed(flint: FLINT) -> None:
    view = to_view(flint, X, kind="relevance", drop_dead=False)
    assert np.array_equal(view.values, relevance(flint, X).T)
    assert view.values.min() < 0


@pytest.mark.parametrize("kind", ["attributes", "relevance"])
@pytest.mark.parametrize(
    "binarise", ["otsu", "two_bin", "quantile", "positive", "relevance"]
)
def test_thresholds_reproduce_the_binary_columns(
    flint: FLINT, kind: str, binarise: str
) -> None:
    raw = to_view(flint, X, kind="relevance" if binarise == "relevance" else kind)
    view = to_view(flint, X, kind=kind, binarise=binarise, tau=3)
    assert view.record is not None
    assert {attribute.kind.value for attribute in view.attributes} == {"boolean"}
    for name, threshold in zip(view.names, view.record.thresholds, strict=True):
        assert np.array_equal(view.column(name), raw.column(name) > threshold)
    if binarise == "positive":
        assert set(view.record.thresholds) == {0}
    if binarise == "two_bin":
        column = np.sort(raw.column(view.names[0])).astype(np.float64)
        assert view.record.thresholds[0] == two_bin_splits(column)[0]
    if binarise == "relevance":
        assert set(view.record.thresholds) == {1 / 3}


def test_neurons_of_maps_are_pooled() -> None:
    x = torch.rand(9, 1, 8, 8)
    flint = FLINT(TinyCNN().eval(), ["block1", "output"], 3, 2, example_input=x)
    view = to_view(flint, x, kind="neurons", model_name="net")
    maps = flint.eval()(x).features["block1"].detach()
    assert view.column("net@block1:2|max") == pytest.approx(maps[:, 2].amax((1, 2)).numpy())
    assert view.column("net@block1:0|mean") == pytest.approx(
        maps[:, 0].mean((1, 2)).numpy()
    )
    assert "net@output:1" in view.names
    assert to_view(flint, x, kind="neurons", pool=["max"]).names[0] == "flint@block1:0|max"
    with pytest.raises(ParameterError, match="mean, max"):
        to_view(flint, x, kind="neurons", pool=["min"])


def test_neurons_of_tokens_are_pooled() -> None:
    words = torch.randint(0, 10, (5, 6))
    flint = FLINT(TinyText(), "rnn", 3, 2).eval()
    view = to_view(flint, words, kind="neurons")
    tokens = flint(words).features["rnn"].detach()
    assert view.column("flint@rnn:4|max") == pytest.approx(tokens[:, :, 4].amax(1).numpy())


def test_predictions_and_flags(flint: FLINT) -> None:
    view = to_view(flint, (X, Y), kind="predictions")
    found = evaluate(flint, (X, Y))
    assert view.names == ("class_f", "class_g", "f_and_g_differ", "f_is_wrong")
    assert np.array_equal(view.column("class_g"), found.classes_g)
    assert np.array_equal(view.column("f_is_wrong"), found.classes_f != Y)
    assert to_view(flint, X, kind="predictions").names[-1] == "f_and_g_differ"


def test_dead_attributes_are_left_out() -> None:
    flint = FLINT(mlp(), "fc2", 4, 3, activation="softplus", example_input=X[:2])
    last = flint.attribute_net.last  # type: ignore[union-attr]
    with torch.no_grad():
        last.weight[1] = 0.0  # type: ignore[union-attr,operator]
        last.bias[1] = -50.0  # type: ignore[union-attr,operator]
    assert to_view(flint, X).record.numbers == (0, 2, 3)  # type: ignore[union-attr]
    assert len(to_view(flint, X, drop_dead=False).names) == 4
    nn.init.zeros_(last.weight)  # type: ignore[union-attr,arg-type]
    with pytest.raises(ParameterError, match="No attribute is left"):
        to_view(flint, X)


def test_names_may_be_given(flint: FLINT) -> None:
    names = [f"concept {j}" for j in range(6)]
    view = to_view(flint, X, names=names, name="concepts", drop_dead=False)
    assert view.names == tuple(names)
    assert view.target_name("concept 1") == "concepts:concept 1"
    with pytest.raises(ParameterError, match="2 names for 6 attributes"):
        to_view(flint, X, names=["a", "b"])


def test_wrong_options_are_errors(flint: FLINT) -> None:
    with pytest.raises(EntityMismatchError, match="120 entities for 5 inputs"):
        to_view(flint, X[:5], entities=IDS)
    with pytest.raises(UnknownNameError, match="kind of view"):
        to_view(flint, X, kind="concepts")
    with pytest.raises(UnknownNameError, match="Did you mean 'otsu'"):
        to_view(flint, X, binarise="ots")


def test_labels_and_values_have_views_too() -> None:
    several, values = (
        FLINT(mlp(), "fc2", 4, 3, task=task, activation="softplus")
        for task in ("multilabel", "regression")
    )
    assert to_view(values, X).record.profile is None  # type: ignore[union-attr]
    assert to_view(several, X).record.profile.shape == (4, 3)  # type: ignore[union-attr]
    assert to_view(several, X, kind="relevance", drop_dead=False).values.min() == 0
    signed = to_view(values, X, kind="relevance", drop_dead=False).values
    each = np.stack([relevance(values, X, cls=c) for c in range(3)])
    assert pytest.approx(np.abs(each).max(axis=0)) == np.abs(signed).T


def test_predictions_of_labels_and_values() -> None:
    truth = (X[:, :3] > 1.5).astype(float)
    several = FLINT(mlp(), "fc2", 4, 3, task="multilabel")
    view = to_view(several, (X, truth), kind="predictions")
    assert len(view.names) == 12
    found = evaluate(several, (X, truth))
    assert np.array_equal(view.column("label_1_g"), found.logits_g[:, 1] > 0)
    wrong = (found.logits_f[:, 2] > 0) != truth[:, 2]
    assert np.array_equal(view.column("label_2_f_is_wrong"), wrong)
    assert len(to_view(several, X, kind="predictions").names) == 9
    values = FLINT(mlp(), "fc2", 4, 3, task="regression")
    view = to_view(values, (X, truth), kind="predictions")
    found = evaluate(values, (X, truth))
    assert np.array_equal(view.column("value_0_g"), found.logits_g[:, 0])
    apart = np.abs(found.logits_f - found.logits_g)[:, 2]
    assert np.array_equal(view.column("value_2_difference"), apart)
    errors = np.abs(found.logits_f - truth)[:, 1]
    assert view.column("value_1_error_of_f") == pytest.approx(errors)
    assert view.record is not None
    assert view.record.fidelity is None


def test_attributes_are_scaled_and_the_raw_columns_kept(flint: FLINT) -> None:
    raw = to_view(flint, X, drop_dead=False)
    scaled = to_view(flint, X, scale="max", drop_dead=False)
    assert scaled.names[0] == "flint@attributes:0|scaled"
    assert scaled.record is not None
    assert scaled.values * np.array(scaled.record.scales)[:, None] == pytest.approx(
        raw.values
    )
    known = raw.values.max(axis=1) >= 1e-3
    assert scaled.values.max(axis=1)[known] == pytest.approx(1)
    both = to_view(flint, X, scale="max", keep_raw=True, drop_dead=False)
    assert both.names[:2] == ("flint@attributes:0|scaled", "flint@attributes:0")
    assert both.column("flint@attributes:0").tolist() == raw.values[0].tolist()
    assert both.record is not None
    assert both.record.scales[1] == 1
    assert len(both.names) == 12


def test_the_scale_may_be_that_of_the_training(flint: FLINT) -> None:
    training = to_view(flint, X, drop_dead=False)
    held = to_view(flint, X[:7], scale="p99", scale_from=X, drop_dead=False)
    for row, known, usual in zip(
        held.values, training.values, to_view(flint, X[:7], drop_dead=False).values,
        strict=True,
    ):  # fmt: skip
        top = float(np.quantile(known, 0.99))
        assert row == pytest.approx(usual / (top if top >= 1e-3 else 1.0))
    dead = FLINT(mlp(), "fc2", 2, 3, activation="relu", example_input=X[:2])
    nn.init.constant_(dead.attribute_net.last.bias, -1e3)  # type: ignore[union-attr,arg-type]
    view = to_view(dead, X, scale="max", drop_dead=False)
    assert view.record is not None
    assert view.record.scales == (1.0, 1.0)


def test_options_that_would_do_nothing_are_errors(flint: FLINT) -> None:
    with pytest.raises(ParameterError, match="not of columns that are on or off"):
        to_view(flint, X, scale="max", binarise="otsu")
    with pytest.raises(ParameterError, match="not of relevance"):
        to_view(flint, X, scale="max", kind="relevance")
    with pytest.raises(ParameterError, match="Give scale"):
        to_view(flint, X, keep_raw=True)
    with pytest.raises(ParameterError, match="binarise is of attributes, not of neurons"):
        to_view(flint, X, kind="neurons", binarise="otsu")
    with pytest.raises(UnknownNameError, match="Did you mean 'p99'"):
        to_view(flint, X, scale="p90")


def test_nearly_constant_attributes_are_left_out() -> None:
    flint = FLINT(mlp(), "fc2", 3, 3, activation="softplus", example_input=X[:2])
    last = flint.attribute_net.last  # type: ignore[union-attr]
    with torch.no_grad():
        last.weight[1] *= 1e-6  # type: ignore[union-attr,operator,index]
        last.bias[1] = 2.0  # type: ignore[union-attr,operator]
    assert to_view(flint, X).record.numbers == (0, 2)  # type: ignore[union-attr]


def test_otsu_divides_two_heaps() -> None:
    heaps = np.concatenate([np.full(50, 1.0), np.full(3, 9.0)])
    assert otsu(heaps) == 5
    assert otsu(np.full(4, 2.0)) == 2
    assert otsu(np.array([7.0])) == 7


def test_the_miner_takes_the_view(flint: FLINT, tmp_path: Path) -> None:
    views = {"learned": to_view(flint, X), "inputs": rd.View.of("inputs", X)}
    study = rd.Study(views, folder=tmp_path / "run", seed=0)
    found = study.mine(target="learned", partners=["inputs"])
    logs = [one.assessment.log10_p_value for one in found if one.assessment is not None]
    assert min(logs) < -2
    assert found.findings[0].redescription.target.startswith("flint@attributes:")
