"""Weights are the optimum, budgets are kept, and pairs are found where they matter."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize

from redescribe.core.view import View
from redescribe.rules.columns import Columns
from redescribe.rules.imitate import imitate
from redescribe.rules.outputs import Outputs
from redescribe.rules.params import RuleParams
from redescribe.rules.softmax import Aim, fit
from redescribe.rules.weighted import weighted_path


@pytest.mark.parametrize("n_classes", [2, 3])
def test_the_weights_are_the_minimum_of_the_loss(n_classes: int) -> None:
    generator = np.random.default_rng(n_classes)
    columns = generator.integers(0, 2, size=(60, 4)).astype(np.float64)
    labels = np.arange(4) % (n_classes - 1) + 1
    shares = generator.dirichlet(np.ones(n_classes), 60)
    aim = Aim(shares, generator.uniform(0.5, 2, 60), 0.7)

    def loss(values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
        scores = np.zeros((60, n_classes))
        scores[:, 1:] += values[4:]
        for column, label, weight in zip(columns.T, labels, values, strict=False):
            scores[:, label] += weight * column
        logs = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        entropy = -(aim.weights * (shares * logs).sum(axis=1)).sum()
        penalty = 0.7 * (values[:4] ** 2).sum() + 1e-3 * (values[4:] ** 2).sum()
        return float(entropy + penalty / 2)

    found = fit(columns, labels, aim)
    want = minimize(loss, np.zeros(4 + n_classes - 1))
    assert found.loss == pytest.approx(want.fun, rel=1e-6)
    assert found.weights == pytest.approx(want.x[:4], abs=1e-3)
    assert found.base[1:] == pytest.approx(want.x[4:], abs=1e-3)


def test_each_budget_is_kept_and_longer_sets_fit_better() -> None:
    generator = np.random.default_rng(0)
    values = generator.normal(size=(150, 4))
    view = View.of("x", values)
    answers = np.eye(2)[(values.sum(axis=1) > 0).astype(int)]
    aim = Aim(answers, np.ones(150), 1.0)
    columns = Columns.cuts(view, max_cuts=9)
    paired = Columns.cuts(view, max_cuts=3, both_sides=True)
    path = weighted_path(columns, aim, [1, 2, 5, 10], paired=paired)
    assert all(found.n_literals <= budget for budget, found in path.items())
    losses = [
        fit(Columns.of(one.terms, view).holds.T.astype(float), one.labels, aim).loss
        for one in path.values()
    ]
    assert losses == sorted(losses, reverse=True)


def test_what_no_literal_tells_pairs_do() -> None:
    values = np.random.default_rng(0).normal(size=(300, 3))
    outputs = Outputs.of((values[:, 0] > 0) != (values[:, 1] > 0))
    view = View.of("x", values, names=["a", "b", "idle"])
    params = RuleParams(max_literals=4, max_loss=0, max_length=2)
    rules = imitate(view, outputs, params)
    assert {rule.query.attributes for rule in rules} == {("a", "b")}
    assert (rules.codes(view) == outputs.codes).mean() > 0.9
    single = imitate(view, outputs, RuleParams(max_literals=4, max_loss=0, max_length=1))
    assert (single.codes(view) == outputs.codes).mean() < 0.7


def test_of_many_classes_each_gets_rules() -> None:
    values = np.random.default_rng(0).normal(size=(400, 2))
    classes = 2 * (values[:, 0] > 0) + (values[:, 1] > 0)
    view = View.of("x", values, names=["a", "b"])
    rules = imitate(view, Outputs.of(classes), RuleParams(max_literals=16, max_loss=0))
    assert (rules.codes(view) == classes).mean() > 0.95
    assert all(rule.weight > 0 for rule in rules if len(rule) == 1)


def test_weights_do_not_depend_on_the_order_of_entities() -> None:
    generator = np.random.default_rng(3)
    values = generator.normal(size=(200, 3))
    outputs = Outputs.of(values @ [1.0, 0.7, -0.4] > 0)
    view = View.of("x", values)
    order = generator.permutation(200)
    params = RuleParams(max_literals=6, max_loss=0)
    one = imitate(view, outputs, params)
    two = imitate(view.take(order), outputs.take(order), params)
    assert [str(rule) for rule in one] == [str(rule) for rule in two]
    assert [rule.weight for rule in one] == pytest.approx(
        [rule.weight for rule in two], rel=1e-3
    )
