"""What was learned, as files: measures, class detectors, pictures."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from tests.flint.toys import TinyCNN, blobs, images, mlp

from redescribe.errors import ParameterError, StoreError
from redescribe.flint import (
    FLINT,
    Batches,
    FlintLoss,
    Interpretation,
    bridge_views,
    describe,
    draw_concepts,
    evaluate,
    fit,
    global_interpretation,
    to_view,
)
from redescribe.flint.detectors import class_detectors, class_matches
from redescribe.flint.evaluation import Evaluation
from redescribe.flint.params import Task
from redescribe.flint.strip import concept_strip
from redescribe.flint.visualize import MaximisationParams

if TYPE_CHECKING:
    from pathlib import Path

X, Y = blobs()


@pytest.fixture(scope="module")
def flint() -> FLINT:
    made = FLINT(mlp(), ["fc1", "fc2"], 6, 3, activation="softplus")
    fit(made, Batches(X, Y, 40), epochs=30, lr=1e-2)
    return made


def evaluation(phi: np.ndarray, classes: list[int]) -> Evaluation:
    """Attributes, and logits that say these classes."""
    logits = np.eye(3)[classes]
    alpha = np.repeat(phi[:, :, None], 3, axis=2)
    return Evaluation(Task.MULTICLASS, None, logits, logits, phi, alpha, np.zeros(3), None)


def test_class_matches_by_hand() -> None:
    phi = np.array([[5.0, 1.0, 0.0], [6.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 0.0]])
    found = class_matches(evaluation(phi, [1, 1, 2, 0]))
    assert [(one.cls, one.jaccard) for one in found] == [(1, 1.0), (2, 0.5), (0, 0.0)]
    [detector] = class_detectors(evaluation(phi, [1, 1, 2, 0]))
    assert (detector.attribute, detector.cls) == (0, 1)
    assert len(class_detectors(evaluation(phi, [1, 1, 2, 0]), limit=0.4)) == 2
    with pytest.raises(ParameterError, match=r"0 to 1\. Got 2"):
        class_detectors(evaluation(phi, [1, 1, 2, 0]), limit=2)


def test_an_interpretation_is_what_was_measured_and_comes_back(
    flint: FLINT, tmp_path: Path
) -> None:
    found = describe(flint, (X, Y), classes=["a", "b", "c"])
    whole = global_interpretation(flint, (X, Y))
    assert np.array_equal(found.relevance, whole.relevance)
    assert found.pairs() == whole.pairs()
    assert found.fit.fidelity > 0.9
    assert found.fit.accuracy_f is not None
    assert describe(flint, X).fit.accuracy_f is None
    again = Interpretation.load(found.save(tmp_path))
    assert again.to_json() == found.to_json()
    assert again.detectors() == class_detectors(evaluate(flint, X))
    assert found.sufficiency.counts == (1, 2, 3, 5)
    assert describe(flint, X).sufficiency.accuracy == ()
    unknown = describe(flint, X)
    assert Interpretation.load(unknown.save(tmp_path)).to_json() == unknown.to_json()
    with pytest.raises(ParameterError, match="2 names for 3 classes"):
        describe(flint, X, classes=["a", "b"])


def test_labels_are_described_one_by_one(tmp_path: Path) -> None:
    x, side = images(48)
    x[:24] += 0.5 * (torch.arange(24) % 3 == 0).reshape(-1, 1, 1, 1)
    labels = torch.stack([side, (x.mean((1, 2, 3)) > 0.75).long()], dim=1)
    several = FLINT(TinyCNN(), "block2", 4, 2, task="multilabel", activation="softplus")
    fit(several, (x, labels), epochs=40, lr=1e-2, loss=FlintLoss(delta=0))
    found = describe(several, (x, labels), classes=["right", "bright"])
    measured = evaluate(several, (x, labels))
    positive = measured.predicted("g") & measured.predicted("f")
    assert found.entities_of_class == tuple(positive.sum(axis=0).tolist())
    differ = measured.predicted("g") != measured.predicted("f")
    assert found.fit.n_disagreements == int(differ.sum())
    short = MaximisationParams(rounds=1, steps=2)
    drawn = draw_concepts(several, (x, labels), found, tmp_path, params=short)
    assert drawn.pictures
    for one in drawn.pictures:
        assert all(labels[i, one.cls] for i in one.entities)
    values = FLINT(mlp(), "fc2", 4, 3, task="regression")
    with pytest.raises(ParameterError, match="have no classes to be described"):
        describe(values, X)


def test_a_class_of_nobody_has_no_relevance(flint: FLINT, tmp_path: Path) -> None:
    only = Y != 2
    found = describe(flint, (X[only], Y[only]))
    assert found.entities_of_class[2] == 0
    assert np.isnan(found.relevance[:, 2]).all()
    told = json.loads((found.save(tmp_path) / "interpretation.json").read_text())
    assert [row[2] for row in told["relevance"]] == [None] * 6
    assert all(cls != 2 for cls, _, _ in Interpretation.load(tmp_path).pairs())


def test_files_that_are_none_are_errors(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="redescribe flint interpret"):
        Interpretation.load(tmp_path)
    (tmp_path / "interpretation.json").write_text("{}")
    with pytest.raises(StoreError, match="'flint-interpretation' is needed"):
        Interpretation.load(tmp_path)


def test_pictures_of_each_pair_are_drawn(tmp_path: Path) -> None:
    pillow = pytest.importorskip("PIL.Image")
    x, y = images()
    flint = FLINT(TinyCNN(), ["block1", "block2"], 4, 2)
    fit(flint, Batches(x, y, 12), epochs=20, lr=1e-2, loss=FlintLoss(delta=0))
    found = describe(flint, (x, y))
    short = MaximisationParams(rounds=1, steps=5)
    drawn = draw_concepts(flint, (x, y), found, tmp_path, k=2, params=short)
    assert drawn.pictures
    assert {(one.cls, one.attribute) for one in drawn.pictures} == {
        (cls, j) for cls, j, _ in found.pairs()
    }
    phi = evaluate(flint, x).attributes
    for one in drawn.pictures:
        of_class = np.flatnonzero(y.numpy() == one.cls)
        best = of_class[np.argsort(-phi[of_class, one.attribute], kind="stable")[:2]]
        assert one.entities == tuple(best)
        assert one.before == pytest.approx(phi[best, one.attribute], rel=1e-5)
        with pillow.open(tmp_path / one.file) as picture:
            assert (picture.format, picture.size) == ("WEBP", (17, 17))
    assert Interpretation.load(tmp_path).pictures == drawn.pictures
    few = draw_concepts(flint, x, found, tmp_path, most=1, params=short)
    assert len(few.pictures) == 1


def test_only_images_are_drawn(flint: FLINT, tmp_path: Path) -> None:
    found = describe(flint, X)
    with pytest.raises(ParameterError, match=r"Only images.*Got the shape \(120, 4\)"):
        draw_concepts(flint, X, found, tmp_path)


def test_a_strip_has_entities_above_and_changes_below() -> None:
    strip = concept_strip(np.zeros((2, 1, 3, 4)), np.full((2, 1, 3, 4), 0.5))
    assert strip.shape == (7, 9, 1)
    assert strip[0, 0, 0] == 0
    assert strip[6, 8, 0] == 0.5
    assert (strip[3] == 1).all()


def test_the_bridge_has_all_sides_of_the_same_entities(flint: FLINT) -> None:
    torch.manual_seed(1)
    other = FLINT(mlp(), ["fc2"], 3, 3, activation="softplus", seed=1)
    views = bridge_views(flint, (X, Y), others={"post hoc": other})
    assert list(views) == ["learned", "neurons", "predictions", "post hoc"]
    assert views["post hoc"].names[0] == '"post hoc"@attributes:0'
    assert {len(view.entities) for view in views.values()} == {len(X)}
    assert "f_is_wrong" in views["predictions"].names
    with pytest.raises(ParameterError, match="cannot be called 'learned'"):
        bridge_views(flint, X, others={"learned": other})
    values = FLINT(mlp(), ["fc2"], 3, 3, activation="softplus", task="regression")
    assert "predictions" not in bridge_views(values, X)


def test_class_detectors_are_left_out_on_request(flint: FLINT) -> None:
    detectors = {one.attribute for one in class_detectors(evaluate(flint, X))}
    assert detectors
    kept = to_view(flint, X, drop_detectors=True).record
    assert kept is not None
    assert not detectors & set(kept.numbers)
