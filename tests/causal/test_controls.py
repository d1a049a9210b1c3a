"""Nulls: permuted membership, random ranges, matched units."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redescribe.causal import controls
from redescribe.core.effect import Controls
from redescribe.core.view import View


def p_of(values: np.ndarray, inside: np.ndarray, strata: np.ndarray, seed: int) -> float:
    return controls.permutation_p(values, inside, strata, n_permutations=99, seed=seed)


@pytest.mark.parametrize("strata_count", [1, 3])
def test_p_values_are_super_uniform_where_membership_means_nothing(
    strata_count: int,
) -> None:
    p_values = []
    for seed in range(400):
        generator = np.random.default_rng(seed)
        strata = generator.integers(0, strata_count, 40)
        # The strata differ in both: only permuting within them is fair.
        values = np.round(generator.exponential(size=40) + 3 * strata, 1)
        inside = generator.random(40) < 0.2 + 0.25 * strata
        p_values.append(p_of(values, inside, strata, seed + 10**6))
    found = np.array(p_values)
    for level in (0.02, 0.05, 0.1, 0.2, 0.5):
        slack = 3 * np.sqrt(level * (1 - level) / found.size)
        assert (found <= level).mean() <= level + slack
    assert (found <= 0.5).mean() > 0.3


def test_permuting_among_all_would_not_be_fair() -> None:
    generator = np.random.default_rng(0)
    strata = np.repeat([0, 1], 50)
    values, inside = generator.random(100) + 3 * strata, strata == 1
    inside[:10] = True
    inside[50:60] = False
    assert p_of(values, inside, np.zeros(100, np.int64), 0) == 0.02
    assert p_of(values, inside, strata, 0) > 0.02


@given(seed=st.integers(0, 10**6), n_inside=st.integers(0, 30))
def test_both_tails_agree_under_reflection(seed: int, n_inside: int) -> None:
    generator = np.random.default_rng(seed)
    values = generator.integers(0, 5, 30).astype(float)
    inside, strata = np.arange(30) < n_inside, np.zeros(30, np.int64)
    assert p_of(values, inside, strata, 1) == p_of(-values, inside, strata, 1)


def test_sums_of_equal_numbers_are_ties_whatever_rounding_does() -> None:
    values = np.full(31, 0.1)
    inside = np.arange(31) < 7
    assert p_of(values, inside, np.zeros(31, np.int64), 0) == 1.0


def test_random_signs_are_super_uniform() -> None:
    p_values = np.array(
        [
            controls.sign_p(
                np.random.default_rng(seed).normal(size=25),
                n_permutations=99,
                seed=seed + 10**6,
            )
            for seed in range(400)
        ]
    )
    for level in (0.02, 0.1, 0.5):
        slack = 3 * np.sqrt(level * (1 - level) / p_values.size)
        assert (p_values <= level).mean() <= level + slack


@given(seed=st.integers(0, 10**6), n_members=st.integers(0, 20))
def test_random_ranges_hold_as_many_and_are_contiguous(seed: int, n_members: int) -> None:
    values = np.random.default_rng(seed).integers(0, 6, 20).astype(float)
    ranges = list(controls.random_ranges(values, n_members, 5, seed))
    assert len(ranges) == (0 if n_members in {0, 20} else 5)
    for found in ranges:
        assert found.members.sum() == n_members
        assert values[found.members].min() == found.low
        assert values[found.members].max() == found.high
        between = (values > found.low) & (values < found.high)
        assert found.members[between].all()


def test_matched_units_are_of_the_same_layer_and_not_dead() -> None:
    generator = np.random.default_rng(0)
    active = np.maximum(generator.normal(size=(50, 3)), 0)
    columns = {
        "m@fc:0": active[:, 0],
        "m@fc:1": active[:, 1],
        "m@fc:2": np.zeros(50),
        "m@fc:3": active[:, 2] + 9,
        "m@other:0": active[:, 0],
        "n@fc:5": active[:, 0],
    }
    view = View.of("m", np.array(list(columns.values())).T, names=list(columns))
    found = controls.matched_units(view, "m@fc:0", 10)
    assert [neuron.unit for neuron in found] == [1, 3]
    assert [n.unit for n in controls.matched_units(view, "m@fc:0", 1)] == [1]
    assert controls.matched_units(view, "m@other:0", 5) == ()


def test_no_control_is_no_comparison() -> None:
    assert controls.against_controls(1.0, []) == Controls(0, None, None)
    assert controls.auc(np.ones(3), np.zeros(3, bool)) is None
