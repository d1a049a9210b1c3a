"""Weighted sets: rules are added, exchanged and weighed together, literal by literal."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from redescribe.rules.columns import Columns, conjunction, joined
from redescribe.rules.softmax import Aim, Fit, fit
from redescribe.rules.trade_off import lengths_to_try

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redescribe._typing import Floats, Ints
    from redescribe.core.query import Conjunction

MAX_SINGLES = 4_000
"""Columns of one literal that are looked at; more are screened by their first gain."""
_PAIRED = 256
_NEW_PAIRS = 8
_STANDS_OUT = 10.0
_SWEEPS = 2


@dataclass(frozen=True, slots=True, eq=False)
class WeightedTerms:
    """A weighted set on the way.

    Attributes
    ----------
    terms
        The conjunctions of its rules.
    labels
        Position of the class whose score each raises.
    weights
        By how much.
    base
        Scores of the classes without any.
    """

    terms: tuple[Conjunction, ...]
    labels: Ints
    weights: Floats
    base: Floats

    @property
    def n_literals(self) -> int:
        """Literals of all together."""
        return sum(map(len, self.terms))


def weighted_path(
    columns: Columns,
    aim: Aim,
    budgets: Sequence[int],
    *,
    paired: Columns | None = None,
) -> dict[int, WeightedTerms]:
    """Return a weighted set for each number of literals.

    A step adds the column that lowers the cross-entropy most per literal, by its gradient
    and curvature; now and then each member may be exchanged for a better one. Pairs of
    literals are generated on the way: those with the largest gain, by the same measure. A
    pair must stand out from the best that so many pairs give by chance.

    Parameters
    ----------
    columns
        The candidates.
    aim
        What the network answers.
    budgets
        Literals allowed.
    paired
        Literals that pairs are made of; None: no pairs.
    """
    search = _Search.of(columns, aim, paired)
    largest = max(budgets)
    stops = {*budgets, *lengths_to_try(largest)}
    found: dict[int, WeightedTerms] = {}
    while True:
        size = search.n_literals(search.chosen)
        if size in stops:
            search.exchange(size)
        best = search.next_one(largest)
        reached = largest if best is None else size + int(search.lengths[best[0]]) - 1
        for budget in budgets:
            if size <= budget <= reached:
                found[budget] = search.filled(budget).terms()
        if best is None:
            return found
        search.add(best)


class _Search:
    """Chosen columns, their weights, and what others would bring."""

    def __init__(self, columns: Columns, aim: Aim, paired: Columns | None) -> None:
        self.columns = columns
        self.aim = aim
        self.paired = paired
        self.design: Floats = columns.holds.T.astype(np.float64)
        self.lengths = columns.lengths
        self.known = {term: row for row, term in enumerate(columns.terms)}
        self.chosen: list[tuple[int, int]] = []
        self.fitted = self._fit([], None)

    @classmethod
    def of(cls, columns: Columns, aim: Aim, paired: Columns | None) -> _Search:
        """Return a search that has chosen nothing, over the most promising columns."""
        if len(columns) > MAX_SINGLES:
            everything = cls(columns, aim, None)
            best = everything.gains(everything.fitted).max(axis=1)
            columns = columns.at(np.sort(np.argsort(-best, kind="stable")[:MAX_SINGLES]))
        return cls(columns, aim, paired)

    def terms(self) -> WeightedTerms:
        """Return what is chosen."""
        return WeightedTerms(
            tuple(self.columns.terms[column] for column, _ in self.chosen),
            np.array([label for _, label in self.chosen], np.int64),
            self.fitted.weights,
            self.fitted.base,
        )

    def n_literals(self, chosen: Sequence[tuple[int, int]]) -> int:
        """Literals of a choice."""
        return sum(int(self.lengths[column]) for column, _ in chosen)

    def next_one(self, budget: int) -> tuple[int, int] | None:
        """Return the best column the budget allows, and its class; None: none helps."""
        room = budget - self.n_literals(self.chosen)
        if room < 1:
            return None
        if self.paired is not None and room > 1:
            self._generate(self.fitted)
        return self._best(self.fitted, self.chosen, room)

    def add(self, one: tuple[int, int]) -> None:
        """Add a column for a class."""
        start = (np.append(self.fitted.weights, 0.0), self.fitted.base)
        self.fitted = self._fit([*self.chosen, one], start)
        self.chosen = [*self.chosen, one]

    def filled(self, budget: int) -> _Search:
        """Return the search itself or, where the budget has room, a copy that fills it."""
        if self.n_literals(self.chosen) == budget:
            return self
        other = copy(self)
        other.known = dict(self.known)
        while (best := other.next_one(budget)) is not None:
            other.add(best)
        other.exchange(budget)
        return other

    def exchange(self, budget: int) -> None:
        """Exchange members for better columns, the lightest first, while the loss falls."""
        for _ in range(_SWEEPS):
            order = np.argsort(np.abs(self.fitted.weights), kind="stable")
            members = [self.chosen[position] for position in order.tolist()]
            changed = [self._exchange_one(self.chosen.index(m), budget) for m in members]
            if not any(changed):
                return

    def _exchange_one(self, position: int, budget: int) -> bool:
        rest = self.chosen[:position] + self.chosen[position + 1 :]
        start = (np.delete(self.fitted.weights, position), self.fitted.base)
        without = self._fit(rest, start)
        best = self._best(without, rest, budget - self.n_literals(rest))
        if best is None or best == self.chosen[position]:
            return False
        grown = self._fit([*rest, best], (np.append(without.weights, 0.0), without.base))
        if grown.loss >= self.fitted.loss * (1 - 1e-6):
            return False
        self.chosen, self.fitted = [*rest, best], grown
        return True

    def gains(self, fitted: Fit) -> Floats:
        """Return twice what each column and class would lower the loss, per literal."""
        errors, curvature = self._residuals(fitted)
        gradient = self.design.T @ errors
        bent = self.design.T @ curvature  # a column of 0 and 1 is its own square
        bent = bent - bent**2 / curvature.sum(axis=0) + self.aim.ridge
        gains: Floats = gradient**2 / bent
        if self.paired is not None:
            # The best of so many pairs of pure chance: chi-square, one degree of freedom.
            by_chance = 4 * np.log(len(self.paired)) + _STANDS_OUT
            gains[(self.lengths[:, None] > 1) & (gains < by_chance)] = -1.0
        gains /= self.lengths[:, None]
        if self.aim.n_classes == 2:
            gains[:, 0] = -1.0  # of two classes, one score says it all
        return gains

    def _best(
        self, fitted: Fit, taken: Sequence[tuple[int, int]], room: int
    ) -> tuple[int, int] | None:
        gains = self.gains(fitted)
        gains[self.lengths > room] = -1.0
        for column, label in taken:
            gains[column, label] = -1.0
        column, label = divmod(int(gains.argmax()), self.aim.n_classes)
        return (column, label) if gains[column, label] > 0 else None

    def _residuals(self, fitted: Fit) -> tuple[Floats, Floats]:
        weights = self.aim.weights[:, None]
        errors = (self.aim.probabilities - fitted.shares) * weights
        return errors, fitted.shares * (1 - fitted.shares) * weights + 1e-12

    def _fit(
        self, chosen: Sequence[tuple[int, int]], start: tuple[Floats, Floats] | None
    ) -> Fit:
        columns = np.array([column for column, _ in chosen], np.int64)
        labels = np.array([label for _, label in chosen], np.int64)
        return fit(self.design[:, columns], labels, self.aim, start)

    def _generate(self, fitted: Fit) -> None:
        """Add the pairs of literals with the largest gain to the columns."""
        assert self.paired is not None  # noqa: S101 - for the type checker
        errors, curvature = self._residuals(fitted)
        # One class a step: the one whose answers are furthest away.
        label = int(np.abs(errors).sum(axis=0).argmax())
        holds = self.paired.holds.T.astype(np.float64)
        gradient = (holds * errors[:, label, None]).T @ holds
        bent = (holds * curvature[:, label, None]).T @ holds
        bent = bent - bent**2 / curvature[:, label].sum() + self.aim.ridge
        gains = np.triu(gradient**2 / bent, k=1)
        new: list[Conjunction] = []
        for place in np.argsort(-gains, axis=None, kind="stable")[: 4 * _NEW_PAIRS]:
            left, right = divmod(int(place), len(self.paired))
            both = conjunction(self.paired.terms[left], self.paired.terms[right])
            if both is not None and both not in self.known and len(both) == 2:
                new.append(both)
                self.known[both] = len(self.known)
                self._append(both, self.paired.holds[left] & self.paired.holds[right])
            if len(new) == _NEW_PAIRS:
                break

    def _append(
        self, term: Conjunction, holds: np.ndarray[tuple[int], np.dtype[np.bool_]]
    ) -> None:
        added = Columns((term,), holds[None])
        self.columns = joined([self.columns, added])
        self.design = np.concatenate(
            [self.design, holds[:, None].astype(np.float64)], axis=1
        )
        self.lengths = self.columns.lengths


def cuts_to_pair(n_attributes: int) -> int:
    """Return how many cuts of an attribute pairs may use, so that they stay few.

    >>> cuts_to_pair(30), cuts_to_pair(1_000)
    (4, 1)
    """
    return max(1, _PAIRED // (2 * max(1, n_attributes)))
