"""Rules of one view for given targets: what searches compose queries of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from redescribe.core.support import unpack
from redescribe.search.compose import Limits
from redescribe.trees.forest import grow_forest
from redescribe.trees.rules import concatenated, extract_rules, merged, on_everyone
from redescribe.trees.tree import Targets, grow_tree

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redescribe._typing import Ints, Mask, Words
    from redescribe.core.binned import BinnedView
    from redescribe.search.base import Task
    from redescribe.search.pool import RulePool
    from redescribe.trees.rules import RuleList


def grow_rules(
    task: Task, view: BinnedView, targets: Targets, seed: np.random.SeedSequence
) -> RuleList:
    """Return the rules of a forest, and of a tree on each set of wanted attributes."""
    params, low = task.params.trees, task.support_bounds[0]
    rules = extract_rules(
        grow_forest(view, targets, params, seed=seed), view, min_support=low
    )
    wanted = [
        extract_rules([grow_tree(view, targets, rows, params)], view, min_support=low)
        for rows in wanted_rows(task, view)
    ]
    lists = [rules, *wanted]
    if targets.entities.size < view.n_entities:
        lists = [on_everyone(found, view) for found in lists]
    return gathered(task, view, lists)


def gathered(task: Task, view: BinnedView, lists: Sequence[RuleList]) -> RuleList:
    """Return the rules of all lists; of one support the shortest, unless some are wanted.

    A shorter rule of the same entities must not displace one that the user wants.
    """
    return concatenated(lists) if wanted_rows(task, view) else merged(lists)


def wanted_rows(task: Task, view: BinnedView) -> list[Ints]:
    """Return the rows of each set of attributes that the user wants in queries."""
    rows = {attribute.name: row for row, attribute in enumerate(view.attributes)}
    sets = [
        np.array(sorted({rows[name] for name in names}), np.int64)
        for names in task.constraints.wanted(view.name)
    ]
    usable = [found[view.n_bins[found] > 1] for found in sets]
    return [found for found in usable if found.size]


def limits_for(task: Task, pool: RulePool, n_compositions: int, per_fixed: int) -> Limits:
    """Return the limits of compositions that have what the user demands of a view.

    Bases are rules with some of it; where several attributes are demanded, also rules that
    have all of them, which are seldom the best.
    """
    needed = needed_rules(task, pool)
    some, every = np.any(needed, axis=0), np.all(needed, axis=0)
    groups = (some,) if len(needed) == 1 else (some, every)
    return Limits(n_compositions, per_fixed, groups, needed)


def needed_rules(task: Task, pool: RulePool) -> tuple[Mask, ...]:
    """Return which sets of a pool mention what is demanded: one mask for each demand.

    A composition has a rule of each mask. Without demands, all rules are in the only one.
    """
    rows = {attribute.name: row for row, attribute in enumerate(pool.view.attributes)}
    needed = [
        pool.mentions([rows[name] for name in names])
        for names in task.constraints.needed(pool.view.name)
    ]
    return tuple(needed) or (np.ones(len(pool), np.bool_),)


def binary_targets(satisfied: Words, n_entities: int) -> Targets:
    """Return packed sets as 0/1 targets of trees."""
    return Targets.binary(unpack(satisfied, n_entities))
