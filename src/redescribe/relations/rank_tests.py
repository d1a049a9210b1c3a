"""Mann-Whitney's test: whether the values of a cohort are larger or smaller."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from redescribe.relations.tested import Method, Tested
from redescribe.significance.asymptotic import log10_normal_tails

if TYPE_CHECKING:
    from redescribe._typing import Floats, Ints, Mask, Values

_FEW_ENTITIES = 8
"""Size of the smaller side below which the limiting law is not trusted, as in SciPy."""
_FEW_EXPECTED = 5
_MAX_EXACT_CELLS = 4_000_000
_BLOCK = 1_000_000


@dataclass(frozen=True, eq=False)
class Ranks:
    """Ranks of values, ties in the middle, doubled so that they are integers.

    Attributes
    ----------
    doubled
        ndarray of int64, shape (n_entities,).
    tied
        Entities of each distinct value, from low to high.

    Examples
    --------
    >>> Ranks.of(np.array([3.0, 1.0, 3.0])).doubled
    array([5, 2, 5])
    """

    doubled: Ints
    tied: Ints

    @classmethod
    def of(cls, values: Values) -> Ranks:
        """Return the ranks of values, of which none is missing."""
        order = np.argsort(values, kind="stable")
        ascending = values[order]
        is_first = np.ones(values.size, dtype=np.bool_)
        is_first[1:] = ascending[1:] != ascending[:-1]
        starts = np.flatnonzero(is_first)
        tied = np.diff(np.append(starts, values.size))
        doubled = np.empty(values.size, dtype=np.int64)
        doubled[order] = np.repeat(2 * starts + tied + 1, tied)
        return cls(doubled, tied.astype(np.int64))

    @cached_property
    def _distinct(self) -> Ints:
        """The doubled rank of each distinct value."""
        ends = np.cumsum(self.tied)
        return np.asarray(2 * ends - self.tied + 1)

    def auc(self, members: Mask) -> float | None:
        """Return P(member > other) + P(equal) / 2; None where one side is empty.

        >>> Ranks.of(np.array([1.0, 2.0, 3.0])).auc(np.array([False, True, True]))
        1.0
        """
        n_members = int(np.count_nonzero(members))
        n_others = members.size - n_members
        if not n_members or not n_others:
            return None
        u = int(self.doubled[members].sum()) / 2 - n_members * (n_members + 1) / 2
        return u / (n_members * n_others)

    def test(
        self, members: Mask, permutations: int, generator: np.random.Generator
    ) -> Tested | None:
        """Test whether the members are a random part of the entities, two-sided.

        Parameters
        ----------
        members
            ndarray of bool, shape (n_entities,).
        permutations
            Random divisions where neither the exact law is cheap nor the limit holds.
        generator
            Where they come from.

        Returns
        -------
        Tested or None
            None where one side is empty or all values are equal.

        Notes
        -----
        p is the chance of a rank sum at least as far from its mean. Exact, ties included,
        where counting all divisions is cheap; else the normal limit with corrections for
        ties and continuity, where the smaller side has 8 entities or more and 5 or more of
        them are expected not to have the most frequent value (many activations are 0);
        else random divisions.

        References
        ----------
        Mann and Whitney, 1947; Lehmann, Nonparametrics, 1975, on ties.

        Examples
        --------
        >>> ranks = Ranks.of(np.arange(6.0))
        >>> found = ranks.test(np.arange(6) > 2, 99, np.random.default_rng(0))
        >>> found.method.value, round(10**found.log10_p, 3)  # 2 of 20
        ('exact', 0.1)
        """
        n_entities = members.size
        is_smaller_inside = 2 * np.count_nonzero(members) <= n_entities
        chosen = self.doubled[members if is_smaller_inside else ~members]
        size = chosen.size
        if not size or self.tied.size < 2:
            return None
        distance = abs(int(chosen.sum()) - size * (n_entities + 1))
        counts = self._counts(size)
        if counts is not None:
            sums = np.arange(counts.size) + size * int(self.doubled.min())
            reached = np.abs(sums - size * (n_entities + 1)) >= distance
            p = float(counts[reached].sum()) / math.comb(n_entities, size)
            return Tested.alone(math.log10(min(1.0, p)), Method.EXACT)
        n_unlike = n_entities - int(self.tied.max())
        is_normal = size >= _FEW_ENTITIES and n_unlike * size >= _FEW_EXPECTED * n_entities
        if is_normal:
            return Tested.alone(self._normal_log10_p(distance, size), Method.NORMAL)
        drawn = self._drawn_sums(size, permutations, generator)
        reached = np.abs(drawn - size * (n_entities + 1)) >= distance
        p = (1 + int(np.count_nonzero(reached))) / (1 + permutations)
        return Tested.alone(math.log10(p), Method.PERMUTATION)

    def _counts(self, size: int) -> Floats | None:
        """Parts of this size by the sum of their scores; None where that is too costly.

        A score is a doubled rank less the smallest one. Cell s counts the parts of sum s.
        """
        scores = np.sort(self.doubled) - self.doubled.min()
        n_sums = int(scores[-size:].sum()) + 1
        if scores.size * (size + 1) * n_sums > _MAX_EXACT_CELLS:
            return None
        table = np.zeros((size + 1, n_sums))
        table[0, 0] = 1
        for score in scores.tolist():
            # From large parts to small ones: every entity is taken at most once.
            table[1:, score:] += table[:-1, : n_sums - score].copy()
        return np.asarray(table[size])

    def _normal_log10_p(self, distance: int, size: int) -> float:
        n = self.doubled.size
        ties = float((self.tied.astype(np.float64) ** 3 - self.tied).sum())
        variance = size * (n - size) / 12 * ((n + 1) - ties / (n * (n - 1)))
        return log10_normal_tails((distance / 2 - 0.5) / math.sqrt(variance))

    def _drawn_sums(
        self, size: int, permutations: int, generator: np.random.Generator
    ) -> Ints:
        """Sums of the doubled ranks of random parts of this size."""
        n_entities = self.doubled.size
        if size * size <= n_entities:
            return self._sums_of_draws(size, permutations, generator)
        # The frequent values first: what they leave of the part is drawn from few others.
        order = np.argsort(-self.tied, kind="stable")
        tied, ranks = self.tied[order], self._distinct[order]
        step = max(1, _BLOCK // tied.size)
        sums = [
            generator.multivariate_hypergeometric(
                tied, size, size=min(step, permutations - first)
            )
            @ ranks
            for first in range(0, permutations, step)
        ]
        return np.concatenate(sums)

    def _sums_of_draws(
        self, size: int, permutations: int, generator: np.random.Generator
    ) -> Ints:
        """The same for small parts: entities are drawn, those that repeat one again."""
        drawn = np.empty((permutations, size), dtype=np.int64)
        repeated = np.ones(permutations, dtype=np.bool_)
        while repeated.any():
            n_again = int(np.count_nonzero(repeated))
            drawn[repeated] = generator.integers(self.doubled.size, size=(n_again, size))
            ascending = np.sort(drawn, axis=1)
            repeated = (ascending[:, 1:] == ascending[:, :-1]).any(axis=1)
        return np.asarray(self.doubled[drawn].sum(axis=1))
