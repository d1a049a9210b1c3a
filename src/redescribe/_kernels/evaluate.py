"""The entities that satisfy a coded query.

A coded query has literals (attribute, first code, last code, inside), the term of each
literal, and whether each term is negated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from redescribe._kernels._jit import kernel
from redescribe._kernels.apply import literal_words
from redescribe._kernels.kleene import clear_padding

if TYPE_CHECKING:
    from redescribe._typing import AnyArray, Int32s, Mask, Words


@kernel
def satisfying(
    codes: AnyArray,
    missing: int,
    literals: Int32s,
    terms: Int32s,
    negated: Mask,
    out: Words,
) -> None:
    """Entities that satisfy a coded query, into `out`, shape (n_words,)."""
    satisfied = np.zeros((literals.shape[0], out.size), np.uint64)
    unknown = np.zeros((literals.shape[0], out.size), np.uint64)
    for a in range(literals.shape[0]):
        set_words(codes, missing, literals[a], satisfied[a], unknown[a])
    kept = np.ones(literals.shape[0], np.bool_)
    evaluate(satisfied, unknown, terms, negated, kept, codes.shape[1], out)


@kernel
def evaluate(
    satisfied: Words,
    unknown: Words,
    terms: Int32s,
    negated: Mask,
    kept: Mask,
    n_entities: int,
    out: Words,
) -> None:
    """Entities that satisfy the OR of the terms made of the kept literals, into `out`.

    `satisfied` and `unknown` have shape (n_literals, n_words). Terms without literals are
    left out.
    """
    out[:] = 0
    conjunction = np.empty(out.size, np.uint64)
    possible = np.empty(out.size, np.uint64)
    for term in range(negated.size):
        if not conjoin(satisfied, terms, term, kept, conjunction, n_entities):
            continue
        if not negated[term]:
            for k in range(out.size):
                out[k] |= conjunction[k]
            continue
        possible[:] = ~np.uint64(0)
        for a in range(terms.size):
            if kept[a] and terms[a] == term:
                for k in range(out.size):
                    possible[k] &= satisfied[a, k] | unknown[a, k]
        for k in range(out.size):
            possible[k] = ~possible[k]
        clear_padding(possible, n_entities)
        for k in range(out.size):
            out[k] |= possible[k]


@kernel
def set_words(
    codes: AnyArray, missing: int, literal: Int32s, satisfied: Words, unknown: Words
) -> None:
    """Entities that satisfy one literal, and those for which it is unknown."""
    satisfied[:] = 0
    unknown[:] = 0
    literal_words(
        codes[literal[0]],
        literal[1],
        literal[2],
        literal[3] == 1,
        missing,
        satisfied,
        unknown,
    )


@kernel
def conjoin(
    satisfied: Words, terms: Int32s, term: int, kept: Mask, out: Words, n_entities: int
) -> bool:
    """AND of the kept literals of a term into `out`; return whether there are any."""
    found = False
    out[:] = ~np.uint64(0)
    for a in range(terms.size):
        if kept[a] and terms[a] == term:
            found = True
            for k in range(out.size):
                out[k] &= satisfied[a, k]
    clear_padding(out, n_entities)
    return found
