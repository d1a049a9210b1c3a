"""Outputs of all kinds as classes with probabilities."""

from __future__ import annotations

import numpy as np
import pytest

from redescribe.errors import ParameterError
from redescribe.rules.outputs import Outputs, outputs_of
from redescribe.rules.params import Task


def test_classes_of_any_type_are_texts_in_order() -> None:
    assert Outputs.of([10, 9, 10]).classes == ("9", "10")
    assert Outputs.of([True, False]).classes == ("false", "true")
    assert Outputs.of(np.array([1.0, 0.0])).classes == ("0", "1")
    assert Outputs.of(["b", "a"]).codes.tolist() == [1, 0]


def test_scores_of_two_dimensions_are_told_apart() -> None:
    logits = np.array([[2.0, 0.0], [0.0, 3.0]])
    found = Outputs.of(logits)
    assert found.codes.tolist() == [0, 1]
    assert found.probabilities[1, 1] == pytest.approx(1 / (1 + np.exp(-3)))
    shares = np.array([[0.2, 0.8], [0.5, 0.5]])
    assert Outputs.of(shares).probabilities.tolist() == shares.tolist()
    assert Outputs.of(shares).codes.tolist() == [1, 0]


@pytest.mark.parametrize("shape", [(3,), (3, 1)])
def test_one_score_per_entity_is_of_two_classes(shape: tuple[int, ...]) -> None:
    logits = np.array([-2.0, 0.5, 3.0]).reshape(shape)
    found = Outputs.of(logits, task="logits", classes=("no", "yes"))
    assert found.names == ["no", "yes", "yes"]
    same = Outputs.of(1 / (1 + np.exp(-logits)), task="probabilities")
    assert np.allclose(found.probabilities, same.probabilities)


def test_numbers_are_divided_into_equal_bins() -> None:
    values = np.arange(100) / 10
    found = Outputs.of(values, task="numbers", n_bins=4)
    assert np.bincount(found.codes).tolist() == [25, 25, 25, 25]
    assert found.classes[0] == f"<= {found.edges[0]:g}"
    assert found.values == pytest.approx([1.2, 3.7, 6.2, 8.7])
    again = found.alike(np.array([-5.0, 100.0]), Task.NUMBERS)
    assert again.codes.tolist() == [0, 3]
    assert Outputs.of(np.ones(5), task="numbers").classes == ("any",)


def test_further_outputs_of_a_network_have_its_classes() -> None:
    found = Outputs.of(["a", "b", "c"])
    assert found.alike(["c", "a"], Task.CLASSES).codes.tolist() == [2, 0]
    with pytest.raises(ParameterError, match="'d', which is none of the classes"):
        found.alike(["d"], Task.CLASSES)
    logits = Outputs.of(np.array([1.0, -1.0]), task="logits", classes=("no", "yes"))
    assert logits.alike([3.0], Task.LOGITS).names == ["yes"]


def test_several_labels_are_read_by_name() -> None:
    found = outputs_of({"ill": ["no", "yes"], "old": [0, 1]}, task="labels")
    assert {name: one.classes for name, one in found.items()} == {
        "ill": ("no", "yes"),
        "old": ("0", "1"),
    }
    assert list(outputs_of([0, 1])) == [""]
    with pytest.raises(ParameterError, match=r"one value per entity. Got \[1, 2\]"):
        outputs_of({"ill": [0, 1], "old": [1]})
    with pytest.raises(ParameterError, match=r"array of shape \(2,\)"):
        outputs_of([0, 1], task="labels")


@pytest.mark.parametrize(
    ("outputs", "task", "message"),
    [
        ([0.5, 0.2], "auto", "can be a logit, a probability or a number"),
        ([0.5, 2.0], "probabilities", r"must lie in \[0, 1\]"),
        ([0.5, np.nan], "logits", "1 outputs of the network are missing"),
        (["a", None], "classes", "A class is missing"),
        (["a", "b"], "numbers", "needs numbers"),
        (np.zeros((2, 3), int), "classes", "needs one value per entity"),
        ([0, 1], "lables", r"no task 'lables'\. Did you mean 'labels'"),
        (np.zeros((2, 2, 2)), "logits", "one or two dimensions"),
    ],
)
def test_what_cannot_be_read_is_said(outputs: object, task: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Outputs.of(outputs, task=task)


def test_names_must_be_as_many_as_classes() -> None:
    with pytest.raises(ParameterError, match="Got 1 names for outputs of 2 classes"):
        Outputs.of(np.array([1.0]), task="logits", classes=("yes",))
