"""Activation batches -> an activation store, in memory that does not grow with entities."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np
import pyarrow as pa

from redescribe.core.neuron import NeuronId
from redescribe.errors import StoreError
from redescribe.store import schema
from redescribe.store.atomic import replacing_folder, storing
from redescribe.store.files import write_json, write_parquet
from redescribe.store.fingerprint import entities_fingerprint
from redescribe.store.names import folder_name
from redescribe.store.versions import versions
from redescribe.store.views import write_entities

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from os import PathLike
    from types import TracebackType

    from redescribe._typing import AnyArray, Values
    from redescribe.core.entities import EntityIndex
    from redescribe.store.records import Record

DTYPES = ("float32", "float16")
_BLOCK = "e00000-u00000.npy"


class ActivationWriter:
    """Writes an activation store: a sink to be used in a `with` block.

    The store appears under its path when the block ends and every layer has all entities;
    if the block raises, nothing is left.

    Parameters
    ----------
    path
        Folder of the store; it does not exist or is empty.
    layers
        Number of units of each layer.
    entities
        All entities, in the order in which they will arrive.
    dtype
        "float32" or "float16".
    model_name
        Part of the neuron ids; empty when there is one model.

    Raises
    ------
    StoreError
        If the folder is taken, or there is another dtype.

    Examples
    --------
    >>> import tempfile
    >>> from redescribe.core.entities import EntityIndex
    >>> folder = tempfile.TemporaryDirectory()
    >>> entities = EntityIndex.numbered(2)
    >>> with ActivationWriter(folder.name, {"fc": 3}, entities) as sink:
    ...     sink.write("fc", np.zeros((2, 3), np.float32))
    >>> (Path(folder.name) / "store.json").exists()
    True
    >>> folder.cleanup()
    """

    def __init__(
        self,
        path: str | PathLike[str],
        layers: Mapping[str, int],
        entities: EntityIndex,
        *,
        dtype: str = "float32",
        model_name: str = "",
    ) -> None:
        if dtype not in DTYPES:
            em = f"There is no dtype {dtype!r} of activations. Use float32 or float16."
            raise StoreError(em)
        self.path = Path(path).resolve()
        self._layers = dict(layers)
        self._entities = entities
        self._dtype = np.dtype(dtype).newbyteorder("<")
        self._model_name = model_name
        self._n_written = dict.fromkeys(layers, 0)
        self._blocks: dict[str, AnyArray] = {}
        self._stack = ExitStack()
        self._folder = self.path

    def __enter__(self) -> Self:
        self._folder = self._stack.enter_context(replacing_folder(self.path))
        shapes = {
            name: (units, len(self._entities)) for name, units in self._layers.items()
        }
        try:
            for layer, shape in shapes.items():
                self._blocks[layer] = self._new_block(layer, shape)
        except BaseException as error:
            self._stack.__exit__(type(error), error, error.__traceback__)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            if error is None:
                self._finish()
        except BaseException as failure:
            self._blocks.clear()
            self._stack.__exit__(type(failure), failure, failure.__traceback__)
            raise
        self._blocks.clear()
        self._stack.__exit__(kind, error, traceback)

    def write(self, layer: str, batch: Values) -> None:
        """Append a batch of one layer; NaN means missing.

        Parameters
        ----------
        layer
            One of the layers.
        batch
            ndarray of floats, shape (n_entities_of_batch, n_units).

        Raises
        ------
        StoreError
            If the shape does not fit, too many entities arrive, or a value is infinite or
            too large for float16.
        """
        block, start = self._blocks[layer], self._n_written[layer]
        end = start + batch.shape[0]
        if batch.ndim != 2 or batch.shape[1] != block.shape[0] or end > block.shape[1]:
            em = (
                f"Layer {layer!r} got a batch of shape {batch.shape} after {start} "
                f"entities; the store holds {block.shape[1]} entities and "
                f"{block.shape[0]} units."
            )
            raise StoreError(em)
        with np.errstate(over="ignore"):
            stored = batch.astype(self._dtype)
        if np.isinf(stored).any():
            raise StoreError(_infinite(layer, batch, self._dtype))
        with storing(self.path):
            block[:, start:end] = stored.T
        self._n_written[layer] = end

    def _new_block(self, layer: str, shape: tuple[int, int]) -> AnyArray:
        path = self._folder / _file(layer)
        with storing(self.path):
            path.parent.mkdir(parents=True)
            return np.lib.format.open_memmap(
                path, mode="w+", dtype=self._dtype, shape=shape
            )

    def _finish(self) -> None:
        for layer, n_written in self._n_written.items():
            if n_written != len(self._entities):
                em = (
                    f"Layer {layer!r} got {n_written} of {len(self._entities)} entities; "
                    "the activations are not stored."
                )
                raise StoreError(em)
        write_entities(self._folder / "entities.parquet", self._entities)
        rows = [row for layer in self._layers for row in self._neurons(layer)]
        table = pa.Table.from_pylist(rows, schema=schema.NEURONS)
        write_parquet(self._folder / "neurons.parquet", table)
        described: dict[str, schema.JSON] = {
            "dtype": self._dtype.name,
            "model": self._model_name,
            "layers": {layer: _file(layer) for layer in self._layers},
            "n_entities": len(self._entities),
            "entities_fingerprint": entities_fingerprint(self._entities),
            "versions": versions(),
        }
        write_json(
            self._folder / "store.json", schema.header(schema.ACTIVATIONS) | described
        )

    def _neurons(self, layer: str) -> Iterator[Record]:
        for unit, stored in enumerate(self._blocks[layer]):
            known = stored[~np.isnan(stored)].astype(np.float64)
            minimum, maximum = (
                (float(known.min()), float(known.max())) if known.size else (None, None)
            )
            yield {
                "id": str(NeuronId(layer, unit, model=self._model_name)),
                "layer": layer,
                "unit": unit,
                "file": _file(layer),
                "row": unit,
                "minimum": minimum,
                "maximum": maximum,
                "share_non_zero": np.count_nonzero(known) / stored.size,
                "share_missing": 1 - known.size / stored.size,
                "constant": minimum == maximum and known.size > 0,
            }


def _file(layer: str) -> str:
    return f"layers/{folder_name(layer)}/{_BLOCK}"


def _infinite(layer: str, batch: Values, dtype: np.dtype[np.floating]) -> str:
    if np.isinf(batch).any():
        return (
            f"Layer {layer!r} has infinite activations. Check the network and its inputs."
        )
    largest = float(np.nanmax(np.abs(batch)))
    return (
        f"Layer {layer!r} has the activation {largest:g}, which does not fit into "
        f"{dtype.name}. Use dtype='float32'."
    )
