"""The other queries of a redescription, as one query is judged against them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

from redescribe._kernels.bitset import intersection_size, set_size, union_size
from redescribe.core.measures import jaccard
from redescribe.core.missing import MissingPolicy
from redescribe.core.support import Support

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redescribe._typing import Words
    from redescribe.search.coded import CodedQuery


@dataclass(frozen=True, slots=True, eq=False)
class Others:
    """Sets that stand for any number of queries.

    Attributes
    ----------
    all_of, any_of
        Entities that satisfy all of them, at least one of them, packed.
    supports
        Of each, with unknown entities; empty where the policy does not ask for them.
    policy
        What unknown values mean for the Jaccard.
    """

    all_of: Words
    any_of: Words
    supports: tuple[Support, ...]
    policy: MissingPolicy

    @classmethod
    def of(cls, queries: Sequence[CodedQuery], policy: MissingPolicy) -> Others:
        """Return the sets of one or more queries."""
        satisfied = [query.satisfied() for query in queries]
        plain = policy is MissingPolicy.QUERY_NON_MISSING
        return cls(
            reduce(np.bitwise_and, satisfied),
            reduce(np.bitwise_or, satisfied),
            () if plain else tuple(query.support() for query in queries),
            policy,
        )

    @property
    def words(self) -> Words:
        """`all_of` and `any_of`, stacked: what kernels read."""
        return np.stack([self.all_of, self.any_of])

    def jaccard(self, query: CodedQuery) -> float:
        """Return the Jaccard of a query with the others."""
        if self.supports:
            return jaccard([query.support(), *self.supports], self.policy)
        words = query.satisfied()
        union = int(union_size(words, self.any_of))
        return int(intersection_size(words, self.all_of)) / union if union else 0.0

    def jaccard_of_everything(self, n_entities: int) -> float:
        """Return the Jaccard of a query that every entity satisfies."""
        if self.supports:
            everything = Support.everything(n_entities)
            return jaccard([everything, *self.supports], self.policy)
        return int(set_size(self.all_of)) / n_entities
