"""Activation batches -> an activation store, in memory that does not grow with entities."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np
import pyarrow as pa

from redescribe.errors import RedescribeError, StoreError, WorkerError
from redescribe.store import schema
from redescribe.store.atomic import storing
from redescribe.store.files import write_json, write_parquet
from redescribe.store.fingerprint import canonical_json, entities_fingerprint, stage_key
from redescribe.store.partial import PartialFolder
from redescribe.store.unit_file import UnitFile
from redescribe.store.versions import versions
from redescribe.store.views import write_entities

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from os import PathLike
    from types import TracebackType

    from redescribe._typing import Values
    from redescribe.core.captured import LayerUnits
    from redescribe.core.entities import EntityIndex
    from redescribe.store.records import Record

DTYPES = ("float32", "float16")
FILE = "activations.npy"
_PATIENCE = 5.0
"""Seconds of work that an interruption may cost at most."""


class ActivationWriter:
    """Writes an activation store: a sink to be used in a `with` block.

    The store appears under its path when the block ends and every entity is there. If the
    block is interrupted, or the disk is full, whole batches are kept beside it and a writer
    of the same content goes on after them; if it ends in an error of ours, which would come
    again, or before the first batch, nothing is left.

    Parameters
    ----------
    path
        Folder of the store; it does not exist or is empty.
    layers
        The captured units, in the order in which batches have them side by side.
    entities
        All entities, in the order in which they will arrive.
    dtype
        "float32" or "float16".
    model_name
        Part of the neuron ids; empty when there is one model.
    details
        What else decides about the values, as plain JSON; stored, and compared before an
        interrupted writer is taken up.

    Raises
    ------
    StoreError
        If the folder is taken, or there is another dtype.

    Examples
    --------
    >>> import tempfile
    >>> from redescribe.core.captured import LayerUnits
    >>> from redescribe.core.entities import EntityIndex
    >>> folder, entities = tempfile.TemporaryDirectory(), EntityIndex.numbered(2)
    >>> layers = [LayerUnits.whole("fc", 3)]
    >>> with ActivationWriter(folder.name, layers, entities) as sink:
    ...     sink.write(np.zeros((2, 3), np.float32))
    >>> (Path(folder.name) / "store.json").exists()
    True
    >>> folder.cleanup()
    """

    def __init__(
        self,
        path: str | PathLike[str],
        layers: Sequence[LayerUnits],
        entities: EntityIndex,
        *,
        dtype: str = "float32",
        model_name: str = "",
        details: Mapping[str, schema.JSON] | None = None,
    ) -> None:
        if dtype not in DTYPES:
            em = f"There is no dtype {dtype!r} of activations. Use float32 or float16."
            raise StoreError(em)
        self.path = Path(path).resolve()
        self.n_kept, self.inputs_kept = 0, ""
        self._layers = tuple(layers)
        self._entities = entities
        self._dtype = np.dtype(dtype).newbyteorder("<")
        self._model_name = model_name
        self._details = dict(details or {})
        self._partial = PartialFolder(self.path, self._key())

    def __enter__(self) -> Self:
        kept = self._partial.open()
        if kept is not None:
            self.n_kept, self.inputs_kept = int(kept["n_entities"]), str(kept["inputs"])
        shape = (sum(len(layer.units) for layer in self._layers), len(self._entities))
        file = self._partial.folder / FILE
        try:
            with storing(self.path):
                self._file = UnitFile(file, shape, self._dtype, n_flushed=self.n_kept)
        except BaseException:
            self._partial.drop()
            raise
        self._n_whole, self._inputs = self.n_kept, self.inputs_kept
        self._n_saved = self.n_kept
        self._saved_at = time.monotonic()
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
            elif self._n_whole and not _comes_again(error):
                self._save()
            else:
                self._partial.drop()
        except RedescribeError as failed:
            # A full disk costs what it did not take, not what it had taken before.
            if _comes_again(failed) or not self._n_saved:
                self._partial.drop()
            raise
        finally:
            self._file.close()
        if error is None:
            self._partial.publish()

    def write(self, batch: Values, *, inputs: str = "") -> None:
        """Append a batch; NaN means missing.

        Parameters
        ----------
        batch
            ndarray of floats, shape (n_entities_of_batch, n_units of all layers).
        inputs
            Digest of the inputs up to the end of this batch.

        Raises
        ------
        StoreError
            If the shape does not fit, too many entities arrive, or a value is infinite or
            too large for float16.
        """
        n_units, n_entities = self._file.shape
        end = self._n_whole + batch.shape[0]
        if batch.ndim != 2 or batch.shape[1] != n_units or end > n_entities:
            em = (
                f"{self.path} got a batch of shape {batch.shape} after {self._n_whole} "
                f"entities; the store holds {n_entities} entities and {n_units} units."
            )
            raise StoreError(em)
        with np.errstate(over="ignore"):
            stored = batch.astype(self._dtype)
        if np.isinf(stored).any():
            raise StoreError(self._infinite(batch))
        with storing(self.path):
            self._file.append(stored.T)
        self._n_whole, self._inputs = end, inputs
        if time.monotonic() - self._saved_at > _PATIENCE:
            self._save()

    def _save(self) -> None:
        """Keep the whole batches, for a writer that takes them up."""
        with storing(self.path):
            self._file.flush(self._n_whole)
            self._file.sync()
        self._partial.save({"n_entities": self._n_whole, "inputs": self._inputs})
        self._n_saved, self._saved_at = self._n_whole, time.monotonic()

    def _finish(self) -> None:
        if self._n_whole != len(self._entities):
            em = (
                f"{self.path} got {self._n_whole} of {len(self._entities)} entities; "
                "the activations are not stored."
            )
            raise StoreError(em)
        with storing(self.path):
            self._file.flush()
        folder = self._partial.folder
        write_entities(folder / "entities.parquet", self._entities)
        table = pa.Table.from_pylist(list(self._neurons()), schema=schema.NEURONS)
        write_parquet(folder / "neurons.parquet", table)
        header = schema.header(schema.ACTIVATIONS)
        described = self._described() | {"inputs_fingerprint": self._inputs}
        write_json(
            folder / "store.json", header | described | {"versions": versions(network=True)}
        )

    def _described(self) -> dict[str, schema.JSON]:
        first, layers = 0, list[schema.JSON]()
        for layer in self._layers:
            layers.append(
                {
                    "layer": layer.layer,
                    "reducer": layer.reducer,
                    "first_row": first,
                    "n_captured": len(layer.units),
                    "n_units": layer.n_units,
                }
            )
            first += len(layer.units)
        return {
            "dtype": self._dtype.name,
            "model": self._model_name,
            "file": FILE,
            "layers": layers,
            "n_entities": len(self._entities),
            "entities_fingerprint": entities_fingerprint(self._entities),
            "capture": self._details,
        }

    def _key(self) -> str:
        """What the values depend on; the inputs are compared as they come."""
        units = [str([int(unit) for unit in layer.units]) for layer in self._layers]
        described = self._described() | {"versions": versions(network=True)}
        return stage_key("activations", canonical_json(described), *units)

    def _neurons(self) -> Iterator[Record]:
        rows = enumerate(self._file.rows())
        for layer in self._layers:
            ids = layer.ids(model=self._model_name)
            for name, unit in zip(ids, layer.units, strict=True):
                row, stored = next(rows)
                known = stored[~np.isnan(stored)].astype(np.float64)
                minimum, maximum = (
                    (float(known.min()), float(known.max())) if known.size else (None, None)
                )
                yield {
                    "id": name,
                    "layer": layer.layer,
                    "unit": int(unit),
                    "reducer": layer.reducer,
                    "file": FILE,
                    "row": row,
                    "minimum": minimum,
                    "maximum": maximum,
                    "share_non_zero": np.count_nonzero(known) / stored.size,
                    "share_missing": 1 - known.size / stored.size,
                    "constant": minimum == maximum and known.size > 0,
                }

    def _infinite(self, batch: Values) -> str:
        infinite = np.isinf(batch)
        worst = infinite if infinite.any() else np.abs(batch) == np.nanmax(np.abs(batch))
        column = int(worst.any(axis=0).argmax())
        ids = [name for layer in self._layers for name in layer.ids(model=self._model_name)]
        if infinite.any():
            return (
                f"Unit {ids[column]!r} has infinite activations. Check the network and its "
                "inputs."
            )
        largest = float(np.nanmax(np.abs(batch)))
        return (
            f"Unit {ids[column]!r} has the activation {largest:g}, which does not fit into "
            f"{self._dtype.name}. Use dtype='float32'."
        )


def _comes_again(error: BaseException) -> bool:
    """Whether the same inputs would end in the same error.

    A full disk may have room, and a worker that was killed may live.
    """
    passes = isinstance(error, WorkerError) or isinstance(error.__cause__, OSError)
    return isinstance(error, RedescribeError) and not passes
