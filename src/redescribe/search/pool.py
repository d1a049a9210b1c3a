"""Rules of a partner view and their negations, as one list of sets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from redescribe._kernels.bitset import set_sizes
from redescribe._kernels.kleene import not_into
from redescribe.search.coded import CodedQuery

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redescribe._typing import Int32s, Mask, Words
    from redescribe.core.binned import BinnedView
    from redescribe.search.language import ViewLanguage
    from redescribe.trees.rules import RuleList


@dataclass(frozen=True, slots=True, eq=False)
class RulePool:
    """First the rules, then, where the language allows, the negation of each.

    Attributes
    ----------
    view, rules
        The partner view and its rules.
    satisfied
        ndarray of uint64, shape (n_sets, n_words): n_sets is n_positive or twice that.
    sizes, lengths
        ndarray of int32, shape (n_sets,): entities and literals of each.
    """

    view: BinnedView
    rules: RuleList
    satisfied: Words
    sizes: Int32s
    lengths: Int32s

    @classmethod
    def of(cls, rules: RuleList, view: BinnedView, language: ViewLanguage) -> RulePool:
        """Return the pool of the rules that a language allows.

        Negations are true where known values say so.
        """
        lengths = np.array([len(literals) for literals in rules.literals], np.int32)
        longest = language.max_literals if language.conjunction else 1
        if lengths.max(initial=0) > longest:
            rules, lengths = rules.at(lengths <= longest), lengths[lengths <= longest]
        if not language.negation or not len(rules):
            return cls(view, rules, rules.satisfied, rules.sizes, lengths)
        negated = rules.satisfied.copy()
        for satisfied, unknown in zip(negated, rules.unknown, strict=True):
            not_into(satisfied, unknown.copy(), view.n_entities)
        sizes = np.empty(len(rules), np.int32)
        set_sizes(negated, sizes)
        return cls(
            view,
            rules,
            np.concatenate([rules.satisfied, negated]),
            np.concatenate([rules.sizes, sizes]),
            np.tile(lengths, 2),
        )

    def __len__(self) -> int:
        return int(self.sizes.size)

    @property
    def n_positive(self) -> int:
        """Number of rules that are not negated."""
        return len(self.rules)

    def mentions(self, attributes: Sequence[int]) -> Mask:
        """Return which sets speak about one of these: ndarray of bool, shape (n_sets,)."""
        return self._tiled(
            [bool(np.isin(rule[:, 0], attributes).any()) for rule in self.rules.literals]
        )

    def mentions_others(self, attribute: int) -> Mask:
        """Return which sets speak about other attributes than this one."""
        return self._tiled(
            [(rule[:, 0] != attribute).any() for rule in self.rules.literals]
        )

    def _tiled(self, of_rules: Sequence[bool]) -> Mask:
        """What holds for a rule holds for its negation."""
        return np.resize(np.array(of_rules, np.bool_), len(self))

    def query(self, joined: Sequence[int], disjunct: int) -> CodedQuery:
        """Return the AND of some rules, OR one more (-1: none).

        A negated rule is joined with no other.
        """
        terms = [[self._literals(rule) for rule in joined]]
        negated = [joined[0] >= self.n_positive]
        if disjunct >= 0:
            terms.append([self._literals(disjunct)])
            negated.append(disjunct >= self.n_positive)
        return CodedQuery.of(self.view, terms, negated)

    def _literals(self, rule: int) -> Int32s:
        return self.rules.literals[rule % max(1, self.n_positive)]
