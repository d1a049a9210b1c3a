"""How often entities are permuted and resampled, and networks replaced."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from annotated_types import doc

from redescribe._validation import Count, check_bounds, choose
from redescribe.core.resampling import Statistic


@dataclass(frozen=True, slots=True, kw_only=True)
class ResampleParams:
    """How often a search or its findings are repeated on changed entities.

    References
    ----------
    Specification of redescription mining, sections 7.4 to 7.6.

    Examples
    --------
    >>> ResampleParams(permutations=199, permutation_statistic="jaccard").asked
    True
    """

    permutations: Annotated[
        Count,
        doc("searches of permuted entities, for p_search; 199 is usual, 0 = none"),
    ] = 0
    permutation_statistic: Annotated[
        Statistic, doc("what the best of each search is measured by")
    ] = Statistic.ADJUSTED_JACCARD
    permute_within: Annotated[
        str, doc("VIEW:ATTRIBUTE within whose values entities are permuted; none = all")
    ] = ""
    rotations: Annotated[
        Count,
        doc("searches with the other network's layers rotated; 20 is usual, 0 = none"),
    ] = 0
    networks: Annotated[
        tuple[str, ...],
        doc("views whose columns are neurons too, for null networks; captured ones are"),
    ] = ()
    bootstrap: Annotated[
        Count, doc("resamples of the hold-out, for stability; 0 = none")
    ] = 0
    recovery: Annotated[
        Count, doc("searches of resampled entities, for recovery; 0 = none")
    ] = 0

    def __post_init__(self) -> None:
        check_bounds(self)
        chosen = choose(
            Statistic, self.permutation_statistic, parameter="permutation_statistic"
        )
        object.__setattr__(self, "permutation_statistic", chosen)
        object.__setattr__(self, "networks", tuple(self.networks))

    @property
    def asked(self) -> bool:
        """Whether anything is asked for."""
        return bool(self.permutations or self.rotations or self.bootstrap or self.recovery)
