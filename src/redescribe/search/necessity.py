"""Does the target do work in its query? (specification, section 5.2)."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from redescribe._kernels.bitset import intersection_size, set_size, union_size

if TYPE_CHECKING:
    from redescribe._typing import Words
    from redescribe.search.coded import CodedQuery


def jaccard_without(own: CodedQuery, position: int, other: Words) -> float:
    """Return the largest Jaccard that the query reaches without an attribute.

    In every term that mentions the attribute either its literals are deleted (a positive
    term left empty is TRUE, a negated one is deleted) or the whole term is; all choices are
    tried. A query without terms is false everywhere: 0.

    Parameters
    ----------
    own
        The query.
    position
        Row of the attribute in the query's view.
    other
        Entities that satisfy the other queries, packed.
    """
    mentions = own.literals[:, 0] == position
    terms = np.unique(own.terms[mentions])
    best = 0.0
    for choices in product((False, True), repeat=len(terms)):
        kept = ~mentions
        for term, whole in zip(terms, choices, strict=True):
            members = own.terms == term
            if whole:
                kept = kept & ~members
            elif not (kept & members).any() and not own.negated[term]:
                return max(best, int(set_size(other)) / own.view.n_entities)
        if kept.any():
            best = max(best, _jaccard(own.restricted(kept).satisfied(), other))
    return best


def _jaccard(words: Words, other: Words) -> float:
    union = int(union_size(words, other))
    return int(intersection_size(words, other)) / union if union else 0.0
