"""Grows partner queries for fixed target sets by AND and OR, best Jaccard first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from redescribe._kernels._jit import kernel
from redescribe._kernels.bitset import popcount

if TYPE_CHECKING:
    from redescribe._typing import Floats, Int32s, Words


@kernel
def best_extension(
    fixed: Words,
    fixed_size: int,
    query: Words,
    pool: Words,
    lengths: Int32s,
    n_allowed: int,
    disjunction: bool,
    literal_price: float,
) -> tuple[int, float, int, int]:
    """The rule whose AND (or OR) with `query` agrees best with `fixed`.

    Tries the first `n_allowed` rows of `pool`, (n_rules, n_words). Each literal costs
    `literal_price` in the comparison. Returns (rule, value, |I|, |query'|), where value is
    the Jaccard less the price of the new literals; rule is -1 if there is none.
    """
    best, best_value, best_support, best_size = -1, -1.0, 0, 0
    for r in range(n_allowed):
        support = np.uint64(0)
        size = np.uint64(0)
        if disjunction:
            for k in range(query.size):
                word = query[k] | pool[r, k]
                support += popcount(word & fixed[k])
                size += popcount(word)
        else:
            for k in range(query.size):
                word = query[k] & pool[r, k]
                support += popcount(word & fixed[k])
                size += popcount(word)
        union = fixed_size + np.int64(size) - np.int64(support)
        if union == 0:
            continue
        value = np.int64(support) / union - literal_price * lengths[r]
        if value > best_value:
            best, best_value = r, value
            best_support, best_size = int(np.int64(support)), int(np.int64(size))
    return best, best_value, best_support, best_size


@kernel
def extend_all(
    fixed: Words,
    fixed_sizes: Int32s,
    pool: Words,
    lengths: Int32s,
    n_positive: int,
    bases: Int32s,
    limits: Int32s,
    min_gains: Floats,
    steps: Int32s,
    supports: Int32s,
    sizes: Int32s,
) -> int:
    """Grow a query from each base of each fixed set; return how many were scored.

    Parameters
    ----------
    fixed, fixed_sizes
        (n_fixed, n_words) and (n_fixed,): sets of the target side.
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
    supports, sizes
        Out, same shape: |I| and the size of the query after each step taken.
    """
    n_rules, n_words = pool.shape
    query = np.empty(n_words, np.uint64)
    n_scored = 0
    for f in range(fixed.shape[0]):
        for b in range(bases.shape[1]):
            steps[f, b, :] = -1
            base = bases[f, b]
            if base < 0:
                continue
            query[:] = pool[base]
            support = np.uint64(0)
            size = np.uint64(0)
            for k in range(n_words):
                support += popcount(query[k] & fixed[f, k])
                size += popcount(query[k])
            steps[f, b, 0] = base
            supports[f, b, 0] = np.int32(support)
            sizes[f, b, 0] = np.int32(size)
            union = fixed_sizes[f] + np.int64(size) - np.int64(support)
            jaccard = np.int64(support) / union
            position = 1
            for kind in range(2):
                allowed = n_rules if kind == 1 else (n_positive if base < n_positive else 0)
                price = min_gains[0] if kind == 0 else 0.0
                for _ in range(limits[kind]):
                    rule, value, new_support, new_size = best_extension(
                        fixed[f],
                        fixed_sizes[f],
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
                    steps[f, b, position] = rule
                    supports[f, b, position] = new_support
                    sizes[f, b, position] = new_size
                    union = fixed_sizes[f] + new_size - new_support
                    jaccard = new_support / union
                    position += 1
                position = 1 + limits[0]
    return n_scored
