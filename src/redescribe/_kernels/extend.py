"""Grows queries of one view for fixed queries of others by AND and OR, best Jaccard first.

The others enter as two sets: `all_of` holds the entities in all of them, `any_of` those in
at least one. A query q then has |I| = |q ∩ all_of| and |U| = |any_of| + |q - any_of|. For
two views the two sets are one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from redescribe._kernels._jit import kernel
from redescribe._kernels.bitset import popcount, set_size

if TYPE_CHECKING:
    from redescribe._typing import Floats, Int32s, Words


@kernel
def best_extension(
    all_of: Words,
    any_of: Words,
    query: Words,
    pool: Words,
    lengths: Int32s,
    n_allowed: int,
    disjunction: bool,
    literal_price: float,
) -> tuple[int, float, int, int]:
    """The rule whose AND (or OR) with `query` agrees best with the other queries.

    Tries the first `n_allowed` rows of `pool`, (n_rules, n_words). Each literal costs
    `literal_price` in the comparison. Returns (rule, value, |I|, |query' - any_of|), where
    value is the Jaccard less the price of the new literals; rule is -1 if there is none.
    """
    best, best_value, best_support, best_outside = -1, -1.0, 0, 0
    n_any = set_size(any_of)
    for r in range(n_allowed):
        support = np.uint64(0)
        outside = np.uint64(0)
        if disjunction:
            for k in range(query.size):
                word = query[k] | pool[r, k]
                support += popcount(word & all_of[k])
                outside += popcount(word & ~any_of[k])
        else:
            for k in range(query.size):
                word = query[k] & pool[r, k]
                support += popcount(word & all_of[k])
                outside += popcount(word & ~any_of[k])
        union = n_any + np.int64(outside)
        if union == 0:
            continue
        value = np.int64(support) / union - literal_price * lengths[r]
        if value > best_value:
            best, best_value = r, value
            best_support, best_outside = int(np.int64(support)), int(np.int64(outside))
    return best, best_value, best_support, best_outside


@kernel
def extend_all(
    all_of: Words,
    any_of: Words,
    pool: Words,
    lengths: Int32s,
    n_positive: int,
    bases: Int32s,
    limits: Int32s,
    min_gains: Floats,
    steps: Int32s,
    jaccards: Floats,
) -> int:
    """Grow a query from each base for each fixed set; return how many were scored.

    Parameters
    ----------
    all_of, any_of
        (n_fixed, n_words): the fixed sets; none of `any_of` is empty.
    pool, lengths
        (n_rules, n_words) and (n_rules,): rules, first the `n_positive` positive ones, then
        negated ones; how many literals each has.
    bases
        (n_fixed, n_bases): rules to start from; -1 for none.
    limits
        (2,): conjuncts and disjuncts that may be added.
    min_gains
        (2,): Jaccard that a new literal of a conjunct must bring; that a disjunct must.
    steps
        Out, (n_fixed, n_bases, 1 + limits[0] + limits[1]): the base, the conjuncts, the
        disjuncts; -1 for none.
    jaccards
        Out, same shape: |I| / |U| after each step taken.
    """
    n_rules, n_words = pool.shape
    query = np.empty(n_words, np.uint64)
    n_scored = 0
    for f in range(all_of.shape[0]):
        n_any = set_size(any_of[f])
        for b in range(bases.shape[1]):
            steps[f, b, :] = -1
            base = bases[f, b]
            if base < 0:
                continue
            query[:] = pool[base]
            support = np.uint64(0)
            outside = np.uint64(0)
            for k in range(n_words):
                support += popcount(query[k] & all_of[f, k])
                outside += popcount(query[k] & ~any_of[f, k])
            jaccard = int(np.int64(support)) / (n_any + int(np.int64(outside)))
            steps[f, b, 0] = base
            jaccards[f, b, 0] = jaccard
            position = 1
            for kind in range(2):
                allowed = n_rules if kind == 1 else (n_positive if base < n_positive else 0)
                price = min_gains[0] if kind == 0 else 0.0
                for _ in range(limits[kind]):
                    rule, value, new_support, new_outside = best_extension(
                        all_of[f],
                        any_of[f],
                        query,
                        pool,
                        lengths,
                        allowed,
                        kind == 1,
                        price,
                    )
                    n_scored += allowed
                    enough = 0.0 if kind == 0 else min_gains[1]
                    if rule < 0 or value - jaccard <= enough:
                        break
                    for k in range(n_words):
                        if kind == 1:
                            query[k] |= pool[rule, k]
                        else:
                            query[k] &= pool[rule, k]
                    jaccard = new_support / (n_any + new_outside)
                    steps[f, b, position] = rule
                    jaccards[f, b, position] = jaccard
                    position += 1
                position = 1 + limits[0]
    return n_scored
