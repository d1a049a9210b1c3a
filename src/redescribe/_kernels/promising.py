"""Which compositions can pass the gates once they are simplified: most cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from redescribe._kernels._jit import kernel
from redescribe._kernels.bitset import intersection_size, set_size, union_size
from redescribe._kernels.evaluate import evaluate, set_words
from redescribe._kernels.extend import best_extension
from redescribe._kernels.minimise import simplify
from redescribe._kernels.tails import log_hypergeometric_tail

if TYPE_CHECKING:
    from redescribe._typing import AnyArray, Floats, Int32s, Ints, Mask, Words


@kernel
def mark_promising(
    codes: AnyArray,
    missing: int,
    n_bins: Ints,
    nominal: Mask,
    literals: Int32s,
    terms: Int32s,
    starts: Int32s,
    negated: Mask,
    term_starts: Int32s,
    fixed: Int32s,
    own: Words,
    complement: Mask,
    may_extend: bool,
    grid_codes: AnyArray,
    grid_missing: int,
    n_grid_codes: int,
    bounds: Int32s,
    limits: Floats,
    log_factorials: Floats,
    marks: Mask,
) -> None:
    """Mark the coded queries that may pass the gates with the target, after simplifying.

    Query c has the literals and terms from `starts[c]` to `starts[c + 1]`, and the signs of
    its terms in `negated` from `term_starts[c]` to `term_starts[c + 1]`; it is for the row
    `fixed[c]` of `own`, (n_own, n_words). Rows that are a `complement` are written with
    NOT; to others one OR is tried if the query `may_extend`. Cuts of the target on its grid
    are tried where it has more than one code. `bounds` are those of supports; `limits` the
    epsilon of literals, the smallest Jaccard, the gain of an OR, the largest log p and the
    least work.
    """
    n_words, n_entities = own.shape[1], codes.shape[1]
    epsilon, least_gain = limits[0], limits[2]
    gates = np.array([float(bounds[0]), float(bounds[1]), limits[1]])
    lengths = np.ones(own.shape[0], np.int32)
    others = np.empty((2, n_words), np.uint64)
    words = np.empty(n_words, np.uint64)
    for c in range(fixed.size):
        set_of = own[fixed[c]]
        others[0], others[1] = set_of, set_of
        coded = literals[starts[c] : starts[c + 1]].copy()
        of_term = terms[starts[c] : starts[c + 1]]
        signs = negated[term_starts[c] : term_starts[c + 1]]
        kept = np.ones(of_term.size, np.bool_)
        needed = np.zeros(of_term.size, np.bool_)
        simplify(
            codes,
            missing,
            n_bins,
            nominal,
            coded,
            of_term,
            signs,
            others,
            epsilon,
            gates,
            needed,
            kept,
        )
        _satisfying(codes, missing, coded, of_term, signs, kept, words)
        n_partner = set_size(words)
        shared = intersection_size(words, set_of)
        everything = n_partner / n_entities
        marks[c] = _passes(
            shared,
            set_size(set_of),
            n_partner,
            n_entities,
            0.0 if complement[fixed[c]] else everything,
            bounds,
            limits,
            log_factorials,
        )
        if may_extend and not complement[fixed[c]] and not marks[c]:
            other, value, support, _ = best_extension(
                words,
                words,
                set_of,
                own,
                lengths,
                own.shape[0],
                True,  # noqa: FBT003 - kernels take no keywords
                0.0,
            )
            before = shared / max(1, union_size(words, set_of))
            wide = max(support, union_size(set_of, own[other]))
            marks[c] = value - before > least_gain and wide <= bounds[1]
        if n_grid_codes > 1 and not marks[c]:
            n_own, n_shared = _best_cut(
                grid_codes, grid_missing, n_grid_codes, words, n_partner, bounds
            )
            marks[c] = n_own > 0 and _passes(
                n_shared,
                n_own,
                n_partner,
                n_entities,
                everything,
                bounds,
                limits,
                log_factorials,
            )


@kernel
def _satisfying(
    codes: AnyArray,
    missing: int,
    literals: Int32s,
    terms: Int32s,
    negated: Mask,
    kept: Mask,
    out: Words,
) -> None:
    """Entities that satisfy the query of the kept literals, into `out`."""
    satisfied = np.zeros((terms.size, out.size), np.uint64)
    unknown = np.zeros((terms.size, out.size), np.uint64)
    for a in range(terms.size):
        set_words(codes, missing, literals[a], satisfied[a], unknown[a])
    evaluate(satisfied, unknown, terms, negated, kept, codes.shape[1], out)


@kernel
def _passes(
    support: int,
    n_own: int,
    n_partner: int,
    n_entities: int,
    without: float,
    bounds: Int32s,
    limits: Floats,
    log_factorials: Floats,
) -> bool:
    """Whether two queries of these sizes pass the gates on size, Jaccard, work and p.

    `without` is the Jaccard that is left without the target.
    """
    if support < bounds[0] or support > bounds[1] or n_own < bounds[0] or n_own > bounds[1]:
        return False
    if n_partner == n_entities:
        return False
    union = n_own + n_partner - support
    jaccard = support / union
    if jaccard < limits[1] or jaccard - without <= max(limits[4], 1 / union):
        return False
    log_p = log_hypergeometric_tail(
        support,
        n_entities,
        min(n_own, n_partner),
        max(n_own, n_partner),
        log_factorials,
    )
    return bool(log_p <= limits[3])


@kernel
def _best_cut(
    codes: AnyArray,
    missing: int,
    n_codes: int,
    words: Words,
    n_partner: int,
    bounds: Int32s,
) -> tuple[int, int]:
    """Entities of the best one-sided cut, and those shared with a set; 0, 0 for none."""
    sizes = np.zeros(n_codes, np.int64)
    hits = np.zeros(n_codes, np.int64)
    for entity in range(codes.size):
        code = np.int64(codes[entity])
        if code != missing:
            sizes[code] += 1
            hits[code] += np.int64(
                (words[entity >> 6] >> np.uint64(entity & 63)) & np.uint64(1)
            )
    n_known, n_hits = int(sizes.sum()), int(hits.sum())
    best, n_own, n_shared = -1.0, 0, 0
    for above in range(2):
        size, shared = 0, 0
        for end in range(n_codes - 1):
            size += int(sizes[end])
            shared += int(hits[end])
            inside = n_known - size if above else size
            common = n_hits - shared if above else shared
            if bounds[0] <= inside <= bounds[1]:
                jaccard = common / (inside + n_partner - common)
                if jaccard > best:
                    best = jaccard
                    n_own, n_shared = inside, common
    return n_own, n_shared
