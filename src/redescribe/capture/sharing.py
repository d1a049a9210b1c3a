"""A shard of a capture: some of the batches that follow each other."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from redescribe.errors import CaptureError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from redescribe.capture.batches import Batch, Inputs
    from redescribe.core.entities import EntityIndex
    from redescribe.executors.shards import Shard


@dataclass(frozen=True, slots=True, eq=False)
class ShardInputs:
    """The batches `first` … `stop - 1` of others; their numbers stay."""

    whole: Inputs
    first: int
    stop: int
    n_entities: int
    repeatable: bool = True

    def batches(self, batch_size: int) -> Iterator[Batch]:
        """Yield the batches of the shard; those before are read and left."""
        yield from islice(self.whole.batches(batch_size), self.first, self.stop)


def of_shard(
    inputs: Inputs, entities: EntityIndex, shard: Shard, batch_size: int
) -> tuple[ShardInputs, EntityIndex]:
    """Return the inputs of a shard and their entities.

    A shard takes the batches that begin in its share of the entities, so that every batch
    is what it is without shards, and shards follow each other.

    Raises
    ------
    CaptureError
        If the inputs can be read only once, are not as many as the entities, or have too
        few batches to give the shard one.
    """
    if not inputs.repeatable:
        em = (
            "Shards count the batches of all inputs before they capture some. Give an "
            "array, a list of batches or a DataLoader, not a generator."
        )
        raise CaptureError(em)
    sizes = [len(batch) for batch in inputs.batches(batch_size)]
    ends = np.cumsum([0, *sizes])
    if ends[-1] != len(entities):
        em = f"The inputs have {ends[-1]} entities and there are {len(entities)} ids."
        raise CaptureError(em)
    borders = [len(entities) * number // shard.of for number in range(shard.of + 1)]
    first, stop = np.searchsorted(ends[:-1], borders[shard.number : shard.number + 2])
    if first == stop:
        em = (
            f"Shard {shard} has no batch: there are {len(sizes)} of them. Take fewer "
            "shards, or smaller batches (batch_size, --batch-size)."
        )
        raise CaptureError(em)
    own = entities.take(np.arange(ends[first], ends[stop]))
    return ShardInputs(inputs, int(first), int(stop), len(own)), own
