"""How rules that imitate a network are sought, chosen and combined."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from annotated_types import Interval, doc

from redescribe._validation import (
    Count,
    PositiveCount,
    Share,
    check_bounds,
    choose,
)
from redescribe.errors import ParameterError


class RuleKind(StrEnum):
    """Where candidates for rules come from."""

    PEDAGOGICAL = "pedagogical"
    DECOMPOSITIONAL = "decompositional"
    ECLECTIC = "eclectic"


class Method(StrEnum):
    """How the rules are chosen among the candidates."""

    WEIGHTED = "weighted"
    COVER = "cover"
    EXACT = "exact"
    PAPER = "paper"


class Combination(StrEnum):
    """How rules that fire together answer."""

    AUTO = "auto"
    LIST = "list"
    VOTE = "vote"
    WEIGHTED = "weighted"
    FIRST_CLASS = "first-class"


class Task(StrEnum):
    """What the outputs of the network are."""

    AUTO = "auto"
    CLASSES = "classes"
    PROBABILITIES = "probabilities"
    LOGITS = "logits"
    LABELS = "labels"
    NUMBERS = "numbers"


Positive = Annotated[float, Interval(gt=0)]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleParams:
    """How rules are sought, chosen and combined.

    Raises
    ------
    ParameterError, UnknownNameError
        If a value is out of its bounds, or an option has no such value; if the combination
        does not go with the method.

    References
    ----------
    Specification of redescription mining, section 9.

    Examples
    --------
    >>> RuleParams(method="cover", combination="vote").combination
    <Combination.VOTE: 'vote'>
    """

    kind: Annotated[
        RuleKind,
        doc(
            "pedagogical (inputs and outputs), decompositional (output from layer from … "
            "from inputs) or eclectic (both)"
        ),
    ] = RuleKind.PEDAGOGICAL
    method: Annotated[
        Method,
        doc(
            "weighted (weights learned together), cover (greedy), exact (least errors, by "
            "integer programming) or paper (the published procedure)"
        ),
    ] = Method.WEIGHTED
    combination: Annotated[
        Combination,
        doc(
            "list (the most reliable rule that fires answers), vote (log-odds are added), "
            "first-class, weighted (of weighted only) or auto: what goes with the method"
        ),
    ] = Combination.AUTO
    max_literals: Annotated[PositiveCount, doc("literals of all rules together")] = 24
    max_loss: Annotated[
        Share,
        doc(
            "fidelity, by cross-validation within the mining part, that a shorter set may "
            "lose; 0 takes all the literals allowed"
        ),
    ] = 0.005
    max_length: Annotated[PositiveCount, doc("literals of one rule")] = 2
    max_cuts: Annotated[PositiveCount, doc("cuts of a numeric attribute")] = 9
    min_precision: Annotated[Share, doc("of a rule, on the mining part; cover")] = 0.9
    min_cover: Annotated[
        PositiveCount, doc("entities of its class that a rule covers at least")
    ] = 2
    shrinkage: Annotated[Positive, doc("pull of learned weights towards 0")] = 3.0
    augment: Annotated[
        Count, doc("perturbed inputs per entity on which the network is asked")
    ] = 0
    noise: Annotated[
        Positive, doc("standard deviation of the perturbation, in that of the attribute")
    ] = 0.3
    n_bins: Annotated[
        int, Interval(ge=2), doc("bins of a numeric output; each is a class")
    ] = 4
    default: Annotated[
        bool, doc("answer where no rule fires; else these entities get no answer")
    ] = True
    max_entities: Annotated[
        PositiveCount, doc("entities that rules are chosen on; more are drawn at random")
    ] = 20_000
    folds: Annotated[
        int, Interval(ge=2), doc("folds within the mining part that choose the size")
    ] = 5
    max_nodes: Annotated[
        PositiveCount, doc("nodes of the integer program of exact, per class")
    ] = 200
    seed: Annotated[Count, doc("seed of folds, samples and perturbations")] = 0

    def __post_init__(self) -> None:
        check_bounds(self)
        for name, options in _OPTIONS.items():
            chosen = choose(options, getattr(self, name), parameter=name)
            object.__setattr__(self, name, chosen)
        if self.combination not in _COMBINATIONS[self.method]:
            known = ", ".join(_COMBINATIONS[self.method])
            em = (
                f"The method {self.method.value!r} goes with the combinations {known}. Got "
                f"{self.combination.value!r}."
            )
            raise ParameterError(em)
        if self.method is Method.PAPER and self.augment:
            em = "The published procedure asks the network nothing: use augment=0."
            raise ParameterError(em)

    @property
    def combined(self) -> Combination:
        """How the rules answer together: what `auto` stands for is said."""
        if self.combination is not Combination.AUTO:
            return self.combination
        return _COMBINATIONS[self.method][1]


_SETS = (
    Combination.AUTO,
    Combination.LIST,
    Combination.VOTE,
    Combination.FIRST_CLASS,
)
_COMBINATIONS: dict[Method, tuple[Combination, ...]] = {
    Method.WEIGHTED: (Combination.AUTO, Combination.WEIGHTED),
    Method.COVER: _SETS,
    Method.EXACT: _SETS,
    Method.PAPER: (Combination.AUTO, Combination.FIRST_CLASS),
}
"""What goes with each method; the second is what `auto` means."""
_OPTIONS: dict[str, type[StrEnum]] = {
    "kind": RuleKind,
    "method": Method,
    "combination": Combination,
}
