"""What a search strategy gets and gives back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from redescribe.search.params import Alternation, Budget, QueryLanguage, Thresholds
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
    alternation: Alternation = field(default_factory=Alternation)


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """One target against one partner view.

    Attributes
    ----------
    own
        The target's view reduced to the target, coded by its coarse bins.
    grid
        The same, coded by the cuts that the one-literal baseline tries.
    view, position
        The target's whole view, and the row of the target in it.
    partner
        The other view.
    support_bounds
        Inclusive counts of entities.
    log_factorials
        log(i!) for i = 0 … n_entities.
    """

    own: BinnedView
    grid: BinnedView
    view: BinnedView
    position: int
    partner: BinnedView
    params: SearchParams
    support_bounds: tuple[int, int]
    log_factorials: Floats
    seed: np.random.SeedSequence

    def child_seed(self, *numbers: int) -> np.random.SeedSequence:
        """Return the seed of one step of the search for this target."""
        import numpy as np  # noqa: PLC0415 - the help of the command line needs no arrays

        key = (*self.seed.spawn_key, *numbers)
        return np.random.SeedSequence(self.seed.entropy, spawn_key=key)

    def rank(self, candidate: Candidate) -> tuple[float, int, bytes]:
        """Return a total order: chance-corrected Jaccard, length, the coded queries."""
        adjusted = candidate.adjusted_jaccard(self.own.n_entities)
        return -adjusted, len(candidate), candidate.code

    def simplified(self, query: CodedQuery, other: Words) -> CodedQuery:
        """Return a query made tight and short, judged against the other side's support."""
        import numpy as np  # noqa: PLC0415 - the help of the command line needs no arrays

        thresholds = self.params.thresholds
        gates = np.array([*self.support_bounds, thresholds.min_jaccard], np.float64)
        return query.simplified(
            other, literal_epsilon=thresholds.literal_epsilon, gates=gates
        )


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
    work: float

    @property
    def code(self) -> bytes:
        """The coded queries themselves, to break ties."""
        return b"".join(
            part.tobytes()
            for query in (self.own, self.partner)
            for part in (query.literals, query.terms, query.negated)
        )

    @property
    def is_interaction(self) -> bool:
        """Whether the target's side speaks about several attributes."""
        return bool((self.own.literals[:, 0] != self.own.literals[0, 0]).any())

    def __len__(self) -> int:
        return len(self.own) + len(self.partner)

    @property
    def jaccard(self) -> float:
        """|I| / |U|."""
        return self.support / (self.own_size + self.partner_size - self.support)

    def adjusted_jaccard(self, n_entities: int) -> float:
        """Chance-corrected Jaccard."""
        product = self.own_size * self.partner_size
        expected = product / (n_entities * (self.own_size + self.partner_size) - product)
        return (self.jaccard - expected) / (1 - expected) if expected < 1 else 0.0
