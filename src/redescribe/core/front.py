"""The best description of a target for each length, and where length stops to pay."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from redescribe.core.grammar import format_redescription
from redescribe.core.redescription import Agreement

if TYPE_CHECKING:
    from redescribe.core.dataset import Dataset
    from redescribe.core.missing import MissingPolicy
    from redescribe.core.query import Query


@dataclass(frozen=True, slots=True)
class FrontPoint:
    """The pair of queries with the largest mined Jaccard among those of one length.

    Attributes
    ----------
    queries
        The target's view first.
    missing
        What unknown query values mean for its Jaccard.
    mined
        Agreement on the mining part.
    pays
        Whether each literal that it has more than the last shorter one that pays brings as
        much mined Jaccard as the search asks of a literal. The last one that pays is where
        to stop.
    hold_out
        Agreement on the hold-out; None without one. The front is no part of the family: it
        was not tested, and choosing by this number would use the hold-out up.
    """

    queries: tuple[Query, Query]
    missing: MissingPolicy
    mined: Agreement
    pays: bool
    hold_out: Agreement | None

    @property
    def length(self) -> int:
        """Literals of both queries."""
        return sum(map(len, self.queries))

    def on_hold_out(self, part: Dataset) -> FrontPoint:
        """Return the point with its agreement on the entities of the hold-out."""
        first, second = self.queries
        supports = first.on(part.view(first.view)), second.on(part.view(second.view))
        return replace(self, hold_out=Agreement.of(supports, self.missing))

    def __str__(self) -> str:
        return format_redescription(self.queries)
