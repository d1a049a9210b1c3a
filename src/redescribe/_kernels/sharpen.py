"""Moves the cuts of a pair of queries to where they agree best, on all codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from redescribe._kernels._jit import kernel
from redescribe._kernels.apply import literal_words
from redescribe._kernels.bitset import intersection_size, set_size
from redescribe._kernels.evaluate import set_words
from redescribe._kernels.kleene import clear_padding
from redescribe._kernels.objective import admissible_value

if TYPE_CHECKING:
    from redescribe._typing import AnyArray, Floats, Int32s, Ints, Mask, Words

_SWEEPS = 8
_POSITIVE = _IS_OWN = True


@kernel
def sharpen(
    codes: AnyArray,
    missing: int,
    n_bins: Ints,
    nominal: Mask,
    literals: Int32s,
    terms: Int32s,
    own_codes: AnyArray,
    own_missing: int,
    n_own_codes: int,
    own_is_cut: bool,
    own: Int32s,
    own_bounds: Int32s,
    interval_price: float,
    objective: int,
    gates: Floats,
    log_factorials: Floats,
) -> int:
    """Move one cut at a time, each to its best place, until none moves.

    Parameters
    ----------
    codes, missing, n_bins, nominal
        The partner view.
    literals, terms
        (n_literals, 4), changed in place, and (n_literals,): an OR of positive terms, each
        an AND of one-sided cuts and categories.
    own_codes, own_missing, n_own_codes, own
        (n_entities,): codes of the target; (4,), changed in place: its literal.
    own_is_cut
        Whether the literal of the target is a one-sided cut, which may move and, where it
        brings `interval_price`, become an interval.
    own_bounds
        (2,): smallest and largest size of the target's literal.
    objective, gates
        As `admissible_value`.

    Returns
    -------
    int
        Pairs scored.
    """
    n_literals, n_entities = literals.shape[0], codes.shape[1]
    n_words = (n_entities + 63) // 64
    satisfied = np.zeros((n_literals, n_words), np.uint64)
    own_words = np.zeros(n_words, np.uint64)
    base, rest = np.empty(n_words, np.uint64), np.empty(n_words, np.uint64)
    query, unknown = np.empty(n_words, np.uint64), np.zeros(n_words, np.uint64)
    for a in range(n_literals):
        set_words(codes, missing, literals[a], satisfied[a], unknown)
    _own_words(own_codes, own_missing, own, own_words)
    _union_of_terms(satisfied, terms, -1, query)
    value = admissible_value(
        objective,
        intersection_size(own_words, query),
        set_size(query),
        set_size(own_words),
        own[3] == 1,
        n_entities,
        gates,
        log_factorials,
    )
    widest = n_own_codes
    for a in range(n_literals):
        widest = max(widest, n_bins[literals[a, 0]])
    all_of = np.empty(widest + 1, np.int64)
    shared = np.empty(widest + 1, np.int64)
    any_size = np.array([0, n_entities], np.int32)
    n_scored = 0
    for _ in range(_SWEEPS):
        before = value
        for a in range(n_literals):
            attribute = literals[a, 0]
            if nominal[attribute]:
                continue
            _union_of_terms(satisfied, terms, terms[a], rest)
            _rest_of_term(satisfied, terms, a, rest, n_entities, base)
            n_codes = n_bins[attribute]
            _count_codes(
                codes[attribute], missing, base, own_words, n_codes, all_of, shared
            )
            n_scored += n_codes - 1
            value, moved = _best_cut(
                all_of,
                shared,
                n_codes,
                literals[a],
                value,
                set_size(rest),
                intersection_size(rest, own_words),
                set_size(own_words),
                any_size,
                not _IS_OWN,
                own[3] == 1,
                objective,
                n_entities,
                gates,
                log_factorials,
            )
            if moved:
                set_words(codes, missing, literals[a], satisfied[a], unknown)
        if own_is_cut:
            _union_of_terms(satisfied, terms, -1, query)
            base[:] = ~np.uint64(0)
            clear_padding(base, n_entities)
            _count_codes(own_codes, own_missing, base, query, n_own_codes, all_of, shared)
            n_scored += n_own_codes - 1
            value, moved = _best_cut(
                all_of,
                shared,
                n_own_codes,
                own,
                value,
                0,
                0,
                set_size(query),
                own_bounds,
                _IS_OWN,
                _POSITIVE,
                objective,
                n_entities,
                gates,
                log_factorials,
            )
            if not moved and value <= before:
                n_scored += n_own_codes * (n_own_codes - 1) // 2
                value, moved = _best_own_interval(
                    all_of,
                    shared,
                    n_own_codes,
                    own,
                    value,
                    interval_price,
                    set_size(query),
                    own_bounds,
                    objective,
                    n_entities,
                    gates,
                    log_factorials,
                )
                own_is_cut = not moved
            if moved:
                _own_words(own_codes, own_missing, own, own_words)
        if value <= before:
            break
    return n_scored


@kernel
def _own_words(codes: AnyArray, missing: int, literal: Int32s, words: Words) -> None:
    unknown = np.zeros(words.size, np.uint64)
    words[:] = 0
    literal_words(codes, literal[1], literal[2], literal[3] == 1, missing, words, unknown)


@kernel
def _union_of_terms(satisfied: Words, terms: Int32s, left_out: int, out: Words) -> None:
    """Entities of all terms but one."""
    out[:] = 0
    current = np.empty(out.size, np.uint64)
    a = 0
    while a < terms.size:
        term = terms[a]
        current[:] = satisfied[a]
        a += 1
        while a < terms.size and terms[a] == term:
            for k in range(out.size):
                current[k] &= satisfied[a, k]
            a += 1
        if term != left_out:
            for k in range(out.size):
                out[k] |= current[k]


@kernel
def _rest_of_term(
    satisfied: Words, terms: Int32s, a: int, rest: Words, n_entities: int, out: Words
) -> None:
    """Entities for which literal a decides: all else of its term holds, no other term."""
    for k in range(out.size):
        out[k] = ~rest[k]
    for b in range(terms.size):
        if b != a and terms[b] == terms[a]:
            for k in range(out.size):
                out[k] &= satisfied[b, k]
    clear_padding(out, n_entities)


@kernel
def _count_codes(
    codes: AnyArray,
    missing: int,
    base: Words,
    marked: Words,
    n_codes: int,
    all_of: Ints,
    shared: Ints,
) -> None:
    """Entities of `base` of at most each code, and of those the marked ones.

    `all_of` and `shared` have a place more than codes, where missing values are counted:
    without a branch in the loop.
    """
    all_of[: n_codes + 1] = 0
    shared[: n_codes + 1] = 0
    for word in range(base.size):
        bits, marks = base[word], base[word] & marked[word]
        first = 64 * word
        for entity in range(first, min(first + 64, codes.size)):
            code = np.int64(codes[entity])
            place = n_codes if code == missing else code
            all_of[place] += np.int64(bits & np.uint64(1))
            shared[place] += np.int64(marks & np.uint64(1))
            bits >>= np.uint64(1)
            marks >>= np.uint64(1)
    for c in range(1, n_codes):
        all_of[c] += all_of[c - 1]
        shared[c] += shared[c - 1]


@kernel
def _best_cut(
    all_of: Ints,
    shared: Ints,
    n_codes: int,
    literal: Int32s,
    value: float,
    rest_size: int,
    rest_support: int,
    other_size: int,
    bounds: Int32s,
    is_own: bool,
    own_inside: bool,
    objective: int,
    n_entities: int,
    gates: Floats,
    log_factorials: Floats,
) -> tuple[float, bool]:
    """The best place of a cut, which keeps its direction, of the target or of the partner.

    `rest_size` entities satisfy the query whatever the cut, `other_size` the other query;
    `bounds` are the smallest and largest size that the query may have.
    """
    last = n_codes - 1
    above = literal[1] > 0
    moved = False
    for c in range(last):
        size, support = all_of[c], shared[c]
        if above:
            size, support = all_of[last] - size, shared[last] - support
        size += rest_size
        if size < bounds[0] or size > bounds[1]:
            continue
        found = admissible_value(
            objective,
            rest_support + support,
            other_size if is_own else size,
            size if is_own else other_size,
            own_inside,
            n_entities,
            gates,
            log_factorials,
        )
        if found > value:
            value, moved = found, True
            if above:
                literal[1] = c + 1
            else:
                literal[2] = c
    return value, moved


@kernel
def _best_own_interval(
    all_of: Ints,
    shared: Ints,
    n_codes: int,
    literal: Int32s,
    value: float,
    price: float,
    size: int,
    bounds: Int32s,
    objective: int,
    n_entities: int,
    gates: Floats,
    log_factorials: Floats,
) -> tuple[float, bool]:
    """The best inner interval of the target, if it is worth its second end."""
    best = value + price
    moved = False
    for first in range(1, n_codes - 1):
        for last in range(first, n_codes - 1):
            own_size = all_of[last] - all_of[first - 1]
            if own_size < bounds[0]:
                continue
            if own_size > bounds[1]:
                break
            found = admissible_value(
                objective,
                shared[last] - shared[first - 1],
                size,
                own_size,
                _POSITIVE,
                n_entities,
                gates,
                log_factorials,
            )
            if found > best:
                best, moved = found, True
                literal[1], literal[2] = first, last
    return (best if moved else value), moved
