"""Scores of a beam: pairs of one literal each, extensions of a query, literals of a target.

One count over the packed literals gives the four cells of all extensions of a query, those
by complements included.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from redescribe._kernels._jit import kernel
from redescribe._kernels.bitset import intersection_size, popcount, set_size
from redescribe._kernels.objective import admissible_value

if TYPE_CHECKING:
    from redescribe._typing import Floats, Int32s, Ints, Mask, Words

AND, OR = 0, 1
"""The two ways in which a literal joins a query."""


@kernel
def count_hits(
    own: Words,
    own_sizes: Int32s,
    pool: Words,
    opposites: Int32s,
    attributes: Int32s,
    known: Words,
    hits: Int32s,
) -> None:
    """hits[o, l]: entities of literal o of the target and literal l of the partner."""
    of_known = np.empty(own.shape[0], np.int32)
    attribute = -1
    for i in range(pool.shape[0]):
        j = opposites[i]
        if 0 <= j < i:
            continue
        if attributes[i] != attribute:
            attribute = attributes[i]
            for o in range(own.shape[0]):
                of_known[o] = (
                    intersection_size(own[o], known[attribute])
                    if known.shape[0]
                    else own_sizes[o]
                )
        for o in range(own.shape[0]):
            shared = intersection_size(own[o], pool[i])
            hits[o, i] = shared
            if j >= 0:
                hits[o, j] = of_known[o] - shared


@kernel
def score_roots(
    hits: Int32s,
    own_sizes: Int32s,
    own_inside: Mask,
    sizes: Int32s,
    runs: Int32s,
    roots: Mask,
    objective: int,
    gates: Floats,
    n_entities: int,
    log_factorials: Floats,
    values: Floats,
    literals: Int32s,
    owns: Int32s,
) -> int:
    """The best pair of one literal each, for every attribute and direction."""
    values[:] = -np.inf
    for o in range(own_sizes.size):
        for i in range(sizes.size):
            if roots[i]:
                value = admissible_value(
                    objective,
                    hits[o, i],
                    sizes[i],
                    own_sizes[o],
                    own_inside[o],
                    n_entities,
                    gates,
                    log_factorials,
                )
                if value > values[runs[i]]:
                    values[runs[i]] = value
                    literals[runs[i]], owns[runs[i]] = i, o
    return int(own_sizes.size * sizes.size)


@kernel
def score_extensions(
    query: Words,
    term: Words,
    rest: Words,
    shape: Ints,
    own: Words,
    own_size: int,
    own_inside: bool,
    own_hits: Int32s,
    pool: Words,
    sizes: Int32s,
    opposites: Int32s,
    runs: Int32s,
    attributes: Int32s,
    known: Words,
    allowed: Mask,
    objective: int,
    gates: Floats,
    n_entities: int,
    log_factorials: Floats,
    values: Floats,
    literals: Int32s,
) -> int:
    """The best extension by AND, and by OR, for every attribute and direction."""
    values[:] = -np.inf
    may_and, may_or = _allowed_steps(shape, allowed)
    n_words = query.size
    # What AND may take away, and what OR cannot bring: the entities looked at.
    looked_at = np.empty((2, n_words), np.uint64)
    for k in range(n_words):
        looked_at[AND, k] = term[k] & ~rest[k]
        looked_at[OR, k] = query[k]
    inside = looked_at & own
    n_looked, n_inside = np.empty(2, np.int64), np.empty(2, np.int64)
    for step in range(2):
        n_looked[step] = set_size(looked_at[step])
        n_inside[step] = set_size(inside[step])
    # Entities of the terms before, and of the whole query.
    base_size = n_looked[OR] - n_looked[AND]
    base_support = n_inside[OR] - n_inside[AND]
    n_scored = 0
    known_looked, known_inside = n_looked.copy(), n_inside.copy()
    attribute = -1
    for i in range(pool.shape[0]):
        j = opposites[i]
        if 0 <= j < i:
            continue
        if known.shape[0] and attributes[i] != attribute:
            attribute = attributes[i]
            for step in range(2):
                known_looked[step] = intersection_size(looked_at[step], known[attribute])
                known_inside[step] = intersection_size(inside[step], known[attribute])
        for step in range(2):
            if not (may_or if step == OR else may_and):
                continue
            total, shared = np.uint64(0), np.uint64(0)
            for k in range(n_words):
                total += popcount(looked_at[step, k] & pool[i, k])
                shared += popcount(inside[step, k] & pool[i, k])
            for side in range(2):
                literal = i if side == 0 else j
                if literal < 0:
                    continue
                size, support = np.int64(total), np.int64(shared)
                if side == 1:
                    size = known_looked[step] - size
                    support = known_inside[step] - support
                if step == AND:
                    size, support = base_size + size, base_support + support
                else:
                    size = n_looked[OR] + sizes[literal] - size
                    support = n_inside[OR] + own_hits[literal] - support
                n_scored += 1
                value = admissible_value(
                    objective,
                    support,
                    size,
                    own_size,
                    own_inside,
                    n_entities,
                    gates,
                    log_factorials,
                )
                if value > values[step, runs[literal]]:
                    values[step, runs[literal]] = value
                    literals[step, runs[literal]] = literal
    return n_scored


@kernel
def _allowed_steps(shape: Ints, allowed: Mask) -> tuple[bool, bool]:
    """Whether a query may grow by AND, and by OR, so that the language can say it.

    It can say two terms; and any number of single literals as NOT of one conjunction of
    their complements, beside one other term.
    """
    n_terms, n_long, n_literals = shape[0], shape[1], shape[2]
    n_long_after = n_long + (1 if n_literals == 1 else 0)
    may_and = allowed[0] and (
        n_terms == 1 or (allowed[1] and (n_terms == 2 or n_long_after <= 1))
    )
    two = n_terms == 1 and allowed[1]
    may_or = two or (allowed[2] and n_long <= (1 if allowed[1] else 0))
    return may_and, may_or


@kernel
def best_own(
    own: Words,
    own_sizes: Int32s,
    own_inside: Mask,
    query: Words,
    objective: int,
    gates: Floats,
    n_entities: int,
    log_factorials: Floats,
) -> tuple[float, int]:
    """The literal of the target that agrees best with a query, and the value."""
    size = set_size(query)
    best, best_value = -1, -np.inf
    for o in range(own.shape[0]):
        value = admissible_value(
            objective,
            intersection_size(own[o], query),
            size,
            own_sizes[o],
            own_inside[o],
            n_entities,
            gates,
            log_factorials,
        )
        if value > best_value:
            best, best_value = o, value
    return best_value, best
