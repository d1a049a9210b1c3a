"""The search, again and again, on resampled entities, and what it finds once more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from redescribe._kernels.bitset import set_sizes
from redescribe._kernels.pairs import intersections
from redescribe.core.entities import units_of
from redescribe.mining.coded_target import CodedTarget
from redescribe.mining.neuron import search
from redescribe.search.coded import CodedQuery

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from redescribe._typing import Floats, Int32s, Ints, Words
    from redescribe.core.binned import BinnedView
    from redescribe.core.redescription import Redescription
    from redescribe.mining.tasks import Chunk, SearchInput, Target
    from redescribe.search.base import Candidate

_RECOVERY_STAGE = 3

PER_CHUNK = 5
"""Resamples that are searched and stored together."""


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """Findings of one target, to be found again.

    Attributes
    ----------
    target
        The target, coded.
    places
        ndarray of int64: their places in the family.
    supports
        ndarray of uint64, shape (n_findings, n_words): entities that satisfy all queries.
    """

    target: CodedTarget
    places: Ints
    supports: Words


@dataclass(frozen=True, slots=True, eq=False)
class RecoveryChunk:
    """Resamples that are searched, and stored, together; each is drawn by its number."""

    number: int
    searches: range
    wanted: tuple[Wanted, ...]
    shared: SearchInput
    units: tuple[Ints, ...]


def plan_recovery(
    chunks: Sequence[Chunk], family: Iterable[Redescription], n_resamples: int
) -> list[RecoveryChunk]:
    """Return the searches of resampled entities for the findings of an observed search.

    Parameters
    ----------
    chunks
        Of the observed search.
    family
        What is to be found again.
    n_resamples
        How often; whole groups are drawn where there are any.

    References
    ----------
    Specification of redescription mining, section 7.5.
    """
    shared = chunks[0].shared
    places: dict[tuple[str, str], list[int]] = {}
    supports: list[Words] = []
    for place, found in enumerate(family):
        places.setdefault((found.view, found.attribute), []).append(place)
        satisfied = [support.satisfied for support in found.supports]
        supports.append(np.bitwise_and.reduce(satisfied))
    wanted = tuple(
        Wanted(
            CodedTarget.of(target, shared),
            np.array(places[of_target]),
            np.array([supports[place] for place in places[of_target]]),
        )
        for chunk in chunks
        for target in chunk.targets
        if (of_target := _names(target)) in places
    )
    units = tuple(units_of(shared.part.entities))
    return [
        RecoveryChunk(
            number,
            range(start, min(start + PER_CHUNK, n_resamples)),
            wanted,
            shared,
            units,
        )
        for number, start in enumerate(range(0, n_resamples, PER_CHUNK))
    ]


def recovery_chunk(chunk: RecoveryChunk) -> tuple[int, Floats]:
    """Return the number of a chunk and the best Jaccard of each resample and finding.

    The Jaccard is that of the entities in all queries, of the finding and of what is found
    for its target, both among all entities of the mining part; 0 where nothing is found.

    Returns
    -------
    number
        Of the chunk.
    ndarray of float64
        Shape (n_resamples, n_findings).
    """
    n_findings = sum(some.places.size for some in chunk.wanted)
    best = np.zeros((len(chunk.searches), n_findings))
    for row, number in zip(best, chunk.searches, strict=True):
        seed = np.random.SeedSequence(
            chunk.shared.params.seed, spawn_key=(_RECOVERY_STAGE, number)
        )
        positions = _resample(chunk.units, np.random.default_rng(seed))
        resampled = chunk.shared.at(dict.fromkeys(chunk.shared.binned, positions))
        for some in chunk.wanted:
            target = some.target.at(positions)
            candidates = [found for _, found in search(target, resampled).candidates]
            if candidates:
                original = _originals(target, resampled, some.target, chunk.shared)
                found = np.array([_shared(one, original) for one in candidates])
                row[some.places] = _jaccards(some.supports, found).max(axis=1)
    return chunk.number, best


def _names(target: Target) -> tuple[str, str]:
    return target.view, target.attribute


def _resample(units: Sequence[Ints], generator: np.random.Generator) -> Ints:
    """As many units as there are, drawn with replacement."""
    chosen = generator.integers(0, len(units), len(units))
    return np.concatenate([units[unit] for unit in chosen.tolist()])


def _originals(
    target: CodedTarget, resampled: SearchInput, known: CodedTarget, shared: SearchInput
) -> Mapping[int, BinnedView]:
    """For each view of resampled entities, by identity, that of the original ones."""
    pairs = [(resampled.binned[name], view) for name, view in shared.binned.items()]
    pairs += [(target.own, known.own), (target.grid, known.grid)]
    return {id(drawn): view for drawn, view in pairs}


def _shared(candidate: Candidate, original: Mapping[int, BinnedView]) -> Words:
    """The original entities that satisfy all queries of a candidate."""
    satisfied = [
        CodedQuery(
            original[id(query.view)], query.literals, query.terms, query.negated
        ).satisfied()
        for query in candidate.queries
    ]
    words: Words = np.bitwise_and.reduce(satisfied)
    return words


def _jaccards(left: Words, right: Words) -> Floats:
    """The Jaccard of each set on the left with each on the right."""
    left_sizes, right_sizes = _sizes(left), _sizes(right)
    shared = np.empty((len(left), len(right)), np.int32)
    intersections(left, left_sizes, right, right_sizes, 0.0, shared)
    union = left_sizes[:, None] + right_sizes[None, :] - shared
    jaccards: Floats = shared / np.maximum(union, 1)
    return jaccards


def _sizes(sets: Words) -> Int32s:
    sizes = np.empty(len(sets), np.int32)
    set_sizes(sets, sizes)
    return sizes
