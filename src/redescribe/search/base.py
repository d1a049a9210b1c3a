"""What a search strategy gets and gives back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from redescribe.search.params import Budget, QueryLanguage, Thresholds
from redescribe.trees.params import TreeParams

if TYPE_CHECKING:
    import numpy as np

    from redescribe._typing import Floats, Words
    from redescribe.core.binned import BinnedView
    from redescribe.search.coded import CodedQuery


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchParams:
    """Everything that steers a search."""

    trees: TreeParams = field(default_factory=TreeParams)
    language: QueryLanguage = field(default_factory=QueryLanguage)
    thresholds: Thresholds = field(default_factory=Thresholds)
    budget: Budget = field(default_factory=Budget)


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """One target against one partner view.

    Attributes
    ----------
    own
        The target's view reduced to the target, coded by its coarse bins.
    grid
        The same, coded by the cuts that the one-literal baseline tries.
    partner
        The other view.
    support_bounds
        Inclusive counts of entities.
    log_factorials
        log(i!) for i = 0 … n_entities.
    """

    own: BinnedView
    grid: BinnedView
    partner: BinnedView
    params: SearchParams
    support_bounds: tuple[int, int]
    log_factorials: Floats
    seed: np.random.SeedSequence


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A pair of coded queries that passed the gates, with its counts on the mining part."""

    own: CodedQuery
    partner: CodedQuery
    shared: Words
    support: int
    own_size: int
    partner_size: int
    log_p: float

    def __len__(self) -> int:
        return len(self.own) + len(self.partner)

    @property
    def jaccard(self) -> float:
        """|I| / |U|."""
        return self.support / (self.own_size + self.partner_size - self.support)

    def work(self, n_entities: int) -> float:
        """Jaccard lost without the target (specification, section 5.2).

        A positive query that loses its literals is TRUE; a negated one is false everywhere.
        """
        without = 0.0 if self.own.negated.all() else self.partner_size / n_entities
        return self.jaccard - without

    def adjusted_jaccard(self, n_entities: int) -> float:
        """Chance-corrected Jaccard."""
        product = self.own_size * self.partner_size
        expected = product / (n_entities * (self.own_size + self.partner_size) - product)
        return (self.jaccard - expected) / (1 - expected) if expected < 1 else 0.0
