"""The networks of the benchmarks learn, and their 128 units are captured."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.networks import (
    LAYER,
    N_UNITS,
    Images,
    digits_images,
    lenet,
    small_cnn,
    train_classifier,
)

from redescribe.capture.capture import capture
from redescribe.errors import CaptureError


def test_the_small_network_learns_and_its_units_are_captured() -> None:
    images = digits_images()
    trained, others = np.arange(0, 1797, 2), np.arange(1, 1797, 2)
    model = train_classifier(small_cnn, images, trained, epochs=2)
    units = capture(model, images.inputs(), layers=LAYER, ids=images.entities)
    assert units.values.shape == (N_UNITS, 1797)
    assert (units.values.std(axis=1) > 0).all()
    logits = capture(model, images.inputs()[others], layers="output").values
    assert (logits.argmax(axis=0) == images.classes[others]).mean() > 0.8


def test_units_of_a_lenet_are_captured_and_its_maps_need_a_reducer() -> None:
    noise = np.random.default_rng(0).random((20, 28, 28))
    images = Images(noise, np.arange(20) % 10)
    model = train_classifier(lenet, images, np.arange(20), epochs=1)
    assert capture(model, images.inputs(), layers=LAYER).values.shape == (N_UNITS, 20)
    with pytest.raises(CaptureError, match="Say what its positions become"):
        capture(model, images.inputs(), layers="convolution1")


def test_the_same_seed_gives_the_same_network() -> None:
    images = digits_images()
    first, second = (
        train_classifier(small_cnn, images, np.arange(100), epochs=1) for _ in range(2)
    )
    pairs = zip(first.parameters(), second.parameters(), strict=True)
    assert all(bool((a == b).all()) for a, b in pairs)
