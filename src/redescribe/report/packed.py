"""The supports of all queries of the findings over all entities, each query once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from redescribe.core.support import n_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redescribe._typing import Words
    from redescribe.core.assessed import AssessedSet
    from redescribe.core.dataset import Dataset
    from redescribe.core.query import Query

NO_BASE = 0xFFFFFFFF
"""Marks a query whose words are stored as they are."""
_MOST_ALIKE = 8
"""Earlier queries about the same attributes that are tried."""

UInt32s = np.ndarray[tuple[int], np.dtype[np.uint32]]


@dataclass(frozen=True, slots=True, eq=False)
class PackedSupports:
    """One row per distinct query, in the order in which the findings use them.

    A query often holds for nearly the same entities, or for nearly all others, as one that
    is stored already: its partner, or another cut of the same attributes. Then only where
    the two differ (XOR) is stored, which compresses several times better.

    Attributes
    ----------
    positions
        Query -> its row.
    satisfied
        ndarray of uint64, shape (n_queries, n_words): the words, XOR those of `bases`.
    bases
        ndarray of uint32: an earlier row, or `NO_BASE`.
    unknown_rows
        ndarray of uint32: queries that are unknown for some entity.
    unknown
        ndarray of uint64, shape (unknown_rows.size, n_words).
    """

    positions: dict[Query, int]
    satisfied: Words
    bases: UInt32s
    unknown_rows: UInt32s
    unknown: Words

    @classmethod
    def of(
        cls, assessed: AssessedSet, dataset: Dataset, *, alike: bool = True
    ) -> PackedSupports:
        """Evaluate the queries of all findings on all entities.

        Without `alike`, every row is stored as it is: for readers of single rows.
        """
        positions, partners = _positions(assessed)
        words = np.zeros((len(positions), n_words(dataset.n_entities)), np.uint64)
        unknown_rows, unknown = [], []
        for query, row in positions.items():
            support = query.on(dataset.view(query.view))
            words[row] = support.satisfied
            if support.unknown.any():
                unknown_rows.append(row)
                unknown.append(support.unknown)
        bases = np.full(len(positions), NO_BASE, np.uint32)
        if alike:
            bases = _bases(list(positions), partners, words, dataset.n_entities)
        stored = words.copy()
        has_base = bases != NO_BASE
        stored[has_base] ^= words[bases[has_base]]
        hidden = np.array(unknown, np.uint64).reshape(len(unknown), words.shape[1])
        return cls(positions, stored, bases, np.array(unknown_rows, np.uint32), hidden)

    def __len__(self) -> int:
        return len(self.positions)


def _positions(assessed: AssessedSet) -> tuple[dict[Query, int], list[int]]:
    """The row of each query, and that of the first query of its first finding."""
    positions: dict[Query, int] = {}
    partners: list[int] = []
    for finding in assessed:
        queries: Sequence[Query] = finding.redescription.queries
        for query in queries:
            if query not in positions:
                positions[query] = len(partners)
                partners.append(positions[queries[0]])
    return positions, partners


def _bases(
    queries: Sequence[Query], partners: Sequence[int], words: Words, n_entities: int
) -> UInt32s:
    """For each row an earlier one that it differs from in few or in nearly all entities."""
    bases = np.full(len(queries), NO_BASE, np.uint32)
    recent: dict[tuple[str, tuple[str, ...]], list[int]] = {}
    for row, query in enumerate(queries):
        alike = recent.setdefault((query.view, query.attributes), [])
        candidates = [*({partners[row]} - {row}), *alike[-_MOST_ALIKE:]]
        # The row itself stands for no base: its own words are what would be stored.
        differences = np.vstack([words[row], words[row] ^ words[candidates]])
        sizes = np.bitwise_count(differences).sum(axis=1, dtype=np.int64)
        best = int(np.minimum(sizes, n_entities - sizes).argmin())
        if best:
            bases[row] = candidates[best - 1]
        alike.append(row)
    return bases
