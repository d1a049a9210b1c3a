"""Exchange: a set of fixed size, in which better redescriptions replace worse ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from redescribe.core.support import unpack
from redescribe.selection.candidates import Candidates

if TYPE_CHECKING:
    from collections.abc import Iterable

    from redescribe._typing import Floats, Ints, Mask
    from redescribe.core.redescription import Redescription
    from redescribe.selection.candidates import Sets
    from redescribe.selection.params import SelectParams

_ROUNDING = 1e-12
"""Scores that differ by less are equal: rounding must not decide."""


def select_exchange(
    redescriptions: Iterable[Redescription], params: SelectParams, *, limit: int
) -> tuple[Redescription, ...]:
    """Return `limit` redescriptions at most, by exchange as they stream in.

    They come in the order of their Jaccard. With counters cnt over the current set,
    E = Σ (cnt(e) - 1) over the entities of I, A likewise over the attributes, E_tot and
    A_tot the sums of the counters, and C the entities that no other holds for, the score is

        w_El E / E_tot + w_Att A / A_tot + w_J (1 - J) + w_P pv + w_Cov (1 - C / N)
        + w_Size size.

    A candidate, whose E and A use cnt itself, replaces the one with the largest positive
    difference of scores. If the set has one with the same entities, it can replace only
    that, and only if fewer attributes recur and the Jaccard does not fall.

    Parameters
    ----------
    redescriptions
        The candidates, in any order.
    params
        Weights and which Jaccard J is; `flexible`: a candidate that beats all by more than
        Q3 + 1.5 IQR of the differences between neighbouring scores is added instead.
    limit
        Size of the set.

    Returns
    -------
    tuple of Redescription
        The lowest score first.

    References
    ----------
    Specification of redescription mining, section 5.10.
    """
    candidates = Candidates.of(redescriptions)
    current = _Current(candidates, params)
    for row in range(len(candidates)):
        twin = current.twin(row)
        if twin is not None:
            if current.is_better_twin(row, twin):
                current.replace(twin, row)
            continue
        if len(current.rows) < limit:
            current.add(row)
            continue
        gains = current.scores() - current.score(row)
        if params.flexible and _is_outlier(gains):
            current.add(row)
        elif gains.max() > _ROUNDING:
            current.replace(int(gains.argmax()), row)
    order = np.argsort(np.round(current.scores(), 12), kind="stable")
    return candidates.at(current.rows[i] for i in order)


class _Current:
    """The set so far, and how often it holds each entity and attribute."""

    def __init__(self, candidates: Candidates, params: SelectParams) -> None:
        self.rows: list[int] = []
        self._supports = candidates.supports
        self._attributes = candidates.attribute_sets()
        self._n_entities = np.zeros(self._supports.n_elements, np.int64)
        self._n_attributes = np.zeros(self._attributes.n_elements, np.int64)
        self._weights = params.weights
        self._quality = candidates.quality(params.score)
        self._fixed = candidates.costs(params) + self._weights.p * candidates.p_costs()
        self._by_support: dict[bytes, int] = {}
        self._scores: Floats | None = None

    def add(self, row: int) -> None:
        self._count(row, 1)
        self._by_support[self._key(row)] = row
        self.rows.append(row)

    def replace(self, position: int, row: int) -> None:
        old = self.rows[position]
        self._count(old, -1)
        self._count(row, 1)
        del self._by_support[self._key(old)]
        self._by_support[self._key(row)] = row
        self.rows[position] = row

    def twin(self, row: int) -> int | None:
        """Position of the one with the same entities."""
        same = self._by_support.get(self._key(row))
        return None if same is None else self.rows.index(same)

    def is_better_twin(self, row: int, position: int) -> bool:
        old = self.rows[position]
        before, after = (
            int(self._n_attributes[_mask(self._attributes, one)].sum())
            for one in (old, row)
        )
        # Both are compared with the others only: the old one counts itself.
        own = _mask(self._attributes, old)
        before -= int(own.sum())
        after -= int((own & _mask(self._attributes, row)).sum())
        return after < before and bool(self._quality[row] >= self._quality[old])

    def scores(self) -> Floats:
        """Scores of the set; kept until it changes."""
        if self._scores is None:
            self._scores = np.array([self.score(row, own=1) for row in self.rows])
        return self._scores

    def score(self, row: int, own: int = 0) -> float:
        """Score of one redescription; `own` is what it adds to the counters itself."""
        entities = self._n_entities[_mask(self._supports, row)] - own
        attributes = self._n_attributes[_mask(self._attributes, row)] - own
        alone = np.count_nonzero(entities == 0) / max(1, self._supports.n_elements)
        weights = self._weights
        return float(
            self._fixed[row]
            + weights.entities * _ratio(entities, self._n_entities)
            + weights.attributes * _ratio(attributes, self._n_attributes)
            + weights.coverage * (1 - alone)
        )

    def _count(self, row: int, step: int) -> None:
        self._n_entities[_mask(self._supports, row)] += step
        self._n_attributes[_mask(self._attributes, row)] += step
        self._scores = None

    def _key(self, row: int) -> bytes:
        return bytes(self._supports.words[row])


def _mask(sets: Sets, row: int) -> Mask:
    return unpack(sets.words[row], sets.n_elements)


def _ratio(counts: Ints, counters: Ints) -> float:
    return int(counts.sum()) / max(1, int(counters.sum()))


def _is_outlier(gains: Floats) -> bool:
    """Whether all gains exceed what the nearest scores of the set usually differ by."""
    if gains.size < 2:
        return False
    steps = np.diff(np.sort(gains))
    before, after = np.append(np.inf, steps), np.append(steps, np.inf)
    low, high = np.quantile(np.minimum(before, after), [0.25, 0.75])
    return bool(gains.min() > max(_ROUNDING, high + 1.5 * (high - low)))
