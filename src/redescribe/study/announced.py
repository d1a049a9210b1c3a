"""The plan of a search: told before the work, and refused where there is no room."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from redescribe.errors import StoreError
from redescribe.mining.plan import MiningPlan
from redescribe.store.run import RunFolder, is_run

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from os import PathLike

    from redescribe.core.dataset import Dataset
    from redescribe.core.protocols import Executor
    from redescribe.mining.params import MineParams
    from redescribe.mining.tasks import Chunk


@dataclass(frozen=True, slots=True)
class Announced:
    """A search, and who hears what it will take; None: nobody."""

    dataset: Dataset
    params: MineParams
    executor: Executor
    announce: Callable[[MiningPlan], None] | None

    def check_room(
        self, folder: str | PathLike[str], memory: int | None, *, force: bool = False
    ) -> None:
        """Check that there is room for the search; a finished run needs none.

        Raises
        ------
        ParameterError
            If there is not.
        """
        path = Path(folder).resolve()
        is_there = is_run(path) and not force
        if is_there and _is_assessed(path):
            return
        plan = MiningPlan.of(self.dataset, self.params, self.executor.n_workers)
        plan.check_room(path, memory, is_written=is_there)

    def tell(self, run: RunFolder, chunks: Sequence[Chunk]) -> None:
        """Tell the plan, with the time of the chunks that are left, if somebody hears."""
        if self.announce is None:
            return
        pending = [chunk for chunk in chunks if not run.has_part(chunk.number)]
        plan = MiningPlan.of(self.dataset, self.params, self.executor.n_workers)
        self.announce(plan.timed(pending))


def _is_assessed(path: Path) -> bool:
    """Whether findings are there; a broken run has none, and who takes it up mends it."""
    try:
        stages = cast("dict[str, Any]", RunFolder.open(path).document.get("stages", {}))
    except StoreError:
        return False
    return bool(stages.get("assess") == "done")
