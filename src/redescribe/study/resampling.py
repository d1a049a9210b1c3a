"""Searches of changed entities and of null networks, chunk by chunk into the run folder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

import numpy as np

from redescribe.mining.null_networks import network_chunk
from redescribe.mining.null_search import (
    PER_CHUNK,
    names_of,
    null_chunk,
    null_table,
    searched_kinds,
)
from redescribe.mining.recovery import plan_recovery, recovery_chunk
from redescribe.significance.null_networks import with_null_networks
from redescribe.significance.permutation import with_search_p
from redescribe.significance.stability import with_recovery, with_stability
from redescribe.store import schema
from redescribe.store.fingerprint import stage_key, view_fingerprint
from redescribe.store.resamples import SearchTable, write_null_networks
from redescribe.study.progress import stage, timed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from redescribe._typing import Floats
    from redescribe.core.assessed import AssessedSet
    from redescribe.core.dataset import Dataset
    from redescribe.core.network_null import NullSeries
    from redescribe.core.null_table import NullTable
    from redescribe.core.protocols import Executor, Progress
    from redescribe.core.redescription import RedescriptionSet
    from redescribe.mining.null_networks import NetworkSearches
    from redescribe.mining.null_search import NullChunk
    from redescribe.mining.tasks import Chunk
    from redescribe.significance.resample_params import ResampleParams
    from redescribe.store.run import RunFolder

RESAMPLE_VERSION = "1"
"""Changes when the same inputs and parameters give other permutations or resamples."""

_PERMUTED = "Searching permuted entities"


class Searches(Protocol):
    """Searches of permuted or resampled entities that are done and stored together."""

    @property
    def number(self) -> int:
        """Of the chunk."""

    @property
    def searches(self) -> range:
        """Numbers of the searches."""


Some = TypeVar("Some", bound=Searches)


@dataclass(frozen=True, slots=True, eq=False)
class Resampler:
    """Where repeated searches are kept, where they run, and who hears of them.

    Attributes
    ----------
    run
        Keeps the parts: what is done there is not done again.
    executor, progress
        As in `run_stages`.
    chunks
        The observed search.
    null_chunks
        Its searches of permuted entities; none if not asked for.
    null_networks
        Its searches of null networks, for each that is replaced; none if not asked for.
    """

    run: RunFolder
    executor: Executor
    progress: Progress | None
    chunks: Sequence[Chunk]
    null_chunks: Sequence[NullChunk]
    null_networks: Sequence[NetworkSearches] = ()

    def resample(
        self,
        assessed: AssessedSet,
        mined: RedescriptionSet,
        dataset: Dataset,
        params: ResampleParams,
    ) -> AssessedSet:
        """Return the findings with what permutations and resamples say about them."""
        if params.bootstrap:
            assessed = with_stability(assessed, dataset, params.bootstrap)
        statistic, nulls = params.permutation_statistic, None
        if params.permutations:
            within = params.permute_within
            nulls = self._nulls(within)
            assessed = with_search_p(
                assessed, mined, nulls, statistic=statistic, within=within
            )
        if self.null_networks:
            series = self._networks()
            assessed = with_null_networks(
                assessed, mined, series, statistic=statistic, permuted=nulls
            )
        if params.recovery:
            assessed = with_recovery(assessed, self._recovered(assessed, params.recovery))
        return assessed

    def search_permuted(self, within: str) -> None:
        """Search the permuted entities of the chunks without a part, and store these."""
        if self.null_chunks:
            self._search(self._nulls_of(within), self.null_chunks, null_chunk, _PERMUTED)

    def _nulls_of(self, within: str) -> SearchTable:
        first = self.null_chunks[0]
        return SearchTable.of_nulls(
            self.run.path,
            names_of(first),
            searched_kinds(first.shared),
            permuted_key(self.run.key, within),
        )

    def _nulls(self, within: str) -> NullTable:
        table = self._nulls_of(within)
        with timed(self.run, "permuting"):
            self._search(table, self.null_chunks, null_chunk, _PERMUTED)
        nulls = null_table(self.null_chunks, _read(table, self.null_chunks))
        table.write(nulls.maxima)
        return nulls

    def _networks(self) -> tuple[NullSeries, ...]:
        tables = [self._table_of(one) for one in self.null_networks]
        series = []
        with timed(self.run, "replacing"):
            for table, one in zip(tables, self.null_networks, strict=True):
                chunks = one.chunks()
                title = f"Searching with {one.partner.name} {one.null}"
                self._search(table, chunks, network_chunk, title)
                series.append(one.table(_read(table, chunks)))
        maxima = [one.searches.maxima for one in series]
        write_null_networks(self.run.path, zip(tables, maxima, strict=True))
        return tuple(series)

    def _table_of(self, searches: NetworkSearches) -> SearchTable:
        fingerprints = map(view_fingerprint, searches.untrained)
        return SearchTable.of_null_networks(
            self.run.path,
            (searches.null, searches.partner.name),
            searches.names,
            searches.kinds,
            key=stage_key(RESAMPLE_VERSION, self.run.key, *fingerprints),
        )

    def _recovered(self, assessed: AssessedSet, n_resamples: int) -> Floats:
        family = [finding.redescription for finding in assessed]
        table = SearchTable.of_recovery(
            self.run.path,
            [found.key for found in family],
            stage_key(RESAMPLE_VERSION, self.run.key),
        )
        planned = plan_recovery(self.chunks, family, n_resamples)
        with timed(self.run, "recovering"):
            self._search(table, planned, recovery_chunk, "Searching resampled entities")
        joined = np.concatenate(_read(table, planned))[..., 0]
        table.write(joined)
        return joined

    def _search(
        self,
        table: SearchTable,
        chunks: Sequence[Some],
        search: Callable[[Some], tuple[int, Floats]],
        title: str,
    ) -> None:
        """Search the chunks without a part; each is stored before the next is awaited."""
        pending = [
            chunk
            for chunk in chunks
            if not table.has_part(chunk.number, len(chunk.searches))
        ]
        first = {chunk.number: chunk.searches.start for chunk in pending}
        n_searches, n_pending = (
            sum(len(chunk.searches) for chunk in some) for some in (chunks, pending)
        )
        with stage(self.progress, title, n_searches) as advance:
            advance(n_searches - n_pending)
            for number, values in self.executor.map(search, pending):
                table.write_part(number, first[number], values)
                advance(len(values))


def permuted_key(run_key: str, within: str) -> str:
    """Return the stage key of the searches of permuted entities of a run."""
    return stage_key(RESAMPLE_VERSION, run_key, within)


def has_permuted_part(run: RunFolder, number: int, params: ResampleParams) -> bool:
    """Return whether the part of a chunk of permutations is there; nothing is changed."""
    key = permuted_key(run.key, params.permute_within)
    table = SearchTable(run.path, schema.NULLS, schema.NULL_ROWS, (), key)
    n_searches = min(PER_CHUNK, params.permutations - number * PER_CHUNK)
    return table.has_part(number, n_searches, remove=False)


def _read(table: SearchTable, chunks: Sequence[Some]) -> list[Floats]:
    return [table.read_part(chunk.number, len(chunk.searches)) for chunk in chunks]
