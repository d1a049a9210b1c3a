"""Beam search over packed literals, for one target and one partner view.

A query is an OR of terms, each an AND of literals. It is kept as the words of its current
term and of the terms before it. Each step adds a literal: AND to the current term, or OR
as a term of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from redescribe._kernels._jit import kernel
from redescribe._kernels.beam_scores import (
    AND,
    best_own,
    count_hits,
    score_extensions,
    score_roots,
)

if TYPE_CHECKING:
    from redescribe._typing import Floats, Int32s, Ints, Mask, Words

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
    n_single, n_places = _PER_PLACE * width, 2 * _PER_PLACE * width
    found_own[:] = -1
    hits = np.empty((own.shape[0], pool.shape[0]), np.int32)
    count_hits(own, own_sizes, pool, opposites, attributes, known, hits)
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
            n_scored += score_roots(
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
                    next_values[:n_single],
                    next_keys[:n_single],
                    origins[:n_single],
                )
        for s in range(n_kept):
            chosen = found_own[length - 1, s]
            n_scored += score_extensions(
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
                # Conjunctions have places of their own: an OR gains more at first.
                single = step == AND and shape[s, 0] == 1
                places = slice(0, n_single) if single else slice(n_single, n_places)
                for run in range(n_runs):
                    if run_values[step, run] > values[s] + price:
                        _offer(
                            run_values[step, run],
                            keys[s] + _mixed(2 * run + step),
                            s,
                            step,
                            run_literals[step, run],
                            chosen,
                            next_values[places],
                            next_keys[places],
                            origins[places],
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
            next_values[place], origins[place, 3] = best_own(
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
        # Half of the beam for conjunctions and half for others, then whatever is best.
        for filling in range(2):
            n_of = np.zeros(2, np.int64)
            for place in order:
                if next_values[place] == -np.inf or n_kept == width:
                    break
                kind = 0 if next_shape[place, 0] == 1 else 1
                full = filling == 0 and n_of[kind] >= (width + 1) // 2
                if full or _is_among(next_query[place], query[:n_kept]):
                    continue
                n_of[kind] += 1
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
