"""How often entities are permuted and resampled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from annotated_types import doc

from redescribe._validation import Count, check_bounds, choose
from redescribe.core.resampling import Resampling, Statistic


@dataclass(frozen=True, slots=True, kw_only=True)
class ResampleParams:
    """How often entities are permuted and resampled; each costs a search or an evaluation.

    References
    ----------
    Specification of redescription mining, sections 7.4 and 7.5.

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

    @property
    def asked(self) -> bool:
        """Whether anything is asked for."""
        return bool(self.permutations or self.bootstrap or self.recovery)

    @property
    def record(self) -> Resampling:
        """What a set of findings says about it."""
        statistic = self.permutation_statistic.value if self.permutations else ""
        within = self.permute_within if self.permutations else ""
        return Resampling(
            self.permutations, self.recovery, self.bootstrap, statistic, within
        )
