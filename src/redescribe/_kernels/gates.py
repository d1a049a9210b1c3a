"""The gates of pairs of queries, and the cut of a target that agrees best with a set."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from redescribe._kernels._jit import kernel
from redescribe._kernels.bitset import intersection_size, set_size
from redescribe._kernels.tails import log_hypergeometric_tail

if TYPE_CHECKING:
    from redescribe._typing import AnyArray, Floats, Words


@kernel
def pair_passes(
    own: Words,
    other: Words,
    n_entities: int,
    is_alone: bool,
    without_other: bool,
    low: int,
    high: int,
    min_jaccard: float,
    max_log_p: float,
    min_work: float,
    log_factorials: Floats,
) -> bool:
    """Whether two queries, as sets of entities, pass the gates of `passes`.

    The support bounds are those of the target's query too where it `is_alone`. Work is
    judged where, without the target, everything satisfies its side (`without_other`).
    """
    n_own, n_other = set_size(own), set_size(other)
    if is_alone and (n_own < low or n_own > high):
        return False
    if n_own == n_entities:
        return False
    return passes(
        intersection_size(own, other),
        n_own,
        n_other,
        n_entities,
        n_other / n_entities if without_other else -1.0,
        low,
        high,
        min_jaccard,
        max_log_p,
        min_work,
        log_factorials,
    )


@kernel
def passes(
    support: int,
    n_own: int,
    n_other: int,
    n_entities: int,
    without: float,
    low: int,
    high: int,
    min_jaccard: float,
    max_log_p: float,
    min_work: float,
    log_factorials: Floats,
) -> bool:
    """Whether two queries of these sizes pass the gates on support, Jaccard, work and p.

    `without` is the Jaccard that is left without the target; below 0, work is not judged.
    """
    if support < low or support > high or n_other == n_entities:
        return False
    union = n_own + n_other - support
    jaccard = support / union
    if jaccard < min_jaccard:
        return False
    if without >= 0.0 and jaccard - without <= max(min_work, 1.0 / union):
        return False
    log_p = log_hypergeometric_tail(
        support, n_entities, min(n_own, n_other), max(n_own, n_other), log_factorials
    )
    return bool(log_p <= max_log_p)


@kernel
def best_cut(
    codes: AnyArray, missing: int, n_codes: int, words: Words, low: int, high: int
) -> tuple[int, int, int]:
    """The one-sided cut of some codes that agrees best with a set of entities.

    Returns its number, how many entities it has, and how many of them are in the set. Cut
    c is "code <= c" for c < n_codes - 1, then "code > c - (n_codes - 1)"; -1 where none has
    between `low` and `high` entities.
    """
    sizes = np.zeros(n_codes, np.int64)
    hits = np.zeros(n_codes, np.int64)
    for entity in range(codes.size):
        code = np.int64(codes[entity])
        if code != missing:
            sizes[code] += 1
            hits[code] += np.int64(
                (words[entity >> 6] >> np.uint64(entity & 63)) & np.uint64(1)
            )
    n_set, n_known, n_hits = set_size(words), int(sizes.sum()), int(hits.sum())
    number, best, n_own, n_shared = -1, -1.0, 0, 0
    for above in range(2):
        size, shared = 0, 0
        for end in range(n_codes - 1):
            size += int(sizes[end])
            shared += int(hits[end])
            inside = n_known - size if above else size
            common = n_hits - shared if above else shared
            if low <= inside <= high:
                jaccard = common / (inside + n_set - common)
                if jaccard > best:
                    best, number = jaccard, above * (n_codes - 1) + end
                    n_own, n_shared = inside, common
    return number, n_own, n_shared
