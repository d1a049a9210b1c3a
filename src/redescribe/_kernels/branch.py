"""Branch and bound: the best pair of a target's literal and a conjunction of a partner.

The arrays of nodes and the bounds are those of `bounds`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from redescribe._kernels._jit import kernel
from redescribe._kernels.bitset import popcount
from redescribe._kernels.bounds import (
    FP,
    KAPPA,
    LOSS,
    MARGIN,
    N_CANDIDATES,
    N_TRIED,
    NUMBER,
    RANK,
    RANKED,
    REMOVAL,
    STEP,
    STEPS,
    TP,
    VALUES,
    find_tops,
    margin_of,
    never_removed,
    value_bound_of,
)
from redescribe._kernels.kleene import clear_padding
from redescribe._kernels.objective import pair_value
from redescribe._kernels.wanted import admissible_from, better_from

if TYPE_CHECKING:
    from redescribe._typing import Floats, Int32s, Ints, Mask, Words


@kernel
def branch(
    own: Words,
    own_sizes: Int32s,
    own_negated: Mask,
    literals: Words,
    sizes: Int32s,
    runs: Int32s,
    gates: Floats,
    log_factorials: Floats,
    limits: Ints,
    best: Ints,
    values: Floats,
) -> int:
    """Find the best pair of an own literal and a conjunction; return the queries counted.

    Parameters
    ----------
    own, own_sizes, own_negated
        (n_own, n_words), (n_own,), (n_own,): literals of the target, each with entities.
    literals, sizes, runs
        (n_literals, n_words), (n_literals,), (n_literals,): of the partner, as in
        `LiteralPool`.
    gates
        As in `passes`.
    limits
        (4,): objective, entities, literals of a conjunction, and queries to count; when
        these are counted, of what is left only single literals are.
    best
        In and out, (3 + length,): own literal (-1: none yet), tp, fp, then the partner's
        literals, -1 behind the last. Only a pair with a larger value replaces it.
    values
        In and out, (2,): the value of the best pair, or what a pair must exceed; and the
        largest that what was left out may have, -inf where nothing was.
    """
    objective, n_entities, length, max_counted = limits
    n_literals, n_words = literals.shape
    nodes = np.zeros((length, 6), np.int64)
    tables = np.empty((length, 6, n_literals), np.int32)
    tops = np.zeros((length, STEPS, 2, length), np.int32)
    members = np.empty((length, 2, n_words), np.uint64)
    path = np.empty(length, np.int64)
    starts = np.empty(n_entities + 2, np.int64)
    admissible = np.empty(n_entities + 1, np.int32)
    least = np.empty(n_entities + 1, np.int32)
    scale = np.array([objective, 0, n_entities])
    n_counted, known_size, known_negated = 0, -1, False
    for number in range(own.shape[0]):
        n1, negated = int(own_sizes[number]), own_negated[number]
        scale[1] = n1
        if n1 != known_size or negated != known_negated:
            admissible_from(n1, n_entities, negated, gates, log_factorials, admissible)
            known_size, known_negated = n1, negated
        _raise(scale, best, own_sizes, values[0], admissible, log_factorials, least)
        if least[0] > n1:
            continue
        members[0, 0] = own[number]
        members[0, 1] = ~own[number]
        clear_padding(members[0, 1], n_entities)
        nodes[0, TP], nodes[0, FP], nodes[0, N_CANDIDATES] = n1, n_entities - n1, n_literals
        tables[0, NUMBER] = np.arange(n_literals)
        depth, is_new = 0, True
        while depth >= 0:
            node, table, left = nodes[depth], tables[depth], length - depth
            if is_new:
                is_new = False
                n_counted += node[N_CANDIDATES]
                _count(members[depth], literals, sizes, node, table, depth == 0)
                found = _best_child(node, table, least)
                while found >= 0:
                    path[depth] = table[NUMBER, found]
                    best[0] = number
                    best[1] = node[TP] - table[LOSS, found]
                    best[2] = node[FP] - table[REMOVAL, found]
                    best[3:] = -1
                    best[3 : depth + 4] = path[: depth + 1]
                    values[0] = pair_value(
                        objective,
                        best[1],
                        best[1] + best[2],
                        n1,
                        n_entities,
                        log_factorials,
                    )
                    _raise(
                        scale, best, own_sizes, values[0], admissible, log_factorials, least
                    )
                    found = _best_child(node, table, least)
                _prepare(
                    members[depth, 1],
                    literals,
                    runs,
                    node,
                    table,
                    tops[depth],
                    left,
                    least,
                    starts,
                )
            if node[N_TRIED] == node[N_CANDIDATES]:
                depth -= 1
                continue
            child = int(table[RANKED, node[N_TRIED]])
            node[N_TRIED] += 1
            literal = table[NUMBER, child]
            run = runs[literal]
            margin = margin_of(node, table, child, run, left - 1, tops[depth], least)
            if margin < 0:
                continue
            if n_counted >= max_counted:
                bound = value_bound_of(
                    node,
                    table,
                    child,
                    run,
                    left - 1,
                    tops[depth],
                    least,
                    scale,
                    log_factorials,
                )
                values[1] = max(values[1], bound)
                continue
            n_left = _candidates_of(
                child, node, table, runs, left, tops[depth], least, tables[depth + 1]
            )
            if n_left == 0:
                continue
            path[depth] = literal
            for side in range(2):
                for k in range(n_words):
                    members[depth + 1, side, k] = (
                        members[depth, side, k] & literals[literal, k]
                    )
            nodes[depth + 1, TP] = node[TP] - table[LOSS, child]
            nodes[depth + 1, FP] = node[FP] - table[REMOVAL, child]
            nodes[depth + 1, N_CANDIDATES] = n_left
            depth += 1
            is_new = True
    return int(n_counted)


@kernel
def _raise(
    scale: Ints,
    best: Ints,
    own_sizes: Int32s,
    value: float,
    admissible: Int32s,
    log_factorials: Floats,
    least: Int32s,
) -> None:
    """Set `least` to what beats the best pair, for the target's literal at hand."""
    tp, union = 0, 1
    if best[0] >= 0:
        tp, union = int(best[1]), int(own_sizes[best[0]] + best[2])
    better_from(
        scale[0],
        scale[1],
        scale[2],
        value,
        tp,
        union,
        admissible,
        log_factorials,
        least,
    )


