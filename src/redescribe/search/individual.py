"""'trees': the target alone on its side, rules of clustering trees on the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from redescribe._kernels.bitset import set_size
from redescribe._kernels.extend import best_extension, extend_all
from redescribe._kernels.pairs import intersections
from redescribe._kernels.tails import log_hypergeometric_tail
from redescribe.core.support import unpack
from redescribe.search.base import Candidate
from redescribe.search.coded import CodedQuery
from redescribe.search.literals import own_literals
from redescribe.search.pool import RulePool
from redescribe.trees.forest import grow_forest
from redescribe.trees.rules import extract_rules
from redescribe.trees.tree import Targets

if TYPE_CHECKING:
    from redescribe._typing import Int32s
    from redescribe.search.base import Task
    from redescribe.search.literals import OwnLiterals

Composition = tuple[int, tuple[int, ...], int]
"""Literal of the target, rules joined by AND, rule joined by OR (-1: none)."""


@dataclass(frozen=True, slots=True, eq=False)
class _Extensions:
    """What `extend_all` found from each base of each literal, each of one shape.

    Attributes
    ----------
    steps
        ndarray of int32, shape (n_literals, n_bases, n_steps): rules taken; -1: none.
    supports, sizes
        ndarray of int32: |I| and the size of the query after each step.
    """

    steps: Int32s
    supports: Int32s
    sizes: Int32s


def describe_individually(task: Task) -> tuple[list[Candidate], int]:
    """Return candidates for one target and partner view, and how many were scored.

    A forest is grown for the target's bins and one tree for the supports of its literals;
    each literal is paired with each rule, and the best pairs grow by AND and OR with
    further rules. The winners are tightened, minimised and pruned.

    References
    ----------
    Specification of redescription mining, sections 4, 5.1 and 5.4 to 5.6.
    """
    low, high = task.support_bounds
    own = own_literals(
        task.own,
        min_support=low,
        max_support=high,
        budget=task.params.budget,
        negation=task.params.language.negation,
    )
    if not len(own):
        return [], 0
    pool = _partner_rules(task, own)
    if not len(pool):
        return [], 0
    compositions, n_scored = _compose(task, own, pool)
    candidates = []
    for literal, joined, disjunct in compositions:
        partner = pool.query(joined, disjunct)
        candidate, n_more = finish(task, own, literal, partner)
        n_scored += n_more
        if candidate is not None:
            candidates.append(candidate)
    return candidates, n_scored


def finish(
    task: Task, own: OwnLiterals, literal: int, partner: CodedQuery
) -> tuple[Candidate | None, int]:
    """Simplify the partner query, try one OR on the target's side, and apply the gates."""
    thresholds = task.params.thresholds
    epsilon = thresholds.literal_epsilon
    gates = np.array([*task.support_bounds, thresholds.min_jaccard], np.float64)
    partner = partner.simplified(
        own.satisfied[literal], literal_epsilon=epsilon, gates=gates
    )
    partner_words = partner.satisfied()
    coded, negated = own.literal(literal)
    terms, signs = [[coded]], [negated]
    n_scored = 0
    if task.params.language.disjunction and not negated:
        size = int(set_size(partner_words))
        other, value, support, own_size = best_extension(
            partner_words,
            size,
            own.satisfied[literal],
            own.satisfied,
            np.ones(len(own), np.int32),
            len(own),
            True,  # noqa: FBT003 - kernels take no keywords
            0.0,
        )
        n_scored = len(own)
        shared = int(set_size(partner_words & own.satisfied[literal]))
        before = shared / (size + int(own.sizes[literal]) - shared)
        high = task.support_bounds[1]
        if value - before > thresholds.min_gain and own_size <= high and support <= high:
            added, added_negated = own.literal(other)
            terms, signs = [[coded], [added]], [negated, added_negated]
    query = CodedQuery.of(own.view, terms, signs)
    if len(terms) > 1:
        query = query.simplified(partner_words, literal_epsilon=epsilon, gates=gates)
    return admit(task, query, partner), n_scored


