"""Every node of a tree as a rule, with the support of its literals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.trees import examples

from redescribe.core.query import Conjunction
from redescribe.core.support import pack, unpack
from redescribe.discretize.quantile import bin_view
from redescribe.trees.forest import grow_forest
from redescribe.trees.params import TreeParams
from redescribe.trees.rules import RuleList, extract_rules, literal_support, rule_support

seeds = st.integers(0, 10_000)
sizes = st.sampled_from([30, 63, 64, 65, 150])
shares = st.sampled_from([0.0, 0.2])


def mined(seed: int, n_entities: int, share: float, min_support: int = 3) -> RuleList:
    view = examples.binned(seed, n_entities, missing_share=share)
    trees = grow_forest(
        view,
        examples.targets(seed, n_entities),
        TreeParams(),
        seed=np.random.SeedSequence(seed),
    )
    return extract_rules(trees, view, min_support=min_support)


@given(seed=seeds, n_entities=sizes, share=shares)
def test_supports_are_those_of_the_literals(
    seed: int, n_entities: int, share: float
) -> None:
    view = examples.binned(seed, n_entities, missing_share=share)
    rules = mined(seed, n_entities, share)
    for literals, satisfied, unknown, size in zip(
        rules.literals, rules.satisfied, rules.unknown, rules.sizes, strict=True
    ):
        wanted = rule_support(literals, view)
        assert (satisfied == wanted[0]).all()
        assert (unknown == wanted[1]).all()
        assert size == unpack(satisfied, n_entities).sum()


@given(seed=seeds, n_entities=sizes, share=shares)
def test_written_rules_have_the_same_support(
    seed: int, n_entities: int, share: float
) -> None:
    values = examples.mixed_view(seed, n_entities, missing_share=share)
    view = bin_view(values)
    rules = mined(seed, n_entities, share)
    for literals, satisfied, unknown in zip(
        rules.literals, rules.satisfied, rules.unknown, strict=True
    ):
        support = Conjunction(view.describe(literals)).on(values)
        assert (support.satisfied == satisfied).all()
        assert (support.unknown == unknown).all()


@given(seed=seeds, n_entities=sizes, share=shares)
def test_supports_are_distinct_large_enough_and_no_root(
    seed: int, n_entities: int, share: float
) -> None:
    rules = mined(seed, n_entities, share, min_support=5)
    assert len({words.tobytes() for words in rules.satisfied}) == len(rules)
    assert (rules.sizes >= 5).all()
    assert (rules.sizes < n_entities).all()
    assert all(len(literals) for literals in rules.literals)


def test_of_rules_with_one_support_the_shortest_stays() -> None:
    view = examples.binned(1, 80)
    trees = grow_forest(
        view, examples.targets(1, 80), TreeParams(), seed=np.random.SeedSequence(0)
    )
    once = extract_rules(trees, view, min_support=2)
    twice = extract_rules([*trees, *trees], view, min_support=2)
    assert [r.tolist() for r in once.literals] == [r.tolist() for r in twice.literals]


def test_no_tree_and_no_node_give_no_rule() -> None:
    view = examples.binned(0, 40)
    assert len(extract_rules([], view, min_support=1)) == 0
    rules = mined(0, 40, 0.0, min_support=41)
    assert len(rules) == 0
    assert rules.satisfied.shape == (0, 1)


@pytest.mark.parametrize("inside", [0, 1])
def test_a_missing_value_is_unknown_inside_and_outside(inside: int) -> None:
    values = examples.mixed_view(3, 70, missing_share=0.3)
    view = bin_view(values)
    satisfied, unknown = literal_support(np.array([3, 1, 1, inside], np.int32), view)
    codes = values.column("colour")
    assert (unknown == pack(np.isnan(codes))).all()
    assert (
        satisfied == pack((codes == 1) if inside else (codes != 1) & ~np.isnan(codes))
    ).all()
