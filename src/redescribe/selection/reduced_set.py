"""Extraction: redescriptions one by one, each time the one with the lowest score."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from redescribe._kernels.bitset import set_size
from redescribe.selection.candidates import Candidates

if TYPE_CHECKING:
    from collections.abc import Iterable

    from redescribe._typing import Int32s, Words
    from redescribe.core.redescription import Redescription
    from redescribe.selection.candidates import Sets
    from redescribe.selection.params import SelectParams


def select_extraction(
    redescriptions: Iterable[Redescription], params: SelectParams, *, limit: int
) -> tuple[Redescription, ...]:
    """Return `limit` redescriptions at most: accurate, significant, short and varied.

    The first is the one with the lowest score

        w_J (1 - J) + w_P pv + w_Size size + w_Stab (J_rej - J_pess)
        + w_Att Σ f(a) / Σ f + w_El Σ f(e) / Σ f,

    with f the frequencies of attributes and entities among all redescriptions and
    pv = max(0, 1 + log10(p) / 17). With a share c of `limit` chosen, the next is the lowest

        w_J (1 - J) + w_P (c pv + (1 - c) |I| / N) + w_Size size + w_Stab (J_rej - J_pess)
        + w_Att max AttJac + w_El max Jac(I, I') + w_Cov (1 - new / max(1, N - |Cov|)):

    the maxima are over those chosen, Cov are the entities that these hold for, and new is
    the number of entities in I but not in Cov. What equals a chosen one in attributes and
    entities is left out.

    Parameters
    ----------
    redescriptions
        The candidates, in any order.
    params
        Weights, and which Jaccard J is.
    limit
        How many are chosen.

    Returns
    -------
    tuple of Redescription
        As they were chosen.

    References
    ----------
    Specification of redescription mining, section 5.10.
    """
    candidates = Candidates.of(redescriptions)
    weights = params.weights
    supports, attributes = candidates.supports, candidates.attribute_sets()
    n_entities = supports.n_elements
    p_costs = candidates.p_costs()
    fixed = candidates.costs(params)
    if weights.stability:
        fixed += weights.stability * candidates.doubts()
    scores = (
        fixed
        + weights.p * p_costs
        + weights.attributes * attributes.popularity()
        + weights.entities * supports.popularity()
    )
    is_free = np.ones(len(candidates), np.bool_)
    covered = np.zeros_like(supports.words[:1])
    likeness, attribute_likeness = np.zeros((2, len(candidates)))
    chosen: list[int] = []
    while len(chosen) < limit and is_free.any():
        # Rounded: scores that should be equal are, and the order of the candidates decides.
        best = int(np.where(is_free, np.round(scores, 12), np.inf).argmin())
        chosen.append(best)
        alike, alike_attributes = (
            sets.jaccards_with(best) for sets in (supports, attributes)
        )
        is_free &= (alike < 1) | (alike_attributes < 1)
        is_free[best] = False
        np.maximum(likeness, alike, out=likeness)
        np.maximum(attribute_likeness, alike_attributes, out=attribute_likeness)
        covered |= supports.words[best]
        share = len(chosen) / limit
        n_open = max(1, n_entities - int(set_size(covered[0])))
        scores = (
            fixed
            + weights.p * (share * p_costs + (1 - share) * supports.sizes / n_entities)
            + weights.attributes * attribute_likeness
            + weights.entities * likeness
            + weights.coverage * (1 - newly_covered(supports, covered) / n_open)
        )
    return candidates.at(chosen)


def newly_covered(supports: Sets, covered: Words) -> Int32s:
    """Return the sizes of the supports outside `covered`, of shape (1, n_words)."""
    n_new: Int32s = supports.sizes - supports.shared_with(covered)
    return n_new
