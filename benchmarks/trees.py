"""Tree growth against scikit-learn's multi-output tree on the same data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from sklearn.tree import DecisionTreeRegressor

from benchmarks.measure import Cell, cpu_seconds, print_table
from redescribe.core.view import View
from redescribe.discretize.quantile import bin_view
from redescribe.trees.params import TreeParams
from redescribe.trees.tree import Targets, Tree, grow_tree

if TYPE_CHECKING:
    from redescribe._typing import AnyArray, Mask
    from redescribe.core.binned import BinnedView


@dataclass(frozen=True)
class TreeCase:
    """A size of the comparison, and how often each side is timed."""

    n_entities: int
    n_attributes: int
    n_targets: int
    max_depth: int
    repeats: int
    # Every distinct value has a bin, so both trees must be equally good.
    exact: bool = False

    def __str__(self) -> str:
        size = f"{self.n_entities} × {self.n_attributes}"
        return f"{size}, {self.n_targets} targets, depth {self.max_depth}"

    @property
    def params(self) -> TreeParams:
        return TreeParams(max_depth=self.max_depth, min_leaf=2)

    def data(self) -> tuple[AnyArray, Mask]:
        """Values (n_entities, n_attributes), float32, and 0/1 targets that depend on it."""
        rng = np.random.default_rng(0)
        values = rng.normal(size=(self.n_entities, self.n_attributes)).astype(np.float32)
        weights = rng.normal(size=(self.n_attributes, self.n_targets))
        signal = values @ weights / np.sqrt(self.n_attributes)
        return values, signal + rng.normal(0, 0.5, signal.shape) > 0.3


CASES = (
    TreeCase(20_000, 256, 64, 6, repeats=3),
    TreeCase(5_000, 64, 32, 6, repeats=9),
    TreeCase(171, 32, 100, 8, repeats=51, exact=True),
)


def equally_weighted(targets: Mask) -> Targets:
    """0/1 targets of weight 1, as scikit-learn's squared error weighs them."""
    binary = Targets.binary(targets.T)
    return replace(binary, weights=(binary.weights > 0).astype(np.int64))


def grown(binned: BinnedView, targets: Targets, params: TreeParams) -> Tree:
    """Our tree on all attributes."""
    return grow_tree(binned, targets, np.arange(len(binned.attributes)), params)


def sum_of_squares(targets: Mask, leaves: AnyArray) -> float:
    """Squared deviations from the means of the leaves, over all targets."""
    _, number, sizes = np.unique(leaves, return_inverse=True, return_counts=True)
    sums = np.zeros((sizes.size, targets.shape[1]))
    np.add.at(sums, number, targets)
    return float(targets.sum() - (sums**2 / sizes[:, None]).sum())


def leaves_of(tree: Tree) -> AnyArray:
    """The leaf of each entity."""
    leaves = np.empty(tree.order.size, np.int64)
    for node in np.flatnonzero(tree.nodes[:, 0] < 0):
        leaves[tree.order[tree.nodes[node, 5] : tree.nodes[node, 6]]] = node
    return leaves


def compare(case: TreeCase) -> list[Cell]:
    """One row of the table: CPU milliseconds, their ratios, and how good both trees are."""
    values, outputs = case.data()
    view = View.of("x", values)
    binned, targets = bin_view(view), equally_weighted(outputs)
    floats = outputs.astype(np.float64)
    other = DecisionTreeRegressor(
        max_depth=case.max_depth, min_samples_leaf=2, random_state=0
    )
    growing = cpu_seconds(lambda: grown(binned, targets, case.params), case.repeats)
    whole = cpu_seconds(lambda: grown(bin_view(view), targets, case.params), case.repeats)
    theirs = cpu_seconds(lambda: other.fit(values, floats), max(3, case.repeats // 3))
    tree = grown(binned, targets, case.params)
    squares = [
        sum_of_squares(outputs, leaves) for leaves in (leaves_of(tree), other.apply(values))
    ]
    if case.exact:
        np.testing.assert_allclose(squares[0], squares[1], rtol=1e-9)
    milliseconds = [1000 * seconds for seconds in (growing, whole, theirs)]
    return [str(case), *milliseconds, theirs / growing, theirs / whole, len(tree), *squares]


def report() -> None:
    """Print the comparison."""
    print_table(
        "Trees: CPU milliseconds, one thread; scikit-learn on the unbinned float32 values",
        [
            "entities × attributes",
            "grow",
            "bin + grow",
            "scikit-learn",
            "times less",
            "with binning",
            "nodes",
            "SSE",
            "SSE scikit-learn",
        ],
        [compare(case) for case in CASES],
    )
