"""Which redescriptions are reported, and what counts in the choice."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, NamedTuple

from annotated_types import doc

from redescribe._validation import PositiveCount, Share, check_bounds, choose
from redescribe.errors import ParameterError


class Strategy(StrEnum):
    """How redescriptions are chosen (specification, section 5.10)."""

    EXTRACTION = "extraction"
    EXCHANGE = "exchange"
    COVER = "cover"
    ALL = "all"


class Score(StrEnum):
    """Which Jaccard counts: less what luck explains, less what chance gives, or plain."""

    CAUTIOUS = "cautious"
    ADJUSTED = "adjusted"
    JACCARD = "jaccard"


class Weights(NamedTuple):
    """What each term of a score weighs; the sum is 1."""

    jaccard: float
    p: float
    attributes: float
    entities: float
    size: float
    coverage: float
    stability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectParams:
    """What is reported of everything that was mined.

    The weights are relative. Their defaults are the published ones: .2 for the Jaccard and
    .15 for each of p-value, attributes, entities and coverage; of the .2 for a term that
    this library does not have (the weight of a network) half went to brevity. Stability
    differs from 0 only where values are missing.

    Examples
    --------
    >>> weights = SelectParams(weight_coverage=0, weight_stability=0).weights
    >>> round(sum(weights), 12), round(weights.jaccard, 3)
    (1.0, 0.267)
    """

    select: Annotated[Strategy, doc("how the reported findings are chosen")] = (
        Strategy.EXTRACTION
    )
    max_per_target: Annotated[
        PositiveCount, doc("findings per target and kind at most")
    ] = 3
    weight_jaccard: Annotated[Share, doc("weight of a high Jaccard")] = 0.2
    weight_p: Annotated[Share, doc("weight of a low in-sample p-value")] = 0.15
    weight_attributes: Annotated[Share, doc("weight of attributes not yet used")] = 0.15
    weight_entities: Annotated[Share, doc("weight of supports unlike the others'")] = 0.15
    weight_size: Annotated[Share, doc("weight of few literals")] = 0.1
    weight_coverage: Annotated[Share, doc("weight of entities not yet covered")] = 0.15
    weight_stability: Annotated[
        Share, doc("weight of a Jaccard that missing values leave certain")
    ] = 0.0
    size_norm: Annotated[
        PositiveCount, doc("literals from which on a finding counts as long")
    ] = 20
    score: Annotated[Score, doc("the Jaccard that counts in the choice")] = Score.CAUTIOUS
    near_duplicate: Annotated[
        Share, doc("Jaccard of two supports from which on only the better one is kept")
    ] = 0.95
    keep_equal_support: Annotated[
        bool, doc("keep findings of the same entities by other attributes")
    ] = False
    flexible: Annotated[
        bool, doc("let 'exchange' keep more where one finding beats all others")
    ] = False

    def __post_init__(self) -> None:
        strategy = choose(Strategy, self.select, parameter="select")
        object.__setattr__(self, "select", strategy)
        object.__setattr__(self, "score", choose(Score, self.score, parameter="score"))
        check_bounds(self)
        if not sum(self._raw_weights()):
            em = "All weights of SelectParams are 0. At least one must be larger."
            raise ParameterError(em)

    @property
    def weights(self) -> Weights:
        """The weights, divided by their sum."""
        raw = self._raw_weights()
        return Weights(*(weight / sum(raw) for weight in raw))

    def _raw_weights(self) -> Weights:
        return Weights(*(getattr(self, f"weight_{name}") for name in Weights._fields))
