r"""How far extensions of a conjunction may reach: the bounds of branch and bound.

A node is a conjunction q with tp = |q ∩ T|, fp = |q \ T| and candidates that may be added.
Candidate l loses s = |(q ∩ T) \ l| and removes r = |(q \ T) \ l|. A pair is wanted if and
only if tp >= least[fp], so a bound is one comparison of integers (specification, section
8.4; proofs in docs/explanation/exact.md).

Arrays of a node:

node
    (6,) int64: tp, fp, number of candidates, children tried, step of the losses, kappa.
table
    (6, n_literals) int32, one column per candidate, in the order of the runs: number of the
    literal, s, r, margin, then the candidates by rank, and the rank of each.
tops
    (STEPS, 2, width) int32: the largest removals, and the runs that these are of.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from redescribe._kernels._jit import kernel
from redescribe._kernels.bitset import popcount
from redescribe._kernels.objective import pair_value

if TYPE_CHECKING:
    from redescribe._typing import Floats, Int32s, Ints, Words

STEPS = 16
"""Losses are told apart in so many steps at most: a bound looks at each."""

TP, FP, N_CANDIDATES, N_TRIED, STEP, KAPPA = range(6)
NUMBER, LOSS, REMOVAL, MARGIN, RANKED, RANK = range(6)
VALUES, RUNS = range(2)


@kernel
def never_removed(outside: Words, literals: Words, table: Int32s, n_candidates: int) -> int:
    """Kappa: how many entities of q outside of T no candidate removes."""
    total = np.uint64(0)
    for k in range(outside.size):
        word = outside[k]
        for c in range(n_candidates):
            if word == 0:
                break
            word &= literals[table[NUMBER, c], k]
        total += popcount(word)
    return int(np.int64(total))


@kernel
def find_tops(
    node: Ints, table: Int32s, slack: int, width: int, runs: Int32s, tops: Int32s
) -> None:
    """Fill `tops`: row i is of the candidates with losses below (i + 1) * step.

    Literals of one run are nested: two of them remove no more than the larger one, so each
    run counts once. Unused places have the value 0 and the run -1.
    """
    step = node[STEP]
    n_steps = slack // step + 1
    tops[:n_steps, VALUES, :width] = 0
    tops[:n_steps, RUNS, :width] = -1
    for c in range(node[N_CANDIDATES]):
        row = table[LOSS, c] // step
        _enter(table[REMOVAL, c], runs[table[NUMBER, c]], width, tops[row])
    for row in range(1, n_steps):
        for j in range(width):
            if tops[row - 1, RUNS, j] >= 0:
                removal, run = tops[row - 1, VALUES, j], tops[row - 1, RUNS, j]
                _enter(removal, run, width, tops[row])


@kernel
def _enter(removal: int, run: int, width: int, row: Int32s) -> None:
    """Enter the removal of a run into one row, largest first."""
    place = width - 1
    for j in range(width):
        if row[RUNS, j] == run:
            place = j
    if removal <= row[VALUES, place]:
        return
    while place > 0 and row[VALUES, place - 1] < removal:
        row[:, place] = row[:, place - 1]
        place -= 1
    row[VALUES, place], row[RUNS, place] = removal, run


@kernel
def _least_fp(node: Ints, removal: int, run: int, n_more: int, row: Int32s) -> int:
    """The fp of a child that `n_more` literals of other runs extend, at least."""
    total = np.int64(removal)
    n_taken, j = 0, 0
    # Its own run is among the first n_more + 1 at most once.
    while n_taken < n_more and j <= n_more:
        if row[RUNS, j] != run:
            total += row[VALUES, j]
            n_taken += 1
        j += 1
    return int(max(node[KAPPA], node[FP] - total))


@kernel
def margin_of(
    node: Ints,
    table: Int32s,
    child: int,
    run: int,
    n_more: int,
    tops: Int32s,
    least: Int32s,
) -> int:
    """How far a child and what extends it may be beyond what is wanted (B3); -1: never.

    With x the largest loss among its literals, tp falls by x or more, and all literals are
    of that loss at most. `n_more` literals may be added to the child.
    """
    step, loss = node[STEP], np.int64(table[LOSS, child])
    best, slack = np.int64(-1), node[TP] - least[0]
    # The best pair may have become better since the node was prepared.
    if loss > slack:
        return int(best)
    last = slack // step
    # Most children fail even if the others remove the most and lose nothing.
    fp = _least_fp(node, table[REMOVAL, child], run, n_more, tops[last])
    if node[TP] - loss < least[fp]:
        return int(best)
    for i in range(loss // step, last + 1):
        fp = _least_fp(node, table[REMOVAL, child], run, n_more, tops[i])
        best = max(best, node[TP] - max(loss, i * step) - least[fp])
    return int(best)


@kernel
def value_bound_of(
    node: Ints,
    table: Int32s,
    child: int,
    run: int,
    n_more: int,
    tops: Int32s,
    least: Int32s,
    scale: Ints,
    log_factorials: Floats,
) -> float:
    """The largest value of a wanted pair of a child or of what extends it.

    `scale` has the objective, |T| and the number of entities; -inf where none is wanted.
    """
    step, loss = node[STEP], np.int64(table[LOSS, child])
    best = -np.inf
    for i in range(loss // step, (node[TP] - least[0]) // step + 1):
        fp = _least_fp(node, table[REMOVAL, child], run, n_more, tops[i])
        tp = node[TP] - max(loss, i * step)
        if tp >= least[fp]:
            value = pair_value(scale[0], tp, tp + fp, scale[1], scale[2], log_factorials)
            best = max(best, value)
    return float(best)
