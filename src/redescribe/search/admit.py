"""The gates: what a pair of queries must reach to become a candidate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redescribe._kernels.bitset import set_size
from redescribe._kernels.tails import log_hypergeometric_tail
from redescribe.search.base import Candidate
from redescribe.search.necessity import jaccard_without

if TYPE_CHECKING:
    from redescribe.search.base import Task
    from redescribe.search.coded import CodedQuery


def admit(task: Task, own: CodedQuery, partner: CodedQuery) -> Candidate | None:
    """Return the pair as a candidate if it passes every gate, else None.

    Where the target stands alone, its query's own support is within the bounds too.
    """
    thresholds, (low, high) = task.params.thresholds, task.support_bounds
    own_words, partner_words = own.satisfied(), partner.satisfied()
    shared = own_words & partner_words
    n_entities = task.own.n_entities
    support, own_size, partner_size = (
        int(set_size(words)) for words in (shared, own_words, partner_words)
    )
    union = own_size + partner_size - support
    alone = not (own.literals[:, 0] != own.literals[0, 0]).any()
    possible = (
        low <= support <= high
        and (not alone or low <= own_size <= high)
        and max(own_size, partner_size) < n_entities
        and len(own) + len(partner) <= task.params.language.max_literals
        and support >= thresholds.min_jaccard * union
    )
    if not possible:
        return None
    position = task.position if own.view is task.view else 0
    work = support / union - jaccard_without(own, position, partner_words)
    if work <= max(thresholds.min_work, 1 / union):
        return None
    log_p = log_hypergeometric_tail(
        support, n_entities, own_size, partner_size, task.log_factorials
    )
    if log_p > thresholds.log_max_p_mined:
        return None
    return Candidate(
        own, partner, shared, support, own_size, partner_size, float(log_p), work
    )
