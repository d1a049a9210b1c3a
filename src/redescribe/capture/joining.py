"""Activation stores of the shards of a capture -> one store."""

from __future__ import annotations

import hashlib
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from redescribe.core.entities import EntityIndex
from redescribe.errors import CaptureError
from redescribe.executors.shards import Shard

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from os import PathLike

    from redescribe._typing import Values
    from redescribe.core.view import View
    from redescribe.store.activations import ActivationStore

SHARD = "shard"
"""Where a store says which shard of a capture it is."""
_SHARED = ("dtype", "model", "layers", "versions")
_AT_ONCE = 64 * 2**20
"""Bytes of activations that are copied at once."""


class Part(NamedTuple):
    """The store of a shard.

    Attributes
    ----------
    store, shard
        Which shard it is of.
    details
        What decided about its values, but for the shard.
    shared
        What the shards of one capture have in common.
    inputs
        Digest of its inputs.
    """

    store: ActivationStore
    shard: Shard
    details: dict[str, Any]
    shared: dict[str, Any]
    inputs: str

    def batches(self) -> Iterator[Values]:
        """Yield the activations, shape (n_entities, n_units), some entities at a time."""
        values = self.store.view(self.store.path.name).values
        step = max(1, _AT_ONCE // (4 * len(values)))
        for start in range(0, values.shape[1], step):
            yield values[:, start : start + step].T


def join_captures(*folders: str | PathLike[str], out: str | PathLike[str]) -> View:
    """Join the activation stores of all shards of a capture.

    The values are those of a capture without shards. Memory does not grow with the
    entities, and the shards stay as they are.

    Parameters
    ----------
    folders
        The stores, in any order.
    out
        Folder of the new store; it does not exist or is empty. An interrupted join is taken
        up by the same call.

    Returns
    -------
    view
        As `redescribe.capture` gives it, called by the model's name, else "neurons".

    Raises
    ------
    CaptureError
        If the stores are not all shards of one capture, each once.
    StoreError
        If a store cannot be read, or `out` cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from torch import nn, arange
    >>> from redescribe import Shard, capture
    >>> model, inputs = nn.Sequential(nn.ReLU()), arange(-2.0, 2.0).reshape(4, 1)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     parts = [f"{folder}/{number}" for number in range(2)]
    ...     for number, part in enumerate(parts):
    ...         shard = Shard(number, 2)
    ...         _ = capture(model, inputs, layers="0", batch_size=1, out=part, shard=shard)
    ...     view = join_captures(*parts, out=f"{folder}/all")
    ...     view.values.tolist()
    [[0.0, 0.0, 0.0, 1.0]]
    """
    from redescribe.store.activations import ActivationFolder  # noqa: PLC0415 - pyarrow

    parts = _in_order([_part(Path(folder)) for folder in folders])
    first = parts[0]
    indices = [part.store.entities for part in parts]
    entities = EntityIndex(
        tuple(chain.from_iterable(index.ids for index in indices)),
        tuple(chain.from_iterable(index.groups for index in indices)),
    )
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.inputs.encode())
    output = ActivationFolder(out)
    writer = output.writer(
        [layer.units for layer in first.store.layers.values()],
        entities,
        dtype=first.shared["dtype"],
        model_name=first.store.model_name,
        details=first.details,
    )
    with writer as sink:
        n_seen, n_kept = 0, sink.n_kept
        for batch in chain.from_iterable(part.batches() for part in parts):
            n_seen += len(batch)
            if n_seen > n_kept:
                new = batch[-min(n_seen - n_kept, len(batch)) :]
                sink.write(new, inputs=digest.hexdigest())
    return output.view(first.store.model_name or "neurons")


def _part(folder: Path) -> Part:
    from redescribe.store.activations import ActivationStore  # noqa: PLC0415 - pyarrow
    from redescribe.store.files import read_json, reading  # noqa: PLC0415 - pyarrow

    store = ActivationStore.open(folder)
    at = store.path / "store.json"
    described = cast("dict[str, Any]", read_json(at))
    with reading(at):
        details = dict(described["capture"])
        shared = {name: described[name] for name in _SHARED}
        inputs = str(described["inputs_fingerprint"])
    if SHARD not in details:
        em = (
            f"{folder} is no shard of a capture. Give the folders that `capture` with a "
            "shard (--shard) has written."
        )
        raise CaptureError(em)
    shard = Shard.parse(str(details.pop(SHARD)))
    return Part(store, shard, details, {**shared, "capture": details}, inputs)


def _in_order(parts: Sequence[Part]) -> list[Part]:
    """The parts by their numbers, if they are all shards of one capture."""
    if not parts:
        em = "There is nothing to join. Give the folders of all shards of a capture."
        raise CaptureError(em)
    first = parts[0]
    for part in parts:
        differ = [
            name for name, value in first.shared.items() if part.shared[name] != value
        ]
        if differ or part.shard.of != first.shard.of:
            what = ", ".join(differ) or "number of shards"
            em = (
                f"{first.store.path} and {part.store.path} are of different captures: they "
                f"differ in {what}. Join what the same command wrote."
            )
            raise CaptureError(em)
    numbers = sorted(part.shard.number for part in parts)
    if numbers != list(range(first.shard.of)):
        found = ", ".join(f"{number}/{first.shard.of}" for number in numbers)
        em = f"All shards are needed, each once: 0 to {first.shard.of - 1}. Got {found}."
        raise CaptureError(em)
    return sorted(parts, key=lambda part: part.shard.number)
