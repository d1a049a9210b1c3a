"""One tree on all attributes and some on random subsets of them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from redescribe.trees.tree import grow_tree

if TYPE_CHECKING:
    from redescribe.core.binned import BinnedView
    from redescribe.trees.params import TreeParams
    from redescribe.trees.tree import Targets, Tree


def grow_forest(
    view: BinnedView, targets: Targets, params: TreeParams, *, seed: np.random.SeedSequence
) -> list[Tree]:
    """Return a tree on all attributes and `n_subspace_trees` on random subsets.

    No entity is resampled; equal subsets give equal trees.
    """
    n_attributes = len(view.attributes)
    usable = np.flatnonzero(view.n_bins > 1)
    if not usable.size:
        return []
    trees = [grow_tree(view, targets, usable, params)]
    size = min(usable.size, subspace_size(n_attributes, params))
    if size == usable.size:
        return trees
    generator = np.random.default_rng(seed)
    for _ in range(params.n_subspace_trees):
        subset = np.sort(generator.choice(usable, size, replace=False))
        trees.append(grow_tree(view, targets, subset, params))
    return trees


def subspace_size(n_attributes: int, params: TreeParams) -> int:
    """Return how many attributes a tree of the forest sees (specification, section 4).

    >>> from redescribe.trees.params import TreeParams
    >>> subspace_size(2, TreeParams()), subspace_size(32, TreeParams())
    (2, 11)
    """
    d = n_attributes
    if d <= 2 or not params.n_subspace_trees:
        return d
    tests = params.n_subspace_trees * params.max_depth
    covering: float = (d - 2) * (1 - 0.001 ** (1 / tests)) + 1
    return min(d, math.floor(max(covering, math.log2(d - 2) + 1)))
