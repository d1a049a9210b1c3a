"""Queries over different views that hold for nearly the same entities."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from redescribe.core.grammar import format_redescription
from redescribe.core.measures import (
    adjusted_jaccard,
    cautious_jaccard,
    expected_jaccard,
    intersection_size,
    jaccard,
    union_size,
)
from redescribe.core.missing import MissingPolicy

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from redescribe.core.certificate import Certificate
    from redescribe.core.dataset import Dataset
    from redescribe.core.front import FrontPoint
    from redescribe.core.near_duplicate import NearDuplicate
    from redescribe.core.network_null import RelatedNetwork
    from redescribe.core.query import Query
    from redescribe.core.resampling import TargetSearch
    from redescribe.core.sample import TargetSample
    from redescribe.core.support import Support


class Kind(StrEnum):
    """Whether the target stands alone in its view's query."""

    INDIVIDUAL = "individual"
    INTERACTION = "interaction"


class TargetState(StrEnum):
    """What became of a target."""

    DESCRIBED = "described"
    NOT_DESCRIBED = "not_described"
    NOT_DESCRIBABLE = "not_describable"


@dataclass(frozen=True, slots=True)
class Agreement:
    """How well queries agree on one set of entities.

    Attributes
    ----------
    n_entities
        Entities looked at.
    sizes
        Entities that satisfy each query.
    support, union
        Entities in all, in at least one of the supports.
    jaccard
        support / union, unless the policy for missing values says otherwise; 0 where the
        union is empty.
    """

    n_entities: int
    sizes: tuple[int, ...]
    support: int
    union: int
    jaccard: float

    @classmethod
    def of(
        cls,
        supports: tuple[Support, ...],
        missing: MissingPolicy = MissingPolicy.QUERY_NON_MISSING,
    ) -> Agreement:
        """Return the agreement of these supports."""
        return cls(
            supports[0].n_entities,
            tuple(len(support) for support in supports),
            intersection_size(supports),
            union_size(supports),
            jaccard(supports, missing),
        )

    def cautious_jaccard(self, n_literals: int) -> float:
        """Lower end of an interval of the Jaccard that widens with the length."""
        return cautious_jaccard(self.jaccard, self.union, n_literals)

    @property
    def expected_jaccard(self) -> float:
        """Jaccard of independent queries with these sizes."""
        return expected_jaccard(self.sizes, self.n_entities)

    @property
    def adjusted_jaccard(self) -> float:
        """Chance-corrected Jaccard: 1 is perfect, 0 is chance."""
        return adjusted_jaccard(self.jaccard, self.expected_jaccard)

    @property
    def precisions(self) -> tuple[float | None, ...]:
        """Of the entities of each query, the share that satisfies all: P(others | it).

        None where a query holds for no entity. A query that is unknown does not hold.
        """
        return tuple(self.support / size if size else None for size in self.sizes)


@dataclass(frozen=True, slots=True)
class Redescription:
    """R = (q_1 … q_k): one query per covered view, with their supports on the mining part.

    Attributes
    ----------
    view, attribute
        The target that is explained.
    target
        How the run calls it: the neuron id, or `view:attribute`.
    kind
        Individual or interaction.
    queries
        The target's view first; each over another view.
    supports
        One per query, over the mining part.
    work_mined
        Jaccard lost when the target's literals are taken away.
    log10_p_mined
        log10 of the in-sample p-value. It ignores the search: no evidence.
    missing
        What unknown query values mean for its Jaccard.
    penalty
        What the preferences that it does not meet take from its Jaccard in a ranking.
    """

    view: str
    attribute: str
    target: str
    kind: Kind
    queries: tuple[Query, ...]
    supports: tuple[Support, ...]
    work_mined: float
    log10_p_mined: float
    missing: MissingPolicy = MissingPolicy.QUERY_NON_MISSING
    penalty: float = 0.0

    def __len__(self) -> int:
        return sum(len(query) for query in self.queries)

    def __str__(self) -> str:
        return format_redescription(self.queries)

    @property
    def mined(self) -> Agreement:
        """The agreement on the mining part."""
        return Agreement.of(self.supports, self.missing)

    @property
    def rank(self) -> float:
        """Cautious Jaccard on the mining part less the penalty: larger is better."""
        return self.mined.cautious_jaccard(len(self)) - self.penalty

    @property
    def place(self) -> tuple[str, str, str] | None:
        """View and attribute of the target and the partner view, of an individual pair."""
        if self.kind is not Kind.INDIVIDUAL or len(self.queries) != 2:
            return None
        return self.view, self.attribute, self.queries[1].view

    @property
    def key(self) -> str:
        """A stable name: a hash of the views and the canonical query texts."""
        text = "\n".join(f"{query.view}\t{query}" for query in self.queries)
        return hashlib.sha256(f"{self.kind}\n{text}".encode()).hexdigest()[:16]

    def query(self, view: str) -> Query | None:
        """Return the query over a view; None where the redescription does not cover it."""
        return next((query for query in self.queries if query.view == view), None)

    def supports_on(self, dataset: Dataset) -> tuple[Support, ...]:
        """Return the supports of the same queries on other entities."""
        return tuple(query.on(dataset.view(query.view)) for query in self.queries)


