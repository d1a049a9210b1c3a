"""Forests on random subsets of the attributes."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tests.trees import examples

from redescribe.core.view import View
from redescribe.discretize.quantile import bin_view
from redescribe.trees.forest import grow_forest, subspace_size
from redescribe.trees.params import TreeParams


def seed(*key: int) -> np.random.SeedSequence:
    return np.random.SeedSequence(0, spawn_key=key)


@pytest.mark.parametrize("d", [1, 2, 3, 4, 10, 32, 64, 500])
@pytest.mark.parametrize(("n_trees", "max_depth"), [(1, 1), (2, 8), (10, 20)])
def test_subspace_size_follows_the_formula(d: int, n_trees: int, max_depth: int) -> None:
    params = TreeParams(n_subspace_trees=n_trees, max_depth=max_depth)
    want = d
    if d > 2:
        covering = (d - 2) * (1 - 0.001 ** (1 / (n_trees * max_depth))) + 1
        want = min(d, math.floor(max(covering, math.log2(d - 2) + 1)))
    assert subspace_size(d, params) == want
    assert 1 <= want <= d


def test_each_attribute_is_likely_to_be_seen() -> None:
    # 999 of 1,000 attributes: what the constant of the formula stands for.
    params = TreeParams(n_subspace_trees=4, max_depth=8)
    missed = (1 - (subspace_size(1_000, params) - 1) / 998) ** 32
    assert missed == pytest.approx(0.001, rel=0.05)


def test_a_forest_is_one_full_tree_and_some_on_subsets() -> None:
    view = bin_view(View.of("x", np.random.default_rng(0).normal(size=(100, 30))))
    params = TreeParams(n_subspace_trees=3, max_depth=4)
    trees = grow_forest(view, examples.targets(0, 100), params, seed=seed(1))
    size = subspace_size(30, params)
    assert len(trees) == 4
    for tree in trees[1:]:
        assert len(set(tree.nodes[:, 0].tolist()) - {-1}) <= size


def test_the_seed_decides_the_subsets() -> None:
    view = bin_view(View.of("x", np.random.default_rng(0).normal(size=(100, 30))))
    targets, params = examples.targets(0, 100), TreeParams()
    first, again, other = (
        [t.nodes.tolist() for t in grow_forest(view, targets, params, seed=s)]
        for s in (seed(1), seed(1), seed(2))
    )
    assert first == again
    assert first[0] == other[0]
    assert first[1:] != other[1:]


def test_attributes_with_a_single_bin_are_left_out() -> None:
    values = np.random.default_rng(0).normal(size=(50, 3))
    values[:, 1] = 4.0
    values[:, 2] = np.nan
    view = bin_view(View.of("x", values))
    trees = grow_forest(view, examples.targets(0, 50), TreeParams(), seed=seed(0))
    assert {a for tree in trees for a in tree.nodes[:, 0].tolist()} <= {-1, 0}
    dead = bin_view(View.of("x", np.ones((50, 2))))
    assert grow_forest(dead, examples.targets(0, 50), TreeParams(), seed=seed(0)) == []


def test_without_subspace_trees_there_is_one_tree() -> None:
    view = bin_view(View.of("x", np.random.default_rng(0).normal(size=(50, 10))))
    params = TreeParams(n_subspace_trees=0)
    assert len(grow_forest(view, examples.targets(0, 50), params, seed=seed(0))) == 1
