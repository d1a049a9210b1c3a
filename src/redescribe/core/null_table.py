"""The best that searches of permuted entities find, target by target."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from redescribe.core.measures import adjusted_jaccard, expected_jaccard
from redescribe.core.resampling import Statistic

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from redescribe._typing import Floats
    from redescribe.core.redescription import Kind

Values = tuple[float, float, float]
"""One value per statistic, in the order of `Statistic`."""


@dataclass(frozen=True, slots=True, eq=False)
class NullTable:
    """The null distribution of the largest statistics of a search.

    Attributes
    ----------
    targets
        Names of the describable targets.
    kinds
        Kinds of redescriptions that were searched.
    maxima
        ndarray of float64, shape (n_permutations, n_targets, n_kinds, n_statistics): the
        largest value of each `Statistic`, `log_p` as -log10 of p; 0 where nothing passed
        the gates.
    """

    targets: tuple[str, ...]
    kinds: tuple[Kind, ...]
    maxima: Floats

    def __len__(self) -> int:
        return len(self.maxima)

    def of(self, statistic: Statistic) -> Floats:
        """Return the maxima of one statistic, (n_permutations, n_targets, n_kinds)."""
        values: Floats = self.maxima[..., tuple(Statistic).index(statistic)]
        return values


def statistics_of(
    jaccard: float, sizes: Sequence[int], n_entities: int, log10_p: float
) -> Values:
    """Return the value of each `Statistic` for one redescription on the mining part.

    >>> statistics_of(1.0, (5, 5), 10, -2.0)
    (1.0, 1.0, 2.0)
    """
    chance = expected_jaccard(sizes, n_entities)
    return adjusted_jaccard(jaccard, chance), jaccard, -log10_p


def maxima_of(found: Iterable[tuple[Kind, Values]], kinds: Sequence[Kind]) -> Floats:
    """Return the largest values of each kind, shape (n_kinds, n_statistics); 0 of none."""
    largest = np.zeros((len(kinds), len(Statistic)))
    for kind, values in found:
        row = largest[kinds.index(kind)]
        np.maximum(row, values, out=row)
    return largest


def log10_of(log_value: float) -> float:
    """Return a natural logarithm as one to the base 10."""
    return log_value / math.log(10)
