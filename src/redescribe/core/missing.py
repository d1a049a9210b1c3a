"""What an unknown query value means."""

from __future__ import annotations

from enum import StrEnum


class MissingPolicy(StrEnum):
    """What an unknown query value means for the Jaccard (specification, section 6)."""

    QUERY_NON_MISSING = "query_non_missing"
    REJECTIVE = "rejective"
    PESSIMISTIC = "pessimistic"
    OPTIMISTIC = "optimistic"