@kernel
def _count(
    members: Words,
    literals: Words,
    sizes: Int32s,
    node: Ints,
    table: Int32s,
    is_root: bool,
) -> None:
    """Loss and removal of each candidate; at the root the sizes save half of the work."""
    n_words = members.shape[1]
    for c in range(node[N_CANDIDATES]):
        literal = table[NUMBER, c]
        inside, outside = np.uint64(0), np.uint64(0)
        for k in range(n_words):
            inside += popcount(members[0, k] & literals[literal, k])
        if is_root:
            outside = np.uint64(sizes[literal]) - inside
        else:
            for k in range(n_words):
                outside += popcount(members[1, k] & literals[literal, k])
        table[LOSS, c] = node[TP] - np.int64(inside)
        table[REMOVAL, c] = node[FP] - np.int64(outside)


@kernel
def _best_child(node: Ints, table: Int32s, least: Int32s) -> int:
    """The child that is farthest beyond what is wanted; -1: none reaches it."""
    found, most = -1, np.int64(-1)
    for c in range(node[N_CANDIDATES]):
        margin = node[TP] - table[LOSS, c] - least[node[FP] - table[REMOVAL, c]]
        if margin > most:
            found, most = c, margin
    return found


@kernel
def _prepare(
    outside: Words,
    literals: Words,
    runs: Int32s,
    node: Ints,
    table: Int32s,
    tops: Int32s,
    left: int,
    least: Int32s,
    starts: Ints,
) -> None:
    """Drop candidates that cannot help, and rank the others by their margins.

    `starts` is scratch, (n_entities + 2,).
    """
    slack = node[TP] - least[0]
    node[N_TRIED] = 0
    if left == 1 or slack < 0:
        node[N_CANDIDATES] = 0
        return
    _drop_dominated(node, table, slack, runs)
    node[STEP] = (slack + STEPS) // STEPS
    # Without those that cannot help, the bounds of the others are tighter.
    for _ in range(2):
        n_before, n_kept = node[N_CANDIDATES], 0
        node[KAPPA] = never_removed(outside, literals, table, n_before)
        find_tops(node, table, slack, left, runs, tops)
        for c in range(n_before):
            run = runs[table[NUMBER, c]]
            margin = margin_of(node, table, c, run, left - 1, tops, least)
            if margin >= 0:
                table[:RANKED, n_kept] = table[:RANKED, c]
                table[MARGIN, n_kept] = margin
                n_kept += 1
        node[N_CANDIDATES] = n_kept
        if n_kept == n_before:
            break
    # A counting sort, the largest margin first.
    starts[: slack + 2] = 0
    for c in range(node[N_CANDIDATES]):
        starts[slack - table[MARGIN, c] + 1] += 1
    for i in range(slack + 1):
        starts[i + 1] += starts[i]
    for c in range(node[N_CANDIDATES]):
        rank = starts[slack - table[MARGIN, c]]
        starts[slack - table[MARGIN, c]] += 1
        table[RANKED, rank] = c
        table[RANK, c] = rank


@kernel
def _drop_dominated(node: Ints, table: Int32s, slack: int, runs: Int32s) -> None:
    """Drop what loses too much, removes nothing, or is no better than its neighbour.

    Of two literals of one run the later one loses and removes a superset.
    """
    n_kept = 0
    for c in range(node[N_CANDIDATES]):
        if table[LOSS, c] > slack or table[REMOVAL, c] == 0:
            continue
        last = n_kept - 1
        if n_kept and runs[table[NUMBER, last]] == runs[table[NUMBER, c]]:
            if table[REMOVAL, last] == table[REMOVAL, c]:
                continue
            if table[LOSS, last] == table[LOSS, c]:
                n_kept = last
        table[:MARGIN, n_kept] = table[:MARGIN, c]
        n_kept += 1
    node[N_CANDIDATES] = n_kept


@kernel
def _candidates_of(
    child: int,
    node: Ints,
    table: Int32s,
    runs: Int32s,
    left: int,
    tops: Int32s,
    least: Int32s,
    out: Int32s,
) -> int:
    """The better siblings that, together with a child, may reach what is wanted.

    Each set of siblings is met once: at its worst member. So the best child, which is tried
    first, has no candidates, and the worst ones are mostly pruned when their turn comes.
    """
    last = (node[TP] - least[0]) // node[STEP]
    removal, run = np.int64(table[REMOVAL, child]), runs[table[NUMBER, child]]
    for j in range(left - 2):
        removal += tops[last, VALUES, j]
    n_found = 0
    for c in range(node[N_CANDIDATES]):
        if table[RANK, c] >= table[RANK, child] or runs[table[NUMBER, c]] == run:
            continue
        fp = max(node[KAPPA], node[FP] - removal - table[REMOVAL, c])
        loss = max(table[LOSS, child], table[LOSS, c])
        if node[TP] - loss >= least[fp]:
            out[NUMBER, n_found] = table[NUMBER, c]
            n_found += 1
    return n_found
