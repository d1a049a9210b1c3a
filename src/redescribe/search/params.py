"""What a search may say and what its results must reach."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

from annotated_types import Interval, doc

from redescribe._validation import Count, PositiveCount, Share, check_bounds, choose
from redescribe.core.missing import MissingPolicy
from redescribe.errors import ParameterError
from redescribe.search.language import QueryLanguage
from redescribe.search.registry import check_name
from redescribe.trees.params import TreeParams


class Objective(StrEnum):
    """What 'beam' and 'exact' maximise, by the names of the command line."""

    JACCARD = "jaccard"
    ADJUSTED_JACCARD = "adjusted-jaccard"
    LOG_P = "log-p"


IS_SUPPORT_BOUND = "support bound"
"""Marks a number that is a count or a share."""
SupportBound = Annotated[float, Interval(gt=0), IS_SUPPORT_BOUND]
"""A count of mining entities (int), or a share of them (float up to 1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """What a redescription must reach on the mining part.

    >>> Thresholds(max_support=0.8).support_bounds(171)
    (10, 136)
    """

    min_jaccard: Annotated[Share, doc("Jaccard at least")] = 0.5
    min_support: Annotated[SupportBound, doc("entities at least: count, share or 5%")] = 10
    max_support: Annotated[SupportBound, doc("entities at most: count, share or 80%")] = 0.8
    max_p_mined: Annotated[Share, doc("in-sample p-value at most")] = 0.01
    min_work: Annotated[Share, doc("Jaccard that the target's literals must bring")] = 0.01
    literal_epsilon: Annotated[
        Share, doc("a literal whose removal costs no more Jaccard is dropped")
    ] = 0.01
    min_gain: Annotated[Share, doc("Jaccard that a disjunct must bring")] = 0.02
    missing: Annotated[
        MissingPolicy, doc("what a query that is unknown for an entity means for J")
    ] = MissingPolicy.QUERY_NON_MISSING

    def __post_init__(self) -> None:
        check_bounds(self)
        policy = choose(MissingPolicy, self.missing, parameter="missing")
        object.__setattr__(self, "missing", policy)

    @property
    def log_max_p_mined(self) -> float:
        """Natural logarithm of the largest in-sample p-value; -inf for 0."""
        return math.log(self.max_p_mined) if self.max_p_mined else -math.inf

    def support_bounds(self, n_entities: int) -> tuple[int, int]:
        """Return the support bounds as counts among this many mining entities.

        A lower share is rounded up, an upper one down.
        """
        low = (
            self.min_support * n_entities
            if _is_share(self.min_support)
            else self.min_support
        )
        high = (
            self.max_support * n_entities
            if _is_share(self.max_support)
            else self.max_support
        )
        return math.ceil(low), math.floor(high)


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How much a search tries and keeps."""

    n_bases: Annotated[PositiveCount, doc("rules extended per literal of the target")] = 4
    max_candidates: Annotated[
        PositiveCount, doc("candidates per target and partner view that are minimised")
    ] = 48
    pool_per_target: Annotated[
        PositiveCount, doc("candidates per target and partner view that are handed on")
    ] = 20
    max_extended: Annotated[
        PositiveCount, doc("candidates per target and set of views that get a further view")
    ] = 4
    max_unions: Annotated[
        PositiveCount, doc("boundaries of a target that unions of bins may use")
    ] = 24
    max_cuts: Annotated[
        PositiveCount, doc("one-sided cuts per target that the one-literal baseline tries")
    ] = 255

    def __post_init__(self) -> None:
        check_bounds(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternation:
    """Whether and how long two views are alternated for interaction descriptions."""

    interactions: Annotated[
        bool, doc("also describe targets together with others of their view")
    ] = False
    iterations: Annotated[
        PositiveCount, doc("rounds of alternation at most, with interactions")
    ] = 1
    max_interactions: Annotated[
        PositiveCount,
        doc("candidates per target, partner view and half round, with interactions"),
    ] = 120
    candidate_floor: Annotated[
        Share, doc("Jaccard from which on a candidate is worked on within the rounds")
    ] = 0.25
    novelty_attributes: Annotated[
        Count,
        doc("attributes by which a rule of a later round must differ from a like one"),
    ] = 1
    novelty_overlap: Annotated[
        Share, doc("Jaccard of the supports from which on two rules are alike")
    ] = 1.0

    def __post_init__(self) -> None:
        check_bounds(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class LiteralSearch:
    """How 'beam' and 'exact' search over literals.

    References
    ----------
    Specification of redescription mining, section 8.

    Examples
    --------
    >>> LiteralSearch(objective="log-p").objective
    <Objective.LOG_P: 'log-p'>
    """

    max_length: Annotated[
        PositiveCount,
        doc("cuts and categories of the partner's query at most that exact certifies"),
    ] = 3
    beam_length: Annotated[
        PositiveCount,
        doc("cuts and categories of the partner's query at most that beam grows"),
    ] = 4
    objective: Annotated[Objective, doc("what beam and exact maximise")] = Objective.JACCARD
    beam_width: Annotated[
        PositiveCount,
        doc("queries of each length that beam keeps per direction of a target"),
    ] = 6
    beam_cuts: Annotated[
        PositiveCount, doc("cuts per attribute that beam tries before it refines them")
    ] = 31
    max_nodes: Annotated[
        PositiveCount,
        doc("pairs that exact counts per target and partner view before it states a gap"),
    ] = 100_000_000

    def __post_init__(self) -> None:
        check_bounds(self)
        chosen = choose(Objective, self.objective, parameter="objective")
        object.__setattr__(self, "objective", chosen)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchParams:
    """Everything that steers a search.

    Raises
    ------
    UnknownNameError, ParameterError
        If no strategy has this name, or it cannot follow the objective.
    """

    search: Annotated[
        str,
        doc(
            "strategy: trees (clustering trees), beam (over literals), exact (certified), "
            "or one that an installed package adds"
        ),
    ] = "auto"
    literals: LiteralSearch = field(default_factory=LiteralSearch)
    trees: TreeParams = field(default_factory=TreeParams)
    language: QueryLanguage = field(default_factory=QueryLanguage)
    thresholds: Thresholds = field(default_factory=Thresholds)
    budget: Budget = field(default_factory=Budget)
    alternation: Alternation = field(default_factory=Alternation)

    def __post_init__(self) -> None:
        check_name(self.search)
        objective = self.literals.objective
        if self.search == "trees" and objective is not Objective.JACCARD:
            em = (
                f"The objective {objective.value!r} is for --search beam and exact; "
                "trees compare candidates by their Jaccard. Choose one of the two."
            )
            raise ParameterError(em)


def _is_share(bound: object) -> bool:
    return isinstance(bound, float) and bound <= 1
