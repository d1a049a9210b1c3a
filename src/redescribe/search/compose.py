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
    from redescribe.search.base import SearchParams
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

    Attributes
    ----------
    satisfied
        ndarray of uint64, shape (n_sets, n_words).
    sizes
        ndarray of int32, shape (n_sets,).
    """

    satisfied: Words
    sizes: Int32s

    @classmethod
    def of(cls, satisfied: Words) -> FixedSets:
        """Return the sets with their sizes."""
        sizes = np.empty(len(satisfied), np.int32)
        set_sizes(satisfied, sizes)
        return cls(satisfied, sizes)

    def __len__(self) -> int:
        return int(self.sizes.size)


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
        ndarray of bool, shape (n_rules,): a composition has one of these rules at least.
    """

    n_compositions: int
    per_fixed: int
    base_groups: tuple[Mask, ...]
    needed: Mask


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
    shared = np.empty((len(fixed), len(pool)), np.int32)
    intersections(fixed.satisfied, fixed.sizes, pool.satisfied, pool.sizes, 0.0, shared)
    union = fixed.sizes[:, None] + pool.sizes[None, :] - shared
    price = params.thresholds.literal_epsilon
    value = shared / np.maximum(union, 1) - price * pool.lengths[None, :]
    bases = _bases(value, limits, params)
    language = params.language
    allowed = np.array([language.max_joins, int(language.disjunction)], np.int32)
    steps = np.empty((*bases.shape, 1 + int(allowed.sum())), np.int32)
    supports, sizes = np.zeros_like(steps), np.zeros_like(steps)
    n_extensions = extend_all(
        fixed.satisfied,
        fixed.sizes,
        pool.satisfied,
        pool.lengths,
        pool.n_positive,
        bases,
        allowed,
        np.array([price, params.thresholds.min_gain]),
        steps,
        supports,
        sizes,
    )
    unions = np.maximum(fixed.sizes[:, None, None] + sizes - supports, 1)
    lengths = np.where(steps >= 0, pool.lengths[np.maximum(steps, 0)], 0).cumsum(axis=2)
    values = np.where(steps >= 0, supports / unions - price * lengths, -1.0)
    found = _best(steps, values, limits)
    return found, shared.size + int(n_extensions)


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


def _best(steps: Int32s, values: Floats, limits: Limits) -> list[Composition]:
    """The distinct compositions of the largest values, within the limits."""
    found: dict[Composition, None] = {}
    taken: Counter[int] = Counter()
    for composition, rules in _ranked(steps, values):
        if taken[composition.fixed] >= limits.per_fixed or composition in found:
            continue
        if not limits.needed[rules].any():
            continue
        found[composition] = None
        taken[composition.fixed] += 1
        if len(found) == limits.n_compositions:
            break
    return list(found)


def _ranked(steps: Int32s, values: Floats) -> Iterator[tuple[Composition, Sequence[int]]]:
    """Every step that was taken, as a composition with its rules, best first."""
    order = np.argsort(-values, axis=None, kind="stable")[: np.count_nonzero(steps >= 0)]
    last = steps.shape[2] - 1
    for fixed, base, step in zip(*np.unravel_index(order, steps.shape), strict=True):
        rules = [rule for rule in steps[fixed, base, : step + 1].tolist() if rule >= 0]
        by_or = step == last and last > 0
        joined = tuple(sorted(rules[:-1] if by_or else rules))
        yield Composition(int(fixed), joined, rules[-1] if by_or else -1), rules
