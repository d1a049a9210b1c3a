"""Weighted sets: rules are added, exchanged and weighed together, literal by literal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from redescribe.rules.columns import Columns, conjunction, joined
from redescribe.rules.softmax import Aim, Fit, fit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redescribe._typing import Floats, Ints
    from redescribe.core.query import Conjunction

MAX_SINGLES = 4_000
"""Columns of one literal that are looked at; more are screened by their first gain."""
_PAIRED = 256
_NEW_PAIRS = 8
_EXCHANGE_EVERY = 4
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
    and curvature; every few steps each member may be exchanged for a better one. Pairs of
    literals are generated on the way: those with the largest gain, by the same measure.

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
    found: dict[int, WeightedTerms] = {}
    wanted = sorted(set(budgets))
    for budget in wanted:
        while search.grow(budget):
            if len(search.chosen) % _EXCHANGE_EVERY == 0:
                search.exchange(budget, 1)
        search.exchange(budget, _SWEEPS)
        found[budget] = search.terms()
    return found


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

    def grow(self, budget: int) -> bool:
        """Add the best column that the budget allows; return whether there was one."""
        room = budget - self.n_literals(self.chosen)
        if room < 1:
            return False
        if self.paired is not None and room > 1:
            self._generate(self.fitted)
        best = self._best(self.fitted, self.chosen, room)
        if best is None:
            return False
        grown = [*self.chosen, best]
        self.fitted = self._fit(
            grown, (np.append(self.fitted.weights, 0.0), self.fitted.base)
        )
        self.chosen = grown
        return True

    def exchange(self, budget: int, sweeps: int) -> None:
        """Exchange members for better columns, the lightest first, while the loss falls."""
        for _ in range(sweeps):
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
        gains: Floats = gradient**2 / bent / self.lengths[:, None]
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
