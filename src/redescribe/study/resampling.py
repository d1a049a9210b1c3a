"""Searches of permuted and of resampled entities, chunk by chunk into the run folder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

import numpy as np

from redescribe.mining.null_search import names_of, null_chunk, null_table, searched_kinds
from redescribe.mining.recovery import plan_recovery, recovery_chunk
from redescribe.significance.permutation import with_search_p
from redescribe.significance.stability import with_recovery, with_stability
from redescribe.store.fingerprint import stage_key
from redescribe.store.resamples import SearchTable
from redescribe.study.progress import stage, timed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from redescribe._typing import Floats
    from redescribe.core.assessed import AssessedSet
    from redescribe.core.dataset import Dataset
    from redescribe.core.null_table import NullTable
    from redescribe.core.protocols import Executor, Progress
    from redescribe.core.redescription import RedescriptionSet
    from redescribe.mining.null_search import NullChunk
    from redescribe.mining.tasks import Chunk
    from redescribe.significance.resample_params import ResampleParams
    from redescribe.store.run import RunFolder

RESAMPLE_VERSION = "1"
"""Changes when the same inputs and parameters give other permutations or resamples."""


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
    """

    run: RunFolder
    executor: Executor
    progress: Progress | None
    chunks: Sequence[Chunk]
    null_chunks: Sequence[NullChunk]

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
        if params.permutations:
            within = params.permute_within
            assessed = with_search_p(
                assessed,
                mined,
                self._nulls(within),
                statistic=params.permutation_statistic,
                within=within,
            )
        if params.recovery:
            assessed = with_recovery(assessed, self._recovered(assessed, params.recovery))
        return assessed

    def _nulls(self, within: str) -> NullTable:
        first = self.null_chunks[0]
        table = SearchTable.of_nulls(
            self.run.path,
            names_of(first),
            searched_kinds(first.shared),
            stage_key(RESAMPLE_VERSION, self.run.key, within),
        )
        with timed(self.run, "permuting"):
            maxima = self._searched(
                table, self.null_chunks, null_chunk, "Searching permuted entities"
            )
        nulls = null_table(self.null_chunks, maxima)
        table.write(nulls.maxima)
        return nulls

    def _recovered(self, assessed: AssessedSet, n_resamples: int) -> Floats:
        family = [finding.redescription for finding in assessed]
        table = SearchTable.of_recovery(
            self.run.path,
            [found.key for found in family],
            stage_key(RESAMPLE_VERSION, self.run.key),
        )
        planned = plan_recovery(self.chunks, family, n_resamples)
        with timed(self.run, "recovering"):
            best = self._searched(
                table, planned, recovery_chunk, "Searching resampled entities"
            )
        joined = np.concatenate(best)[..., 0]
        table.write(joined)
        return joined

    def _searched(
        self,
        table: SearchTable,
        chunks: Sequence[Some],
        search: Callable[[Some], tuple[int, Floats]],
        title: str,
    ) -> list[Floats]:
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
        return [table.read_part(chunk.number, len(chunk.searches)) for chunk in chunks]
