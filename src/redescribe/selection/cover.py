"""Cover: a few redescriptions for a whole layer."""

from __future__ import annotations

from collections import Counter
from heapq import heapify, heappop, heapreplace
from typing import TYPE_CHECKING

import numpy as np

from redescribe._kernels.bitset import set_size
from redescribe.selection.candidates import Candidates, target_kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from redescribe.core.redescription import Redescription
    from redescribe.selection.candidates import TargetKind
    from redescribe.selection.params import SelectParams


def select_cover(
    redescriptions: Iterable[Redescription],
    params: SelectParams,
    *,
    limit: int,
    with_best: bool = False,
) -> tuple[Redescription, ...]:
    """Return redescriptions, `limit` at most, that describe many targets and entities.

    Greedy on

        w_J Σ over targets of max(0, best J chosen) + w_Cov (share of entities covered)
        - w_Size Σ literals / size_norm,

    as long as it grows, with at most `max_per_target` for each target and kind. Without the
    literals (`weight_size=0`) it is monotone and submodular: within 1 - 1/e of the best
    choice of this size, unless `max_per_target` binds.

    Parameters
    ----------
    redescriptions
        The candidates, in any order.
    params
        Weights, `max_per_target`, and which Jaccard J is.
    limit
        How many are chosen.
    with_best
        Start with the largest cautious Jaccard of each target.

    Returns
    -------
    tuple of Redescription
        The largest gain first, after those that were given by `with_best`.

    References
    ----------
    Specification of redescription mining, section 5.10. Nemhauser, Wolsey and Fisher, 1978.
    """
    cover = _Cover(Candidates.of(redescriptions), params)
    if with_best:
        for row in cover.best_rows()[:limit]:
            cover.add(row)
    # Gains only fall as the cover grows, so an old one is a bound: the largest bound that
    # still holds is the largest gain, ties in the order of the candidates.
    waiting = [(-cover.gain(row), row) for row in cover.open_rows()]
    heapify(waiting)
    while waiting and len(cover.rows) < limit:
        row = waiting[0][1]
        gain = cover.gain(row)
        if gain <= 0 or cover.is_full(row):
            heappop(waiting)
        elif -gain > waiting[0][0]:
            heapreplace(waiting, (-gain, row))
        else:
            heappop(waiting)
            cover.add(row)
    return cover.candidates.at(cover.rows)


class _Cover:
    """What is chosen, and what each target and entity has of it."""

    def __init__(self, candidates: Candidates, params: SelectParams) -> None:
        self.candidates = candidates
        self.rows: list[int] = []
        self._weights = params.weights
        self._max_per_target = params.max_per_target
        self._quality = candidates.quality(params.score)
        self._sizes = candidates.n_literals / params.size_norm
        self._not_covered = ~np.zeros_like(candidates.supports.words[:1])
        self._best: dict[tuple[str, str], float] = {}
        self._n_chosen: Counter[TargetKind] = Counter()

    def best_rows(self) -> list[int]:
        """The first of each target: candidates are ordered by their cautious Jaccard."""
        first: dict[tuple[str, str], int] = {}
        for row in range(len(self.candidates)):
            first.setdefault(self._target(row), row)
        return list(first.values())

    def open_rows(self) -> list[int]:
        chosen = set(self.rows)
        return [row for row in range(len(self.candidates)) if row not in chosen]

    def add(self, row: int) -> None:
        self._not_covered &= ~self.candidates.supports.words[row]
        best = self._best.get(self._target(row), 0.0)
        self._best[self._target(row)] = max(best, float(self._quality[row]))
        self._n_chosen[target_kind(self.candidates.redescriptions[row])] += 1
        self.rows.append(row)

    def is_full(self, row: int) -> bool:
        """Whether target and kind have all that they may have."""
        kind = target_kind(self.candidates.redescriptions[row])
        return self._n_chosen[kind] >= self._max_per_target

    def gain(self, row: int) -> float:
        supports, weights = self.candidates.supports, self._weights
        n_new = int(set_size(supports.words[row] & self._not_covered[0]))
        better = float(self._quality[row]) - self._best.get(self._target(row), 0.0)
        return float(
            weights.jaccard * max(0.0, better)
            + weights.coverage * (n_new / max(1, supports.n_elements))
            - weights.size * self._sizes[row]
        )

    def _target(self, row: int) -> tuple[str, str]:
        redescription = self.candidates.redescriptions[row]
        return redescription.view, redescription.attribute
