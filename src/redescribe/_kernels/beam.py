"""Beam search over packed literals, for one target and one partner view.

A query is an OR of terms, each an AND of literals. It is kept as the words of its current
term and of the terms before it. Each step adds a literal: AND to the current term, or OR
as a term of its own. One count over the packed literals gives the four cells of all
extensions of a query, those by complements included.
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
_PER_PLACE = 4
"""Extensions that are built and fitted again, per query that is kept."""
_ONE = np.uint64(1)
_MIX, _MIX_AGAIN = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9)
_SHIFT = np.uint64(29)


@kernel
def grow_beam(
    own: Words,
    own_sizes: Int32s,
    own_inside: Mask,
    pool: Words,
    sizes: Int32s,
    opposites: Int32s,
    runs: Int32s,
    attributes: Int32s,
    known: Words,
    roots: Mask,
    allowed: Mask,
    objective: int,
    gates: Floats,
    price: float,
    n_entities: int,
    log_factorials: Floats,
    found_own: Int32s,
    found_literals: Int32s,
    found_steps: Int32s,
) -> int:
    """Grow the best queries of each length together with the target's literal.

    Parameters
    ----------
    own, own_sizes, own_inside
        (n_own, n_words) and (n_own,): literals of the target, entities of each, and whether
        it is positive.
    pool, sizes, opposites, runs, attributes
        (n_literals, n_words) and (n_literals,): literals of the partner, entities of each,
        its complement among known values (-1: none), number of its attribute and
        direction, row of its attribute.
    known
        (n_attributes, n_words): entities whose value is known; no rows if all are.
    roots
        (n_literals,): what a query may start with.
    allowed
        (3,): whether AND, OR, and NOT around an AND may occur.
    objective, gates
        As `admissible_value`.
    price
        What a further literal must bring.
    found_own, found_literals, found_steps
        Out: (max_length, width): the target's literal, -1 for none; (max_length, width,
        max_length): literals of the partner's query; AND or OR before each.

    Returns
    -------
    int
        Pairs scored.
    """
    max_length, width = found_own.shape
    n_words = pool.shape[1]
    n_places = _PER_PLACE * width
    found_own[:] = -1
    hits = np.empty((own.shape[0], pool.shape[0]), np.int32)
    _count_hits(own, own_sizes, pool, opposites, attributes, known, hits)
    # Per query that is kept: all entities, those of the current term, of the terms before.
    query = np.zeros((width, n_words), np.uint64)
    term = np.zeros((width, n_words), np.uint64)
    rest = np.zeros((width, n_words), np.uint64)
    # Terms, terms of several literals, literals of the current term.
    shape = np.zeros((width, 3), np.int64)
    values, keys = np.empty(width), np.zeros(width, np.uint64)
    # The same of the places that compete for the next length, and how each came about:
    # query before, step, literal, literal of the target.
    next_query = np.zeros((n_places, n_words), np.uint64)
    next_term = np.zeros((n_places, n_words), np.uint64)
    next_rest = np.zeros((n_places, n_words), np.uint64)
    next_shape = np.zeros((n_places, 3), np.int64)
    next_values, next_keys = np.empty(n_places), np.zeros(n_places, np.uint64)
    origins = np.zeros((n_places, 4), np.int64)
    n_runs = int(runs.max()) + 1
    run_values, run_literals = np.empty((2, n_runs)), np.empty((2, n_runs), np.int32)
    root_owns = np.empty(n_runs, np.int32)
    n_scored, n_kept = 0, 0
    for length in range(max_length):
        next_values[:] = -np.inf
        if length == 0:
            n_scored += _score_roots(
                hits,
                own_sizes,
                own_inside,
                sizes,
                runs,
                roots,
                objective,
                gates,
                n_entities,
                log_factorials,
                run_values[0],
                run_literals[0],
                root_owns,
            )
            for run in range(n_runs):
                _offer(
                    run_values[0, run],
                    _mixed(2 * run + AND),
                    -1,
                    AND,
                    run_literals[0, run],
                    root_owns[run],
                    next_values,
                    next_keys,
                    origins,
                )
        for s in range(n_kept):
            chosen = found_own[length - 1, s]
            n_scored += _score_extensions(
                query[s],
                term[s],
                rest[s],
                shape[s],
                own[chosen],
                own_sizes[chosen],
                own_inside[chosen],
                hits[chosen],
                pool,
                sizes,
                opposites,
                runs,
                attributes,
                known,
                allowed,
                objective,
                gates,
                n_entities,
                log_factorials,
                run_values,
                run_literals,
            )
            for step in range(2):
                for run in range(n_runs):
                    if run_values[step, run] > values[s] + price:
                        _offer(
                            run_values[step, run],
                            keys[s] + _mixed(2 * run + step),
                            s,
                            step,
                            run_literals[step, run],
                            chosen,
                            next_values,
                            next_keys,
                            origins,
                        )
        for place in range(n_places):
            if next_values[place] == -np.inf:
                continue
            before = origins[place, 0]
            _extended(
                query[before],
                term[before],
                rest[before],
                shape[before],
                pool[origins[place, 2]],
                origins[place, 1],
                before < 0,
                next_query[place],
                next_term[place],
                next_rest[place],
                next_shape[place],
            )
            n_scored += own.shape[0]
            next_values[place], origins[place, 3] = _best_own(
                own,
                own_sizes,
                own_inside,
                next_query[place],
                objective,
                gates,
                n_entities,
                log_factorials,
            )
        order = np.argsort(-next_values, kind="mergesort")
        n_kept = 0
        previous_literals = found_literals[length - 1].copy()
        previous_steps = found_steps[length - 1].copy()
        for place in order:
            if next_values[place] == -np.inf or n_kept == width:
                break
            if _is_among(next_query[place], query[:n_kept]):
                continue
            s, before = n_kept, origins[place, 0]
            if length > 0:
                found_literals[length, s] = previous_literals[before]
                found_steps[length, s] = previous_steps[before]
            found_own[length, s] = origins[place, 3]
            found_literals[length, s, length] = origins[place, 2]
            found_steps[length, s, length] = origins[place, 1]
            query[s], term[s] = next_query[place], next_term[place]
            rest[s], shape[s] = next_rest[place], next_shape[place]
            values[s], keys[s] = next_values[place], next_keys[place]
            n_kept += 1
        if n_kept == 0:
            break
    return n_scored


@kernel
def _count_hits(
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
def _score_roots(
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
def _score_extensions(
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
def _extended(
    query: Words,
    term: Words,
    rest: Words,
    shape: Ints,
    literal: Words,
    step: int,
    is_root: bool,
    new_query: Words,
    new_term: Words,
    new_rest: Words,
    new_shape: Ints,
) -> None:
    """A query with one more literal."""
    if is_root:
        new_query[:], new_term[:], new_rest[:] = literal, literal, np.uint64(0)
        new_shape[0], new_shape[1], new_shape[2] = 1, 0, 1
        return
    new_shape[:] = shape
    if step == AND:
        new_rest[:], new_term[:] = rest, term & literal
        new_shape[1] += 1 if shape[2] == 1 else 0
        new_shape[2] += 1
    else:
        new_rest[:], new_term[:] = query, literal
        new_shape[0] += 1
        new_shape[2] = 1
    new_query[:] = new_rest | new_term


@kernel
def _best_own(
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


@kernel
def _offer(
    value: float,
    key: np.uint64,
    before: int,
    step: int,
    literal: int,
    own: int,
    values: Floats,
    keys: Words,
    origins: Ints,
) -> None:
    """Give an extension a place if it is the best of its key and among the best of all."""
    lowest = 0
    for place in range(values.size):
        if keys[place] == key and values[place] > -np.inf:
            lowest = place
            break
        if values[place] < values[lowest]:
            lowest = place
    if value > values[lowest]:
        values[lowest], keys[lowest] = value, key
        origins[lowest, 0], origins[lowest, 1] = before, step
        origins[lowest, 2], origins[lowest, 3] = literal, own


@kernel
def _mixed(number: int) -> np.uint64:
    """A number as 64 bits that look random, so that sums of them tell sets apart."""
    word = (np.uint64(number) + _ONE) * _MIX
    word = (word ^ (word >> _SHIFT)) * _MIX_AGAIN
    return word ^ (word >> _SHIFT)


@kernel
def _is_among(words: Words, others: Words) -> bool:
    """Whether a set is equal to one of others."""
    for i in range(others.shape[0]):
        equal = True
        for k in range(words.size):
            if words[k] != others[i, k]:
                equal = False
                break
        if equal:
            return True
    return False
