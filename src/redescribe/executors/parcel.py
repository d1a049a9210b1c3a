"""What the tasks of a search share, packed once for workers in other processes."""

from __future__ import annotations

import pickle
import uuid
from dataclasses import dataclass, field, fields, is_dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

import cloudpickle
import numpy as np

from redescribe.core.scratch import copied, empty

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from redescribe._typing import Bytes

ALIGNMENT = 64
"""Bytes: where the arrays of a parcel begin, so that kernels read whole cache lines."""
_APART = 4096
"""Arrays of fewer bytes are pickled with what holds them."""
_KEPT = 2
"""Parcels that a worker keeps open: two runs may share it."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A value as one block of bytes, whose arrays are read where they lie.

    Back ends move a block once for all tasks: joblib maps a large array into the memory of
    its processes, Dask scatters it, and Ray puts it into its object store.

    Attributes
    ----------
    name
        Tells parcels apart: a worker opens each once.
    block
        ndarray of uint8; in a scratch file where it is large.

    Examples
    --------
    >>> Parcel.of({"ids": ("a", "b"), "values": np.arange(3)}).opened()
    {'ids': ('a', 'b'), 'values': array([0, 1, 2])}
    """

    name: str
    block: Bytes = field(compare=False, repr=False)

    @classmethod
    def of(cls, value: object) -> Parcel:
        """Pack a value; classes of a script or notebook are packed with it."""
        arrays: list[pickle.PickleBuffer] = []

        def stays(array: pickle.PickleBuffer) -> bool:
            small = array.raw().nbytes < _APART
            if not small:
                arrays.append(array)
            return small

        head = cloudpickle.dumps(value, protocol=5, buffer_callback=stays)
        pieces = [memoryview(head), *(array.raw() for array in arrays)]
        spans = np.empty((len(pieces), 2), np.int64)
        end = 8 + spans.nbytes
        for span, piece in zip(spans, pieces, strict=True):
            start = -(-end // ALIGNMENT) * ALIGNMENT
            end = start + piece.nbytes
            span[:] = start, end
        block = empty((end,), np.uint8)
        block[:8].view(np.int64)[0] = len(pieces)
        block[8 : 8 + spans.nbytes] = spans.reshape(-1).view(np.uint8)
        for (start, end), piece in zip(spans.tolist(), pieces, strict=True):
            block[start:end] = np.frombuffer(piece, np.uint8)
        return cls(uuid.uuid4().hex, block)

    def opened(self) -> Any:  # noqa: ANN401 - whatever was packed
        """Return the value; its large arrays are parts of the block."""
        # Kernels are compiled for arrays that may be written to, though none writes to
        # these; some back ends hand out memory that may not be.
        block = self.block if self.block.flags.writeable else copied(self.block)
        n_pieces = int(block[:8].view(np.int64)[0])
        spans = block[8 : 8 + 16 * n_pieces].view(np.int64).reshape(-1, 2)
        whole = block.data
        head, *arrays = (whole[start:end] for start, end in spans.tolist())
        return pickle.loads(head, buffers=arrays)  # noqa: S301 - packed by the caller


class BlockLostError(RuntimeError):
    """A block that is not where a cluster had put it: its workers are gone."""


@dataclass(frozen=True, slots=True, eq=False)
class Rest:
    """What a call does not share with others: its function, and the rest of its task.

    Attributes
    ----------
    func
        Of one task; importable by name.
    kind, own
        Class of the task and its fields that are not shared.
    """

    func: Callable[[Any], Any]
    kind: type[Any]
    own: Mapping[str, Any]

    @classmethod
    def of(
        cls, func: Callable[[Any], Any], task: object, shared: Mapping[str, object]
    ) -> Rest:
        """Take a call apart."""
        names = [one.name for one in fields(cast("Any", task)) if one.name not in shared]
        return cls(func, type(task), {name: getattr(task, name) for name in names})


def call(rest: Rest, name: str, block: object) -> Any:  # noqa: ANN401 - of any function
    """Return what a function gives for a task whose shared fields come in a parcel.

    The parcel is opened, unless this process did so before.

    Raises
    ------
    BlockLostError
        If a cluster hands out something else, as Dask does when all copies are lost.
    """
    if not isinstance(block, np.ndarray):
        em = "what the tasks share was lost with the workers that had it"
        raise BlockLostError(em)
    return rest.func(rest.kind(**_opened(Parcel(name, block)), **rest.own))


def shared_fields(tasks: Sequence[object]) -> dict[str, Any]:
    """Return the fields that are one object in all tasks, if these are dataclasses.

    Examples
    --------
    >>> from redescribe.mining.tasks import Chunk, Target
    >>> data = object()
    >>> targets = [Target("a", "x", ("b",)), Target("a", "y", ("b",))]
    >>> tasks = [Chunk(number, (one,), data) for number, one in enumerate(targets)]
    >>> list(shared_fields(tasks))
    ['shared']
    """
    if not tasks:
        return {}
    first = tasks[0]
    if not is_dataclass(first) or any(type(task) is not type(first) for task in tasks):
        return {}
    found = {}
    for one in fields(first):
        value = getattr(first, one.name)
        if all(getattr(task, one.name) is value for task in tasks):
            found[one.name] = value
    return found


@lru_cache(_KEPT)
def _opened(parcel: Parcel) -> dict[str, Any]:
    """What is in a parcel; one of the same name has the same content."""
    contents: dict[str, Any] = parcel.opened()
    return contents
