"""A multi-target predictive clustering tree as parallel arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from redescribe._kernels.apply import members_to_words
from redescribe._kernels.grow import grow
from redescribe.core.support import n_words

if TYPE_CHECKING:
    from redescribe._typing import AnyArray, Floats, Int32s, Ints, Mask, Words
    from redescribe.core.binned import BinnedView
    from redescribe.trees.params import TreeParams

_LANES = 8
_MAX_WEIGHT = 2**20
_MAX_SUM = 2**62


@dataclass(frozen=True, slots=True, eq=False)
class Targets:
    """0/1 targets of a tree, with their weights in the gain.

    Attributes
    ----------
    values
        ndarray of uint8, shape (n_entities, n_targets), padded with zero columns to a
        multiple of 8.
    weights
        ndarray of int64, shape (n_targets,); 0 for padding. Weights are integers so that
        gains are exact.
    entities
        ndarray of uint32: the entities to grow on.
    """

    values: AnyArray
    weights: Ints
    entities: AnyArray

    @classmethod
    def nominal(cls, labels: Int32s) -> Targets:
        """Return one nominal target: one-hot columns of weight 1, so the gain is Gini's.

        Entities with label -1 carry none and are left out.
        """
        n_classes = int(labels.max(initial=-1)) + 1
        one_hot = labels[:, None] == np.arange(n_classes)
        entities = np.flatnonzero(labels >= 0).astype(np.uint32)
        return cls(
            _padded(one_hot), _padded_weights(np.ones(n_classes, np.int64)), entities
        )

    @classmethod
    def binary(cls, masks: Mask) -> Targets:
        """Return 0/1 regression targets, (n_targets, n_entities), weighted 1 / variance.

        Weights are scaled to integers; a constant target weighs 0.
        """
        n_entities = masks.shape[1]
        shares = masks.mean(axis=1)
        variances = shares * (1 - shares)
        inverse = np.divide(
            1.0, variances, out=np.zeros_like(variances), where=variances > 0
        )
        entities = np.arange(n_entities, dtype=np.uint32)
        return cls(
            _padded(masks.T), _padded_weights(_as_integers(inverse, n_entities)), entities
        )

    @classmethod
    def joint(cls, labels: Int32s) -> Targets:
        """Return several nominal targets as one: one-hot columns of each.

        The columns of a target share the weight 1 / (sum of their variances), so that each
        target counts alike. Entities that miss the label of one are left out.

        Parameters
        ----------
        labels
            ndarray of int32, shape (n_targets, n_entities): class of each entity, -1 where
            it is missing.
        """
        entities = np.flatnonzero((labels >= 0).all(axis=0))
        columns, weights = [], []
        for of_target in labels:
            one_hot = of_target[:, None] == np.arange(of_target.max(initial=0) + 1)
            shares = one_hot[entities].mean(axis=0) if entities.size else np.zeros(1)
            variance = float((shares * (1 - shares)).sum())
            columns.append(one_hot)
            weights.append(np.full(one_hot.shape[1], 1 / variance if variance else 0.0))
        scaled = _as_integers(np.concatenate(weights), entities.size)
        return cls(
            _padded(np.concatenate(columns, axis=1)),
            _padded_weights(scaled),
            entities.astype(np.uint32),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Tree:
    """A grown tree.

    Attributes
    ----------
    nodes
        ndarray of int32, shape (n_nodes, 7): attribute (leaf: -1), tested code, yes child,
        no child, depth, start and end of the node's range in `order`. Numeric tests are
        "code > tested", nominal ones "code == tested". Children stand after parents.
    order
        ndarray of uint32: entities, so that each node owns a range; an entity that misses
        the tested value is in neither child.

    References
    ----------
    Specification of redescription mining, section 4.
    """

    nodes: Int32s
    order: AnyArray

    def __len__(self) -> int:
        return int(self.nodes.shape[0])

    def members(self, n_entities: int) -> Words:
        """Return the entities of each node as packed words, shape (n_nodes, n_words)."""
        words = np.zeros((len(self), n_words(n_entities)), np.uint64)
        members_to_words(self.order, self.nodes, words)
        return words


def grow_tree(
    view: BinnedView, targets: Targets, attributes: Ints, params: TreeParams
) -> Tree:
    """Grow one tree.

    Parameters
    ----------
    view
        The view whose attributes are tested.
    targets
        What the tree predicts.
    attributes
        Rows of the view that may be tested, ascending.
    params
        Depth and leaf size.

    Examples
    --------
    >>> from redescribe.core.view import View
    >>> from redescribe.discretize.quantile import bin_view
    >>> from redescribe.trees.params import TreeParams
    >>> view = bin_view(View.of("x", [[1.0], [2.0], [3.0], [4.0]]))
    >>> labels = Targets.nominal(np.array([0, 0, 1, 1], np.int32))
    >>> tree = grow_tree(view, labels, np.array([0]), TreeParams())
    >>> len(tree), tree.nodes[0, :2].tolist()  # attribute 0: is its code above 1?
    (3, [0, 1])
    """
    order = targets.entities.copy()
    capacity = min(2 * max(1, order.size), 2 ** (params.max_depth + 1))
    nodes = np.empty((capacity, 7), np.int32)
    n_nodes = grow(
        view.codes,
        view.is_nominal,
        attributes,
        targets.values,
        targets.weights,
        order,
        params.max_depth,
        params.min_leaf,
        nodes,
    )
    return Tree(nodes[:n_nodes].copy(), order)


def _as_integers(weights: Floats, n_entities: int) -> Ints:
    """Scale weights so that gains are exact in 64 bits."""
    largest = weights.max(initial=0.0)
    if not largest:
        return np.zeros(weights.size, np.int64)
    ceiling = min(_MAX_WEIGHT, _MAX_SUM // max(1, n_entities**2 * weights.size))
    scaled: Ints = np.rint(weights / largest * ceiling).astype(np.int64)
    return scaled


def _padded(columns: Mask) -> AnyArray:
    width = _LANES * -(-max(1, columns.shape[1]) // _LANES)
    values = np.zeros((columns.shape[0], width), np.uint8)
    values[:, : columns.shape[1]] = columns
    return values


def _padded_weights(weights: Ints) -> Ints:
    width = _LANES * -(-max(1, weights.size) // _LANES)
    padded = np.zeros(width, np.int64)
    padded[: weights.size] = weights
    return padded
