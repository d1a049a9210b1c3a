"""Which compositions can pass the gates once they are simplified: most cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from redescribe._kernels._jit import kernel
from redescribe._kernels.bitset import intersection_size, set_size, union_size
from redescribe._kernels.evaluate import evaluate, set_words
from redescribe._kernels.extend import best_extension
from redescribe._kernels.gates import best_cut, passes
from redescribe._kernels.minimise import simplify

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
        marks[c] = passes(
            shared,
            set_size(set_of),
            n_partner,
            n_entities,
            0.0 if complement[fixed[c]] else everything,
            bounds[0],
            bounds[1],
            limits[1],
            limits[3],
            limits[4],
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
            _, n_own, n_shared = best_cut(
                grid_codes, grid_missing, n_grid_codes, words, bounds[0], bounds[1]
            )
            marks[c] = n_own > 0 and passes(
                n_shared,
                n_own,
                n_partner,
                n_entities,
                everything,
                bounds[0],
                bounds[1],
                limits[1],
                limits[3],
                limits[4],
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
