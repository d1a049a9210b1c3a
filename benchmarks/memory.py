"""Bytes per entity of what a search holds."""

from __future__ import annotations

import tracemalloc
from typing import TYPE_CHECKING

from benchmarks.measure import Cell, print_table
from benchmarks.trees import CASES, TreeCase, equally_weighted, grown
from redescribe.core.support import Support
from redescribe.core.view import View
from redescribe.discretize.quantile import bin_view

if TYPE_CHECKING:
    from collections.abc import Callable

    from redescribe.core.binned import BinnedView
    from redescribe.trees.tree import Targets


def allocated(work: Callable[[], object]) -> int:
    """Peak of the bytes that Python and numpy allocate in a second call."""
    work()
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def work_space(binned: BinnedView, targets: Targets) -> tuple[int, int]:
    """Bytes that `grow` allocates itself, which no tool sees: per entity, and fixed.

    One row of bytes and one of int32 per bin and target, five rows over the targets, counts
    and marks of the bins, and a buffer of two uint32 per entity.
    """
    n_targets = targets.values.shape[1]
    fixed = binned.missing_code * (n_targets * 5 + 4) + n_targets * (3 * 8 + 4)
    return 8, fixed


def measured(case: TreeCase) -> list[list[Cell]]:
    """Rows of the table for one size."""
    values, outputs = case.data()
    n = case.n_entities
    view = View.of("x", values)
    binned, targets = bin_view(view), equally_weighted(outputs)
    bins = sum(b.lower.nbytes + b.upper.nbytes for b in binned.bins)
    support = Support.from_mask(outputs[:, 0])
    growing = allocated(lambda: grown(binned, targets, case.params))
    per_entity, fixed = work_space(binned, targets)
    return [
        [str(case), "values (float32)", values.nbytes / n, 0],
        ["", "binned view", binned.codes.nbytes / n, bins],
        [
            "",
            "support (with unknown)",
            (support.satisfied.nbytes + support.unknown.nbytes) / n,
            0,
        ],
        ["", "targets of a tree", targets.values.nbytes / n, targets.weights.nbytes],
        ["", "tree, growing: arrays", growing / n, 0],
        ["", "tree, growing: in the kernel", per_entity, fixed],
    ]


def report() -> None:
    """Print the table."""
    print_table(
        "Memory: bytes per entity, and bytes that do not grow with the entities",
        ["entities × attributes", "what", "per entity", "fixed"],
        [row for case in CASES for row in measured(case)],
    )
