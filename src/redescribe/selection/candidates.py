"""Redescriptions as arrays: what every strategy computes with."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

from redescribe._kernels.bitset import set_sizes
from redescribe._kernels.pairs import intersections
from redescribe.core.measures import jaccard
from redescribe.core.missing import MissingPolicy
from redescribe.core.support import check_same_entities, n_words, unpack
from redescribe.selection.params import Score

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from redescribe._typing import Floats, Int32s, Ints, Mask, Words
    from redescribe.core.redescription import Kind, Redescription
    from redescribe.selection.params import SelectParams

TargetKind = tuple[str, str, "Kind"]
"""View and attribute of a target, and the kind of its description."""
Question = tuple[TargetKind, frozenset[str]]
"""One target, one kind, one set of views: what redescriptions compete to answer."""

# 10^-17 is the least p-value that a score tells apart, about the precision of a float.
_P_DIGITS = 17
_BLOCK_BITS = 1 << 23


@dataclass(frozen=True, slots=True, eq=False)
class Sets:
    """Packed sets of one universe.

    Attributes
    ----------
    words
        ndarray of uint64, shape (n_sets, n_words).
    sizes
        ndarray of int32, shape (n_sets,).
    n_elements
        Size of the universe.
    """

    words: Words
    sizes: Int32s
    n_elements: int

    @classmethod
    def of(cls, words: Words, n_elements: int) -> Sets:
        """Return packed sets with their sizes."""
        sizes = np.empty(len(words), np.int32)
        set_sizes(words, sizes)
        return cls(words, sizes, n_elements)

    def jaccards_with(self, position: int) -> Floats:
        """Return the Jaccard of every set with one of them; 0 where both are empty."""
        one = slice(position, position + 1)
        shared = self.shared_with(self.words[one])
        union = self.sizes + self.sizes[position] - shared
        jaccards: Floats = shared / np.maximum(union, 1)
        return jaccards

    def shared_with(self, one: Words) -> Int32s:
        """Return the size of the intersection of every set with one, shape (1, n_words)."""
        shared = np.empty((1, len(self.words)), np.int32)
        size = np.zeros(1, np.int32)
        intersections(one, size, self.words, self.sizes, 0.0, shared)
        counts: Int32s = shared[0]
        return counts

    def popularity(self) -> Floats:
        """Return the sum of the frequencies of a set's elements, as a share of all.

        The frequency of an element is the number of sets that hold it.
        """
        frequencies = np.zeros(self.n_elements, np.int64)
        for _, masks in self._unpacked():
            frequencies += masks.sum(axis=0, dtype=np.int64)
        # Sums of whole numbers below 2^53: exact, so no order of summing can matter.
        values = frequencies.astype(np.float64)
        sums = np.zeros(len(self.words))
        for block, masks in self._unpacked():
            sums[block] = masks @ values
        return sums / max(1.0, float(values.sum()))

    def _unpacked(self) -> Iterator[tuple[slice, Mask]]:
        """Blocks of sets as Booleans: all at once would not fit for large families."""
        size = max(1, _BLOCK_BITS // max(1, self.n_elements))
        for start in range(0, len(self.words), size):
            block = slice(start, start + size)
            yield block, unpack(self.words[block], self.n_elements)


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Redescriptions in a total order, and what they are judged by.

    Attributes
    ----------
    redescriptions
        Larger cautious Jaccard first, then fewer literals, fewer NOTs, the text.
    supports
        The entities that satisfy all queries of each.
    jaccard, adjusted_jaccard, cautious_jaccard
        On the mining part, less the penalty of each, shape (n_candidates,).
    n_literals
        ndarray of int64, shape (n_candidates,).
    """

    redescriptions: tuple[Redescription, ...]
    supports: Sets
    jaccard: Floats
    adjusted_jaccard: Floats
    cautious_jaccard: Floats
    n_literals: Ints

    @classmethod
    def of(cls, redescriptions: Iterable[Redescription]) -> Candidates:
        """Put redescriptions in order and take them apart.

        Raises
        ------
        EntityMismatchError
            If they were mined on different numbers of entities.
        """
        found = list(redescriptions)
        check_same_entities([r.supports[0] for r in found])
        n_entities = found[0].supports[0].n_entities if found else 0
        lengths = np.array([len(r) for r in found], np.int64)
        mined = [r.mined for r in found]
        values = np.array(
            [
                (one.jaccard, one.adjusted_jaccard, one.cautious_jaccard(len(r)))
                for r, one in zip(found, mined, strict=True)
            ]
        ).reshape(-1, 3)
        values -= np.array([[r.penalty] for r in found]).reshape(-1, 1)
        ranks = [
            (-values[i, 2], lengths[i], _n_negations(r), *_name(r))
            for i, r in enumerate(found)
        ]
        order = np.array(sorted(range(len(found)), key=ranks.__getitem__), np.int64)
        found = [found[i] for i in order]
        shared = np.empty((len(found), n_words(n_entities)), np.uint64)
        for row, redescription in zip(shared, found, strict=True):
            row[:] = reduce(
                np.bitwise_and, [support.satisfied for support in redescription.supports]
            )
        return cls(
            tuple(found),
            Sets.of(shared, n_entities),
            values[order, 0],
            values[order, 1],
            values[order, 2],
            lengths[order],
        )

    def __len__(self) -> int:
        return len(self.redescriptions)

    def at(self, positions: Iterable[int]) -> tuple[Redescription, ...]:
        """Return the redescriptions at these positions."""
        return tuple(self.redescriptions[i] for i in positions)

    def costs(self, params: SelectParams) -> Floats:
        """Return w_J (1 - J) + w_Size size: what no other choice changes."""
        weights = params.weights
        quality = self.quality(params.score)
        lengths = np.minimum(1, self.n_literals / params.size_norm)
        return weights.jaccard * (1 - quality) + weights.size * lengths

    def quality(self, score: Score) -> Floats:
        """Return the Jaccard that counts."""
        return {
            Score.JACCARD: self.jaccard,
            Score.ADJUSTED: self.adjusted_jaccard,
            Score.CAUTIOUS: self.cautious_jaccard,
        }[score]

    def p_costs(self) -> Floats:
        """Return max(0, 1 + log10(p) / 17): 0 from p = 10^-17 down, 1 for p = 1."""
        logs = np.array([r.log10_p_mined for r in self.redescriptions], np.float64)
        return np.clip(1 + logs / _P_DIGITS, 0, 1)

    def doubts(self) -> Floats:
        """Return J_rejective - J_pessimistic: 0 without missing values."""
        doubts = np.zeros(len(self))
        for row, redescription in enumerate(self.redescriptions):
            if any(support.unknown.any() for support in redescription.supports):
                low, high = (
                    jaccard(redescription.supports, policy)
                    for policy in (MissingPolicy.PESSIMISTIC, MissingPolicy.REJECTIVE)
                )
                doubts[row] = high - low
        return doubts

    def attribute_sets(self) -> Sets:
        """Return the (view, attribute) pairs of each, as sets."""
        numbers: dict[tuple[str, str], int] = {}
        pairs = [
            (row, numbers.setdefault(attribute, len(numbers)))
            for row, redescription in enumerate(self.redescriptions)
            for attribute in attributes_of(redescription)
        ]
        rows, columns = np.array(pairs, np.int64).reshape(-1, 2).T
        words = np.zeros((len(self), n_words(len(numbers))), np.uint64)
        bits = np.left_shift(np.uint64(1), (columns % 64).astype(np.uint64))
        np.bitwise_or.at(words, (rows, columns // 64), bits)
        return Sets.of(words, len(numbers))


def attributes_of(redescription: Redescription) -> frozenset[tuple[str, str]]:
    """Return the (view, attribute) pairs that occur."""
    return frozenset(
        (query.view, attribute)
        for query in redescription.queries
        for attribute in query.attributes
    )


def target_kind(redescription: Redescription) -> TargetKind:
    """Return the target and the kind."""
    return redescription.view, redescription.attribute, redescription.kind


def question(redescription: Redescription) -> Question:
    """Return what a redescription answers: no other one competes with it.

    What a neuron means in the attributes and in another network are two questions, so the
    same entities may be told of once in each.
    """
    views = frozenset(query.view for query in redescription.queries)
    return target_kind(redescription), views


def _n_negations(redescription: Redescription) -> int:
    return sum(term.negated for query in redescription.queries for term in query.terms)


def _name(redescription: Redescription) -> Sequence[str]:
    """What tells apart redescriptions of one Jaccard, length and number of NOTs."""
    return str(redescription), *target_kind(redescription)
