"""The rule extractor keeps scikit-learn's manners, and answers as its rules do."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.utils.estimator_checks import parametrize_with_checks

from redescribe.core.view import View
from redescribe.errors import ParameterError, RedescribeError
from redescribe.estimators.extractor import RuleExtractor
from redescribe.rules.imitate import imitate
from redescribe.rules.outputs import Outputs
from redescribe.rules.params import RuleParams
from redescribe.rules.ruleset import Explanation

if TYPE_CHECKING:
    from collections.abc import Callable

    from redescribe._typing import AnyArray, Floats

# The checks fit many small samples: one size each, no folds to choose it.
SMALL = RuleExtractor(max_literals=6, max_loss=0)
LIST = RuleExtractor(method="cover", max_literals=6, max_loss=0, min_precision=0.5)


@parametrize_with_checks([SMALL, LIST])  # type: ignore[untyped-decorator]  # untyped
def test_manners_of_scikit_learn(
    estimator: RuleExtractor, check: Callable[[RuleExtractor], None]
) -> None:
    check(estimator)


@pytest.fixture(scope="module", name="X")
def inputs() -> Floats:
    return np.random.default_rng(2).normal(size=(200, 3))


def logits(rows: AnyArray) -> Floats:
    found: Floats = 3 * rows[:, 0] - rows[:, 1]
    return found


def test_it_answers_as_the_function_does(X: Floats) -> None:
    answers = np.where(logits(X) > 0, "ill", "well")
    extractor = RuleExtractor(max_literals=5, max_loss=0).fit(X, answers)
    params = RuleParams(max_literals=5, max_loss=0)
    rules = imitate(View.of("X", X), Outputs.of(answers), params)
    assert [str(rule) for rule in extractor.rules_] == [str(rule) for rule in rules]
    assert extractor.predict(X).tolist() == rules.predict(View.of("X", X))
    assert extractor.classes_.tolist() == ["ill", "well"]
    assert extractor.score(X, answers) == (extractor.predict(X) == answers).mean()


def test_classes_keep_their_type(X: Floats) -> None:
    for given in (np.array([7, 3]), np.array([True, False]), np.array(["b", "a"])):
        answers = given[(logits(X) > 0).astype(int)]
        found = clone(SMALL).fit(X, answers).predict(X)
        assert found.dtype == answers.dtype
        assert (found == answers).mean() > 0.9


def test_logits_and_probabilities_are_answers_too(X: Floats) -> None:
    scores = np.column_stack([np.zeros(200), logits(X)])
    by_logits = RuleExtractor(max_literals=6, max_loss=0, task="logits").fit(X, scores)
    assert by_logits.score(X, scores) > 0.9
    assert set(by_logits.predict(X)) == {0, 1}
    shares = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    by_shares = RuleExtractor(max_literals=6, max_loss=0).fit(X, shares)
    assert (by_shares.predict(X) == by_logits.predict(X)).all()


def test_several_labels(X: Floats) -> None:
    labels = (X[:, :2] > 0).astype(int)
    extractor = RuleExtractor(task="labels", max_literals=3, max_loss=0).fit(X, labels)
    assert extractor.predict(X).shape == (200, 2)
    assert extractor.score(X, labels) == (extractor.predict(X) == labels).all(axis=1).mean()
    assert list(extractor.rule_sets_) == ["label 0", "label 1"]
    explained = extractor.explain(X[0])
    assert isinstance(explained, dict)
    assert set(explained) == {"label 0", "label 1"}
    n_rules = sum(map(len, extractor.rule_sets_.values()))
    assert extractor.decision_path(X).shape == (200, n_rules)


def test_numbers_are_answered_by_the_mean_of_their_bin(X: Floats) -> None:
    extractor = RuleExtractor(task="numbers", n_bins=3, max_literals=4).fit(X, X[:, 2])
    assert set(extractor.predict(X)) == set(extractor.rules_.values)
    assert extractor.score(X, X[:, 2]) > 0.9


def test_the_network_may_be_asked(X: Floats) -> None:
    asked = RuleExtractor(task="logits", max_literals=6, max_loss=0, augment=2)
    without = clone(asked)
    asked.set_params(network=logits).fit(X, logits(X))
    assert asked.score(X, logits(X)[:, None] > 0) > 0.9
    with pytest.raises(ParameterError, match="give it as a function"):
        without.fit(X, logits(X))
    labels = RuleExtractor(
        task="labels",
        network=lambda rows: (rows[:, :2] > 0).astype(int),
        max_literals=2,
        max_loss=0,
        augment=1,
    )
    assert labels.fit(X, (X[:, :2] > 0).astype(int)).score(X, X[:, :2] > 0) > 0.9


def test_layers_lead_to_decompositional_rules(X: Floats) -> None:
    bits = (X > 0).astype(np.float64)
    hidden = np.maximum(bits[:, :2], 0)
    answers = hidden[:, 0] > 0.5
    X = bits
    extractor = RuleExtractor(kind="decompositional", method="exact", max_loss=0)
    extractor.fit(X, answers, layers=[hidden])
    assert {name for r in extractor.rules_ for name in r.query.attributes} == {"x0"}
    assert extractor.score(X, answers) == 1


def test_no_answer_without_a_default(X: Floats) -> None:
    extractor = RuleExtractor(method="cover", default=False, max_literals=1, max_loss=0)
    found = extractor.fit(X, logits(X) > 0).predict(X)
    assert found.dtype == object
    assert None in found.tolist()


def test_explanations_agree_with_the_decision_path(X: Floats) -> None:
    extractor = clone(SMALL).fit(X, logits(X) > 0)
    path = extractor.decision_path(X).toarray()
    for position in (0, 5, 9):
        for sample in (X[position], X[position].tolist(), X[[position]]):
            found = extractor.explain(sample)
            assert isinstance(found, Explanation)
            assert list(found.fired) == (np.flatnonzero(path[position]) + 1).tolist()


def test_names_missing_values_and_pickles(X: Floats) -> None:
    frame = pd.DataFrame(X, columns=["age", "blood pressure", "n"])
    frame.loc[:40, "age"] = np.nan
    extractor = clone(SMALL).fit(frame, logits(X) > 0)
    assert {name for r in extractor.rules_ for name in r.query.attributes} <= set(frame)
    again = pickle.loads(pickle.dumps(extractor))  # noqa: S301 - our own bytes
    assert (again.predict(frame) == extractor.predict(frame)).all()
    with pytest.raises(ValueError, match="feature names"):
        extractor.predict(frame.rename(columns={"age": "years"}))


def test_what_is_wrong_is_said(X: Floats) -> None:
    with pytest.raises(NotFittedError):
        RuleExtractor().predict(X)
    with pytest.raises(RedescribeError, match="'max_literals' parameter"):
        RuleExtractor(max_literals=0).fit(X, X[:, 0] > 0)
    with pytest.raises(ParameterError, match="Several labels are task='labels'"):
        RuleExtractor().fit(X, (X[:, :2] > 0).astype(int))
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        RuleExtractor().fit(X, [0, 1])
