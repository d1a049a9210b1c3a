"""The search, again and again, on entities that are permuted in each view."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from redescribe.core.dataset import strata_of
from redescribe.core.exchange import Exchange
from redescribe.core.null_table import NullTable, log10_of, maxima_of, statistics_of
from redescribe.core.redescription import Kind
from redescribe.core.resampling import Statistic
from redescribe.errors import ParameterError
from redescribe.executors.serial import SerialExecutor
from redescribe.mining.coded_target import CodedTarget, reason_against
from redescribe.mining.neuron import search
from redescribe.mining.params import MineParams
from redescribe.mining.tasks import plan_chunks

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from redescribe._typing import Floats, Ints
    from redescribe.core.dataset import Dataset
    from redescribe.core.null_table import Values
    from redescribe.core.protocols import Executor
    from redescribe.mining.tasks import Chunk, SearchInput
    from redescribe.search.base import Candidate

_PERMUTATION_STAGE = 2

PER_CHUNK = 5
"""Permutations that are searched and stored together."""


@dataclass(frozen=True, slots=True, eq=False)
class NullChunk:
    """Permutations that are searched, and stored, together.

    Attributes
    ----------
    number
        Of the chunk.
    searches
        Numbers of the permutations; each is drawn by its number alone.
    targets
        The describable ones.
    shared
        The input of the observed search.
    exchange
        What is permuted with what.
    """

    number: int
    searches: range
    targets: tuple[CodedTarget, ...]
    shared: SearchInput
    exchange: Exchange


def search_null(
    dataset: Dataset,
    params: MineParams | None = None,
    *,
    n_permutations: int = 199,
    within: str = "",
    executor: Executor | None = None,
) -> NullTable:
    """Return what the search of `mine` finds at best where the views are unrelated.

    The rows of every view of the mining part are permuted on their own, so that what holds
    within a view stays and what relates two views goes; each time the whole search runs
    with the same bins, settings and gates.

    Parameters
    ----------
    dataset, params
        As in `mine`.
    n_permutations
        How often.
    within
        VIEW:ATTRIBUTE: entities change places with those of the same value only, which
        asks for agreement beyond that attribute.
    executor
        Where chunks of permutations run; the result does not depend on it.

    Raises
    ------
    ParameterError
        If there are fewer arrangements of the entities than searches.

    References
    ----------
    Specification of redescription mining, section 7.4.

    Examples
    --------
    >>> from redescribe.core.dataset import Dataset
    >>> from redescribe.core.entities import SplitParams
    >>> from redescribe.core.view import View
    >>> values = np.random.default_rng(0).normal(size=(100, 1))
    >>> views = [View.of("x", values), View.of("y", 2 * values)]
    >>> data = Dataset.of(views, SplitParams(hold_out=0))
    >>> nulls = search_null(data, MineParams(targets=["x"]), n_permutations=9)
    >>> nulls.targets, bool((nulls.maxima < 1).any())
    (('x:x0',), True)
    """
    chunks = plan_chunks(dataset, params or MineParams())
    planned = plan_null(chunks, n_permutations, within=within)
    run = (executor or SerialExecutor()).map
    return null_table(planned, [maxima for _, maxima in run(null_chunk, planned)])


def plan_null(
    chunks: Sequence[Chunk], n_permutations: int, *, within: str = ""
) -> list[NullChunk]:
    """Return the searches of permuted entities that belong to an observed search.

    Raises
    ------
    ParameterError, UnknownNameError
        As `search_null`.
    """
    if not n_permutations:
        return []
    shared = chunks[0].shared
    strata = strata_of(shared.part.views, within, parameter="permute_within")
    exchange = Exchange.of(shared.part.entities, strata)
    if exchange.n_arrangements <= n_permutations:
        em = (
            f"{n_permutations} permutations need as many arrangements of the "
            f"{shared.part.n_entities} mining entities and the observed one, but there are "
            f"{exchange.n_arrangements}: groups change places with groups of their size "
            "only, and within strata with those of the same labels. Ask for fewer "
            "(--permutations), or permute among all (no --permute-within)."
        )
        raise ParameterError(em)
    targets = coded_targets(chunks)
    return [
        NullChunk(
            number,
            range(start, min(start + PER_CHUNK, n_permutations)),
            targets,
            shared,
            exchange,
        )
        for number, start in enumerate(range(0, n_permutations, PER_CHUNK))
    ]


def coded_targets(chunks: Sequence[Chunk]) -> tuple[CodedTarget, ...]:
    """Return the describable targets of all chunks, coded."""
    return tuple(
        CodedTarget.of(target, chunk.shared)
        for chunk in chunks
        for target in chunk.targets
        if reason_against(target, chunk.shared) is None
    )


def null_chunk(chunk: NullChunk) -> tuple[int, Floats]:
    """Return the number of a chunk and the maxima of its permutations."""
    maxima = [
        best_of_each(
            (target.at(positions[target.target.view]) for target in chunk.targets),
            chunk.shared.at(positions),
        )
        for positions in positions_of(chunk)
    ]
    return chunk.number, np.stack(maxima)


def best_of_each(targets: Iterable[CodedTarget], shared: SearchInput) -> Floats:
    """Return the largest statistics of each target, (n_targets, n_kinds, n_statistics)."""
    kinds = searched_kinds(shared)
    maxima = [
        maxima_of(
            (
                (kind, _statistics(candidate, shared))
                for kind, candidate in search(target, shared).candidates
            ),
            kinds,
        )
        for target in targets
    ]
    return np.array(maxima).reshape(len(maxima), len(kinds), len(Statistic))


def null_table(chunks: Sequence[NullChunk], maxima: Sequence[Floats]) -> NullTable:
    """Return the maxima of all chunks as one table."""
    first = chunks[0]
    names, kinds = names_of(first), searched_kinds(first.shared)
    n_searches = sum(len(chunk.searches) for chunk in chunks)
    shape = (n_searches, len(names), len(kinds), len(Statistic))
    return NullTable(names, kinds, np.concatenate(maxima).reshape(shape))


def names_of(chunk: NullChunk) -> tuple[str, ...]:
    """Return how the run calls the targets of a chunk."""
    part = chunk.shared.part
    return tuple(
        part.view(coded.target.view).target_name(coded.target.attribute)
        for coded in chunk.targets
    )


def searched_kinds(shared: SearchInput) -> tuple[Kind, ...]:
    """Return the kinds of redescriptions that a search looks for."""
    interactions = shared.params.search.alternation.interactions
    return tuple(Kind) if interactions else (Kind.INDIVIDUAL,)


def positions_of(chunk: NullChunk) -> list[dict[str, Ints]]:
    """Return, for each permutation of a chunk, who takes the place of whom in each view."""
    seed = chunk.shared.params.seed
    return [
        {
            # Named, not numbered: another view more must not change the others.
            view: chunk.exchange.draw(
                np.random.default_rng(
                    np.random.SeedSequence(
                        seed,
                        spawn_key=(_PERMUTATION_STAGE, number, zlib.crc32(view.encode())),
                    )
                )
            )
            for view in chunk.shared.binned
        }
        for number in chunk.searches
    ]


def _statistics(candidate: Candidate, shared: SearchInput) -> Values:
    return statistics_of(
        candidate.jaccard,
        candidate.sizes,
        shared.part.n_entities,
        log10_of(candidate.log_p),
    )
