"""Predictions from the N best attributes, by hand and beside those of all."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from tests.flint.test_interpret import by_hand
from tests.flint.toys import blobs, mlp

from redescribe.errors import ParameterError
from redescribe.flint import FLINT, evaluate
from redescribe.flint.metrics import accuracy, fidelity
from redescribe.flint.params import Task
from redescribe.flint.sufficiency import best_attributes, sufficiency_curve, with_best

X, Y = blobs()


def test_the_best_attribute_by_hand() -> None:
    found = with_best(by_hand(), 1)
    # 0 by φ0 = 2 of weight 1; 1 by φ1 = 3 of weight 2; 0 by the bias.
    assert found.logits_g == pytest.approx(np.array([[2.1, -2.0], [1.6, 6.0], [0.1, 0.0]]))
    assert found.attributes.tolist() == [[2, 0, 0], [0, 3, 0], [0, 0, 0]]
    assert found.contributions[1, :, 0].tolist() == [0, 1.5, 0]
    assert accuracy(found, "g") == 1


def test_each_label_has_its_own_best_attribute_by_hand() -> None:
    found = with_best(by_hand(Task.MULTILABEL), 1)
    # Of label 0, φ2 counts most for the second entity: 1 · -3.
    assert found.logits_g[1] == pytest.approx([0.1 - 3.0, 6.0])
    assert found.attributes[1].tolist() == [0, 3, 1]


def test_a_smaller_dictionary_by_hand() -> None:
    # |r| over the entities: 1 + 0, 1/4 + 1, 0 + 1/6.
    assert best_attributes(by_hand(), 2) == (1, 0)
    found = with_best(by_hand(), 3, numbers=[1])
    assert found.attributes.tolist() == [[0, 1, 0], [0, 3, 0], [0, 0, 0]]
    assert found.logits_g[0] == pytest.approx([0.6, 2.0])
    with pytest.raises(ParameterError, match=r"from 0 to 2\. Got 3"):
        with_best(by_hand(), 1, numbers=[3])
    with pytest.raises(ParameterError, match="At least one attribute"):
        best_attributes(by_hand(), 0)


@pytest.mark.parametrize("task", ["multiclass", "multilabel", "regression"])
def test_the_model_predicts_as_the_measures_do(task: str) -> None:
    flint = FLINT(mlp(), ["fc1", "fc2"], 6, 3, task=task, example_input=X[:2]).eval()
    found = evaluate(flint, X)
    for n in (1, 3):
        wanted = torch.as_tensor(with_best(found, n).logits_g, dtype=torch.float32)
        got = flint.predict(X, n_best=n)
        if task == "multiclass":
            assert torch.equal(got, wanted.argmax(1))
            probabilities = flint.predict_proba(X, n_best=n)
            assert torch.allclose(probabilities, wanted.softmax(1), atol=1e-5)
        elif task == "multilabel":
            assert torch.equal(got, wanted > 0)
        else:
            assert torch.allclose(got, wanted, atol=1e-5)
    every = (flint.predict(X, n_best=6).double(), flint.predict(X).double())
    assert torch.allclose(*every, atol=1e-5)
    with pytest.raises(ParameterError, match="the network has no attributes"):
        flint.predict(X, which="f", n_best=2)
    with pytest.raises(ParameterError, match="At least one attribute"):
        flint.predict(X, n_best=0)


def test_the_curve_ends_with_all_attributes() -> None:
    flint = FLINT(mlp(), ["fc1", "fc2"], 6, 3, example_input=X[:2])
    found = evaluate(flint, (X, Y))
    curve = sufficiency_curve(found, [1, 6, 7])
    assert curve.counts == (1, 6)
    assert curve.fidelity[1] == fidelity(found)
    assert curve.accuracy[1] == accuracy(found, "g")
    assert sufficiency_curve(evaluate(flint, X)).accuracy == ()
