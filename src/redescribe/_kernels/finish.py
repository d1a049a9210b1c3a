"""Finishes what a beam has found: sharp cuts, few literals, and whether it may pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from redescribe._kernels._jit import kernel
from redescribe._kernels.evaluate import satisfying
from redescribe._kernels.gates import best_cut, pair_passes
from redescribe._kernels.minimise import simplify
from redescribe._kernels.sharpen import sharpen
from redescribe._kernels.speak import (
    as_alternatives,
    says_known,
    speak,
    without_needless_negation,
)

if TYPE_CHECKING:
    from redescribe._typing import AnyArray, Floats, Int32s, Ints, Mask, Words

_IS_ALONE = True


@kernel
def finish(
    codes: AnyArray,
    missing: int,
    n_bins: Ints,
    nominal: Mask,
    demanded: Mask,
    may_or: bool,
    own_codes: AnyArray,
    own_missing: int,
    n_own_codes: int,
    own_nominal: bool,
    bounds: Int32s,
    price: float,
    objective: int,
    limits: Floats,
    judges: bool,
    log_factorials: Floats,
    lengths: Ints,
    literals: Int32s,
    terms: Int32s,
    owns: Int32s,
    negated: Mask,
    n_terms: Ints,
    cuts: Int32s,
    marks: Mask,
) -> int:
    """Sharpen, write and simplify pairs of queries, and mark which may pass the gates.

    Parameters
    ----------
    codes, missing, n_bins, nominal
        The partner view.
    demanded
        (n_attributes,): attributes that are not given up.
    may_or
        Whether the language of the partner view knows OR.
    own_codes, own_missing, n_own_codes, own_nominal
        (n_entities,): codes of the target, how many it has, whether it is nominal.
    bounds
        (2,): smallest and largest support.
    price, objective
        As in `sharpen`.
    limits
        (4,): what a literal must bring, smallest Jaccard, largest log p, least work.
    judges
        Whether the gates are those of entities whose values are known; else all are marked.
    lengths, literals, terms, owns
        (n_pairs,), (n_pairs, longest, 4), (n_pairs, longest) and (n_pairs, 4): queries of
        the partner, an OR of positive terms, and literals of the target; changed in place.
    negated, n_terms
        (n_pairs, longest) and (n_pairs,), written: the terms of the finished queries.
    cuts
        (n_pairs, 4), written: the cut of the target that agrees best with the finished
        query, where its mark is set.
    marks
        (n_pairs, 2), written: whether the pair with the target's literal may pass the
        gates, and the pair with the cut.

    Returns
    -------
    int
        Pairs scored.
    """
    n_scored = 0
    n_words = (codes.shape[1] + 63) // 64
    own_words, words = np.empty(n_words, np.uint64), np.empty(n_words, np.uint64)
    longest = literals.shape[1]
    spoken, spoken_terms = np.empty((longest, 4), np.int32), np.empty(longest, np.int32)
    gates = np.array([float(bounds[0]), float(bounds[1]), limits[3]])
    target = own_codes.reshape(1, own_codes.size)
    one_term, own_sign = np.zeros(1, np.int32), np.empty(1, np.bool_)
    own_row = np.empty((1, 4), np.int32)
    for pair in range(lengths.size):
        marks[pair] = False
        own = owns[pair]
        is_cut = not own_nominal and (own[1] == 0 or own[2] == n_own_codes - 1)
        n_scored += sharpen(
            codes,
            missing,
            n_bins,
            nominal,
            literals[pair, : lengths[pair]],
            terms[pair, : lengths[pair]],
            own_codes,
            own_missing,
            n_own_codes,
            is_cut,
            own,
            bounds,
            price,
            objective,
            gates,
            log_factorials,
        )
        grown, of_term = literals[pair, : lengths[pair]], terms[pair, : lengths[pair]]
        if says_known(grown, of_term, n_bins, nominal):
            continue
        n, n_spoken_terms = speak(
            grown, of_term, n_bins, nominal, may_or, spoken, spoken_terms, negated[pair]
        )
        own_sign[0] = own[3] == 0 and not own_nominal
        own_row[0] = own
        own_row[0, 0] = 0
        if own_sign[0]:
            own_row[0, 3] = 1
        satisfying(target, own_missing, own_row, one_term, own_sign, own_words)
        n, n_terms[pair] = _simplified(
            codes,
            missing,
            n_bins,
            nominal,
            demanded,
            may_or,
            spoken[:n],
            spoken_terms[:n],
            negated[pair],
            n_spoken_terms,
            own_words,
            limits[0],
            np.array([float(bounds[0]), float(bounds[1]), limits[1]]),
        )
        lengths[pair] = n
        literals[pair, :n], terms[pair, :n] = spoken[:n], spoken_terms[:n]
        satisfying(
            codes,
            missing,
            literals[pair, :n],
            terms[pair, :n],
            negated[pair, : n_terms[pair]],
            words,
        )
        marks[pair, 0] = not judges or pair_passes(
            own_words,
            words,
            codes.shape[1],
            _IS_ALONE,
            not own_sign[0],
            bounds[0],
            bounds[1],
            limits[1],
            limits[2],
            limits[3],
            log_factorials,
        )
        if own_nominal or n_own_codes < 2:
            continue
        n_scored += 2 * (n_own_codes - 1)
        number, _, _ = best_cut(
            own_codes, own_missing, n_own_codes, words, bounds[0], bounds[1]
        )
        if number < 0:
            continue
        _set_cut(cuts[pair], number, n_own_codes)
        if own[3] == 1 and own[1] == cuts[pair, 1] and own[2] == cuts[pair, 2]:
            continue
        own_sign[0], own_row[0] = False, cuts[pair]
        satisfying(target, own_missing, own_row, one_term, own_sign, own_words)
        marks[pair, 1] = not judges or pair_passes(
            own_words,
            words,
            codes.shape[1],
            _IS_ALONE,
            True,  # noqa: FBT003 - kernels take no keywords
            bounds[0],
            bounds[1],
            limits[1],
            limits[2],
            limits[3],
            log_factorials,
        )
    return n_scored


@kernel
def _simplified(
    codes: AnyArray,
    missing: int,
    n_bins: Ints,
    nominal: Mask,
    demanded: Mask,
    may_or: bool,
    literals: Int32s,
    terms: Int32s,
    negated: Mask,
    n_terms: int,
    own: Words,
    epsilon: float,
    gates: Floats,
) -> tuple[int, int]:
    """Make a query short, in place; return how many literals and terms are left.

    Demanded attributes are only given up together with the query.
    """
    others = np.empty((2, own.size), np.uint64)
    others[0], others[1] = own, own
    needed, kept = np.zeros(terms.size, np.bool_), np.empty(terms.size, np.bool_)
    before = literals.copy()
    simplify(
        codes,
        missing,
        n_bins,
        nominal,
        literals,
        terms,
        negated[:n_terms],
        others,
        epsilon,
        gates,
        needed,
        kept,
    )
    if _lost(literals, kept, demanded):
        for a in range(terms.size):
            literals[a] = before[a]
            needed[a] = demanded[literals[a, 0]]
        simplify(
            codes,
            missing,
            n_bins,
            nominal,
            literals,
            terms,
            negated[:n_terms],
            others,
            epsilon,
            gates,
            needed,
            kept,
        )
    n, left, last = 0, -1, -1
    for a in range(terms.size):
        if not kept[a]:
            continue
        if terms[a] != last:
            last = terms[a]
            left += 1
            negated[left] = negated[last]
        literals[n] = literals[a]
        terms[n] = left
        n += 1
    without_needless_negation(literals[:n], terms[:n], negated, n_bins, nominal)
    if not may_or:
        return n, left + 1
    return n, as_alternatives(literals[:n], terms[:n], negated, n_bins, nominal)


@kernel
def _lost(literals: Int32s, kept: Mask, demanded: Mask) -> bool:
    """Whether a demanded attribute occurs among the literals, not among the kept ones."""
    for a in range(kept.size):
        if kept[a] or not demanded[literals[a, 0]]:
            continue
        found = False
        for b in range(kept.size):
            found |= kept[b] and literals[b, 0] == literals[a, 0]
        if not found:
            return True
    return False


@kernel
def _set_cut(literal: Int32s, number: int, n_codes: int) -> None:
    """Write the cut that `best_cut` names."""
    end = number % (n_codes - 1)
    literal[0], literal[3] = 0, 1
    if number < n_codes - 1:
        literal[1], literal[2] = 0, end
    else:
        literal[1], literal[2] = end + 1, n_codes - 1
