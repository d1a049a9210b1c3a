"""How far a run is: which chunks are done, which are left, and whose they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from redescribe.executors.shards import Shard
from redescribe.significance.resample_params import ResampleParams
from redescribe.store.files import RUN_AGAIN, reading
from redescribe.store.fingerprint import parameters_of
from redescribe.store.run import RunFolder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from os import PathLike

    from redescribe.store.schema import JSON

_SHOWN = 10


@dataclass(frozen=True, slots=True)
class SearchStatus:
    """How far one kind of search is.

    Attributes
    ----------
    name
        `mine`, or `permute`: the searches of permuted entities.
    n_chunks
        All of its chunks.
    left
        Numbers of those that are not done, ascending.
    """

    name: str
    n_chunks: int
    left: tuple[int, ...]

    @property
    def n_done(self) -> int:
        """Chunks that are done."""
        return self.n_chunks - len(self.left)

    def by_shard(self, n_shards: int) -> dict[Shard, tuple[int, int]]:
        """Return for each of so many shards how many chunks are left, and its chunks.

        >>> SearchStatus("mine", 5, (1, 3)).by_shard(2)[Shard(1, 2)]
        (2, 2)
        """
        shards = [Shard(number, n_shards) for number in range(n_shards)]
        return {
            shard: (
                sum(map(shard.takes, self.left)),
                sum(map(shard.takes, range(self.n_chunks))),
            )
            for shard in shards
        }

    def __str__(self) -> str:
        numbers = ", ".join(map(str, self.left[:_SHOWN]))
        more = ", …" if len(self.left) > _SHOWN else ""
        return (
            f"{len(self.left)} of {self.n_chunks} chunks of {self.name} ({numbers}{more})"
        )


@dataclass(frozen=True, slots=True)
class RunStatus:
    """How far a run is.

    Attributes
    ----------
    searches
        What is searched chunk by chunk, in order.
    stages
        State of the stages as `run.json` has it: `mine`, `select`, `assess`, `resample`.
    finished
        Whether the findings are there, with all that was asked for.
    """

    searches: tuple[SearchStatus, ...]
    stages: tuple[tuple[str, str], ...]
    finished: bool

    @property
    def searched(self) -> bool:
        """Whether no chunk is left: the run can be merged."""
        left = any(search.left for search in self.searches)
        return self.finished or (bool(self.searches) and not left)

    @property
    def left(self) -> str:
        """What is left to do, as one line; empty if nothing is."""
        if self.finished:
            return ""
        if self.searched:
            return "Left: to choose the findings and test them (redescribe merge)."
        if not self.searches:
            return "Left: unknown, for its chunks were not counted; mine it again."
        chunks = " and ".join(str(search) for search in self.searches if search.left)
        return f"Left: {chunks}, then redescribe merge."

    def record(self) -> dict[str, JSON]:
        """Return the status as a record."""
        return {
            "finished": self.finished,
            "stages": dict(self.stages),
            "searches": {
                search.name: {
                    "chunks": search.n_chunks,
                    "done": search.n_done,
                    "left": list(search.left),
                }
                for search in self.searches
            },
        }


def run_status(
    path: str | PathLike[str], *, among: Sequence[str | PathLike[str]] = ()
) -> RunStatus:
    """Return how far a run is; nothing is changed, also while others write.

    Parameters
    ----------
    path
        The run folder.
    among
        Further folders whose parts count, too.

    Raises
    ------
    StoreError
        If there is no run folder.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> import numpy as np
    >>> import redescribe as rd
    >>> values = np.random.default_rng(0).normal(size=(100, 2))
    >>> data = rd.Dataset.of([rd.View.of("x", values), rd.View.of("y", 2 * values)])
    >>> with TemporaryDirectory() as folder:
    ...     done = rd.mine_shard(data, folder, rd.Shard(0, 2), rd.MineParams(chunk_size=1))
    >>> done.searches[0].left
    (1, 3)
    """
    run = RunFolder.open(path)
    with reading(run.path / "run.json", RUN_AGAIN):
        return _status(run, [run, *map(RunFolder.open, among)])


def _status(run: RunFolder, runs: Sequence[RunFolder]) -> RunStatus:
    """The status of a run whose parts lie in several folders."""
    document: Any = run.document
    stages = document["stages"]
    parameters = document["parameters"]
    asked = parameters.get("resample", {})
    counts = ("permutations", "rotations", "bootstrap", "recovery")
    resampled = any(map(asked.get, counts)) or bool(parameters.get("null_views"))
    finished = stages.get("assess") == "done" and (
        not resampled or stages.get("resample") == "done"
    )
    # Runs from before chunks were counted, and those that no search made, have none.
    counted = document.get("chunks", {})
    searches = [
        SearchStatus("mine", n, _left(runs, n)) for n in [counted.get("mine", 0)] if n
    ]
    if n_null_chunks := counted.get("permute", 0):
        left = _null_left(runs, n_null_chunks, asked)
        searches.append(SearchStatus("permute", n_null_chunks, left))
    return RunStatus(tuple(searches), tuple(stages.items()), finished)


def _left(runs: Sequence[RunFolder], n_chunks: int) -> tuple[int, ...]:
    return tuple(
        chunk
        for chunk in range(n_chunks)
        if not any(run.has_part(chunk, remove=False) for run in runs)
    )


def _null_left(
    runs: Sequence[RunFolder], n_chunks: int, asked: dict[str, Any]
) -> tuple[int, ...]:
    # Imports the search, which most runs need not.
    from redescribe.study.resampling import has_permuted_part  # noqa: PLC0415

    params: ResampleParams = parameters_of(ResampleParams, asked)
    return tuple(
        chunk
        for chunk in range(n_chunks)
        if not any(has_permuted_part(run, chunk, params) for run in runs)
    )
