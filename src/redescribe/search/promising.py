"""Tells, in one compiled pass, which compositions are worth finishing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from redescribe._kernels.promising import mark_promising
from redescribe.core.missing import MissingPolicy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redescribe._typing import Int32s, Mask
    from redescribe.search.base import Task
    from redescribe.search.coded import CodedQuery
    from redescribe.search.literals import OwnLiterals


def promising(
    task: Task, own: OwnLiterals, literals: Sequence[int], partners: Sequence[CodedQuery]
) -> tuple[Mask, int]:
    """Return which pairs of a literal and a partner query may pass the gates when finished.

    Nothing is lost: what is not marked fails a gate on sizes, Jaccard, work or p, with the
    cuts of the target as well. On data without a relation, that is nearly everything. Where
    another policy for missing values or a demanded attribute decides, all are marked.

    Returns
    -------
    ndarray of bool
        One per pair.
    int
        Candidates scored for those that are not marked.
    """
    marks = np.ones(len(partners), np.bool_)
    decides = task.params.thresholds.missing is MissingPolicy.QUERY_NON_MISSING
    if not decides or task.constraints.demanded(task.partner.name) or not len(partners):
        return marks, 0
    language = task.params.language.of(task.view.name)
    may_extend = language.disjunction and language.max_literals > 1
    complement = own.ranges[:, 2] == 0
    grid, thresholds = task.grid, task.params.thresholds
    n_codes = 0 if grid.is_nominal[0] else len(grid.bins[0])
    mark_promising(
        task.partner.codes,
        task.partner.missing_code,
        task.partner.n_bins,
        task.partner.is_nominal,
        np.concatenate([partner.literals for partner in partners]),
        np.concatenate([partner.terms for partner in partners]),
        _starts([partner.terms.size for partner in partners]),
        np.concatenate([partner.negated for partner in partners]),
        _starts([partner.negated.size for partner in partners]),
        np.array(literals, np.int32),
        own.satisfied,
        complement,
        may_extend,
        grid.codes[0],
        grid.missing_code,
        n_codes,
        np.array(task.support_bounds, np.int32),
        np.array(
            [
                thresholds.literal_epsilon,
                thresholds.min_jaccard,
                thresholds.min_gain,
                thresholds.log_max_p_mined,
                thresholds.min_work,
            ]
        ),
        task.log_factorials,
        marks,
    )
    n_cuts = 2 * (n_codes - 1) if n_codes > 1 else 0
    n_extensions = len(own) * (may_extend & ~complement[literals])
    return marks, int((n_cuts + n_extensions)[~marks].sum())


def _starts(sizes: Sequence[int]) -> Int32s:
    return np.append(0, np.cumsum(sizes)).astype(np.int32)
