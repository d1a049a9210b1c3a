"""Relevance by hand, its bounds, and what is said of classes and entities."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from tests.flint.toys import blobs, mlp

from redescribe.errors import CaptureError, EntityMismatchError, ParameterError
from redescribe.flint import (
    FLINT,
    Batches,
    Evaluation,
    evaluate,
    fit,
    global_interpretation,
    local_interpretation,
    relevance,
)
from redescribe.flint.explanations import explanations_of
from redescribe.flint.interpret import global_of, relevance_of
from redescribe.flint.metrics import (
    accuracy,
    cns_curve,
    disagreement,
    fidelity,
    output_error,
    stability,
    usage,
)
from redescribe.flint.params import Task

X, Y = blobs()
PHI = np.array([[2.0, 1.0, 0.0], [0.0, 3.0, 1.0], [0.0, 0.0, 0.0]])
W = np.array([[1.0, -1.0], [0.5, 2.0], [-3.0, 1.0]])
BIAS = np.array([0.1, 0.0])


def by_hand(task: Task = Task.MULTICLASS) -> Evaluation:
    """Three entities: of class 0, of class 1, and of class 0 by the bias alone."""
    alpha = PHI[:, :, None] * W
    logits_g = alpha.sum(1) + BIAS
    logits_f = np.array([[1.0, 0.0], [1.0, 0.0], [1.0, 0.0]])
    labels = np.array([0, 1, 0])
    if task is Task.MULTILABEL:
        labels = np.array([[1, 0], [0, 1], [1, 0]])
    error = np.array([0.1, 0.2, 0.3])
    return Evaluation(task, labels, logits_f, logits_g, PHI, alpha, BIAS, error)


@pytest.fixture(scope="module")
def flint() -> FLINT:
    made = FLINT(mlp(), ["fc1", "fc2"], 6, 3)
    fit(made, Batches(X, Y, 40), epochs=30, lr=1e-2)
    return made


def test_relevance_by_hand() -> None:
    r = relevance_of(by_hand())
    wanted = [[1.0, 0.25, 0.0], [0.0, 1.0, 1 / 6], [0.0, 0.0, 0.0]]
    assert r == pytest.approx(np.array(wanted))
    of_f = relevance_of(by_hand(), cls="f")
    assert of_f[1] == pytest.approx([0.0, 0.5, -1.0])
    assert np.array_equal(relevance_of(by_hand(), cls=0), of_f)
    assert relevance_of(by_hand(), normalise="none")[1] == pytest.approx([0.0, 6.0, 1.0])


def test_the_bias_may_enter_the_maximum() -> None:
    evaluation = by_hand()
    evaluation.offsets[0] = 4.0
    try:
        r = relevance_of(evaluation, cls=0, include_bias=True)
        assert r[0] == pytest.approx([0.5, 0.125, 0.0])
    finally:
        evaluation.offsets[0] = 0.1


def test_relevance_of_every_predicted_label() -> None:
    r = relevance_of(by_hand(Task.MULTILABEL))
    assert r.shape == (3, 3, 2)
    assert r[0, :, 0] == pytest.approx([1.0, 0.25, 0.0])
    assert np.isnan(r[0, :, 1]).all()  # g gives it no second label: -2 + 2 + 0
    assert relevance_of(by_hand(Task.MULTILABEL), cls=1)[0] == pytest.approx([-1, 1, 0])


def test_bounds_and_identity(flint: FLINT) -> None:
    found = evaluate(flint, X)
    r = relevance_of(found)
    assert np.abs(r).max(axis=1) == pytest.approx(1)
    rows = np.arange(len(X))
    alpha = relevance_of(found, normalise="none").sum(axis=1)
    logits = alpha + found.offsets[found.classes_g]
    assert logits == pytest.approx(found.logits_g[rows, found.classes_g], abs=1e-5)
    assert np.array_equal(relevance(flint, X), r)


def test_wrong_classes_and_thresholds_are_errors(flint: FLINT) -> None:
    for cls in (3, "h", True):
        with pytest.raises(ParameterError, match="from 0 to 2"):
            relevance(flint, X[:2], cls=cls)
    with pytest.raises(ParameterError, match="max_abs, none"):
        relevance(flint, X[:2], normalise="max")
    for function in (local_interpretation, global_interpretation):
        with pytest.raises(ParameterError, match="tau must be above 1"):
            function(flint, X[:2], tau=1.0)


def test_local_interpretation(flint: FLINT) -> None:
    r = relevance(flint, X)
    found = local_interpretation(flint, X, tau=2)
    assert len(found) == len(X)
    for one, row in zip(found, r, strict=True):
        assert set(one.attributes) == set(np.flatnonzero(row > 0.5))
        assert list(one.relevances) == sorted(one.relevances, reverse=True)
    assert [one.entity for one in found] == list(range(len(X)))
    assert [one.cls for one in found] == evaluate(flint, X).classes_g.tolist()
    assert sum(one.agrees for one in found) / len(X) == fidelity(evaluate(flint, X))


def test_global_interpretation_by_hand() -> None:
    found = global_of(by_hand(), require_agreement=False)
    assert found.counts.tolist() == [2, 1]
    assert found.relevance[:, 0] == pytest.approx([0.5, 0.125, 0.0])
    assert found.relevance[:, 1] == pytest.approx([0.0, 1.0, 1 / 6])
    assert found.pairs() == ((1, 1, 1.0),)
    strict = global_of(by_hand())
    assert strict.counts.tolist() == [2, 0]
    assert strict.n_left_out == 1
    assert strict.empty_classes == (1,)
    assert np.isnan(strict.relevance[:, 1]).all()
    some = [
        global_of(by_hand(), require_agreement=False, max_samples=2, seed=seed).counts
        for seed in range(6)
    ]
    assert {int(counts.sum()) for counts in some} == {2}
    assert len({tuple(counts) for counts in some}) == 2  # a random part
    with pytest.raises(ParameterError, match="max_samples is a number of entities"):
        global_of(by_hand(), max_samples=0)


def test_global_interpretation_of_a_network(flint: FLINT) -> None:
    found = global_interpretation(flint, (X, Y))
    r, classes = relevance(flint, X), evaluate(flint, X).classes_g
    kept = classes == evaluate(flint, X).classes_f
    assert found.relevance[:, 1] == pytest.approx(r[kept & (classes == 1)].mean(axis=0))


def test_accuracy_fidelity_and_disagreement_by_hand() -> None:
    found = by_hand()
    assert accuracy(found, "f") == pytest.approx(2 / 3)
    assert accuracy(found, "g") == 1
    assert fidelity(found) == pytest.approx(2 / 3)
    assert fidelity(found, top_k=2) == 1
    apart = disagreement(found)
    assert apart.n == 1
    assert apart.share == pytest.approx(1 / 3)
    assert (apart.accuracy_where_agreed, apart.accuracy_where_not) == (1, 0)
    assert output_error(found) == pytest.approx(
        np.square(found.logits_f - found.logits_g).mean()
    )
    with pytest.raises(ParameterError, match="Got 'h'"):
        accuracy(found, "h")


def test_labels_count_one_by_one() -> None:
    found = by_hand(Task.MULTILABEL)
    assert accuracy(found, "f") == pytest.approx(4 / 6)
    assert fidelity(found) == pytest.approx(4 / 6)
    apart = disagreement(found)
    assert apart.n == 2
    assert apart.share == pytest.approx(1 / 3)
    assert apart.accuracy_where_agreed == 1
    assert apart.accuracy_where_not == 0


def test_conciseness_by_hand() -> None:
    curve = cns_curve(by_hand(), [1.5, 5])
    assert curve.values == pytest.approx((2 / 3, 1.0))
    assert curve.without == pytest.approx((1 / 3, 1 / 3))
    code = cns_curve(by_hand(), [7.0], convention="code")
    assert code.values == pytest.approx((4 / 3,))
    negative = by_hand()
    signed = cns_curve(negative, [2.0]).values
    assert cns_curve(negative, [2.0], convention="abs").values >= signed


def test_each_predicted_label_is_explained_on_its_own() -> None:
    """g predicts label 0 of all three entities, and label 1 of the second.

    Their relevances are (1, .25, 0), (0, .5, -1), (0, 1, 1/6) and none at all.
    """
    found = explanations_of(labels_by_hand())
    assert found.entities.tolist() == [0, 1, 1, 2]
    assert found.classes.tolist() == [0, 0, 1, 0]
    assert found.agree.tolist() == [True, True, False, True]
    curve = cns_curve(labels_by_hand(), [5.0])
    assert curve.values == pytest.approx((4 / 4,))
    assert curve.without == pytest.approx((1 / 4,))
    assert usage(labels_by_hand(), tau=1.5).used == (0, 1)
    whole = global_of(labels_by_hand())
    assert whole.counts.tolist() == [3, 0]
    assert whole.n_left_out == 1
    assert whole.relevance[:, 0] == pytest.approx([1 / 3, 0.25, -1 / 3])
    loose = global_of(labels_by_hand(), require_agreement=False)
    assert loose.relevance[:, 1] == pytest.approx([0, 1, 1 / 6])
    nothing = replace(labels_by_hand(), logits_g=np.full((3, 2), -1.0))
    with pytest.raises(ParameterError, match="Nothing is predicted"):
        cns_curve(nothing)


def labels_by_hand() -> Evaluation:
    """As `by_hand`, with a bias that adds a label."""
    found = by_hand(Task.MULTILABEL)
    offsets = np.array([2.0, 0.0])
    return replace(found, offsets=offsets, logits_g=found.contributions.sum(1) + offsets)


def test_each_value_is_explained_on_its_own() -> None:
    values = by_hand(Task.REGRESSION)
    found = explanations_of(values)
    assert found.entities.tolist() == [0, 0, 1, 1, 2, 2]
    assert found.agree.all()
    whole = global_of(values)
    assert whole.counts.tolist() == [3, 3]
    assert whole.relevance[:, 1] == pytest.approx([-1 / 3, (1 + 1) / 3, 1 / 18])
    flint = FLINT(mlp(), "fc2", 4, 3, task="regression")
    told = local_interpretation(flint, X[:2])
    assert [(one.entity, one.cls) for one in told] == [
        (i, c) for i in (0, 1) for c in range(3)
    ]
    with pytest.raises(ParameterError, match="'regression'"):
        values.predicted("g")
    with pytest.raises(ParameterError, match="are no classes"):
        values.labelled()


def test_usage() -> None:
    found = usage(by_hand())
    assert found.dead == ()
    assert found.used == (0, 1)


def test_stability_matches_attributes_one_to_one() -> None:
    generator = np.random.default_rng(0)
    one = generator.normal(size=(200, 3))
    assert stability(one, -2 * one[:, [2, 0, 1]] + 1) == pytest.approx(1)
    assert stability(one, generator.normal(size=(200, 3))) < 0.3
    dead = np.column_stack([one[:, :2], np.zeros(200)])
    assert stability(one, dead) == pytest.approx(2 / 3, abs=1e-9)
    with pytest.raises(EntityMismatchError, match="3 and 2 entities"):
        stability(one[:3], one[:2])


def test_evaluation_is_the_same_in_any_batches_and_keeps_modes(flint: FLINT) -> None:
    flint.train()
    whole, parts = evaluate(flint, X), evaluate(flint, X, batch_size=7)
    assert flint.training
    flint.eval()
    assert parts.attributes == pytest.approx(whole.attributes, abs=1e-5)
    tensor = torch.as_tensor(X)
    assert evaluate(flint, [(tensor[:5],), (tensor[5:9],)]).labels is None


def test_what_cannot_be_evaluated_is_an_error(flint: FLINT) -> None:
    with pytest.raises(CaptureError, match="no entities"):
        evaluate(flint, [])
    with pytest.raises(CaptureError, match="NaN or infinite"):
        evaluate(flint, np.full((2, 4), np.nan))
    with pytest.raises(ParameterError, match="Got a int"):
        evaluate(flint, 3)
    with pytest.raises(ParameterError, match="Labels are needed"):
        accuracy(evaluate(flint, X))