def admit(task: Task, own: CodedQuery, partner: CodedQuery) -> Candidate | None:
    """Return the pair as a candidate if it passes every gate, else None."""
    params, (low, high) = task.params, task.support_bounds
    own_words, partner_words = own.satisfied(), partner.satisfied()
    shared = own_words & partner_words
    n_entities = task.own.n_entities
    support, own_size, partner_size = (
        int(set_size(words)) for words in (shared, own_words, partner_words)
    )
    log_p = log_hypergeometric_tail(
        support, n_entities, own_size, partner_size, task.log_factorials
    )
    candidate = Candidate(
        own, partner, shared, support, own_size, partner_size, float(log_p)
    )
    union = own_size + partner_size - support
    passes = (
        low <= support <= high
        and low <= own_size <= high
        and partner_size < n_entities
        and len(candidate) <= params.language.max_literals
        and candidate.jaccard >= params.thresholds.min_jaccard
        and candidate.work(n_entities) > max(params.thresholds.min_work, 1 / union)
        and log_p <= params.thresholds.log_max_p_mined
    )
    return candidate if passes else None


def _partner_rules(task: Task, own: OwnLiterals) -> RulePool:
    """Rules of trees for the target's bins and for the supports of its literals."""
    partner, params = task.partner, task.params.trees
    labels = task.own.codes[0].astype(np.int32)
    labels[labels == task.own.missing_code] = -1
    trees = grow_forest(partner, Targets.nominal(labels), params, seed=task.seed)
    masks = unpack(own.satisfied, partner.n_entities)
    for start in range(0, len(masks), params.targets_per_tree):
        block = Targets.binary(masks[start : start + params.targets_per_tree])
        trees += grow_forest(partner, block, params, seed=task.seed)[:1]
    rules = extract_rules(trees, partner, min_support=task.support_bounds[0])
    return RulePool.of(rules, partner, negation=task.params.language.negation)


def _compose(task: Task, own: OwnLiterals, pool: RulePool) -> tuple[list[Composition], int]:
    """Pair literals with rules, extend the best pairs, and return the best compositions."""
    language, thresholds, budget = (
        task.params.language,
        task.params.thresholds,
        task.params.budget,
    )
    shared = np.empty((len(own), len(pool)), np.int32)
    intersections(own.satisfied, own.sizes, pool.satisfied, pool.sizes, 0.0, shared)
    union = own.sizes[:, None] + pool.sizes[None, :] - shared
    value = (
        shared / np.maximum(union, 1) - thresholds.literal_epsilon * pool.lengths[None, :]
    )
    # A target with few literals tries more rules for each.
    n_bases = min(len(pool), max(budget.n_bases, budget.max_candidates // len(own)))
    bases = np.argsort(-value, axis=1, kind="stable")[:, :n_bases].astype(np.int32)
    limits = np.array([language.max_joins, int(language.disjunction)], np.int32)
    steps = np.empty((len(own), n_bases, 1 + int(limits.sum())), np.int32)
    supports, sizes = np.zeros_like(steps), np.zeros_like(steps)
    n_extensions = extend_all(
        own.satisfied,
        own.sizes,
        pool.satisfied,
        pool.lengths,
        pool.n_positive,
        bases,
        limits,
        np.array([thresholds.literal_epsilon, thresholds.min_gain]),
        steps,
        supports,
        sizes,
    )
    extensions = _Extensions(steps, supports, sizes)
    best = _best_compositions(own, pool, extensions, thresholds.literal_epsilon)
    return best[: budget.max_candidates], shared.size + int(n_extensions)


def _best_compositions(
    own: OwnLiterals, pool: RulePool, extensions: _Extensions, literal_price: float
) -> list[Composition]:
    """All compositions reached, each once, by Jaccard less the price of their literals."""
    steps, supports, sizes = extensions.steps, extensions.supports, extensions.sizes
    union = own.sizes[:, None, None] + sizes - supports
    lengths = np.where(steps >= 0, pool.lengths[np.maximum(steps, 0)], 0).cumsum(axis=2)
    value = supports / np.maximum(union, 1) - literal_price * lengths
    value[steps < 0] = -1.0
    order = np.argsort(-value, axis=None, kind="stable")
    last = steps.shape[2] - 1
    found: dict[Composition, None] = {}
    for flat in order[: np.count_nonzero(steps >= 0)].tolist():
        literal, base, step = np.unravel_index(flat, steps.shape)
        taken = steps[literal, base, : step + 1]
        is_disjunct = step == last and last > 0
        joined = tuple(
            sorted(int(r) for r in (taken[:-1] if is_disjunct else taken) if r >= 0)
        )
        found.setdefault((int(literal), joined, int(taken[-1]) if is_disjunct else -1))
    return list(found)
