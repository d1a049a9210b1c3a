"""Candidates for rules with the entities that satisfy them, one column each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from redescribe.core.query import Conjunction, Interval, Membership
from redescribe.core.support import unpack
from redescribe.discretize.quantile import bin_view
from redescribe.search.literal_pool import LiteralPool

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from redescribe._typing import Ints, Mask
    from redescribe.core.query import Literal
    from redescribe.core.view import View


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Conjunctions over one view, with the entities that satisfy them.

    Attributes
    ----------
    terms
        The conjunctions.
    holds
        ndarray of bool, shape (n_terms, n_entities).

    Examples
    --------
    >>> from redescribe.core.view import View
    >>> columns = Columns.cuts(View.of("x", [[0.0], [1.0], [2.0]], names=["a"]), max_cuts=2)
    >>> [str(term) for term in columns.terms], columns.sizes
    (['a > 0.5', 'a > 1.5'], array([2, 1]))
    """

    terms: tuple[Conjunction, ...]
    holds: Mask

    @classmethod
    def of(cls, terms: Iterable[Conjunction], view: View) -> Columns:
        """Return conjunctions with the entities of a view that satisfy them."""
        terms = tuple(terms)
        holds = np.zeros((len(terms), len(view.entities)), np.bool_)
        known: dict[Literal, Mask] = {}
        for row, term in zip(holds, terms, strict=True):
            if term.negated:
                row[:] = term.on(view).mask
                continue
            for literal in term.literals:
                if literal not in known:
                    known[literal] = literal.on(view).mask
            row[:] = np.logical_and.reduce([known[one] for one in term.literals])
        return cls(terms, holds)

    @classmethod
    def cuts(cls, view: View, *, max_cuts: int, both_sides: bool = False) -> Columns:
        """Return the one-sided cuts and the categories of all attributes.

        Parameters
        ----------
        view
            Where the values come from that cuts lie between.
        max_cuts
            Of one numeric attribute; they divide the entities evenly.
        both_sides
            Also "at most", and all categories but one; else only "above", unless a value of
            the attribute is missing: then the two are no complements.
        """
        binned = bin_view(view, max(2, min(max_cuts + 1, 65_535)))
        pool = LiteralPool.of(binned)
        literals = pool.literals
        kept = np.ones(len(literals), np.bool_)
        if not both_sides:
            complete: Mask = ~np.any(np.isnan(view.values), axis=1)
            kept = ~(complete[literals[:, 0]] & _is_second(pool))
        rows = np.flatnonzero(kept)
        terms = tuple(Conjunction(binned.describe(literals[row, None])) for row in rows)
        return cls(terms, unpack(pool.satisfied[rows], len(view.entities)))

    def __len__(self) -> int:
        return len(self.terms)

    @property
    def sizes(self) -> Ints:
        """Number of entities that satisfy each."""
        sizes: Ints = np.count_nonzero(self.holds, axis=1)
        return sizes

    @property
    def lengths(self) -> Ints:
        """Number of literals of each."""
        return np.array([len(term) for term in self.terms], np.int64)

    def on(self, view: View) -> Columns:
        """Return the same conjunctions with the entities of another view."""
        return Columns.of(self.terms, view)

    def at(self, kept: Mask | Ints) -> Columns:
        """Return those at these positions, or where a mask is true."""
        positions = np.arange(len(self))[kept]
        return Columns(tuple(self.terms[i] for i in positions), self.holds[positions])

    def among(self, entities: Ints) -> Columns:
        """Return the same conjunctions with some of the entities only."""
        return Columns(self.terms, self.holds[:, entities])

    def distinct(self) -> Columns:
        """Return one of those with equal entities: the shortest, then the first text."""
        best: dict[bytes, int] = {}
        packed = np.packbits(self.holds, axis=1)
        order = [(len(term), str(term)) for term in self.terms]
        for row, words in enumerate(packed):
            key = words.tobytes()
            if key not in best or order[row] < order[best[key]]:
                best[key] = row
        return self.at(np.array(sorted(best.values()), np.int64))


def _is_second(pool: LiteralPool) -> Mask:
    """Which literals say the same as a more readable one: "at most", "all but", "false"."""
    literals, own = pool.literals, np.arange(len(pool))
    nominal = pool.view.is_nominal[literals[:, 0]]
    of_two = pool.view.n_bins[literals[:, 0]] == 2
    later = np.where(of_two, own < pool.opposites, own > pool.opposites)
    repeated = np.where(nominal, later, literals[:, 1] == 0)
    return np.asarray(repeated & (pool.opposites >= 0), np.bool_)


def joined(parts: Sequence[Columns]) -> Columns:
    """Return the candidates of all parts, in order, over the same entities."""
    terms = tuple(term for part in parts for term in part.terms)
    return Columns(terms, np.concatenate([part.holds for part in parts]))


def conjunction(*terms: Conjunction) -> Conjunction | None:
    """Return the AND of positive conjunctions, one literal per attribute.

    None where it cannot hold: an interval or a set of categories would be empty.

    Examples
    --------
    >>> a, b = Conjunction((Interval("a", 1),)), Conjunction((Interval("a", high=3),))
    >>> str(conjunction(a, b))
    '1 < a <= 3'
    """
    merged: dict[str, Literal] = {}
    for literal in (one for term in terms for one in term.literals):
        before = merged.get(literal.attribute)
        both = literal if before is None else _both(before, literal)
        if both is None:
            return None
        merged[literal.attribute] = both
    return Conjunction(tuple(merged.values()))


def opposite(term: Conjunction, view: View) -> Conjunction | None:
    """Return what holds where a single literal is known not to; None if none says it.

    Examples
    --------
    >>> from redescribe.core.view import View
    >>> view = View.of("x", [[0.0]], names=["a"])
    >>> str(opposite(Conjunction((Interval("a", 1),)), view))
    'a <= 1'
    """
    if len(term) != 1:
        return None
    literal = term.literals[0]
    if isinstance(literal, Membership):
        categories = view.attributes[view.position(literal.attribute)].categories
        others = tuple(one for one in categories if one not in literal.values)
        return Conjunction((Membership(literal.attribute, others),)) if others else None
    return _other_side(literal)


def _other_side(literal: Interval) -> Conjunction | None:
    name = literal.attribute
    if np.isinf(literal.high):
        side = Interval(name, high=literal.low, high_closed=not literal.low_closed)
    elif np.isinf(literal.low):
        side = Interval(name, low=literal.high, low_closed=not literal.high_closed)
    else:
        return None
    return Conjunction((side,))


def _both(left: Literal, right: Literal) -> Literal | None:
    if isinstance(left, Membership) and isinstance(right, Membership):
        shared = tuple(one for one in left.values if one in right.values)
        return Membership(left.attribute, shared) if shared else None
    if isinstance(left, Interval) and isinstance(right, Interval):
        # The larger low end counts; of equal ones the open one is narrower.
        low = max((left.low, not left.low_closed), (right.low, not right.low_closed))
        high = min((left.high, left.high_closed), (right.high, right.high_closed))
        closed = not low[1] and high[1]
        if low[0] > high[0] or (low[0] == high[0] and not closed):
            return None
        return Interval(left.attribute, low[0], high[0], not low[1], high[1])
    return None
