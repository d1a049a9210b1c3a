"""`imitate`: sizes, samples, the network as a function, folds, and wrong inputs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from redescribe.core.dataset import Dataset
from redescribe.core.entities import SplitParams
from redescribe.core.view import Attribute, AttributeKind, View
from redescribe.errors import EntityMismatchError, ParameterError
from redescribe.rules.augment import perturbed
from redescribe.rules.fidelity import exact_match, measure_fidelity
from redescribe.rules.imitate import HeldOut, imitate, imitate_and_test, with_hold_out
from redescribe.rules.on_dataset import imitate_on, input_view
from redescribe.rules.outputs import Outputs, outputs_of
from redescribe.rules.params import Method, RuleKind, RuleParams, Task
from redescribe.rules.trade_off import stratified_folds
from redescribe.rules.validate import (
    CrossValidation,
    compare_rules,
    cross_validate_rules,
    paired_difference,
)

if TYPE_CHECKING:
    from redescribe._typing import AnyArray, Floats

GENERATOR = np.random.default_rng(5)
VALUES = GENERATOR.normal(size=(240, 3))
X = View.of("x", VALUES, names=["a", "b", "c"])


def network(rows: AnyArray) -> Floats:
    """A logit."""
    logits: Floats = 4 * rows[:, 0] - 2 * rows[:, 1]
    return logits


OUTPUTS = Outputs.of(network(VALUES), task="logits", classes=("no", "yes"))


def test_the_size_is_chosen_among_those_allowed() -> None:
    rules = imitate(X, OUTPUTS, RuleParams(max_literals=12))
    assert [one.max_literals for one in rules.trade_off] == [1, 2, 3, 4, 6, 8, 12]
    (chosen,) = [one for one in rules.trade_off if one.chosen]
    best = max(one.fidelity for one in rules.trade_off)
    assert chosen.fidelity >= best - 0.005
    shorter = [one for one in rules.trade_off if one.max_literals < chosen.max_literals]
    assert all(one.fidelity < best - 0.005 for one in shorter)
    assert rules.n_literals <= chosen.max_literals
    whole = imitate(X, OUTPUTS, RuleParams(max_literals=12, max_loss=0))
    assert (whole.n_literals, whole.trade_off) == (12, ())


def test_the_network_is_asked_on_perturbed_inputs() -> None:
    asked: list[AnyArray] = []

    def answering(rows: AnyArray) -> Floats:
        asked.append(rows)
        return network(rows)

    params = RuleParams(augment=3, noise=0.2, max_literals=8, max_loss=0)
    rules = imitate(X, OUTPUTS, params, network=answering, task=Task.LOGITS)
    assert [rows.shape for rows in asked] == [(720, 3)]
    spread = (asked[0].reshape(3, 240, 3) - VALUES).std(axis=(0, 1)) / VALUES.std(axis=0)
    assert spread == pytest.approx([0.2] * 3, rel=0.1)
    assert rules.rules[0].mined.n_entities == 240
    assert rules != imitate(X, OUTPUTS, replace(params, augment=0))
    with pytest.raises(ParameterError, match="give it as a function of rows"):
        imitate(X, OUTPUTS, params)
    with pytest.raises(EntityMismatchError, match="gave 1 outputs for 720 inputs"):
        imitate(X, OUTPUTS, params, network=lambda _: [1.0], task=Task.LOGITS)


def test_perturbed_categories_are_drawn_anew_and_missing_ones_stay() -> None:
    codes = np.array([[0.0, 1, 2, np.nan] * 100])
    attribute = Attribute("stage", AttributeKind.NOMINAL, ("I", "II", "III"))
    view = View("x", X.entities, (attribute,), codes[:, :240])
    found = perturbed(view, 2, 0.5, seed=1).values[0].reshape(2, 240)
    before = view.values[0]
    assert (np.isnan(found) == np.isnan(before)).all()
    changed = (found != before) & ~np.isnan(before)
    assert changed.mean() == pytest.approx(0.25 * 0.75 * 2 / 3, abs=0.05)
    assert set(np.unique(found[~np.isnan(found)])) == {0.0, 1.0, 2.0}


def test_of_very_many_entities_some_are_drawn() -> None:
    rules = imitate(X, OUTPUTS, RuleParams(max_entities=100, max_literals=4, max_loss=0))
    assert {rule.mined.n_entities for rule in rules} == {100}


def test_the_hold_out_is_told_per_rule() -> None:
    part = np.arange(160)
    params = RuleParams(max_literals=6, max_loss=0)
    rules = imitate(X.take(part), OUTPUTS.take(part), params)
    rest = np.arange(160, 240)
    found = with_hold_out(rules, X.take(rest), OUTPUTS.take(rest), ["yes"] * 80)
    fires = rules.fires(X.take(rest))[0]
    for row, rule in zip(fires, found, strict=True):
        assert rule.hold_out is not None
        assert rule.hold_out.n_covered == row.sum()
        code = found.classes.index(rule.label)
        assert rule.hold_out.n_correct == (row & (OUTPUTS.codes[rest] == code)).sum()
    assert found.hold_out is not None
    agree = rules.codes(X.take(rest)) == OUTPUTS.codes[rest]
    assert found.hold_out.fidelity == agree.mean() > 0.85
    assert found.hold_out.accuracy == (rules.codes(X.take(rest)) == 1).mean()


def test_measures_worked_out_by_hand() -> None:
    params = RuleParams(method=Method.COVER, max_literals=2, default=False)
    rules = imitate(X, OUTPUTS, params)
    fires = rules.fires(X)[0]
    found = measure_fidelity(rules, X, OUTPUTS)
    covered, codes = fires.any(axis=0), rules.codes(X)
    agree = codes == OUTPUTS.codes
    assert found.coverage == found.answered == covered.mean() < 1
    assert found.fidelity == found.fidelity_undefaulted == agree.mean()
    assert found.fidelity_covered == agree[covered].mean()
    assert found.overlap == (fires.sum(axis=0) > 1).mean()
    assert found.accuracy is None
    assert found.majority == max(np.bincount(OUTPUTS.codes)) / 240
    for code, one in enumerate(found.classes):
        assert one.n_entities == (OUTPUTS.codes == code).sum()
        if (codes == code).any():
            assert one.precision == agree[codes == code].mean()
        assert one.recall == (codes[OUTPUTS.codes == code] == code).mean()


def test_several_labels_get_a_rule_set_each() -> None:
    labels = (VALUES[:, :2] > 0).astype(int)
    outputs = outputs_of(labels, task="labels")
    params = RuleParams(max_literals=3)
    rules = {name: imitate(X, one, params) for name, one in outputs.items()}
    used = [{r.query.attributes[0] for r in rules[name]} for name in outputs]
    assert used == [{"a"}, {"b"}]
    agree = [rules[name].codes(X) == one.codes for name, one in outputs.items()]
    assert exact_match(rules, X, outputs) == (agree[0] & agree[1]).mean() > 0.95
    with pytest.raises(EntityMismatchError, match="no outputs for 'label 1'"):
        exact_match(rules, X, {"label 0": outputs["label 0"]})


def test_numbers_are_told_by_their_bins() -> None:
    outputs = Outputs.of(VALUES[:, 2] ** 3, task="numbers", n_bins=3)
    rules = imitate(X, outputs, RuleParams(max_literals=4))
    assert (rules.codes(X) == outputs.codes).mean() > 0.9
    told = rules.predict_values(X)
    assert set(told.tolist()) == set(outputs.values)
    assert np.corrcoef(told, VALUES[:, 2])[0, 1] > 0.8


def test_folds_are_even_in_each_class() -> None:
    codes = np.repeat([0, 1, 2], [50, 7, 3])
    folds = stratified_folds(codes, 5, np.random.SeedSequence(0))
    for code in range(3):
        counts = np.bincount(folds[codes == code], minlength=5)
        assert counts.max() - counts.min() <= 1
    assert np.bincount(folds).tolist() == [12] * 5


def test_cross_validation_and_paired_comparison() -> None:
    long, short = (
        cross_validate_rules(
            X,
            OUTPUTS,
            RuleParams(max_literals=n, max_loss=0),
            folds=3,
            repeats=2,
            labels=OUTPUTS.names,
        )
        for n in (8, 1)
    )
    assert [(one.repeat, one.fold) for one in long.folds] == [
        (repeat, fold) for repeat in range(2) for fold in range(3)
    ]
    assert (long.values("fidelity") == long.values("accuracy")).all()
    assert sum(one.fidelity.n_entities for one in long.folds) == 2 * 240
    difference = compare_rules(long, short)
    assert difference.mean == pytest.approx(
        (long.values("fidelity") - short.values("fidelity")).mean()
    )
    assert difference.low < difference.mean < difference.high
    assert difference.mean > 0.05
    assert 0 < long.stability <= 1
    with pytest.raises(ParameterError, match="no measure 'fidelty'"):
        long.values("fidelty")
    with pytest.raises(ParameterError, match="same folds"):
        compare_rules(long, CrossValidation(short.folds[:4], 0.5, 1.0))


def test_an_interval_widens_with_the_share_that_is_tested() -> None:
    values = np.array([0.0, 0.01, 0.02, 0.03])
    narrow, wide = (paired_difference(values, share) for share in (0.0, 0.25))
    # Student's t with three degrees of freedom: 3.182.
    half = 3.1824 * values.std(ddof=1) / 2
    assert narrow.high - narrow.mean == pytest.approx(half, rel=1e-3)
    assert wide.high - wide.mean == pytest.approx(half * 2**0.5, rel=1e-3)
    with pytest.raises(ParameterError, match="at least two folds"):
        paired_difference(values[:1], 0.25)


def test_a_dataset_is_made_on_one_part_and_measured_on_the_other() -> None:
    neurons = tuple(Attribute(f"n{i}", neuron=True) for i in range(2))
    hidden = View("h", X.entities, neurons, np.maximum(X.values[:2], 0))
    labels = Attribute("label", AttributeKind.NOMINAL, ("no", "yes"))
    true = View("labels", X.entities, (labels,), OUTPUTS.codes[None].astype(float))
    dataset = Dataset.of([X, hidden, true], SplitParams(hold_out=0.25))
    rules = imitate_on(
        dataset,
        network(VALUES),
        RuleParams(kind=RuleKind.ECLECTIC, max_literals=6, max_loss=0),
        task="logits",
        classes=("no", "yes"),
        labels="labels:label",
    )[""].rules
    assert rules.view == "x"
    assert rules.hold_out is not None
    assert rules.hold_out.n_entities == 60
    assert rules.hold_out.accuracy == rules.hold_out.fidelity
    assert {rule.mined.n_entities for rule in rules} == {180}
    few = RuleParams(max_literals=3, max_loss=0)
    numbers = imitate_on(dataset, VALUES[:, 2], few, task="numbers", inputs="x")[""]
    assert len(numbers.rules.edges) == 3
    with pytest.raises(EntityMismatchError, match="outputs for 100 entities"):
        imitate_on(dataset, [0, 1] * 50)
    with pytest.raises(ParameterError, match="No true label, such as 'no'"):
        imitate_on(dataset, network(VALUES), few, task="logits", labels="labels:label")


def test_inputs_that_cannot_be_told_are_asked_for() -> None:
    other = View.of("y", VALUES)
    dataset = Dataset.of([X, other])
    with pytest.raises(ParameterError, match=r"Choose of x, y \(inputs=…\)"):
        input_view(dataset)
    assert input_view(dataset, "y") is other


def test_what_gives_no_rules_is_said() -> None:
    with pytest.raises(ParameterError, match="one class, '0'"):
        imitate(X, Outputs.of([0] * 240))
    with pytest.raises(EntityMismatchError, match=r"describe \[100, 240\] entities"):
        imitate(X, OUTPUTS.take(np.arange(100)))
    rules = imitate(X, OUTPUTS, RuleParams(max_literals=2, max_loss=0))
    with pytest.raises(EntityMismatchError, match="describe 100 and 240"):
        measure_fidelity(rules, X, OUTPUTS.take(np.arange(100)))


def test_the_other_lengths_are_tested_on_the_hold_out() -> None:
    part, rest = np.arange(160), np.arange(160, 240)
    params = RuleParams(max_literals=6)
    held_out = HeldOut(X.take(rest), OUTPUTS.take(rest), ["yes"] * 80)
    rules = imitate_and_test(X.take(part), OUTPUTS.take(part), held_out, params)
    plain = imitate(X.take(part), OUTPUTS.take(part), params)
    tested = with_hold_out(plain, held_out.inputs, held_out.outputs, held_out.labels)
    assert (rules.rules, rules.hold_out) == (tested.rules, tested.hold_out)
    assert rules.hold_out is not None
    for one, before in zip(rules.trade_off, plain.trade_off, strict=True):
        assert (one.fidelity, one.chosen) == (before.fidelity, before.chosen)
        made = replace(params, max_literals=one.max_literals, max_loss=0)
        alone = imitate(X.take(part), OUTPUTS.take(part), made)
        found = measure_fidelity(alone, held_out.inputs, held_out.outputs)
        assert (one.n_rules, one.n_literals) == (len(alone), alone.n_literals)
        assert one.hold_out == found.fidelity
        if one.chosen:
            assert one.hold_out == rules.hold_out.fidelity
            assert one.hold_out_accuracy == rules.hold_out.accuracy
    whole = imitate_and_test(
        X.take(part), OUTPUTS.take(part), held_out, replace(params, max_loss=0)
    )
    assert whole.trade_off == ()
    assert whole.hold_out is not None
