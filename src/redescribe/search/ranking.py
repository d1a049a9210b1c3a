"""Which candidates of one target are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from redescribe.search.base import Candidate


def best_distinct(candidates: Iterable[Candidate], limit: int) -> list[Candidate]:
    """Return the best candidates with distinct shared supports, at most `limit`.

    Ranked by their cautious Jaccard, then fewer literals; of candidates with one support
    the best stays. The candidate with the largest plain Jaccard is always among them.
    """
    ranked = sorted(candidates, key=lambda candidate: candidate.rank)
    if not ranked:
        return []
    largest = min(ranked, key=lambda candidate: candidate.by_jaccard)
    by_support = {largest.shared.tobytes(): largest}
    for candidate in ranked:
        if len(by_support) == limit:
            break
        by_support.setdefault(candidate.shared.tobytes(), candidate)
    return sorted(by_support.values(), key=lambda candidate: candidate.rank)
