"""Every node of a tree as a rule: a conjunction with its support."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from redescribe._kernels.apply import literal_words
from redescribe._kernels.bitset import set_sizes
from redescribe._kernels.kleene import and_into
from redescribe._kernels.pairs import intersections
from redescribe._kernels.paths import path_literals
from redescribe.core.support import n_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redescribe._typing import Int32s, Ints, Mask, Words
    from redescribe.core.binned import BinnedView
    from redescribe.trees.tree import Tree


@dataclass(frozen=True, slots=True, eq=False)
class RuleList:
    """Conjunctions over one binned view, with their supports, as arrays.

    Attributes
    ----------
    literals
        One int32 array per rule, shape (n_literals, 4): attribute, first code, last code,
        inside (1: the code is in first … last; 0: it is not).
    satisfied, unknown
        ndarray of uint64, shape (n_rules, n_words).
    sizes
        ndarray of int32, shape (n_rules,): satisfied entities.
    """

    literals: tuple[Int32s, ...]
    satisfied: Words
    unknown: Words
    sizes: Int32s

    def __len__(self) -> int:
        return len(self.literals)

    def at(self, kept: Mask | Ints) -> RuleList:
        """Return the rules at these positions, or where a mask is true."""
        positions = np.arange(len(self))[kept]
        return RuleList(
            tuple(self.literals[i] for i in positions),
            self.satisfied[positions],
            self.unknown[positions],
            self.sizes[positions],
        )


def extract_rules(trees: Sequence[Tree], view: BinnedView, *, min_support: int) -> RuleList:
    """Return the rules of all nodes but the roots, without repeated supports.

    Parameters
    ----------
    trees
        Grown on `view`.
    min_support
        Rules with fewer entities are left out.

    Of several rules with one support the shortest stays, of equally short ones the first.
    """
    literals: list[Int32s] = []
    members: list[Words] = []
    for tree in trees:
        paths, lengths = _paths(tree, view)
        words = tree.members(view.n_entities)
        sizes = tree.nodes[:, 6] - tree.nodes[:, 5]
        for node in np.flatnonzero(sizes >= min_support):
            if lengths[node]:
                literals.append(paths[node, : lengths[node]].copy())
                members.append(words[node])
    kept = _shortest_per_support(literals, members)
    satisfied = (
        np.array([members[i] for i in kept])
        if kept
        else np.zeros((0, n_words(view.n_entities)), np.uint64)
    )
    return rules_of([literals[i] for i in kept], satisfied, view)


def merged(lists: Sequence[RuleList]) -> RuleList:
    """Return the rules of all lists, without repeated supports.

    Of several rules with one support the shortest stays, of equally short ones the first.
    """
    rules = concatenated(lists)
    kept = _shortest_per_support(rules.literals, rules.satisfied)
    return rules.at(np.array(kept, np.int64))


def concatenated(lists: Sequence[RuleList]) -> RuleList:
    """Return the rules of all lists, one after another."""
    return RuleList(
        tuple(rule for rules in lists for rule in rules.literals),
        np.concatenate([rules.satisfied for rules in lists]),
        np.concatenate([rules.unknown for rules in lists]),
        np.concatenate([rules.sizes for rules in lists]),
    )


def on_everyone(rules: RuleList, view: BinnedView) -> RuleList:
    """Return the rules with their supports among all entities of a view.

    A tree knows only the entities it was grown on: those that have a label.
    """
    satisfied = np.zeros((len(rules), n_words(view.n_entities)), np.uint64)
    for words, rule in zip(satisfied, rules.literals, strict=True):
        words[:] = rule_support(rule, view)[0]
    return rules_of(rules.literals, satisfied, view)


def with_novel(
    known: RuleList, new: RuleList, *, min_attributes: int, overlap: float
) -> RuleList:
    """Return the known rules and, of the new ones, those that say something else.

    A new rule is rejected if its support has at least the Jaccard `overlap` with that of a
    rule before it and it has fewer than `min_attributes` attributes that this one lacks.

    References
    ----------
    Specification of redescription mining, section 4 (novelty filter).
    """
    rules = concatenated([known, new])
    shared = np.empty((len(new), len(rules)), np.int32)
    intersections(new.satisfied, new.sizes, rules.satisfied, rules.sizes, 0.0, shared)
    union = new.sizes[:, None] + rules.sizes[None, :] - shared
    alike = shared / np.maximum(union, 1) >= overlap
    attributes = [frozenset(rule[:, 0].tolist()) for rule in rules.literals]
    kept = np.zeros(len(rules), np.bool_)
    kept[: len(known)] = True
    for row in range(len(new)):
        own = attributes[len(known) + row]
        near = np.flatnonzero(alike[row] & kept)
        kept[len(known) + row] = all(
            len(own - attributes[rule]) >= min_attributes for rule in near
        )
    return rules.at(kept)


def rules_of(literals: Sequence[Int32s], satisfied: Words, view: BinnedView) -> RuleList:
    """Return conjunctions of coded literals whose satisfied entities are known."""
    unknown = np.zeros_like(satisfied)
    if view.has_missing:
        for i, rule in enumerate(literals):
            unknown[i] = rule_support(rule, view)[1]
    sizes = np.empty(len(literals), np.int32)
    set_sizes(satisfied, sizes)
    return RuleList(tuple(literals), satisfied, unknown, sizes)


def rule_support(literals: Int32s, view: BinnedView) -> tuple[Words, Words]:
    """Return the satisfied and the unknown entities of a conjunction of coded literals."""
    satisfied, unknown = literal_support(literals[0], view)
    for literal in literals[1:]:
        other_satisfied, other_unknown = literal_support(literal, view)
        and_into(satisfied, unknown, other_satisfied, other_unknown)
    return satisfied, unknown


def literal_support(literal: Int32s, view: BinnedView) -> tuple[Words, Words]:
    """Return the satisfied and the unknown entities of one coded literal."""
    attribute, first, last, inside = (int(part) for part in literal)
    width = n_words(view.n_entities)
    satisfied, unknown = np.zeros(width, np.uint64), np.zeros(width, np.uint64)
    literal_words(
        view.codes[attribute],
        first,
        last,
        bool(inside),
        view.missing_code,
        satisfied,
        unknown,
    )
    return satisfied, unknown


def _paths(tree: Tree, view: BinnedView) -> tuple[Int32s, Int32s]:
    depth = max(1, int(tree.nodes[:, 4].max()))
    paths = np.empty((len(tree), depth, 4), np.int32)
    lengths = np.zeros(len(tree), np.int32)
    path_literals(tree.nodes, view.is_nominal, view.n_bins, paths, lengths)
    return paths, lengths


def _shortest_per_support(
    literals: Sequence[Int32s], members: Sequence[Words] | Words
) -> list[int]:
    best: dict[bytes, int] = {}
    for i, words in enumerate(members):
        support = words.tobytes()
        if support not in best or len(literals[i]) < len(literals[best[support]]):
            best[support] = i
    return sorted(best.values())
