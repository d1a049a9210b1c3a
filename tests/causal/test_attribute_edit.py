"""Edits of attributes: the unit follows those that it is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.causal.toys import example, planted_network

from redescribe.causal.attribute_edit import edit_attributes, moves_across, stepped
from redescribe.causal.params import CausalParams
from redescribe.core.effect import Check, Verdict
from redescribe.core.query import Interval
from redescribe.errors import CaptureError, ParameterError

if TYPE_CHECKING:
    from redescribe._typing import Floats

MODEL = planted_network([1.0, 0.0, 0.5, -0.5])


def test_the_unit_follows_the_attribute_that_it_is_made_of_and_no_other() -> None:
    made = example(MODEL, "0")
    findings = [
        made.finding(1, '"net@0:0" > 0.2', "x0 > 0.2"),
        made.finding(2, '"net@0:0" > 0.2', "x1 > 0.1"),
    ]
    effects = edit_attributes(MODEL, findings, made.dataset, "inputs")
    own, other = effects
    assert [effect.check for effect in effects] == [Check.EDIT] * 2
    assert (own.about, own.inside, own.outside) == ("x0 > 0.2", 1.0, 0.0)
    assert own.verdict is Verdict.CONFIRMED
    assert (other.about, other.inside) == ("x1 > 0.1", 0.0)
    assert other.effect is not None
    assert other.effect < 0
    assert other.verdict is Verdict.OPPOSITE
    n_tested = made.dataset.split.held_out.size
    assert own.n_inside == n_tested
    assert other.n_inside < n_tested


def test_each_literal_of_a_rule_has_its_own_edit() -> None:
    made = example(MODEL, "0")
    finding = made.finding(1, '"net@0:0" > 0.2', "x0 > 0.2 AND x1 > -2")
    effects = edit_attributes(MODEL, [finding], made.dataset, "inputs")
    assert [effect.about for effect in effects] == ["x0 > 0.2", "x1 > -2"]
    # All attributes are in the rule: nothing is left to compare with.
    assert [effect.verdict for effect in effects] == [Verdict.NOT_TESTABLE] * 2
    assert effects.effects[0].inside == 1.0


def test_inputs_are_made_by_the_function_of_the_user() -> None:
    scaled = example(MODEL, "0")
    finding = scaled.finding(1, '"net@0:0" > 0.2', "x0 > 0.2")

    def halved(values: Floats) -> Floats:
        return values / 2

    with pytest.raises(CaptureError, match="gives other activations"):
        edit_attributes(MODEL, [finding], scaled.dataset, "inputs", to_input=halved)


def test_edits_are_determined() -> None:
    made = example(MODEL, "0")
    finding = made.finding(1, '"net@0:0" > 0.2', "x0 > 0.2")
    first, second = (
        edit_attributes(
            MODEL,
            [finding],
            made.dataset,
            "inputs",
            params=CausalParams(permutations=99, seed=3),
        )
        for _ in range(2)
    )
    assert first == second


def test_a_view_without_numbers_cannot_be_edited() -> None:
    made = example(MODEL, "0")
    finding = made.finding(1, '"net@0:0" > 0.2', 'class = "yes"', "labels")
    with pytest.raises(ParameterError, match="by a bound on a number of 'inputs'"):
        edit_attributes(MODEL, [finding], made.dataset, "inputs")


numbers = st.lists(st.integers(-5, 5), min_size=1, max_size=30)


@given(values=numbers, observed=numbers, low=st.integers(-5, 4))
def test_moves_go_to_the_nearest_observed_value_on_the_other_side(
    values: list[int], observed: list[int], low: int
) -> None:
    literal = Interval("a", low, low + 1.5)
    seen = np.sort(np.array(observed, dtype=float))
    moved = moves_across(literal, np.array(values, dtype=float), seen).values
    for value, new in zip(values, moved.tolist(), strict=True):
        inside = low < value <= low + 1.5
        goals = [x for x in observed if (low < x <= low + 1.5) != inside]
        if not goals:
            assert new == value
            continue
        assert new in goals
        assert abs(new - value) == min(abs(goal - value) for goal in goals)


def test_missing_values_stay_missing() -> None:
    observed = np.array([1.0, 2.0, 3.0])
    values = np.array([np.nan, 1.0])
    moves = moves_across(Interval("a", 1.5), values, observed)
    assert np.isnan(moves.values[0])
    assert moves.values[1] == 2.0
    assert np.isnan(stepped(values, observed, np.array([1, 1]))[0])
