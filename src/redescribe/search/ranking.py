"""Which candidates of one target and partner view are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from redescribe.search.base import Candidate


def best_distinct(
    candidates: list[Candidate], n_entities: int, limit: int
) -> list[Candidate]:
    """Return the best candidates with distinct shared supports, at most `limit`.

    Ranked by chance-corrected Jaccard, then fewer literals; the candidate with the largest
    plain Jaccard is always among them. Of candidates with one support the one with the
    larger Jaccard stays, then the shorter one (specification, section 5.9).
    """
    by_support: dict[bytes, Candidate] = {}
    for candidate in sorted(candidates, key=_by_jaccard):
        by_support.setdefault(candidate.shared.tobytes(), candidate)
    distinct = list(by_support.values())
    if not distinct:
        return []

    def quality(candidate: Candidate) -> tuple[float, float, int, bytes]:
        return (-candidate.adjusted_jaccard(n_entities), *_by_jaccard(candidate))

    kept = [distinct[0], *sorted(distinct[1:], key=quality)[: limit - 1]]
    return sorted(kept, key=quality)


def _by_jaccard(candidate: Candidate) -> tuple[float, int, bytes]:
    return -candidate.jaccard, len(candidate), candidate.code
