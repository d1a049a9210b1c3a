"""Attributes that stand for atoms which are given, or learned by an NMF."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from tests.flint.toys import TinyCNN, TinyText, blobs, images, mlp

from redescribe.errors import ParameterError
from redescribe.flint import (
    FLINT,
    Batches,
    DictionaryDecoder,
    FlintLoss,
    evaluate,
    fit,
    load,
    save,
)
from redescribe.flint.dictionary_decoder import NmfDecoder, nmf

if TYPE_CHECKING:
    from pathlib import Path

X, Y = blobs()


def test_given_atoms_are_summed_and_do_not_learn() -> None:
    atoms = np.eye(4)[:3] * 2
    flint = FLINT(
        mlp(), "fc2", 3, 3, decoder=DictionaryDecoder(atoms), activation="softplus"
    )
    fit(flint, (X, Y), epochs=2, lr=1e-2)
    output = flint(torch.as_tensor(X, dtype=torch.float32))
    assert output.reconstruction is not None
    wanted = output.attributes @ torch.as_tensor(atoms, dtype=torch.float32)
    assert torch.allclose(output.reconstruction, wanted)
    assert isinstance(flint.decoder, DictionaryDecoder)
    assert torch.equal(
        flint.decoder.state_dict()["atoms"], torch.as_tensor(atoms, dtype=torch.float32)
    )
    with pytest.raises(ParameterError, match=r"decoder gives the shape \(2, 5\)"):
        FLINT(
            mlp(),
            "fc2",
            3,
            3,
            decoder=DictionaryDecoder(np.ones((3, 5))),
            example_input=X[:2],
        )


def test_the_atoms_of_an_nmf_are_found() -> None:
    generator = np.random.default_rng(0)
    atoms = np.array([[1, 0, 0.5, 0, 0], [0, 1, 0, 0, 0.5], [0, 0, 0, 1, 1]], float)
    mixed = torch.as_tensor(generator.exponential(size=(200, 3)) @ atoms)
    found = nmf(mixed, 3, n_iterations=2000).numpy()
    assert found.max(axis=1) == pytest.approx(1)
    for atom in atoms:
        assert np.abs(found - atom).max(axis=1).min() < 0.05
    assert torch.equal(nmf(mixed, 3, seed=1), nmf(mixed, 3, seed=1))
    with pytest.raises(ParameterError, match="down to -1"):
        nmf(torch.tensor([[1.0, -1.0]]), 1)


def test_training_begins_with_an_nmf_which_is_saved(tmp_path: Path) -> None:
    x, y = images(48)
    flint = FLINT(TinyCNN(), "block1", 2, 2, decoder="nmf", activation="softplus")
    decoder = flint.build(x).decoder
    assert isinstance(decoder, NmfDecoder)
    in_order = Batches(x, y, 16, shuffle=False)
    history = fit(flint, in_order, epochs=60, lr=1e-2, loss=FlintLoss(delta=0))
    atoms = decoder.state_dict()["atoms"]
    assert torch.equal(atoms, nmf(x.flatten(1), 2).reshape(2, 1, 8, 8))
    errors = [epoch.raw["input_fidelity"] for epoch in history]
    assert errors[-1] < 0.5 * errors[0]
    # One atom is the left half, the other the right one.
    halves = atoms[:, 0].reshape(2, 8, 2, 4).mean((1, 3))
    assert sorted(halves.argmax(1).tolist()) == [0, 1]
    phi = evaluate(flint, x).attributes
    left = int(halves[:, 0].argmax())
    assert (phi[:, left] > phi[:, 1 - left]).tolist() == (y == 0).tolist()
    again = load(save(flint, tmp_path), TinyCNN())
    assert again.decoder is not None
    assert torch.equal(again.decoder.state_dict()["atoms"], atoms)


def test_words_and_negative_inputs_have_no_nmf() -> None:
    words = torch.randint(0, 10, (3, 6))
    with pytest.raises(ParameterError, match="'nmf' needs inputs that are one tensor"):
        FLINT(TinyText(), "rnn", 4, 2, decoder="nmf", example_input=words)
    with pytest.raises(ParameterError, match="Do not centre them"):
        fit(FLINT(mlp(), "fc2", 3, 3, decoder="nmf"), (X, Y), epochs=1)
