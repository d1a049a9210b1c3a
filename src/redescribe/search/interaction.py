"""The target together with other attributes of its view: alternation between two views."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from redescribe.core.support import unpack
from redescribe.search.admit import admit
from redescribe.search.compose import FixedSets, Limits, compose
from redescribe.search.pool import RulePool
from redescribe.trees.forest import grow_forest
from redescribe.trees.rules import RuleList, extract_rules, merged, rules_of
from redescribe.trees.tree import Targets, grow_tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from redescribe._typing import Int32s, Words
    from redescribe.search.base import Candidate, Task
    from redescribe.search.coded import CodedQuery
    from redescribe.search.individual import Individual
    from redescribe.search.literals import OwnLiterals

_PER_FIXED = 6


@dataclass(frozen=True, slots=True, eq=False)
class _Queries:
    """Queries of one view, of distinct supports, that the other view answers."""

    queries: tuple[CodedQuery, ...]
    satisfied: Words

    @classmethod
    def distinct(cls, pairs: Iterable[tuple[CodedQuery, Words]], limit: int) -> _Queries:
        """The first `limit` of them with distinct supports."""
        kept: dict[bytes, tuple[CodedQuery, Words]] = {}
        for query, words in pairs:
            if len(kept) == limit:
                break
            kept.setdefault(words.tobytes(), (query, words))
        return cls(
            tuple(query for query, _ in kept.values()),
            np.array([words for _, words in kept.values()]),
        )

    def __len__(self) -> int:
        return len(self.queries)

    def targets(self, n_entities: int) -> Targets:
        """The supports as 0/1 targets of trees."""
        return Targets.binary(unpack(self.satisfied, n_entities))


def describe_interactions(
    task: Task, individual: Individual
) -> tuple[list[Candidate], int]:
    """Return candidates in which the target and other attributes do work, and a count.

    Each round grows trees on the target's view for supports of the partner's queries (a
    forest, and one tree inside each bin of the target, whose rules all contain it), then
    trees on the partner view for the supports of the new queries. The rounds end early
    when no support gets a better candidate.

    References
    ----------
    Specification of redescription mining, sections 4, 5.2 and 5.3.
    """
    found: dict[bytes, Candidate] = {}
    partner_rules = individual.pool.rules
    n_scored = 0
    for number in range(task.params.alternation.iterations):
        known = sorted([*found.values(), *individual.candidates], key=task.rank)
        fixed = _partner_queries(task, known, partner_rules)
        new, n_own = _grow_own(task, fixed, individual.own, number)
        grown, partner_rules, n_partner = _grow_partner(task, new, partner_rules, number)
        n_scored += n_own + n_partner
        if not _keep_better(found, [*new, *grown], task):
            break
    return list(found.values()), n_scored


def _keep_better(
    found: dict[bytes, Candidate], candidates: Sequence[Candidate], task: Task
) -> bool:
    """Keep the best candidate of each support; return whether anything improved."""
    improved = False
    for candidate in sorted(candidates, key=task.rank):
        support = candidate.shared.tobytes()
        if support not in found or candidate.jaccard > found[support].jaccard:
            found[support] = candidate
            improved = True
    return improved


def _target_literals(task: Task, own: OwnLiterals) -> list[Int32s]:
    """The target's bins and unions of bins as coded literals of its whole view."""
    last = np.searchsorted(task.view.bins[task.position].upper, own.view.bins[0].upper)
    first = np.append(0, last[:-1] + 1)
    return [
        np.array([[task.position, first[low], last[high], inside]], np.int32)
        for low, high, inside in own.ranges.tolist()
    ]


def _partner_queries(task: Task, known: Sequence[Candidate], rules: RuleList) -> _Queries:
    """Partner sides of the best candidates, then rules of the partner's trees."""
    limit = task.params.trees.targets_per_tree
    best = [
        (candidate.partner, candidate.partner.satisfied()) for candidate in known[:limit]
    ]
    pool = RulePool.of(rules, task.partner, negation=False)
    high = task.support_bounds[1]
    others = [
        (pool.query([number], -1), rules.satisfied[number])
        for number in range(len(rules))
        if rules.sizes[number] <= high
    ]
    half = limit // 2
    return _Queries.distinct([*best[:half], *others[:half], *best[half:], *others], limit)


