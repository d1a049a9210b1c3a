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


@dataclass(frozen=True, slots=True, eq=False)
class PackedSupports:
    """One row per distinct query, in the order in which the findings use them.

    A query of a partner holds for nearly the same entities as the one of the target: only
    where it differs (XOR) is stored, which compresses several times better.

    Attributes
    ----------
    positions
        Query -> its row.
    satisfied
        ndarray of uint64, shape (n_queries, n_words): the words, XOR those of `bases`.
    bases
        ndarray of uint32: a row above that was taken away, or `NO_BASE`.
    unknown_rows
        ndarray of uint32: queries that are unknown for some entity.
    unknown
        ndarray of uint64, shape (unknown_rows.size, n_words).
    """

    positions: dict[Query, int]
    satisfied: Words
    bases: np.ndarray[tuple[int], np.dtype[np.uint32]]
    unknown_rows: np.ndarray[tuple[int], np.dtype[np.uint32]]
    unknown: Words

    @classmethod
    def of(cls, assessed: AssessedSet, dataset: Dataset) -> PackedSupports:
        """Evaluate the queries of all findings on all entities."""
        positions, bases = _positions(assessed)
        words = np.zeros((len(positions), n_words(dataset.n_entities)), np.uint64)
        unknown_rows, unknown = [], []
        for query, row in positions.items():
            support = query.on(dataset.view(query.view))
            words[row] = support.satisfied
            if support.unknown.any():
                unknown_rows.append(row)
                unknown.append(support.unknown)
        for row in range(len(bases) - 1, -1, -1):  # a base is still whole when it is used
            if bases[row] != NO_BASE:
                words[row] ^= words[bases[row]]
        hidden = np.array(unknown, np.uint64).reshape(len(unknown), words.shape[1])
        return cls(
            positions,
            words,
            np.array(bases, np.uint32),
            np.array(unknown_rows, np.uint32),
            hidden,
        )

    def __len__(self) -> int:
        return len(self.positions)


def _positions(assessed: AssessedSet) -> tuple[dict[Query, int], list[int]]:
    """The row of each query, and its base: the first query of its first finding."""
    positions: dict[Query, int] = {}
    bases: list[int] = []
    for finding in assessed:
        queries: Sequence[Query] = finding.redescription.queries
        for number, query in enumerate(queries):
            if query not in positions:
                positions[query] = len(bases)
                bases.append(positions[queries[0]] if number else NO_BASE)
    return positions, bases
