"""How much memory, disk and time a search will take, before it begins."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from redescribe.core.scratch import IN_MEMORY, take_columns
from redescribe.core.sizes import format_bytes, format_seconds
from redescribe.core.support import n_words
from redescribe.errors import ParameterError
from redescribe.mining.control_groups import control_group_limits
from redescribe.mining.neuron import mine_chunk
from redescribe.mining.sampling import draw_targets
from redescribe.mining.tasks import choose_targets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redescribe._typing import Ints
    from redescribe.core.dataset import Dataset
    from redescribe.core.view import View
    from redescribe.mining.params import MineParams
    from redescribe.mining.tasks import Chunk

# Measured (benchmarks/scale.py): the interpreter with its packages and loaded kernels, what
# one worker holds of each mined entity, and what is kept of a target for each partner view.
_PROGRAM = 160_000_000
_WORKER = 200
_TARGET = 200_000
_FOUND = 15
"""Redescriptions of a target on the disk: in its part, and in the family. Often fewer."""
_CHOSEN = 10
"""Redescriptions of a target of which some are chosen: who satisfies each is in memory."""
_WORTH_A_PROBE = 32
"""Targets from which on one of them is searched to estimate the time of all."""
_LOOKED_AT, _FEW = 1_000, 16
"""Entities on which an attribute with fewer cuts is believed to have no more."""


@dataclass(frozen=True, slots=True)
class MiningPlan:
    """What a search will take.

    Attributes
    ----------
    n_targets
        Attributes to explain.
    n_entities
        Entities that are mined.
    n_attributes
        Attributes of all views.
    n_workers
        How many targets are searched at the same time.
    memory
        Bytes, at most about: the program, what searches share, what each worker holds and
        the findings. Views that were in memory before are not counted.
    scratch
        Bytes of scratch files in the folder for temporary files: what is too large for
        memory lies there.
    disk
        Bytes of the run folder: the views, and the findings.
    seconds
        Estimate from one target; None before it was searched, and where there are few.

    Examples
    --------
    >>> print(MiningPlan(4_096, 140_000, 4_296, 2, 1_500_000_000, 900_000_000, 2**32))
    4,096 targets × 140,000 mined entities: up to 1.5 GB of memory, 4.3 GB of disk,
    900 MB of scratch files
    """

    n_targets: int
    n_entities: int
    n_attributes: int
    n_workers: int
    memory: int
    scratch: int
    disk: int
    seconds: float | None = None

    @classmethod
    def of(cls, dataset: Dataset, params: MineParams, n_workers: int = 1) -> MiningPlan:
        """Return the plan of a search, for which few values are read.

        Raises
        ------
        UnknownNameError, ParameterError
            If a target or partner does not exist.
        """
        targets = draw_targets(
            choose_targets(dataset, params), dataset, params.sample, seed=params.seed
        )
        n_entities = int(dataset.split.mined.size)
        held_out = dataset.n_entities - n_entities
        words = 8 * n_words(n_entities)
        sides = [min(1 + len(target.partners), params.max_views) for target in targets]
        # Of each side, who satisfies it and for whom it is unknown.
        found = 2 * words * _FOUND * sum(sides)
        kept = _TARGET * sum(len(target.partners) for target in targets)
        kept += _CHOSEN * words * len(targets)
        memory = _PROGRAM + n_workers * _WORKER * n_entities + kept
        scratch = disk = 0
        partners = {name for target in targets for name in target.partners}
        for view in dataset.views:
            n, width = len(view.attributes), view.values.itemsize
            disk += n * dataset.n_entities * width
            parts = [n * n_entities * width, n * n_entities, n * held_out * width]
            copies = parts if held_out else parts[1:2]
            memory += sum(copy for copy in copies if copy <= IN_MEMORY)
            scratch += sum(copy for copy in copies if copy > IN_MEMORY)
            if view.name in partners:
                # Built one by one, then joined: for a moment they are there twice.
                memory += 2 * _n_literals(view, dataset.split.mined, params) * words
        return cls(
            len(targets),
            n_entities,
            sum(len(view.attributes) for view in dataset.views),
            n_workers,
            memory,
            scratch,
            disk + found,
        )

    def __str__(self) -> str:
        scratch = f", {format_bytes(self.scratch)} of scratch files" if self.scratch else ""
        return (
            f"{self.n_targets:,} targets × {self.n_entities:,} mined entities: up to "
            f"{format_bytes(self.memory)} of memory, {format_bytes(self.disk)} of disk"
            f"{scratch}{self._time()}"
        )

    def _time(self) -> str:
        if self.seconds is None:
            return ""
        workers = f"{self.n_workers} worker{'s' * (self.n_workers > 1)}"
        about = format_seconds(self.seconds)
        return f"; about {about} with {workers} (estimated from one target)"

    def check_room(
        self, folder: Path, memory: int | None = None, *, is_written: bool = False
    ) -> None:
        """Check that the search fits into memory and onto the disks.

        Parameters
        ----------
        folder
            Where the run will be.
        memory
            Bytes that it may take; None: what the machine, or its control group, has.
        is_written
            Whether the run is there already, with its views.

        Raises
        ------
        ParameterError
            If it does not fit; the message says what would help.
        """
        room = machine_memory() if memory is None else memory
        if room is not None and self.memory > room:
            em = (
                f"The search needs up to {format_bytes(self.memory)} of memory "
                f"({self.n_targets:,} targets, {self.n_attributes:,} attributes, "
                f"{self.n_entities:,} mined entities) and {format_bytes(room)} is there. "
                "Name fewer partners (--partner), try fewer cuts (--beam-cuts), draw some "
                "of the targets (--neurons), mine fewer entities, or raise the limit "
                "(--memory)."
            )
            raise ParameterError(em)
        at = next(path for path in (folder, *folder.parents) if path.exists())
        temporary = Path(tempfile.gettempdir())
        disk = 0 if is_written else self.disk
        needs = {at: disk, temporary: self.scratch}
        if at.stat().st_dev == temporary.stat().st_dev:
            needs = {at: disk + self.scratch}
        for place, needed in needs.items():
            free = shutil.disk_usage(place).free
            if needed > free:
                em = (
                    f"The search needs {format_bytes(needed)} on the disk of {place}, of "
                    f"which {format_bytes(free)} is free. Free some, choose another disk "
                    "(--output; scratch files: the environment variable TMPDIR), or leave "
                    "out views or units (--view, --neurons when activations are captured)."
                )
                raise ParameterError(em)

    def timed(self, chunks: Sequence[Chunk]) -> MiningPlan:
        """Return the plan with the time of these chunks, estimated from one target.

        It is the one in the middle; of few targets none is searched twice for this.
        """
        targets = [(chunk, target) for chunk in chunks for target in chunk.targets]
        if len(targets) < _WORTH_A_PROBE:
            return self
        chunk, target = targets[len(targets) // 2]
        started = time.perf_counter()
        mine_chunk(replace(chunk, targets=(target,)))
        taken = (time.perf_counter() - started) * len(targets) / self.n_workers
        return replace(self, seconds=taken)


def machine_memory() -> int | None:
    """Return the bytes of memory of this machine or control group; None where unknown.

    >>> (machine_memory() or 2**30) > 2**20
    True
    """
    try:
        installed = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return None
    return min([installed, *control_group_limits()])


def _n_literals(view: View, mined: Ints, params: MineParams) -> int:
    """Literals of a partner view that searches share; trees need fewer.

    How many values an attribute has is seen on some entities: one that has few there, such
    as a flag, is taken to have no more.
    """
    search = params.search
    is_exact = search.search == "exact"
    cuts = search.trees.max_bins if is_exact else search.literals.beam_cuts
    numeric = np.array([attribute.is_numeric for attribute in view.attributes])
    n_categories = sum(len(attribute.categories) for attribute in view.attributes)
    some = np.sort(take_columns(view.values, mined[:_LOOKED_AT])[numeric], axis=1)
    n_cuts = (some[:, 1:] > some[:, :-1]).sum(axis=1)  # NaN comes last, and is no value
    return 2 * int(np.where(n_cuts < _FEW, np.minimum(n_cuts, cuts), cuts).sum()) + (
        2 * n_categories
    )
