"""Grows queries of one view for fixed sets of the other, by AND and OR with rules."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from redescribe._kernels.bitset import set_sizes
from redescribe._kernels.extend import extend_all
from redescribe._kernels.pairs import intersections

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from redescribe._typing import Floats, Int32s, Mask, Words
    from redescribe.search.params import SearchParams
    from redescribe.search.pool import RulePool


class Composition(NamedTuple):
    """A query made of rules: the fixed set it is for, rules joined by AND, one by OR."""

    fixed: int
    joined: tuple[int, ...]
    disjunct: int
    """-1: none."""


@dataclass(frozen=True, slots=True, eq=False)
class FixedSets:
    """Sets of entities for which queries are grown.

    For redescriptions of several views these are two sets each: the entities in all fixed
    queries, and those in at least one. With one fixed query they are the same.

    Attributes
    ----------
    all_of, any_of
        ndarray of uint64, shape (n_sets, n_words).
    """

    all_of: Words
    any_of: Words

    @classmethod
    def single(cls, satisfied: Words) -> FixedSets:
        """Return the sets of one query each."""
        return cls(satisfied, satisfied)

    def __len__(self) -> int:
        return len(self.all_of)

    def others(self, position: int) -> Words:
        """Return both sets of one, stacked."""
        return np.stack([self.all_of[position], self.any_of[position]])

    def jaccards(self, pool: RulePool) -> Floats:
        """Return the Jaccard with each set of a pool, shape (n_sets, len(pool))."""
        shared = _shared(self.all_of, pool)
        known = shared if self.any_of is self.all_of else _shared(self.any_of, pool)
        n_any = np.empty(len(self), np.int32)
        set_sizes(self.any_of, n_any)
        union = n_any[:, None] + pool.sizes[None, :] - known
        jaccards: Floats = shared / np.maximum(union, 1)
        return jaccards


@dataclass(frozen=True, slots=True, eq=False)
class Limits:
    """How many compositions are wanted, and of what.

    Attributes
    ----------
    n_compositions
        All in all, at most.
    per_fixed
        For one fixed set, at most.
    base_groups
        ndarrays of bool, shape (n_rules,): the bases are the best rules of each group.
    needed
        ndarrays of bool, shape (n_rules,): a composition has a rule of each.
    """

    n_compositions: int
    per_fixed: int
    base_groups: tuple[Mask, ...]
    needed: tuple[Mask, ...]


def compose(
    fixed: FixedSets, pool: RulePool, params: SearchParams, limits: Limits
) -> tuple[list[Composition], int]:
    """Return the best compositions, best first, and how many were scored.

    The best rules of each group grow by AND, then by OR, each time with the rule that
    raises the Jaccard with the fixed set most; every step on the way competes. Compositions
    are ranked by Jaccard less the price of their literals.

    References
    ----------
    Specification of redescription mining, sections 5.4 and 5.5.
    """
    price = params.thresholds.literal_epsilon
    jaccards = fixed.jaccards(pool)
    bases = _bases(jaccards - price * pool.lengths[None, :], limits, params)
    language = params.language.of(pool.view.name)
    n_more = language.max_literals - 1
    max_joins = min(params.language.max_joins, n_more) if language.conjunction else 0
    allowed = np.array([max_joins, int(language.disjunction and n_more > 0)], np.int32)
    steps = np.empty((*bases.shape, 1 + int(allowed.sum())), np.int32)
    reached = np.zeros(steps.shape)
    n_extensions = extend_all(
        fixed.all_of,
        fixed.any_of,
        pool.satisfied,
        pool.lengths,
        pool.n_positive,
        bases,
        allowed,
        np.array([price, params.thresholds.min_gain]),
        steps,
        reached,
    )
    lengths = np.where(steps >= 0, pool.lengths[np.maximum(steps, 0)], 0).cumsum(axis=2)
    values = np.where(steps >= 0, reached - price * lengths, -1.0)
    found = _best(steps, values, limits, max_joins)
    return found, jaccards.size + int(n_extensions)


def _shared(sets: Words, pool: RulePool) -> Int32s:
    """|A ∩ B| of each set with each of the pool."""
    sizes = np.empty(len(sets), np.int32)
    set_sizes(sets, sizes)
    shared = np.empty((len(sets), len(pool)), np.int32)
    intersections(sets, sizes, pool.satisfied, pool.sizes, 0.0, shared)
    return shared


def _bases(value: Floats, limits: Limits, params: SearchParams) -> Int32s:
    """The best rules of each group for each fixed set; -1 where a group has too few."""
    n_fixed = len(value)
    # Few fixed sets try more rules for each.
    wanted = max(params.budget.n_bases, params.budget.max_candidates // n_fixed)
    groups = []
    for group in limits.base_groups:
        members = np.flatnonzero(group)
        order = np.argsort(-value[:, members], axis=1, kind="stable")[:, :wanted]
        groups.append(members[order])
    return np.concatenate(groups, axis=1).astype(np.int32)


def _best(
    steps: Int32s, values: Floats, limits: Limits, max_joins: int
) -> list[Composition]:
    """The distinct compositions of the largest values, within the limits."""
    found: dict[Composition, None] = {}
    taken: Counter[int] = Counter()
    for composition, rules in _ranked(steps, values, max_joins):
        if taken[composition.fixed] >= limits.per_fixed or composition in found:
            continue
        if not all(needed[rules].any() for needed in limits.needed):
            continue
        found[composition] = None
        taken[composition.fixed] += 1
        if len(found) == limits.n_compositions:
            break
    return list(found)


def _ranked(
    steps: Int32s, values: Floats, max_joins: int
) -> Iterator[tuple[Composition, Sequence[int]]]:
    """Every step that was taken, as a composition with its rules, best first."""
    order = np.argsort(-values, axis=None, kind="stable")[: np.count_nonzero(steps >= 0)]
    for fixed, base, step in zip(*np.unravel_index(order, steps.shape), strict=True):
        rules = [rule for rule in steps[fixed, base, : step + 1].tolist() if rule >= 0]
        by_or = step > max_joins
        joined = tuple(sorted(rules[:-1] if by_or else rules))
        yield Composition(int(fixed), joined, rules[-1] if by_or else -1), rules
