"""Trees at one bin per distinct value against scikit-learn's.

Small nodes often have two tests of equal gain, after which two correct trees go different
ways. So every node is compared with a stump of scikit-learn grown on its entities, and
whole trees only where no two tests are equally good.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from redescribe.core.view import View
from redescribe.discretize.quantile import bin_view
from redescribe.trees.params import TreeParams
from redescribe.trees.tree import Targets, Tree, grow_tree

if TYPE_CHECKING:
    from collections.abc import Callable

    from redescribe._typing import AnyArray, Floats, Mask

Leaves = set[frozenset[int]]
MAX_BINS = 65_535


def random_values(seed: int, n_entities: int, n_attributes: int = 4) -> Floats:
    """Shape (n_entities, n_attributes): continuous, so that no two values are equal."""
    return np.random.default_rng(seed).normal(size=(n_entities, n_attributes))


def random_masks(seed: int, values: Floats, n_targets: int) -> Mask:
    """0/1 targets, shape (n_targets, n_entities), that follow the values, with noise."""
    rng = np.random.default_rng(seed + 1000)
    weights = rng.normal(size=(values.shape[1], n_targets))
    noisy = values @ weights + rng.normal(size=(len(values), n_targets))
    masks: Mask = (noisy > rng.normal(size=n_targets)).T
    return masks[masks.any(axis=1) & ~masks.all(axis=1)]


def random_labels(seed: int, values: Floats, n_classes: int) -> AnyArray:
    noise = np.random.default_rng(seed).normal(size=len(values))
    noisy = values[:, 0] + values[:, 1] * values[:, 2] + noise
    bounds = np.quantile(noisy, np.arange(1, n_classes) / n_classes)
    return np.searchsorted(bounds, noisy).astype(np.int32)


def grown(values: Floats, targets: Targets, max_depth: int) -> Tree:
    view = bin_view(View.of("x", values), MAX_BINS)
    params = TreeParams(max_depth=max_depth, min_leaf=2)
    return grow_tree(view, targets, np.arange(values.shape[1]), params)


def regressor(max_depth: int) -> DecisionTreeRegressor:
    return DecisionTreeRegressor(max_depth=max_depth, min_samples_leaf=2, random_state=0)


def classifier(max_depth: int) -> DecisionTreeClassifier:
    return DecisionTreeClassifier(max_depth=max_depth, min_samples_leaf=2, random_state=0)


def our_leaves(tree: Tree) -> Leaves:
    leaves = tree.nodes[tree.nodes[:, 0] < 0]
    return {frozenset(tree.order[s:e].tolist()) for s, e in leaves[:, 5:].tolist()}


def their_leaves(tree: DecisionTreeRegressor, values: Floats) -> Leaves:
    numbers = tree.apply(values.astype(np.float32))
    return {frozenset(np.flatnonzero(numbers == i).tolist()) for i in np.unique(numbers)}


def squared_errors(leaves: Leaves, targets: Floats) -> float:
    """Σ of squared deviations from the leaf means, over all columns."""
    parts = [targets[sorted(leaf)] for leaf in leaves]
    return float(sum(((part - part.mean(axis=0)) ** 2).sum() for part in parts))


def check_each_node(
    tree: Tree,
    values: Floats,
    targets: Floats,
    stump: Callable[[AnyArray], Leaves],
) -> None:
    """No stump of scikit-learn on the entities of a node explains more than its test."""
    deepest = tree.nodes[:, 4].max()
    for attribute, _, yes, no, depth, start, end in tree.nodes.tolist():
        members = tree.order[start:end]
        if len(members) < 2 or (attribute < 0 and depth == deepest):
            continue
        ours: Leaves = {frozenset(members.tolist())}
        if attribute >= 0:
            ranges = tree.nodes[[yes, no], 5:].tolist()
            ours = {frozenset(tree.order[s:e].tolist()) for s, e in ranges}
        theirs = {frozenset(members[sorted(leaf)].tolist()) for leaf in stump(members)}
        want = squared_errors(theirs, targets)
        assert squared_errors(ours, targets) == pytest.approx(want, rel=1e-4, abs=1e-9)


@pytest.mark.parametrize("n_entities", [20, 65, 300])
@pytest.mark.parametrize("n_targets", [1, 3, 9])
def test_weighted_targets_agree_with_scaled_regression(
    n_entities: int, n_targets: int
) -> None:
    """Weights 1 / variance are what scikit-learn does with targets divided by their sd."""
    values = random_values(n_entities, n_entities)
    masks = random_masks(n_entities, values, n_targets)
    scaled = (masks / masks.std(axis=1, keepdims=True)).T

    def stump(members: AnyArray) -> Leaves:
        fitted = regressor(1).fit(values[members].astype(np.float32), scaled[members])
        return their_leaves(fitted, values[members])

    tree = grown(values, Targets.binary(masks), 8)
    check_each_node(tree, values, scaled, stump)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("max_depth", [1, 2])
def test_shallow_trees_have_the_same_leaves(seed: int, max_depth: int) -> None:
    values = random_values(seed, 257)
    masks = random_masks(seed, values, 30)
    scaled = (masks / masks.std(axis=1, keepdims=True)).T
    ours = our_leaves(grown(values, Targets.binary(masks), max_depth))
    fitted = regressor(max_depth).fit(values.astype(np.float32), scaled)
    theirs = their_leaves(fitted, values)
    assert ours == theirs
    assert squared_errors(ours, scaled) == pytest.approx(squared_errors(theirs, scaled))


@pytest.mark.parametrize("seed", range(8))
def test_unweighted_targets_have_the_same_leaves(seed: int) -> None:
    values = random_values(seed, 200)
    masks = random_masks(seed, values, 40)
    binary = Targets.binary(masks)
    equal = Targets(binary.values, (binary.weights > 0).astype(np.int64), binary.entities)
    ours = our_leaves(grown(values, equal, 3))
    fitted = regressor(3).fit(values.astype(np.float32), masks.T.astype(np.float64))
    assert ours == their_leaves(fitted, values)


@pytest.mark.parametrize("n_classes", [2, 3, 5])
def test_a_nominal_target_agrees_with_gini(n_classes: int) -> None:
    values = random_values(n_classes, 300)
    labels = random_labels(n_classes, values, n_classes)
    tree = grown(values, Targets.nominal(labels), 6)

    def stump(members: AnyArray) -> Leaves:
        fitted = classifier(1).fit(values[members].astype(np.float32), labels[members])
        return their_leaves(fitted, values[members])

    check_each_node(tree, values, np.eye(n_classes)[labels], stump)
    shallow = our_leaves(grown(values, Targets.nominal(labels), 3))
    fitted = classifier(3).fit(values.astype(np.float32), labels)
    assert shallow == their_leaves(fitted, values)


def test_a_tree_explains_what_its_attributes_decide() -> None:
    values = random_values(3, 100)
    masks = (values[:, :2] > 0).T
    ours = our_leaves(grown(values, Targets.binary(masks), 4))
    assert squared_errors(ours, masks.T.astype(np.float64)) == 0.0
