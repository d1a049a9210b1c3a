"""Targets, weights and the trees grown for them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.trees import examples

from redescribe.core.support import unpack
from redescribe.core.view import View
from redescribe.discretize.quantile import bin_view
from redescribe.errors import ParameterError
from redescribe.trees.params import TreeParams
from redescribe.trees.tree import Targets, Tree, grow_tree

seeds = st.integers(0, 10_000)


def memberships(tree: Tree, names: np.ndarray) -> set[tuple[int, frozenset[int]]]:
    """Depth and entities, by name, of every node."""
    return {
        (depth, frozenset(names[tree.order[start:end]].tolist()))
        for depth, start, end in tree.nodes[:, 4:].tolist()
    }


def test_nominal_targets_are_one_hot_and_leave_unlabelled_entities_out() -> None:
    found = Targets.nominal(np.array([1, -1, 0, 2], np.int32))
    assert found.values.tolist() == [
        [0, 1, 0, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 0, 0, 0],
        [1, 0, 0, 0, 0, 0, 0, 0],
        [0, 0, 1, 0, 0, 0, 0, 0],
    ]
    assert found.weights.tolist() == [1, 1, 1, 0, 0, 0, 0, 0]
    assert found.entities.tolist() == [0, 2, 3]


def test_binary_targets_weigh_the_inverse_variance() -> None:
    masks = np.array([[1, 0, 0, 0], [1, 1, 0, 0], [1, 1, 1, 1], [0, 0, 0, 0]], np.bool_)
    weights = Targets.binary(masks).weights
    # Variances 3/16 and 4/16; constant targets weigh nothing.
    assert weights[0] / weights[1] == pytest.approx(4 / 3, rel=1e-5)
    assert weights[2:].tolist() == [0] * 6


@pytest.mark.parametrize("n_targets", [1, 7, 8, 9, 100])
def test_targets_are_padded_to_multiples_of_eight(n_targets: int) -> None:
    found = Targets.binary(np.eye(n_targets, 130, dtype=np.bool_))
    assert found.values.shape == (130, 8 * -(-n_targets // 8))
    assert found.weights.shape == found.values.shape[1:]
    assert not found.values[:, n_targets:].any()


def test_weights_leave_room_for_exact_sums() -> None:
    n_entities, n_targets = 3_000, 100
    masks = np.zeros((n_targets, n_entities), np.bool_)
    masks[:, :1] = True
    weights = Targets.binary(masks).weights
    assert int(weights.sum()) * n_entities**2 < 2**62
    assert weights.max() > 1_000


def test_all_constant_targets_give_a_single_node() -> None:
    view = examples.binned(0, 30)
    tree = grow_tree(
        view, Targets.binary(np.ones((2, 30), np.bool_)), np.arange(4), TreeParams()
    )
    assert len(tree) == 1


def test_no_labelled_entity_gives_a_single_empty_node() -> None:
    view = examples.binned(0, 30)
    targets = Targets.nominal(np.full(30, -1, np.int32))
    tree = grow_tree(view, targets, np.arange(4), TreeParams())
    assert len(tree) == 1
    assert not tree.members(30).any()


@given(seed=seeds, n_entities=st.sampled_from([30, 63, 64, 65, 150]))
def test_children_divide_the_entities_that_are_known(seed: int, n_entities: int) -> None:
    view = examples.binned(seed, n_entities, missing_share=0.2)
    tree = grow_tree(view, examples.targets(seed, n_entities), np.arange(4), TreeParams())
    members = unpack(tree.members(n_entities), n_entities)
    for node, (attribute, code, yes, no) in enumerate(tree.nodes[:, :4].tolist()):
        if attribute < 0:
            continue
        codes = view.codes[attribute]
        passing = codes == code if view.is_nominal[attribute] else codes > code
        known = members[node] & (codes != view.missing_code)
        assert (members[yes] == (known & passing)).all()
        assert (members[no] == (known & ~passing)).all()
        assert min(members[yes].sum(), members[no].sum()) >= 2


@given(seed=seeds)
def test_permuted_entities_give_the_same_tree(seed: int) -> None:
    n_entities = 65
    view = examples.mixed_view(seed, n_entities, missing_share=0.1)
    targets = examples.targets(seed, n_entities)
    order = np.random.default_rng(seed).permutation(n_entities)
    shuffled = Targets(targets.values[order], targets.weights, targets.entities)
    first = grow_tree(bin_view(view), targets, np.arange(4), TreeParams())
    second = grow_tree(bin_view(view.take(order)), shuffled, np.arange(4), TreeParams())
    assert (first.nodes == second.nodes).all()
    assert memberships(first, np.arange(n_entities)) == memberships(second, order)


@given(seed=seeds)
def test_permuted_attributes_give_the_same_nodes(seed: int) -> None:
    # Many targets, so that no two attributes are equally good by chance.
    n_entities = 129
    values = np.random.default_rng(seed).normal(size=(n_entities, 4))
    order = np.random.default_rng(seed).permutation(4)
    targets = examples.targets(seed, n_entities, 40)
    trees = [
        grow_tree(
            bin_view(View.of("x", part)), targets, np.arange(4), TreeParams(max_depth=3)
        )
        for part in (values, values[:, order])
    ]
    names = np.arange(n_entities)
    assert memberships(trees[0], names) == memberships(trees[1], names)


@given(seed=seeds, subset=st.sets(st.integers(0, 3), max_size=4))
def test_only_allowed_attributes_are_tested(seed: int, subset: set[int]) -> None:
    view = examples.binned(seed, 65)
    attributes = np.array(sorted(subset), np.int64)
    tree = grow_tree(view, examples.targets(seed, 65), attributes, TreeParams())
    assert set(tree.nodes[:, 0].tolist()) <= subset | {-1}


@pytest.mark.parametrize("n_distinct", [255, 256, 300])
def test_wide_codes_grow_the_same_tree(n_distinct: int) -> None:
    values = np.arange(n_distinct, dtype=np.float64)[:, None]
    mask = (values[:, 0] >= 200)[None, :]
    view = bin_view(View.of("x", values), 1_000)
    assert view.codes.dtype == (np.uint8 if n_distinct <= 255 else np.uint16)
    tree = grow_tree(view, Targets.binary(mask), np.arange(1), TreeParams())
    assert tree.nodes[0, :2].tolist() == [0, 199]
    assert len(tree) == 3


@pytest.mark.parametrize("field", ["max_depth", "min_leaf", "targets_per_tree", "max_bins"])
def test_parameters_have_bounds(field: str) -> None:
    with pytest.raises(ParameterError, match=f"'{field}' parameter of TreeParams"):
        TreeParams(**{field: 0})


@pytest.mark.parametrize("seed", range(10))
def test_two_classes_give_the_tree_of_a_mask_and_its_complement(seed: int) -> None:
    # Equal up to ties, which rounding breaks: so large nodes and many values.
    rng = np.random.default_rng(seed)
    n, params = 1_000, TreeParams(max_depth=4, min_leaf=20)
    values = rng.normal(size=(n, 4))
    view = bin_view(View.of("x", values))
    mask = values[:, 0] + rng.normal(size=n) > 0.3
    targets = (
        Targets.nominal(mask.astype(np.int32)),
        Targets.binary(np.array([mask, ~mask])),
        Targets.binary(mask[None, :]),
    )
    trees = [grow_tree(view, wanted, np.arange(4), params) for wanted in targets]
    supports = [tree.members(n).tobytes() for tree in trees]
    assert len(trees[0]) > 10
    assert supports[0] == supports[1] == supports[2]