@dataclass(frozen=True, slots=True)
class OneLiteralBaseline:
    """The best pairs of one literal each; a search must not do worse.

    Attributes
    ----------
    left, right
        The pair with the largest admissible Jaccard; the target's literal first.
    jaccard, adjusted_jaccard, log10_p
        The best value of each among all admissible pairs (not always the same pair).
    n_pairs
        Pairs of literals scored.
    """

    left: Query
    right: Query
    jaccard: float
    adjusted_jaccard: float
    log10_p: float
    n_pairs: int


@dataclass(frozen=True, slots=True)
class TargetReport:
    """What became of one target.

    Attributes
    ----------
    reason
        Why the target is not describable; empty otherwise.
    n_bins
        Bins of the target; 0 where it could not be cut.
    best_jaccard_mined
        Largest Jaccard on the mining part among its redescriptions; None without any.
    baseline
        The best pair of one literal each; None where no pair is admissible.
    n_candidates
        Candidates that the search scored for this target.
    front
        The best individual description of each length; empty without any.
    certificates
        What is proven about the best pair, one per partner view; empty without a proof.
    search
        Its best redescription beside those of permuted entities; None if not asked for.
    networks
        Of a neuron, how well each other network explains it beside null networks; empty if
        not asked for.
    """

    view: str
    attribute: str
    target: str
    state: TargetState
    reason: str
    n_bins: int
    best_jaccard_mined: float | None
    baseline: OneLiteralBaseline | None
    n_candidates: int
    front: tuple[FrontPoint, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    search: TargetSearch | None = None
    networks: tuple[RelatedNetwork, ...] = ()


@dataclass(frozen=True, slots=True)
class RedescriptionSet:
    """Ordered redescriptions of one search, with a report on every target.

    Attributes
    ----------
    redescriptions
        Sorted by target order, then by quality.
    targets
        One report per target, in the order of the views and their attributes.
    views
        Names of all views of the dataset, in order.
    n_entities
        Entities of the mining part.
    seconds
        Wall time of the search.
    min_jaccard
        The threshold it was mined with, which `confirmed` asks of the hold-out too.
    sample
        What the targets were drawn of; None where all that were asked for are explained.
    near_duplicates
        What gave way to a redescription of this set when it was selected, best first.
    """

    redescriptions: tuple[Redescription, ...]
    targets: tuple[TargetReport, ...]
    views: tuple[str, ...]
    n_entities: int
    seconds: float
    min_jaccard: float
    sample: TargetSample | None = None
    near_duplicates: Mapping[Redescription, tuple[NearDuplicate, ...]] = field(
        default_factory=dict, hash=False
    )

    def __len__(self) -> int:
        return len(self.redescriptions)

    def __iter__(self) -> Iterator[Redescription]:
        return iter(self.redescriptions)

    @property
    def n_candidates(self) -> int:
        """Candidates that the search scored, over all targets."""
        return sum(target.n_candidates for target in self.targets)
