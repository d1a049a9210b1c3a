"""Writes an OR of conjunctions in as few terms as a language allows.

A query has literals (attribute, first code, last code, inside), the term of each literal,
and whether each term is negated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from redescribe._kernels._jit import kernel

if TYPE_CHECKING:
    from redescribe._typing import Int32s, Ints, Mask


@kernel
def says_known(literals: Int32s, terms: Int32s, n_bins: Ints, nominal: Mask) -> bool:
    """Whether an OR of single literals holds for every known value of an attribute."""
    for a in range(terms.size):
        if not _stands_alone(terms, a):
            continue
        attribute = literals[a, 0]
        n_inside, other_outside, contradicts = 0, False, False
        below, above = -1, int(n_bins[attribute])
        for b in range(terms.size):
            if literals[b, 0] != attribute or not _stands_alone(terms, b):
                continue
            if literals[b, 1] == 0:
                below = max(below, literals[b, 2])
            else:
                above = min(above, literals[b, 1])
            same = literals[a, 1] == literals[b, 1]
            contradicts |= same and literals[a, 3] != literals[b, 3]
            other_outside |= not same and literals[a, 3] == 0 and literals[b, 3] == 0
            n_inside += literals[b, 3] == 1 and not _repeats(literals, terms, b)
        if nominal[attribute]:
            if n_inside == n_bins[attribute] or other_outside or contradicts:
                return True
        elif below >= 0 and above <= below + 1:
            return True
    return False


@kernel
def speak(
    literals: Int32s,
    terms: Int32s,
    n_bins: Ints,
    nominal: Mask,
    may_or: bool,
    out: Int32s,
    out_terms: Int32s,
    out_negated: Mask,
) -> tuple[int, int]:
    """Write an OR of terms as the language allows: single ones as NOT of an AND.

    OR of three literals is NOT (… AND … AND …) of their complements, true where known
    values say so. Up to two terms stay as they are where an OR may be said.

    Returns
    -------
    tuple of int
        How many literals and terms `out`, `out_terms` and `out_negated` hold.
    """
    n_parts = terms[terms.size - 1] + 1
    n_single = 0
    for a in range(terms.size):
        n_single += _stands_alone(terms, a)
    as_they_are = n_parts == 1 or (n_parts == 2 and may_or)
    # Where all are single, one stays outside, so that both terms are short.
    first_stays = may_or and n_single == n_parts
    n_out, n_terms = 0, 0
    for part in range(n_parts):
        alone = _size_of_term(terms, part) == 1
        if as_they_are or not alone or (first_stays and part == 0):
            start = n_out
            for a in range(terms.size):
                if terms[a] == part:
                    n_out = _conjoin(
                        literals[a], nominal, start, n_terms, out, out_terms, n_out
                    )
            out_negated[n_terms] = False
            n_terms += 1
    if as_they_are:
        return n_out, n_terms
    start = n_out
    complement = np.empty(4, np.int32)
    for a in range(terms.size):
        if _stands_alone(terms, a) and not (first_stays and a == 0):
            complement[:] = literals[a]
            if nominal[complement[0]]:
                complement[3] = 1 - complement[3]
            else:
                _reverse(complement, n_bins[complement[0]] - 1)
            n_out = _conjoin(complement, nominal, start, n_terms, out, out_terms, n_out)
    if n_out > start:
        out_negated[n_terms] = True
        n_terms += 1
    return n_out, n_terms


@kernel
def without_needless_negation(
    literals: Int32s, terms: Int32s, negated: Mask, n_bins: Ints, nominal: Mask
) -> None:
    """Write NOT of a single literal as a literal: the same entities, also if missing."""
    for a in range(terms.size):
        if negated[terms[a]] and _stands_alone(terms, a):
            attribute = literals[a, 0]
            if has_opposite(literals[a], n_bins[attribute], nominal[attribute]):
                _oppose(literals[a], n_bins[attribute], nominal[attribute])
                negated[terms[a]] = False


@kernel
def as_alternatives(
    literals: Int32s, terms: Int32s, negated: Mask, n_bins: Ints, nominal: Mask
) -> int:
    """Write NOT (A AND B) as (NOT A) OR (NOT B) if both are written without NOT.

    Returns how many terms there are then; `negated` has room for two.
    """
    n_terms = int(terms[terms.size - 1]) + 1
    if n_terms != 1 or not negated[0] or terms.size != 2:
        return n_terms
    if literals[0, 0] == literals[1, 0]:
        return n_terms
    for a in range(2):
        attribute = literals[a, 0]
        if not has_opposite(literals[a], n_bins[attribute], nominal[attribute]):
            return n_terms
    for a in range(2):
        attribute = literals[a, 0]
        _oppose(literals[a], n_bins[attribute], nominal[attribute])
        terms[a] = a
        negated[a] = False
    return 2


@kernel
def has_opposite(literal: Int32s, n_codes: int, nominal: bool) -> bool:
    """Whether few words say where a literal is false.

    All categories but one may be many: NOT (colour = "red") says it shorter.
    """
    if nominal:
        return bool(literal[3] == 0 or (literal[1] == literal[2] and n_codes == 2))
    return bool((literal[1] == 0) != (literal[2] == n_codes - 1))


@kernel
def _oppose(literal: Int32s, n_codes: int, nominal: bool) -> None:
    """Turn a literal that has an opposite into it."""
    if not nominal:
        _reverse(literal, n_codes - 1)
    elif literal[3] == 1:
        literal[1], literal[2] = 1 - literal[1], 1 - literal[2]
    literal[3] = 1


@kernel
def _reverse(literal: Int32s, end: int) -> None:
    """Turn a cut into the cut on its other side."""
    if literal[1] == 0:
        literal[1], literal[2] = literal[2] + 1, end
    else:
        literal[1], literal[2] = 0, literal[1] - 1
    literal[3] = 1


@kernel
def _conjoin(
    literal: Int32s,
    nominal: Mask,
    start: int,
    term: int,
    out: Int32s,
    out_terms: Int32s,
    n_out: int,
) -> int:
    """Add a literal to the term that begins at `start`; intervals are intersected."""
    if not nominal[literal[0]] and literal[3] == 1:
        # Of several rows of an attribute the last is where the next interval goes.
        for a in range(n_out - 1, start - 1, -1):
            if out[a, 0] == literal[0]:
                out[a, 1] = max(out[a, 1], literal[1])
                out[a, 2] = min(out[a, 2], literal[2])
                return n_out
    out[n_out] = literal
    out_terms[n_out] = term
    return n_out + 1


@kernel
def _stands_alone(terms: Int32s, a: int) -> bool:
    return _size_of_term(terms, terms[a]) == 1


@kernel
def _size_of_term(terms: Int32s, term: int) -> int:
    size = 0
    for a in range(terms.size):
        size += terms[a] == term
    return size


@kernel
def _repeats(literals: Int32s, terms: Int32s, b: int) -> bool:
    """Whether a single category stands before as well."""
    for a in range(b):
        same = literals[a, 0] == literals[b, 0] and literals[a, 1] == literals[b, 1]
        if same and literals[a, 3] == literals[b, 3] and _stands_alone(terms, a):
            return True
    return False
