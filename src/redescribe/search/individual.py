"""'trees': the target alone on its side, rules of clustering trees on the other."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import compress
from typing import TYPE_CHECKING

import numpy as np

from redescribe._kernels.bitset import intersection_size, union_size
from redescribe._kernels.extend import best_extension
from redescribe.search.admit import admit
from redescribe.search.base import Description
from redescribe.search.baseline import best_cut
from redescribe.search.coded import CodedQuery
from redescribe.search.compose import FixedSets, compose
from redescribe.search.growth import binary_targets, gathered, grow_rules, limits_for
from redescribe.search.literals import own_literals
from redescribe.search.pool import RulePool
from redescribe.search.promising import promising
from redescribe.trees.rules import extract_rules
from redescribe.trees.tree import Targets, grow_tree

if TYPE_CHECKING:
    from redescribe.core.binned import BinnedView
    from redescribe.search.base import Candidate, Task
    from redescribe.search.literals import OwnLiterals
    from redescribe.search.params import SearchParams


@dataclass(frozen=True, slots=True, eq=False)
class Grown:
    """What the trees of one target and partner view give: interactions start from it.

    Attributes
    ----------
    candidates
        Pairs that passed the gates.
    own
        The literals of the target.
    pool
        The rules of the partner's trees.
    n_scored
        Candidates scored.
    """

    candidates: list[Candidate]
    own: OwnLiterals
    pool: RulePool
    n_scored: int


class Trees:
    """The published strategy: rules of trees are paired with literals of the target."""

    def prepare(self, partner: BinnedView, params: SearchParams) -> None:
        """Prepare nothing: trees are grown for each target."""

    def describe(self, task: Task) -> Description | None:
        """Return candidates for one target and partner view."""
        grown = describe_individually(task)
        return Description(grown.candidates, grown.n_scored) if grown else None


def describe_individually(task: Task) -> Grown | None:
    """Return candidates for one target and partner view; None without literals or rules.

    A forest is grown for the target's bins and one tree for the supports of its literals;
    each literal is paired with each rule, and the best pairs grow by AND and OR with
    further rules. The winners are tightened, minimised and pruned.

    References
    ----------
    Specification of redescription mining, sections 4, 5.1 and 5.4 to 5.6.
    """
    own = own_literals(task.own, task.params, task.support_bounds)
    pool = _partner_rules(task, own) if len(own) else None
    if pool is None or not len(pool):
        return None
    n_wanted = task.params.budget.max_candidates
    limits = limits_for(task, pool, n_wanted, n_wanted)
    fixed = FixedSets.single(own.satisfied)
    compositions, n_scored = compose(fixed, pool, task.params, limits)
    partners = [pool.query(joined, disjunct) for _, joined, disjunct in compositions]
    literals = [composition.fixed for composition in compositions]
    marks, n_more = promising(task, own, literals, partners)
    n_scored += n_more
    candidates = []
    for literal, partner in compress(zip(literals, partners, strict=True), marks):
        found, n_more = finish(task, own, literal, partner)
        n_scored += n_more
        candidates += found
    return Grown(candidates, own, pool, n_scored)


def finish(
    task: Task, own: OwnLiterals, literal: int, partner: CodedQuery
) -> tuple[list[Candidate], int]:
    """Simplify the partner query, fit the target's side to it, and apply the gates.

    On the target's side one OR is tried, and the best of its one-sided cuts, which may
    divide a bin.
    """
    thresholds = task.params.thresholds
    fixed = own.satisfied[literal]
    partner = task.simplified(partner, np.stack([fixed, fixed]))
    words = partner.satisfied()
    coded, negated = own.literal(literal)
    terms, signs = [[coded]], [negated]
    n_scored = 0
    language = task.params.language.of(task.view.name)
    if language.disjunction and language.max_literals > 1 and not negated:
        other, value, support, _ = best_extension(
            words,
            words,
            fixed,
            own.satisfied,
            np.ones(len(own), np.int32),
            len(own),
            True,  # noqa: FBT003 - kernels take no keywords
            0.0,
        )
        n_scored = len(own)
        before = int(intersection_size(words, fixed)) / max(1, union_size(words, fixed))
        high = task.support_bounds[1]
        own_size = int(union_size(fixed, own.satisfied[other]))
        if value - before > thresholds.min_gain and own_size <= high and support <= high:
            added, added_negated = own.literal(other)
            terms, signs = [[coded], [added]], [negated, added_negated]
    query = CodedQuery.of(own.view, terms, signs)
    if len(terms) > 1:
        query = task.simplified(query, np.stack([words, words]))
    tried = [admit(task, (query, partner))]
    cut, n_cuts = best_cut(task, words)
    if cut is not None:
        tried.append(admit(task, (cut, partner)))
    return [found for found in tried if found is not None], n_scored + n_cuts


def _partner_rules(task: Task, own: OwnLiterals) -> RulePool:
    """Rules of trees for the target's bins and for the supports of its literals."""
    partner, params = task.partner, task.params.trees
    labels = task.own.codes[0].astype(np.int32)
    labels[labels == task.own.missing_code] = -1
    grown = [grow_rules(task, partner, Targets.nominal(labels), task.seed)]
    # Two bins without missing values are complements, as their one-hot columns are: every
    # gain of a tree for them is a multiple of that of the nominal tree.
    is_grown = len(own.view.bins[0]) == 2 and not own.view.has_missing
    supports = own.satisfied[: 0 if is_grown else len(own)]
    usable = np.flatnonzero(partner.n_bins > 1)
    block = params.targets_per_tree
    trees = [
        grow_tree(
            partner,
            binary_targets(supports[start : start + block], task.view.n_entities),
            usable,
            params,
        )
        for start in range(0, len(supports), block)
    ]
    grown.append(extract_rules(trees, partner, min_support=task.support_bounds[0]))
    rules = gathered(task, partner, [*grown, task.partner_rules])
    return RulePool.of(rules, partner, task.params.language.of(partner.name))
