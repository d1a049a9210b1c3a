"""What is saved is loaded bit for bit, and nothing else is taken for it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import torch
from tests.flint.toys import TinyCNN, blobs, images, mlp, trained_mlp
from torch import nn

from redescribe.errors import StoreError
from redescribe.flint import FLINT, AttributeParams, fit, load, save
from redescribe.flint.io import DOCUMENT, STATE, read_document

if TYPE_CHECKING:
    from pathlib import Path

X = torch.as_tensor(blobs()[0], dtype=torch.float32)


def equal(one: FLINT, other: FLINT, x: torch.Tensor) -> bool:
    a, b = one.eval()(x), other.eval()(x)
    pairs = [(a.logits_f, b.logits_f), (a.logits_g, b.logits_g)]
    pairs.append((a.attributes, b.attributes))
    same = all(torch.equal(left, right) for left, right in pairs)
    if a.reconstruction is None or b.reconstruction is None:
        return same and a.reconstruction is b.reconstruction
    return same and torch.equal(a.reconstruction, b.reconstruction)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"decoder": None, "head_bias": False, "activation": "softplus"},
        {"task": "multilabel", "attribute_net": AttributeParams(width=7)},
    ],
    ids=["usual", "without", "labels"],
)
def test_by_design_the_network_is_saved_too(
    options: dict[str, Any], tmp_path: Path
) -> None:
    flint = FLINT(mlp(seed=1), ["fc1", "fc2"], 5, 3, example_input=X[:2], **options)
    save(flint, tmp_path / "flint", notes={"lr": 0.1})
    again = load(tmp_path / "flint", mlp(seed=2))
    assert equal(flint, again, X)
    assert again.params == flint.params
    assert read_document(tmp_path / "flint")["notes"] == {"lr": 0.1}


@pytest.mark.filterwarnings("ignore:.*attributes are dead:UserWarning")
def test_maps_are_loaded_after_training(tmp_path: Path) -> None:
    x, y = images()
    flint = FLINT(TinyCNN(), ["block1", "block2"], 4, 2)
    fit(flint, (x, y), epochs=2)
    assert equal(flint, load(save(flint, tmp_path), TinyCNN()), x)


@pytest.mark.filterwarnings("ignore:.*attributes are dead:UserWarning")
def test_how_it_was_trained_is_saved(tmp_path: Path) -> None:
    flint = FLINT(mlp(), "fc2", 4, 3)
    history = fit(flint, blobs(), epochs=3, schedule="cifar10", val_loader=blobs(),
        keep_best=True)  # fmt: skip
    told = read_document(save(flint, tmp_path, history=history))["training"]
    assert told["loss"]["gamma"] == 0.8
    assert told["schedule"]["lr"] == [[0.72, 0.4]]
    assert (told["lr"], told["optimizer"], told["epochs"]) == (1e-4, "adam", 3)
    assert told["measured"]["epoch"] == told["best_epoch"] == history.best_epoch
    assert "fidelity" in told["measured"]["validation"]
    assert read_document(save(flint, tmp_path))["training"] is None


def test_post_hoc_the_network_stays_outside(tmp_path: Path) -> None:
    model = trained_mlp()
    flint = FLINT.post_hoc(model, "fc2", 5, 3, example_input=X[:2])
    save(flint, tmp_path)
    state = torch.load(tmp_path / STATE, weights_only=True)
    assert not [name for name in state if name.startswith("model.")]
    assert equal(flint, load(tmp_path, model), X)
    with pytest.raises(StoreError, match="explains another network"):
        load(tmp_path, mlp().eval())


def test_own_modules_are_given_again(tmp_path: Path) -> None:
    flint = FLINT(mlp(), "fc2", 5, 3, decoder=nn.Linear(5, 4), example_input=X[:2])
    save(flint, tmp_path)
    with pytest.raises(StoreError, match="Give them: decoder"):
        load(tmp_path, mlp())
    assert equal(flint, load(tmp_path, mlp(), decoder=nn.Linear(5, 4)), X)


def test_other_networks_and_files_are_errors(tmp_path: Path) -> None:
    flint = FLINT(mlp(), "fc2", 5, 3, example_input=X[:2])
    with pytest.raises(StoreError, match="nothing to save"):
        save(FLINT(mlp(), "fc2", 5, 3), tmp_path / "none")
    save(flint, tmp_path)
    with pytest.raises(StoreError, match="no layer 'fc2'"):
        load(tmp_path, TinyCNN())
    with pytest.raises(StoreError, match="does not fit this network"):
        load(tmp_path, mlp(7))
    document = json.loads((tmp_path / DOCUMENT).read_text())
    (tmp_path / DOCUMENT).write_text(json.dumps(document | {"encoding-version": "9"}))
    with pytest.raises(StoreError, match="encoding-version '9'"):
        load(tmp_path, mlp())
    (tmp_path / DOCUMENT).unlink()
    with pytest.raises(StoreError, match="cannot be read"):
        load(tmp_path, mlp())


def test_a_state_that_is_no_state_is_an_error(tmp_path: Path) -> None:
    flint = FLINT(mlp(), "fc2", 5, 3, example_input=X[:2])
    save(flint, tmp_path)
    (tmp_path / STATE).write_bytes(b"nothing")
    with pytest.raises(StoreError, match=r"state\.pt cannot be read"):
        load(tmp_path, mlp())
