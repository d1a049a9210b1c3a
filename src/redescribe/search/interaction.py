"""The target together with other attributes of its view: alternation between two views."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from redescribe.core.support import unpack
from redescribe.search.admit import admit
from redescribe.search.compose import FixedSets, Limits, compose
from redescribe.search.growth import (
    binary_targets,
    gathered,
    grow_rules,
    limits_for,
    needed_rules,
)
from redescribe.search.pool import RulePool
from redescribe.trees.rules import RuleList, extract_rules, rules_of, with_novel
from redescribe.trees.tree import Targets, grow_tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from redescribe._typing import Int32s, Words
    from redescribe.search.base import Candidate, Task
    from redescribe.search.coded import CodedQuery
    from redescribe.search.individual import Grown
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

    def twice(self, position: int) -> Words:
        """The entities of one, as all and as any of the fixed queries."""
        return np.stack([self.satisfied[position]] * 2)


def describe_interactions(task: Task, grown: Grown) -> tuple[list[Candidate], int]:
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
    min_jaccard = task.params.thresholds.min_jaccard
    task = _with_floor(task)
    partner_rules = grown.pool.rules
    n_scored = 0
    for number in range(task.params.alternation.iterations):
        known = sorted([*found.values(), *grown.candidates], key=lambda known: known.rank)
        fixed = _partner_queries(task, known, partner_rules)
        new, n_own = _grow_own(task, fixed, grown.own, number)
        answers, partner_rules, n_partner = _grow_partner(task, new, partner_rules, number)
        n_scored += n_own + n_partner
        if not _keep_better(found, [*new, *answers]):
            break
    good = [found for found in found.values() if found.jaccard >= min_jaccard]
    return good, n_scored


def _with_floor(task: Task) -> Task:
    """The task with the lower threshold for what is not finished yet."""
    thresholds = task.params.thresholds
    floor = min(thresholds.min_jaccard, task.params.alternation.candidate_floor)
    lower = replace(thresholds, min_jaccard=floor)
    return replace(task, params=replace(task.params, thresholds=lower))


def _keep_better(found: dict[bytes, Candidate], candidates: Sequence[Candidate]) -> bool:
    """Keep the best candidate of each support; return whether anything improved."""
    improved = False
    for candidate in candidates:
        support = candidate.shared.tobytes()
        if support not in found or candidate.rank < found[support].rank:
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
        (candidate.queries[1], candidate.queries[1].satisfied())
        for candidate in known[:limit]
    ]
    language = task.params.language.of(task.partner.name)
    pool = RulePool.of(rules, task.partner, replace(language, negation=False))
    high = task.support_bounds[1]
    usable = np.all(needed_rules(task, pool), axis=0) & (pool.sizes <= high)
    others = [
        (pool.query([number], -1), pool.satisfied[number])
        for number in np.flatnonzero(usable).tolist()
    ]
    half = limit // 2
    return _Queries.distinct([*best[:half], *others[:half], *best[half:], *others], limit)


def _grow_own(
    task: Task, fixed: _Queries, own: OwnLiterals, number: int
) -> tuple[list[Candidate], int]:
    """Queries with the target, and others, for fixed partner queries."""
    if not len(fixed):
        return [], 0
    targets = binary_targets(fixed.satisfied, task.view.n_entities)
    grown = grow_rules(task, task.view, targets, task.child_seed(number, 0))
    literals = _target_literals(task, own)
    inside = np.flatnonzero(own.ranges[:, 2])
    alone = rules_of([literals[i] for i in inside], own.satisfied[inside], task.view)
    rules = gathered(task, task.view, [alone, *_rooted(task, targets, own), grown])
    pool = RulePool.of(rules, task.view, task.params.language.of(task.view.name))
    mention, others = pool.mentions([task.position]), pool.mentions_others(task.position)
    limits = Limits(
        task.params.alternation.max_interactions,
        _PER_FIXED,
        (mention & ~others, mention & others),
        (others, *needed_rules(task, pool)),
    )
    compositions, n_scored = compose(
        FixedSets.single(fixed.satisfied), pool, task.params, limits
    )
    found = []
    for position, joined, disjunct in compositions:
        query = task.simplified(pool.query(joined, disjunct), fixed.twice(position))
        words = query.satisfied()
        partner = task.simplified(fixed.queries[position], np.stack([words, words]))
        found.append(admit(task, (query, partner)))
    return _interactions(found), n_scored


def _grow_partner(
    task: Task, new: Sequence[Candidate], rules: RuleList, number: int
) -> tuple[list[Candidate], RuleList, int]:
    """Partner queries for the target sides of new candidates, and all partner rules."""
    alternation = task.params.alternation
    ranked = sorted(new, key=lambda candidate: candidate.rank)
    fixed = _Queries.distinct(
        ((candidate.own, candidate.own.satisfied()) for candidate in ranked),
        task.params.trees.targets_per_tree,
    )
    if not len(fixed):
        return [], rules, 0
    targets = binary_targets(fixed.satisfied, task.view.n_entities)
    rules = with_novel(
        rules,
        grow_rules(task, task.partner, targets, task.child_seed(number, 1)),
        min_attributes=alternation.novelty_attributes,
        overlap=alternation.novelty_overlap,
    )
    pool = RulePool.of(rules, task.partner, task.params.language.of(task.partner.name))
    limits = limits_for(task, pool, alternation.max_interactions, _PER_FIXED)
    compositions, n_scored = compose(
        FixedSets.single(fixed.satisfied), pool, task.params, limits
    )
    found = []
    for position, joined, disjunct in compositions:
        partner = task.simplified(pool.query(joined, disjunct), fixed.twice(position))
        words = partner.satisfied()
        own = task.simplified(fixed.queries[position], np.stack([words, words]))
        found.append(admit(task, (own, partner)))
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
