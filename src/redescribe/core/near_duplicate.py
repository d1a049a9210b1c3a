"""Redescriptions that gave way to a better one of nearly the same entities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from redescribe.core.grammar import format_redescription
from redescribe.core.measures import intersection_size

if TYPE_CHECKING:
    from redescribe.core.query import Query
    from redescribe.core.redescription import Redescription


@dataclass(frozen=True, slots=True)
class NearDuplicate:
    """A redescription that is not reported, linked to the one that stands for it.

    Both numbers are of the mining part: near duplicates are never tested on the hold-out.

    Attributes
    ----------
    key
        Its stable name.
    queries
        The target's view first.
    support_jaccard_mined
        Jaccard of the entities that satisfy all its queries and of those that satisfy all
        queries of the one that stands for it; 0 for what says the same of all others.
    jaccard_mined
        How well its own queries agree.

    Examples
    --------
    >>> from redescribe.core.grammar import parse_query
    >>> queries = (parse_query("a > 1", "x"), parse_query("b > 2", "y"))
    >>> str(NearDuplicate("0123456789abcdef", queries, 0.97, 0.8))
    'a > 1 <=> b > 2'
    """

    key: str
    queries: tuple[Query, ...]
    support_jaccard_mined: float
    jaccard_mined: float

    @classmethod
    def of(cls, found: Redescription, kept: Redescription) -> NearDuplicate:
        """Return the link of a redescription to the one that stands for it."""
        shared = intersection_size((*found.supports, *kept.supports))
        sizes = (found.mined.support, kept.mined.support)
        union = sum(sizes) - shared
        return cls(found.key, found.queries, shared / max(1, union), found.mined.jaccard)

    def __str__(self) -> str:
        return format_redescription(self.queries)
