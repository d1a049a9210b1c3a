"""How a network is changed, and how the effects are tested."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from annotated_types import Interval, doc

from redescribe._validation import Count, PositiveCount, check_bounds, choose
from redescribe.core.effect import Check
from redescribe.errors import ParameterError

PREDICTED = "predicted"
CHANGES = (Check.ZERO, Check.MEAN, Check.RESAMPLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class CausalParams:
    """How a network is changed, and how the effects are tested.

    Raises
    ------
    ParameterError, UnknownNameError
        If a parameter is outside its bounds, or there is no such change.

    Examples
    --------
    >>> CausalParams(how="zero").how
    <Check.ZERO: 'zero'>
    """

    how: Annotated[
        Check,
        doc("the unit becomes 0 (zero), or what it is outside its range: mean, resample"),
    ] = Check.MEAN
    output: Annotated[
        str, doc("number of the output that is watched, or predicted: that of the class")
    ] = PREDICTED
    strata: Annotated[
        str,
        doc("VIEW:ATTRIBUTE within whose values is permuted; else that of the split"),
    ] = ""
    permutations: Annotated[PositiveCount, doc("permutations behind each p-value")] = 9999
    controls: Annotated[Count, doc("matched units, or other attributes, to compare")] = 10
    ranges: Annotated[Count, doc("random ranges of the unit, of equal mass")] = 19
    alpha: Annotated[
        float, Interval(gt=0, lt=1), doc("largest q-value of a confirmed effect")
    ] = 0.01
    min_effect: Annotated[
        float,
        Interval(ge=0),
        doc("least effect, in standard deviations of the output (edits: a share)"),
    ] = 0.01
    batch_size: Annotated[PositiveCount, doc("entities per forward pass")] = 256
    seed: Annotated[Count, doc("seed of donors, permutations and random ranges")] = 0

    def __post_init__(self) -> None:
        check_bounds(self)
        how = choose(Check, self.how, parameter="how")
        object.__setattr__(self, "how", how)
        if how not in CHANGES:
            em = f"how={how.value!r} does not change a unit. Use zero, mean or resample."
            raise ParameterError(em)
        if self.output != PREDICTED and not self.output.isdecimal():
            em = (
                f"The 'output' parameter of CausalParams must be {PREDICTED!r} or the "
                f"number of an output, from 0. Got {self.output!r} instead."
            )
            raise ParameterError(em)
