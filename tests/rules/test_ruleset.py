"""Lists, votes and weighted sets, worked out by hand and for any rules."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rules.examples import inputs, rule, rule_sets

from redescribe.core.grammar import parse_query
from redescribe.core.view import View
from redescribe.errors import ParameterError, UnknownNameError
from redescribe.rules.params import Combination
from redescribe.rules.ruleset import RuleSet, wilson_bound

X = View.of("x", [[0.0], [1.0], [2.0], [np.nan]], names=["a"])
ABOVE, AT_MOST = parse_query("a > 0.5", "x"), parse_query("a <= 1.5", "x")


def small(combination: Combination, *rules: object, **options: object) -> RuleSet:
    return RuleSet("x", X.attributes, ("no", "yes"), rules, combination, **options)  # type: ignore[arg-type]


def test_in_a_list_the_most_reliable_rule_that_fires_answers() -> None:
    rules = small(Combination.LIST, rule(ABOVE, "yes", 0.7), rule(AT_MOST, "no", 0.9))
    assert [one.label for one in rules] == ["no", "yes"]
    assert rules.predict(X) == ["no", "no", "yes", None]
    assert replace(rules, default="yes").predict(X) == ["no", "no", "yes", "yes"]


def test_in_a_vote_the_weights_are_added() -> None:
    third = parse_query("0.5 < a <= 1.5", "x")
    rules = small(
        Combination.VOTE,
        rule(AT_MOST, "no", 0.5),
        rule(ABOVE, "yes", 0.4),
        rule(third, "yes", 0.4),
        default="no",
    )
    assert rules.predict(X) == ["no", "yes", "yes", "no"]
    fires = rules.fires(X)[0]
    assert rules.scores(fires)[1].tolist() == pytest.approx([0.5, 0.8])


def test_equal_sums_go_to_the_default_and_then_to_the_first_class() -> None:
    rules = (rule(AT_MOST, "no", 0.5), rule(ABOVE, "yes", 0.5))
    assert small(Combination.VOTE, *rules, default="yes").predict(X)[1] == "yes"
    assert small(Combination.VOTE, *rules).predict(X)[1] == "no"


def test_a_weighted_set_starts_from_its_base() -> None:
    rules = small(
        Combination.WEIGHTED, rule(ABOVE, "yes", 1.0), base=(0.4, 0.0), default="no"
    )
    assert rules.predict(X) == ["no", "yes", "yes", "no"]
    against = small(
        Combination.WEIGHTED, rule(ABOVE, "no", -1.0), base=(0.4, 0.0), default="no"
    )
    assert against.predict(X) == ["no", "yes", "yes", "no"]
    assert replace(against, default=None).predict(X) == [None, "yes", "yes", None]


def test_first_class_is_the_order_of_the_classes() -> None:
    rules = small(
        Combination.FIRST_CLASS, rule(ABOVE, "yes", 0.99), rule(AT_MOST, "no", 0.9)
    )
    assert rules.predict(X) == ["no", "no", "yes", None]


def test_an_explanation_names_rules_and_what_is_unknown() -> None:
    rules = small(
        Combination.LIST, rule(AT_MOST, "no", 0.9), rule(ABOVE, "yes", 0.7), default="no"
    )
    found = rules.explain(X, 1)
    assert (found.answer, found.fired, found.by_default) == ("no", (1, 2), False)
    assert found.scores == {"no": 0.9, "yes": 0.0}
    missing = rules.explain(X, 3)
    assert (missing.answer, missing.fired, missing.unknown) == ("no", (), (1, 2))
    assert missing.by_default
    with pytest.raises(ParameterError, match="no entity 4: the view has 4"):
        rules.explain(X, 4)


def test_rules_can_be_switched_off() -> None:
    rules = small(Combination.LIST, rule(AT_MOST, "no", 0.9), rule(ABOVE, "yes", 0.7))
    assert rules.without([1]).predict(X) == [None, "yes", "yes", None]
    assert rules.without([1, 2]).predict(X) == [None] * 4
    with pytest.raises(ParameterError, match="no rule 3: the set has 2"):
        rules.without([3])


def test_rules_must_fit_together() -> None:
    with pytest.raises(UnknownNameError, match=r"'yess'\. Did you mean 'yes'"):
        small(Combination.LIST, rule(ABOVE, "yess", 0.9))
    with pytest.raises(UnknownNameError, match="The default is a class"):
        small(Combination.LIST, default="maybe")
    with pytest.raises(ParameterError, match="over the view 'y'"):
        small(Combination.LIST, rule(parse_query("a > 1", "y"), "yes", 0.9))
    with pytest.raises(ParameterError, match="only rules for numeric outputs"):
        small(Combination.LIST).predict_values(X)


def test_numeric_outputs_have_values() -> None:
    rules = replace(
        small(Combination.LIST, rule(ABOVE, "yes", 0.9)), edges=(1.5,), values=(1.0, 7.0)
    )
    assert rules.predict_values(X)[1:3].tolist() == [7.0, 7.0]
    assert np.isnan(rules.predict_values(X)[0])


@given(rules=rule_sets(), seed=st.integers(0, 5))
def test_the_order_of_rules_and_of_entities_changes_nothing(
    rules: RuleSet, seed: int
) -> None:
    view = inputs()
    generator = np.random.default_rng(seed)
    shuffled = [rules.rules[i] for i in generator.permutation(len(rules))]
    again = replace(rules, rules=tuple(shuffled))
    assert again.rules == rules.rules
    order = generator.permutation(len(view.entities))
    assert again.codes(view.take(order)).tolist() == rules.codes(view)[order].tolist()


@given(rules=rule_sets())
def test_a_missing_value_never_makes_a_rule_fire(rules: RuleSet) -> None:
    """What fires with a missing value fires whatever stands there."""
    complete = inputs(missing=False)
    holes = inputs()
    values = np.where(np.isnan(holes.values), np.nan, complete.values)
    partial = View("x", complete.entities, complete.attributes, values)
    fires, unknown = rules.fires(partial)
    fires_complete = rules.fires(complete)[0]
    assert not (fires & ~fires_complete).any()
    assert not (fires & unknown).any()
    assert ((fires | unknown) >= fires_complete).all()


def test_rows_say_what_each_rule_is_worth() -> None:
    rules = small(Combination.LIST, rule(ABOVE, "yes", 0.9, covered=4))
    assert rules.rows() == [
        {
            "rule": 1,
            "query": "a > 0.5",
            "label": "yes",
            "weight": 0.9,
            "n_literals": 1,
            "coverage_mined": 0.4,
            "precision_mined": 1.0,
        }
    ]
    assert list(rules.to_frame()["query"]) == ["a > 0.5"]


@pytest.mark.parametrize(("correct", "covered"), [(0, 5), (3, 5), (5, 5), (99, 100)])
def test_the_wilson_bound_is_a_root_of_its_equation(correct: int, covered: int) -> None:
    bound = wilson_bound(correct, covered)
    share = correct / covered
    assert 0 <= bound <= share
    assert (share - bound) ** 2 == pytest.approx(1.96**2 * bound * (1 - bound) / covered)
