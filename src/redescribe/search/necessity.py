"""Does an attribute do work in its query? (specification, section 5.2)."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from redescribe.search.coded import CodedQuery
    from redescribe.search.others import Others


def jaccard_without(query: CodedQuery, position: int, others: Others) -> float:
    """Return the largest Jaccard that a query reaches without an attribute.

    In every term that mentions the attribute either its literals are deleted (a positive
    term left empty is TRUE, a negated one is deleted) or the whole term is; all choices are
    tried. A query without terms is false everywhere: 0.

    Parameters
    ----------
    query
        One query of a redescription.
    position
        Row of the attribute in the query's view.
    others
        The other queries.
    """
    mentions = query.literals[:, 0] == position
    terms = np.unique(query.terms[mentions])
    best = 0.0
    for choices in product((False, True), repeat=len(terms)):
        kept, everything = ~mentions, False
        for term, whole in zip(terms, choices, strict=True):
            members = query.terms == term
            if whole:
                kept = kept & ~members
            elif not (kept & members).any() and not query.negated[term]:
                everything = True
        if everything:
            best = max(best, others.jaccard_of_everything(query.view.n_entities))
        elif kept.any():
            best = max(best, others.jaccard(query.restricted(kept)))
    return best
