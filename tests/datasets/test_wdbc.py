"""The example data are what they say, and its networks are the same for the same seed."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from redescribe.capture.capture import capture
from redescribe.datasets.wdbc import train_mlp, wdbc_halves, wdbc_views


def test_views_have_names_and_diagnoses() -> None:
    attributes, labels = wdbc_views()
    assert attributes.entities == labels.entities
    assert attributes.names[0] == "mean_radius"
    assert not any(" " in name for name in attributes.names)
    assert not attributes.has_missing
    assert labels.values.sum() == 212  # malignant
    assert labels.attributes[0].categories == ("benign", "malignant")


def test_halves_are_stratified_and_disjoint() -> None:
    trained, explained = wdbc_halves(1)
    assert (trained.size, explained.size) == (284, 285)
    assert np.union1d(trained, explained).size == 569
    malignant = wdbc_views()[1].values[0]
    assert abs(malignant[trained].sum() - malignant[explained].sum()) <= 1
    np.testing.assert_array_equal(trained, wdbc_halves(1)[0])
    assert not np.array_equal(trained, wdbc_halves(2)[0])


def test_a_few_epochs_classify_and_do_not_touch_the_global_state() -> None:
    attributes, labels = wdbc_views()
    X, y = attributes.values.T, labels.values[0]
    trained, explained = wdbc_halves()
    before = torch.random.get_rng_state()
    networks = [
        train_mlp(X[trained], y[trained], seed, hidden=(16, 8), epochs=12)
        for seed in (0, 0, 1)
    ]
    assert torch.equal(before, torch.random.get_rng_state())
    inputs = torch.as_tensor(X[explained], dtype=torch.float32)
    with torch.no_grad():
        logits = [network(inputs).numpy()[:, 0] for network in networks]
    np.testing.assert_array_equal(logits[0], logits[1])
    assert not np.array_equal(logits[0], logits[2])
    assert np.mean((logits[0] > 0) == y[explained]) > 0.9
    assert not networks[0].training


def test_the_last_hidden_layer_can_be_captured() -> None:
    attributes, labels = wdbc_views()
    X, y = attributes.values.T[:40], labels.values[0, :40]
    network = train_mlp(X, y, seed=0, epochs=1)
    view = capture(network, X, layers="hidden2")
    assert view.values.shape == (32, 40)
    assert view.values.min() == 0


def test_inputs_are_standardised_inside() -> None:
    X = np.array([[0.0, 7.0], [10.0, 7.0], [20.0, 7.0], [30.0, 7.0]])
    network = train_mlp(X, [0, 0, 1, 1], seed=0, hidden=(2,), epochs=1)
    values = capture(network, X, layers="standardised").values
    np.testing.assert_allclose(values[0], [-1.3416, -0.4472, 0.4472, 1.3416], atol=1e-4)
    assert values[1].tolist() == pytest.approx([0, 0, 0, 0])
