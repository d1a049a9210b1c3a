"""Which redescriptions are reported, and what counts in the choice."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from annotated_types import doc

from redescribe._validation import PositiveCount, Share, check_bounds, choose
from redescribe.errors import ParameterError
from redescribe.selection.weights import Weights


class Strategy(StrEnum):
    """How redescriptions are chosen (specification, section 5.10)."""

    EXTRACTION = "extraction"
    EXCHANGE = "exchange"
    COVER = "cover"
    ALL = "all"


TERMS: dict[Strategy, frozenset[str]] = {
    Strategy.EXTRACTION: frozenset(Weights._fields),
    Strategy.EXCHANGE: frozenset(Weights._fields) - {"stability"},
    Strategy.COVER: frozenset({"jaccard", "size", "coverage"}),
    Strategy.ALL: frozenset(),
}
"""What the score of each strategy has a term for."""


class Score(StrEnum):
    """Which Jaccard counts: less what luck explains, less what chance gives, or plain."""

    CAUTIOUS = "cautious"
    ADJUSTED = "adjusted"
    JACCARD = "jaccard"


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectParams:
    """What is reported of everything that was mined.

    The weights are relative. Their defaults are the published ones: .2 for the Jaccard and
    .15 for each of p-value, attributes, entities and coverage; of the .2 for a term that
    this library does not have (the weight of a network) half went to brevity. Stability
    differs from 0 only where values are missing.

    Preferences are rows of weights that stand instead of the single row `weight_…`, so only
    one of the two can be set. For each row the strategy chooses a set of its own, with at
    most `max_per_target` findings for each target and kind, and the union of the sets is
    reported: with several rows it can hold as many times more.

    Raises
    ------
    ParameterError
        If a value is out of its bounds; if all weights are 0, or a preference weighs
        nothing that the strategy looks at; or if there are preferences beside other
        `weight_…` than the defaults, or where everything is reported.
    UnknownNameError
        If an option or a term of a preference does not exist.

    Examples
    --------
    >>> weights = SelectParams(weight_coverage=0, weight_stability=0).weights
    >>> round(sum(weights), 12), round(weights.jaccard, 3)
    (1.0, 0.267)
    >>> params = SelectParams(preferences=("jaccard=1,size=1", "coverage=1"))
    >>> [row.weights.jaccard for row in params.rows]
    [0.5, 0.0]
    """

    select: Annotated[Strategy, doc("how the reported findings are chosen")] = (
        Strategy.EXTRACTION
    )
    max_per_target: Annotated[
        PositiveCount,
        doc("findings per target and kind at most, for each row of 'preferences'"),
    ] = 3
    preferences: Annotated[
        tuple[str, ...],
        doc(
            "rows of weights such as 'jaccard=0.5,size=0.5' instead of weight_…: each row "
            "gives a set, and their union is reported; what a row does not name weighs 0"
        ),
    ] = ()
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
        self._check_preferences()
        if not sum(self._single_row()):
            em = "All weights of SelectParams are 0. At least one must be larger."
            raise ParameterError(em)

    @property
    def rows(self) -> tuple[SelectParams, ...]:
        """The same parameters once for each row of weights."""
        if len(self.preferences) < 2:
            return (self,)
        return tuple(
            dataclasses.replace(self, preferences=(row,)) for row in self.preferences
        )

    @property
    def weights(self) -> Weights:
        """The only row of weights, divided by its sum.

        Raises
        ------
        ParameterError
            If there are several: each of `rows` has its own.
        """
        if not self.preferences:
            return self._single_row().normalised()
        if len(self.preferences) > 1:
            em = (
                f"SelectParams has {len(self.preferences)} rows of weights where one is "
                "needed. Take each of its 'rows'."
            )
            raise ParameterError(em)
        return Weights.of(self.preferences[0]).normalised()

    def _single_row(self) -> Weights:
        return Weights(*(getattr(self, f"weight_{name}") for name in Weights._fields))

    def _check_preferences(self) -> None:
        object.__setattr__(self, "preferences", tuple(self.preferences))
        if not self.preferences:
            return
        if self.select is Strategy.ALL:
            em = (
                "SelectParams has 'preferences', but select='all' reports everything and "
                "weighs nothing. Choose another strategy, or leave 'preferences' out."
            )
            raise ParameterError(em)
        for field in dataclasses.fields(self):
            is_weight = field.name.startswith("weight_")
            if is_weight and getattr(self, field.name) != field.default:
                em = (
                    f"SelectParams has 'preferences' and {field.name!r}. Write all weights "
                    "into the rows of 'preferences', or leave these out."
                )
                raise ParameterError(em)
        for row in self.preferences:
            named = {name for name, weight in Weights.of(row)._asdict().items() if weight}
            if not named & TERMS[self.select]:
                em = (
                    f"The row {row!r} of 'preferences' weighs nothing that "
                    f"select={self.select.value!r} looks at. Weigh one of: "
                    f"{', '.join(sorted(TERMS[self.select]))}."
                )
                raise ParameterError(em)
