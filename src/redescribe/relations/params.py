"""How cohorts are compared with the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from annotated_types import doc

from redescribe._validation import Count, PositiveCount, check_bounds


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortParams:
    """How cohorts are compared where no exact or limiting law serves.

    Raises
    ------
    ParameterError
        If a number is out of bounds.

    Examples
    --------
    >>> CohortParams().permutations
    9999
    """

    permutations: Annotated[
        PositiveCount, doc("random divisions where counts are small or values tied")
    ] = 9999
    seed: Annotated[Count, doc("seed of the random divisions")] = 0

    def __post_init__(self) -> None:
        check_bounds(self)