def _grow_own(
    task: Task, fixed: _Queries, own: OwnLiterals, number: int
) -> tuple[list[Candidate], int]:
    """Queries with the target, and others, for fixed partner queries."""
    if not len(fixed):
        return [], 0
    targets = fixed.targets(task.view.n_entities)
    trees = grow_forest(
        task.view, targets, task.params.trees, seed=task.child_seed(number, 0)
    )
    grown = extract_rules(trees, task.view, min_support=task.support_bounds[0])
    literals = _target_literals(task, own)
    inside = np.flatnonzero(own.ranges[:, 2])
    alone = rules_of([literals[i] for i in inside], own.satisfied[inside], task.view)
    rules = merged([alone, *_rooted(task, targets, own), grown])
    pool = RulePool.of(rules, task.view, negation=task.params.language.negation)
    mention, others = pool.mentions(task.position), pool.mentions_others(task.position)
    limits = Limits(
        task.params.alternation.max_interactions,
        _PER_FIXED,
        (mention & ~others, mention & others),
        others,
    )
    compositions, n_scored = compose(
        FixedSets.of(fixed.satisfied), pool, task.params, limits
    )
    found = []
    for position, joined, disjunct in compositions:
        query = task.simplified(pool.query(joined, disjunct), fixed.satisfied[position])
        partner = task.simplified(fixed.queries[position], query.satisfied())
        found.append(admit(task, query, partner))
    return _interactions(found), n_scored


def _grow_partner(
    task: Task, new: Sequence[Candidate], rules: RuleList, number: int
) -> tuple[list[Candidate], RuleList, int]:
    """Partner queries for the target sides of new candidates, and all partner rules."""
    ranked = sorted(new, key=task.rank)
    fixed = _Queries.distinct(
        ((candidate.own, candidate.own.satisfied()) for candidate in ranked),
        task.params.trees.targets_per_tree,
    )
    if not len(fixed):
        return [], rules, 0
    trees = grow_forest(
        task.partner,
        fixed.targets(task.view.n_entities),
        task.params.trees,
        seed=task.child_seed(number, 1),
    )
    grown = extract_rules(trees, task.partner, min_support=task.support_bounds[0])
    rules = merged([rules, grown])
    pool = RulePool.of(rules, task.partner, negation=task.params.language.negation)
    everything = np.ones(len(pool), np.bool_)
    limits = Limits(
        task.params.alternation.max_interactions, _PER_FIXED, (everything,), everything
    )
    compositions, n_scored = compose(
        FixedSets.of(fixed.satisfied), pool, task.params, limits
    )
    found = []
    for position, joined, disjunct in compositions:
        partner = task.simplified(pool.query(joined, disjunct), fixed.satisfied[position])
        own = task.simplified(fixed.queries[position], partner.satisfied())
        found.append(admit(task, own, partner))
    return _interactions(found), rules, n_scored


def _rooted(task: Task, targets: Targets, own: OwnLiterals) -> list[RuleList]:
    """Rules of trees grown inside one literal of the target: each contains the target.

    The literals are its bins and one-sided unions of bins.
    """
    low = task.support_bounds[0]
    usable = np.flatnonzero(task.view.n_bins > 1)
    usable = usable[usable != task.position]
    if not usable.size:
        return []
    found = []
    masks = unpack(own.satisfied, task.view.n_entities)
    last_bin = len(own.view.bins[0]) - 1
    literals = _target_literals(task, own)
    for (first, last, inside), mask, literal in zip(
        own.ranges.tolist(), masks, literals, strict=True
    ):
        simple = inside and (first in {0, last} or last == last_bin)
        entities = np.flatnonzero(mask).astype(np.uint32)
        if not simple or entities.size < 2 * low:
            continue
        tree = grow_tree(
            task.view,
            Targets(targets.values, targets.weights, entities),
            usable,
            task.params.trees,
        )
        rules = extract_rules([tree], task.view, min_support=low)
        rooted = [np.concatenate([literal, rule]) for rule in rules.literals]
        found.append(rules_of(rooted, rules.satisfied, task.view))
    return found


def _interactions(found: Iterable[Candidate | None]) -> list[Candidate]:
    return [
        candidate
        for candidate in found
        if candidate is not None and candidate.is_interaction
    ]
