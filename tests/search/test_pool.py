"""Rules and their negations as one list of sets."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.search import examples

from redescribe.core.support import Support, unpack
from redescribe.discretize.quantile import bin_view
from redescribe.search.language import QueryLanguage
from redescribe.search.pool import RulePool
from redescribe.trees.forest import grow_forest
from redescribe.trees.params import TreeParams
from redescribe.trees.rules import extract_rules
from redescribe.trees.tree import Targets

seeds = st.integers(0, 10_000)
shares = st.sampled_from([0.0, 0.3])


def pool_of(seed: int, share: float, *, negation: bool, min_support: int = 3) -> RulePool:
    view = bin_view(examples.mixed(seed, 65, missing_share=share))
    rng = np.random.default_rng(seed)
    targets = Targets.binary(rng.random((2, 65)) < 0.4)
    sequence = np.random.SeedSequence(seed)
    trees = grow_forest(view, targets, TreeParams(max_depth=4), seed=sequence)
    rules = extract_rules(trees, view, min_support=min_support)
    return RulePool.of(rules, view, QueryLanguage(negation=negation).of(view.name))


@given(seed=seeds, share=shares)
def test_the_second_half_negates_the_first(seed: int, share: float) -> None:
    pool = pool_of(seed, share, negation=True)
    n = pool.n_positive
    assert len(pool) == 2 * n
    assert pool.lengths.tolist() == [len(x) for x in pool.rules.literals] * 2
    for i in range(n):
        rule = Support(65, pool.satisfied[i], pool.rules.unknown[i])
        assert (pool.satisfied[n + i] == (~rule).satisfied).all()
    assert pool.sizes.tolist() == unpack(pool.satisfied, 65).sum(axis=1).tolist()


@pytest.mark.parametrize("negation", [False, True])
@given(seed=seeds, share=shares)
def test_a_query_has_the_support_of_its_parts(
    *, negation: bool, seed: int, share: float
) -> None:
    pool = pool_of(seed, share, negation=negation)
    rng = np.random.default_rng(seed)
    joined = rng.permutation(pool.n_positive)[:2].tolist()
    alone = [int(rng.integers(len(pool)))]
    for rules in (joined, alone):
        for disjunct in (-1, int(rng.integers(len(pool)))):
            want = np.bitwise_and.reduce(pool.satisfied[rules])
            if disjunct >= 0:
                want = want | pool.satisfied[disjunct]
            query = pool.query(rules, disjunct)
            assert (query.satisfied() == want).all()
            negated = [r >= pool.n_positive for r in (rules[0], disjunct) if r >= 0]
            assert query.negated.tolist() == negated


def test_without_negation_there_are_only_rules() -> None:
    pool = pool_of(0, 0.0, negation=False)
    assert len(pool) == pool.n_positive == len(pool.rules)
    empty = pool_of(0, 0.0, negation=True, min_support=66)
    assert (len(empty), empty.n_positive) == (0, 0)
