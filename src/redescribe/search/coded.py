"""Queries on bin codes: what a search works with before anything is written as text."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from redescribe._kernels.evaluate import satisfying
from redescribe._kernels.minimise import simplify
from redescribe.core.query import Conjunction, Membership, Query
from redescribe.core.support import Support, n_words
from redescribe.trees.rules import rule_support

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redescribe._typing import Floats, Int32s, Mask, Words
    from redescribe.core.binned import BinnedView


@dataclass(frozen=True, slots=True, eq=False)
class CodedQuery:
    """An OR of possibly negated conjunctions over a binned view.

    Attributes
    ----------
    view
        The view whose codes the literals compare.
    literals
        ndarray of int32, shape (n_literals, 4): attribute, first code, last code, inside.
    terms
        ndarray of int32, shape (n_literals,): the term of each literal.
    negated
        ndarray of bool, shape (n_terms,).
    """

    view: BinnedView
    literals: Int32s
    terms: Int32s
    negated: Mask
    # Found once, when it is first asked for: each gate of the search reads it.
    _satisfied: Words | None = field(default=None, init=False, repr=False)

    @classmethod
    def of(
        cls, view: BinnedView, terms: Sequence[Sequence[Int32s]], negated: Sequence[bool]
    ) -> CodedQuery:
        """Return the query whose terms are ANDs of conjunctions of coded literals."""
        conjoined = [_conjoined(conjunctions, view) for conjunctions in terms]
        numbers = [np.full(len(rows), i, np.int32) for i, rows in enumerate(conjoined)]
        return cls(
            view,
            np.concatenate(conjoined),
            np.concatenate(numbers),
            np.array(negated, np.bool_),
        )

    def __len__(self) -> int:
        """Number of literals; those on one nominal attribute of a term count as one.

        So do terms that are about one nominal attribute only: together they say which of
        its categories are meant.
        """
        places = set(zip(self.terms.tolist(), self.literals[:, 0].tolist(), strict=True))
        if self.negated.size == 1 or not self.view.is_nominal.any():
            return len(places)
        n_of_terms = Counter(term for term, _ in places)
        about = [
            a for term, a in places if n_of_terms[term] == 1 and self.view.is_nominal[a]
        ]
        return len(places) - len(about) + len(set(about))

    def restricted(self, kept: Mask) -> CodedQuery:
        """Return the query of some of its literals; terms without literals vanish."""
        if kept.all():
            return self
        # Terms stand in ascending order; number those that are left anew.
        terms = self.terms[kept]
        first = np.append(True, terms[1:] != terms[:-1])
        numbers = np.cumsum(first, dtype=np.int32) - np.int32(1)
        return CodedQuery(
            self.view, self.literals[kept], numbers, self.negated[terms[first]]
        )

    def simplified(
        self, others: Words, *, literal_epsilon: float, gates: Floats, needed: Mask
    ) -> CodedQuery:
        """Return the query made tight and short, judged against the other queries.

        `others`, of shape (2, n_words), are the entities in all other queries and those in
        at least one; `gates` the smallest and largest support and the smallest Jaccard to
        keep; `needed` marks literals that stay.

        References
        ----------
        Specification of redescription mining, section 5.6.
        """
        literals = self.literals.copy()
        kept = np.ones(len(literals), np.bool_)
        view = self.view
        simplify(
            view.codes,
            view.missing_code,
            view.n_bins,
            view.is_nominal,
            literals,
            self.terms,
            self.negated,
            others,
            literal_epsilon,
            gates,
            needed,
            kept,
        )
        short = CodedQuery(view, literals, self.terms, self.negated).restricted(kept)
        return short._without_needless_negation()

    def satisfied(self) -> Words:
        """Return the entities that satisfy the query, packed; they must not be changed."""
        if self._satisfied is not None:
            return self._satisfied
        view = self.view
        out = np.empty(n_words(view.n_entities), np.uint64)
        satisfying(
            view.codes, view.missing_code, self.literals, self.terms, self.negated, out
        )
        object.__setattr__(self, "_satisfied", out)
        return out

    def support(self) -> Support:
        """Return the entities that satisfy the query and those for which it is unknown."""
        n_entities = self.view.n_entities
        found = Support(n_entities, *np.zeros((2, n_words(n_entities)), np.uint64))
        for term, negated in enumerate(self.negated):
            words = rule_support(self.literals[self.terms == term], self.view)
            support = Support(n_entities, *words)
            found = found | (~support if negated else support)
        return found

    @property
    def attributes(self) -> frozenset[str]:
        """Names of the attributes that occur."""
        rows = set(self.literals[:, 0].tolist())
        return frozenset(self.view.attributes[row].name for row in rows)

    @property
    def is_alone(self) -> bool:
        """Whether it speaks about one attribute only."""
        return not (self.literals[:, 0] != self.literals[0, 0]).any()

    def query(self) -> Query:
        """Return the query on values: positive terms first, bounds between values."""
        order = np.argsort(self.negated, kind="stable")
        terms = [
            Conjunction(
                self.view.describe(self.literals[self.terms == term]),
                bool(self.negated[term]),
            )
            for term in order
        ]
        return Query(self.view.name, tuple(_joined(terms, self.view)))

    def as_alternatives(self) -> CodedQuery:
        """Return NOT (A AND B) as (NOT A) OR (NOT B) if both are written without NOT.

        The same entities, missing values included, and as many literals.
        """
        rows, attributes = self.literals, self.literals[:, 0]
        if self.negated.tolist() != [True] or len(rows) != 2:
            return self
        opposites = [_opposite(row, self.view) for row in rows]
        positive = [row for row in opposites if row is not None]
        if len(positive) < 2 or attributes[0] == attributes[1]:
            return self
        return CodedQuery.of(self.view, [[row[None, :]] for row in positive], [False] * 2)

    def _without_needless_negation(self) -> CodedQuery:
        """Write NOT of a single literal as a literal: the same entities, also if missing.

        NOT (x <= 1) is x > 1, NOT (smoker = "false") is smoker.
        """
        if not self.negated.any():
            return self
        literals, negated = self.literals.copy(), self.negated.copy()
        for term in np.flatnonzero(negated):
            members = np.flatnonzero(self.terms == term)
            opposite = _opposite(literals[members[0]], self.view)
            if members.size == 1 and opposite is not None:
                literals[members[0]] = opposite
                negated[term] = False
        return CodedQuery(self.view, literals, self.terms, negated)


def _joined(terms: list[Conjunction], view: BinnedView) -> list[Conjunction]:
    """Write alternatives over one nominal attribute as one set of its categories.

    (k = "a") OR (NOT (k in {"a", "b"})) of four categories is NOT (k = "b"): the same
    entities, missing values included. The set, or NOT of the others where that is shorter
    and NOT was said before.
    """
    meant: dict[str, set[str]] = {}
    places: dict[str, list[int]] = {}
    categories = {attribute.name: attribute.categories for attribute in view.attributes}
    for place, term in enumerate(terms):
        literal = term.literals[0]
        if len(term) == 1 and isinstance(literal, Membership):
            values = set(literal.values)
            known = set(categories[literal.attribute])
            meant.setdefault(literal.attribute, set()).update(
                known - values if term.negated else values
            )
            places.setdefault(literal.attribute, []).append(place)
    joined: dict[int, Conjunction] = dict(enumerate(terms))
    for name, values in meant.items():
        others = set(categories[name]) - values
        first, *rest = places[name]
        if not values or not others or (not rest and not terms[first].negated):
            continue
        negated = len(others) < len(values) and any(
            terms[place].negated for place in places[name]
        )
        literal = Membership(name, tuple(others if negated else values))
        joined[first] = Conjunction((literal,), negated)
        for place in rest:
            del joined[place]
    return sorted(joined.values(), key=lambda term: term.negated)


def _opposite(literal: Int32s, view: BinnedView) -> Int32s | None:
    """The literal that is true where this one is false, in few words; None if none is."""
    attribute, first, last, inside = literal.tolist()
    end = len(view.bins[attribute]) - 1
    if view.is_nominal[attribute]:
        if inside and not (first == last and end == 1):
            # All categories but one may be many: NOT (colour = "red") says it shorter.
            return None
        run = (1 - first, 1 - last) if inside else (first, last)
    elif (first == 0) == (last == end):
        return None
    else:
        run = (last + 1, end) if first == 0 else (0, first - 1)
    return np.array([attribute, *run, 1], np.int32)


def _conjoined(conjunctions: Sequence[Int32s], view: BinnedView) -> Int32s:
    """AND of conjunctions: intervals of one numeric attribute are intersected."""
    if len(conjunctions) == 1:
        return conjunctions[0]
    rows: list[list[int]] = []
    where: dict[int, int] = {}
    for attribute, first, last, inside in np.concatenate(conjunctions).tolist():
        if view.attributes[attribute].is_numeric and inside and attribute in where:
            row = rows[where[attribute]]
            row[1], row[2] = max(row[1], first), min(row[2], last)
            continue
        where[attribute] = len(rows)
        rows.append([attribute, first, last, inside])
    return np.array(rows, np.int32)
