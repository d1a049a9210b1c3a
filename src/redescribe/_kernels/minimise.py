"""Makes a coded query tight and short without changing what it says, then almost.

A coded query has literals (attribute, first code, last code, inside), the term of each
literal, and whether each term is negated (specification, section 5.6).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from redescribe._kernels._jit import kernel
from redescribe._kernels.bitset import is_subset, popcount
from redescribe._kernels.evaluate import conjoin, evaluate, set_words
from redescribe._kernels.kleene import clear_padding

if TYPE_CHECKING:
    from redescribe._typing import AnyArray, Floats, Int32s, Ints, Mask, Words

_EXACT_COVER = 12


@kernel
def simplify(
    codes: AnyArray,
    missing: int,
    n_bins: Ints,
    nominal: Mask,
    literals: Int32s,
    terms: Int32s,
    negated: Mask,
    others: Words,
    literal_epsilon: float,
    gates: Floats,
    needed: Mask,
    kept: Mask,
) -> None:
    """Tighten, minimise and prune a query; `literals` and `kept` are changed in place.

    `others` has shape (2, n_words): the entities in all other queries, and those in at
    least one. Literals are only given up at a loss of Jaccard of at most
    max(literal_epsilon, 1 / |U|), and not where the redescription would no longer pass its
    `gates`: smallest and largest support, smallest Jaccard. `needed` literals always stay.
    On return `kept` tells which literals remain, and bounds that do no work are open
    (first = 0 or last = n_bins - 1).
    """
    n_literals = literals.shape[0]
    n_terms = negated.size
    n_entities = codes.shape[1]
    satisfied = np.zeros((n_literals, others.shape[1]), np.uint64)
    unknown = np.zeros((n_literals, others.shape[1]), np.uint64)
    for a in range(n_literals):
        set_words(codes, missing, literals[a], satisfied[a], unknown[a])
        kept[a] = True
    conjunction = np.empty(others.shape[1], np.uint64)
    for term in range(n_terms):
        conjoin(satisfied, terms, term, kept, conjunction, n_entities)
        for a in range(n_literals):
            if terms[a] == term and literals[a, 3] == 1 and not nominal[literals[a, 0]]:
                _tighten(codes[literals[a, 0]], literals[a], conjunction)
                set_words(codes, missing, literals[a], satisfied[a], unknown[a])
        _cover(
            satisfied,
            unknown,
            terms,
            term,
            negated[term],
            conjunction,
            needed,
            kept,
            n_entities,
        )
    # An open end may leave a literal with less to do: until nothing is given up.
    n_opened, n_kept = 1, 0
    while n_opened or n_kept != int(np.sum(kept)):
        n_kept = int(np.sum(kept))
        _prune(
            satisfied,
            unknown,
            terms,
            negated,
            others,
            literal_epsilon,
            gates,
            needed,
            kept,
            n_entities,
        )
        n_opened = _open_ends(
            codes,
            missing,
            n_bins,
            nominal,
            literals,
            terms,
            negated,
            kept,
            satisfied,
            unknown,
        )
        _drop_idle(satisfied, unknown, terms, negated, needed, kept, n_entities)


@kernel
def _tighten(codes: AnyArray, literal: Int32s, members: Words) -> None:
    """Shrink the range of a literal to the codes that occur among `members`."""
    smallest, largest = np.int64(1 << 20), np.int64(-1)
    for entity in range(codes.size):
        if (members[entity >> 6] >> np.uint64(entity & 63)) & np.uint64(1):
            code = np.int64(codes[entity])
            smallest = min(smallest, code)
            largest = max(largest, code)
    if largest >= 0:
        literal[1] = smallest
        literal[2] = largest


@kernel
def _cover(
    satisfied: Words,
    unknown: Words,
    terms: Int32s,
    term: int,
    negated: bool,
    conjunction: Words,
    needed: Mask,
    kept: Mask,
    n_entities: int,
) -> None:
    """Keep a smallest set of literals that leaves the term's support as it is.

    X_a holds the entities that literal a alone would let pass wrongly; the kept X_a must
    have an empty intersection. Needed literals stay. Exact up to 12 literals, greedy from
    the last one beyond.
    """
    members = np.flatnonzero(terms == term)
    n = members.size
    n_words = conjunction.size
    passing = np.empty((n, n_words), np.uint64)
    for i in range(n):
        a = members[i]
        if negated:
            # The literal fails to make these entities false although the term is false.
            for k in range(n_words):
                passing[i, k] = satisfied[a, k] | unknown[a, k]
        else:
            for k in range(n_words):
                passing[i, k] = satisfied[a, k] & ~conjunction[k]
    if negated:
        possible = np.empty(n_words, np.uint64)
        possible[:] = ~np.uint64(0)
        for i in range(n):
            for k in range(n_words):
                possible[k] &= passing[i, k]
        for i in range(n):
            for k in range(n_words):
                passing[i, k] &= ~possible[k]
    if n > _EXACT_COVER:
        for i in range(n - 1, -1, -1):
            kept[members[i]] = needed[members[i]]
            if not _empty_intersection(passing, kept, members, n_entities):
                kept[members[i]] = True
        return
    best_mask, best_size = (1 << n) - 1, n
    always = 0
    for i in range(n):
        if needed[members[i]]:
            always |= 1 << i
    trial = kept.copy()
    for mask in range(1, 1 << n):
        size = int(np.int64(popcount(np.uint64(mask))))
        if size >= best_size or mask & always != always:
            continue
        for i in range(n):
            trial[members[i]] = (mask >> i) & 1 == 1
        if _empty_intersection(passing, trial, members, n_entities):
            best_mask, best_size = mask, size
    for i in range(n):
        kept[members[i]] = (best_mask >> i) & 1 == 1


@kernel
def _empty_intersection(passing: Words, kept: Mask, members: Ints, n_entities: int) -> bool:
    common = np.empty(passing.shape[1], np.uint64)
    common[:] = ~np.uint64(0)
    for i in range(members.size):
        if kept[members[i]]:
            for k in range(common.size):
                common[k] &= passing[i, k]
    clear_padding(common, n_entities)
    for k in range(common.size):  # noqa: SIM110 - numba compiles no generator expressions
        if common[k]:
            return False
    return True


@kernel
def _agreement(query: Words, others: Words) -> tuple[int, int]:
    """|I| and |U| of a query with the others."""
    support = np.uint64(0)
    union = np.uint64(0)
    for k in range(query.size):
        support += popcount(query[k] & others[0, k])
        union += popcount(query[k] | others[1, k])
    return int(np.int64(support)), int(np.int64(union))


@kernel
def _prune(
    satisfied: Words,
    unknown: Words,
    terms: Int32s,
    negated: Mask,
    others: Words,
    literal_epsilon: float,
    gates: Floats,
    needed: Mask,
    kept: Mask,
    n_entities: int,
) -> None:
    """Give up the term or literal that costs least, while it costs almost nothing."""
    query = np.empty(others.shape[1], np.uint64)
    trial = np.empty(kept.size, np.bool_)
    best = np.empty(kept.size, np.bool_)
    while True:
        evaluate(satisfied, unknown, terms, negated, kept, n_entities, query)
        support, union = _agreement(query, others)
        if union == 0:
            return
        jaccard = support / union
        floor = jaccard - max(literal_epsilon, 1.0 / union)
        passing = gates[0] <= support <= gates[1] and jaccard >= gates[2]
        best_value, best_left = -1.0, 0
        n_kept = int(np.sum(kept))
        for choice in range(negated.size + kept.size):
            n_left = _without(choice, terms, negated.size, kept, trial)
            if n_left in (0, n_kept) or _lacks(trial, needed):
                continue
            evaluate(satisfied, unknown, terms, negated, trial, n_entities, query)
            support, union = _agreement(query, others)
            value = support / union if union else 0.0
            if passing and not (gates[0] <= support <= gates[1] and value >= gates[2]):
                continue
            if value > best_value or (value == best_value and n_left < best_left):
                best_value, best_left = value, n_left
                best[:] = trial
        if best_value < 0 or best_value < floor - 1e-12:
            return
        kept[:] = best


@kernel
def _without(choice: int, terms: Int32s, n_terms: int, kept: Mask, trial: Mask) -> int:
    """`kept` less one term, or less one literal, into `trial`; return how many are left."""
    trial[:] = kept
    if choice < n_terms:
        for a in range(kept.size):
            if terms[a] == choice:
                trial[a] = False
    else:
        trial[choice - n_terms] = False
    return int(np.sum(trial))


@kernel
def _lacks(kept: Mask, needed: Mask) -> bool:
    """Whether a needed literal is not kept."""
    for a in range(kept.size):  # noqa: SIM110 - numba compiles no generator expressions
        if needed[a] and not kept[a]:
            return True
    return False


@kernel
def _drop_idle(
    satisfied: Words,
    unknown: Words,
    terms: Int32s,
    negated: Mask,
    needed: Mask,
    kept: Mask,
    n_entities: int,
) -> None:
    """Drop what the support can do without, now that ends are open."""
    before = np.empty(satisfied.shape[1], np.uint64)
    after = np.empty(satisfied.shape[1], np.uint64)
    trial = np.empty(kept.size, np.bool_)
    evaluate(satisfied, unknown, terms, negated, kept, n_entities, before)
    n_kept = int(np.sum(kept))
    for choice in range(negated.size + kept.size):
        n_left = _without(choice, terms, negated.size, kept, trial)
        if n_left in (0, n_kept) or _lacks(trial, needed):
            continue
        evaluate(satisfied, unknown, terms, negated, trial, n_entities, after)
        if is_subset(before, after) and is_subset(after, before):
            kept[:] = trial
            n_kept = n_left


@kernel
def _open_ends(
    codes: AnyArray,
    missing: int,
    n_bins: Ints,
    nominal: Mask,
    literals: Int32s,
    terms: Int32s,
    negated: Mask,
    kept: Mask,
    satisfied: Words,
    unknown: Words,
) -> int:
    """Open each end that the support of the query does not need; return how many."""
    n_opened = 0
    n_entities = codes.shape[1]
    before = np.empty(satisfied.shape[1], np.uint64)
    after = np.empty(satisfied.shape[1], np.uint64)
    evaluate(satisfied, unknown, terms, negated, kept, n_entities, before)
    for a in range(kept.size):
        attribute = literals[a, 0]
        if not kept[a] or nominal[attribute] or literals[a, 3] != 1:
            continue
        for end in range(1, 3):
            open_end = 0 if end == 1 else n_bins[attribute] - 1
            if literals[a, end] == open_end:
                continue
            bound = literals[a, end]
            other_bound = literals[a, 3 - end]
            literals[a, end] = open_end
            same = other_bound != (n_bins[attribute] - 1 if end == 1 else 0)
            if same:
                set_words(codes, missing, literals[a], satisfied[a], unknown[a])
                evaluate(satisfied, unknown, terms, negated, kept, n_entities, after)
                same = is_subset(before, after) and is_subset(after, before)
            if same:
                n_opened += 1
            else:
                literals[a, end] = bound
                set_words(codes, missing, literals[a], satisfied[a], unknown[a])
    return n_opened
