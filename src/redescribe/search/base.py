"""What a search strategy gets and gives back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import numpy as np

from redescribe.core.measures import cautious_jaccard
from redescribe.search.others import Others

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redescribe._typing import Floats, Words
    from redescribe.core.binned import BinnedView
    from redescribe.core.certificate import Certificate
    from redescribe.core.constraint import Constraints
    from redescribe.search.coded import CodedQuery
    from redescribe.search.literal_pool import LiteralPool
    from redescribe.search.params import SearchParams
    from redescribe.trees.rules import RuleList


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
    partner_rules
        Rules of the partner view that serve any target.
    partner_literals
        What the strategy has prepared of the partner view.
    constraints
        What is demanded of the attributes of each view.
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
    partner_rules: RuleList
    partner_literals: LiteralPool | None
    params: SearchParams
    constraints: Constraints
    support_bounds: tuple[int, int]
    log_factorials: Floats
    seed: np.random.SeedSequence

    def child_seed(self, *numbers: int) -> np.random.SeedSequence:
        """Return the seed of one step of the search for this target."""
        key = (*self.seed.spawn_key, *numbers)
        return np.random.SeedSequence(self.seed.entropy, spawn_key=key)

    def others(self, queries: Sequence[CodedQuery]) -> Others:
        """Return the queries that another one is judged against."""
        return Others.of(queries, self.params.thresholds.missing)

    def simplified(self, query: CodedQuery, others: Words) -> CodedQuery:
        """Return a query made tight and short, judged against the other queries.

        `others`, of shape (2, n_words), are the entities in all other queries and those in
        at least one. Attributes that the constraints demand are only given up with them.
        NOT (A AND B) becomes an OR where this saves the NOT and the language allows it.
        """
        short = self._shortened(query, others)
        allowed = self.params.language.of(query.view.name).disjunction
        return short.as_alternatives() if allowed else short

    def tightened(self, query: CodedQuery, others: Words) -> CodedQuery:
        """Return a query with the same support whose bounds are no wider than it needs."""
        gates = np.array([*self.support_bounds, 0.0], np.float64)
        needed = np.ones(len(query.literals), np.bool_)
        return query.simplified(others, literal_epsilon=0.0, gates=gates, needed=needed)

    def _shortened(self, query: CodedQuery, others: Words) -> CodedQuery:
        thresholds, view = self.params.thresholds, query.view.name
        gates = np.array([*self.support_bounds, thresholds.min_jaccard], np.float64)
        epsilon = thresholds.literal_epsilon
        nothing = np.zeros(len(query.literals), np.bool_)
        short = query.simplified(
            others, literal_epsilon=epsilon, gates=gates, needed=nothing
        )
        demanded = self.constraints.demanded(view)
        if not demanded or not demanded & (query.attributes - short.attributes):
            return short
        names = query.view.attributes
        needed = np.array([names[row].name in demanded for row in query.literals[:, 0]])
        return query.simplified(others, literal_epsilon=epsilon, gates=gates, needed=needed)


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """Coded queries that passed the gates, with their counts on the mining part.

    Attributes
    ----------
    queries
        One per covered view, the target's first.
    shared, reached
        Entities in all, in at least one of the supports, packed.
    sizes
        Entities of each query.
    support, union
        Sizes of `shared` and `reached`.
    jaccard
        Under the policy for missing values.
    log_p
        Natural logarithm of the in-sample p-value.
    work
        Jaccard lost when the target's literals are taken away.
    penalty
        What unmet preferences cost.
    rank
        Its place in a total order: cautious Jaccard, length, the coded queries.
    """

    queries: tuple[CodedQuery, ...]
    shared: Words
    reached: Words
    sizes: tuple[int, ...]
    support: int
    union: int
    jaccard: float
    log_p: float
    work: float
    penalty: float
    # Found once: sorting asks for it many times.
    rank: tuple[float, int, bytes] = field(init=False)

    def __post_init__(self) -> None:
        length = len(self)
        cautious = cautious_jaccard(self.jaccard, self.union, length)
        object.__setattr__(self, "rank", (self.penalty - cautious, length, self.code))

    @property
    def own(self) -> CodedQuery:
        """The query of the target's view."""
        return self.queries[0]

    @property
    def code(self) -> bytes:
        """The coded queries themselves, to break ties."""
        return b"".join(
            part.tobytes()
            for query in self.queries
            for part in (query.literals, query.terms, query.negated)
        )

    @property
    def views(self) -> tuple[str, ...]:
        """Names of the covered views."""
        return tuple(query.view.name for query in self.queries)

    @property
    def is_interaction(self) -> bool:
        """Whether the target's side speaks about several attributes."""
        return not self.own.is_alone

    def __len__(self) -> int:
        return sum(map(len, self.queries))

    @property
    def by_jaccard(self) -> tuple[float, int, bytes]:
        """Its place in a total order: Jaccard, length, the coded queries."""
        return self.penalty - self.jaccard, *self.rank[1:]


@dataclass(frozen=True, slots=True, eq=False)
class Description:
    """What a strategy says about one target and one partner view.

    Attributes
    ----------
    candidates
        Pairs that passed the gates, the target alone on its side.
    n_scored
        Candidates scored.
    certificate
        What is proven about better ones; None where nothing is.
    """

    candidates: list[Candidate]
    n_scored: int
    certificate: Certificate | None = None


class SearchStrategy(Protocol):
    """Finds descriptions of targets that stand alone on their side."""

    def prepare(self, partner: BinnedView, params: SearchParams) -> LiteralPool | None:
        """Return literals of a partner view that serve every target; None: none needed."""

    def describe(self, task: Task) -> Description | None:
        """Return what is found; None where the target has no admissible literal."""
