"""Stored activations: one folder per model and input set, read without loading it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from redescribe.core.captured import LayerUnits, Room
from redescribe.core.scratch import copied, empty
from redescribe.core.view import Attribute, View
from redescribe.errors import StoreError, UnknownNameError
from redescribe.store import schema
from redescribe.store.activation_writer import ActivationWriter
from redescribe.store.files import read_array, read_json, read_parquet, reading
from redescribe.store.views import read_entities

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from os import PathLike

    from redescribe._typing import Values
    from redescribe.core.entities import EntityIndex


@dataclass(frozen=True, slots=True)
class StoredLayer:
    """The captured units of one layer, and the rows of the file that hold them."""

    units: LayerUnits
    file: str
    first_row: int

    @property
    def rows(self) -> slice:
        """The rows of the file."""
        return slice(self.first_row, self.first_row + len(self.units.units))


class ActivationStore:
    """The activations of some layers of a network; `open` reads, `capture` writes.

    Attributes
    ----------
    path
        The folder.
    model_name
        Part of the neuron ids; empty when there is one model.
    layers
        What is stored of each layer, by its name: in order, with `|reducer` where there is
        one.
    entities
        The entities, in column order.
    """

    def __init__(
        self,
        path: Path,
        model_name: str,
        layers: Mapping[str, StoredLayer],
        entities: EntityIndex,
    ) -> None:
        self.path = path
        self.model_name = model_name
        self.layers = dict(layers)
        self.entities = entities

    @classmethod
    def open(cls, path: str | PathLike[str]) -> ActivationStore:
        """Return the store in a folder; its values are not read yet.

        Raises
        ------
        StoreError
            If there is none, or it is broken.
        """
        folder = Path(path).resolve()
        described_at = folder / "store.json"
        if not described_at.exists():
            what = "is not an activation store: it has no store.json"
            em = f"{folder} {what if folder.exists() else 'does not exist'}."
            raise StoreError(em)
        described = read_json(described_at)
        schema.check_encoding(described, schema.ACTIVATIONS, described_at)
        with reading(described_at):
            old = described[schema.VERSION_KEY] == "0.1"
            layers = (_layers_of_files if old else _layers_of_rows)(folder, described)
            by_name = {layer.units.name: layer for layer in layers}
            model_name = str(described["model"])
        return cls(folder, model_name, by_name, read_entities(folder / "entities.parquet"))

    def view(self, name: str, layers: Sequence[str] | None = None) -> View:
        """Return a view whose attributes are the units, named by their neuron ids.

        Parameters
        ----------
        name
            Name of the view.
        layers
            Some of the layers, in this order: `conv1|max`, or `conv1` for the layer under
            all its reducers; None is all of them.

        Returns
        -------
        view
            float32, shape (n_units, n_entities). Layers that follow each other in a float32
            store are memory-mapped and read-only; others are joined in memory, as is
            float16.

        Raises
        ------
        UnknownNameError
            If a layer is not in the store.
        StoreError
            If a file is missing or broken.
        """
        wanted = tuple(self.layers if layers is None else layers)
        if not wanted:
            em = f"A view of {self.path} needs at least one layer. Got none."
            raise StoreError(em)
        chosen = [stored for layer in wanted for stored in self._named(layer)]
        attributes = tuple(
            Attribute(neuron, neuron=True)
            for stored in chosen
            for neuron in stored.units.ids(model=self.model_name)
        )
        return View(name, self.entities, attributes, self._values(chosen))

    def _named(self, layer: str) -> list[StoredLayer]:
        if layer in self.layers:
            return [self.layers[layer]]
        found = [s for s in self.layers.values() if s.units.layer == layer]
        if not found:
            what = f"The activation store {self.path} has no layer"
            raise UnknownNameError.among(what, layer, self.layers)
        return found

    def _values(self, chosen: Sequence[StoredLayer]) -> Values:
        runs = [(chosen[0].file, chosen[0].rows)]
        for stored in chosen[1:]:
            file, rows = runs[-1]
            if stored.file == file and stored.first_row == rows.stop:
                runs[-1] = (file, slice(rows.start, stored.rows.stop))
            else:
                runs.append((stored.file, stored.rows))
        blocks = [self._block(file, rows) for file, rows in runs]
        if len(blocks) == 1:
            return blocks[0]
        joined = empty((sum(map(len, blocks)), len(self.entities)), np.float32)
        return cast("Values", np.concatenate(blocks, out=joined))

    def _block(self, file: str, rows: slice) -> Values:
        path = self.path / file
        stored = read_array(path)
        if stored.ndim != 2 or stored.shape[1] != len(self.entities):
            em = (
                f"{path} has the shape {stored.shape}; units × {len(self.entities)} "
                "entities are needed. Capture the activations again."
            )
            raise StoreError(em)
        if stored.shape[0] < rows.stop:
            em = (
                f"{path} has {stored.shape[0]} rows where {rows.stop} are needed. Capture "
                "the activations again."
            )
            raise StoreError(em)
        wanted = stored[rows]
        values = wanted if wanted.dtype == np.float32 else copied(wanted, np.float32)
        return cast("Values", values)


class ActivationFolder:
    """A folder that `capture` writes its activations to: the value of its `out`.

    Parameters
    ----------
    path
        A folder that does not exist or is empty.
    """

    permanent = True

    def __init__(self, path: str | PathLike[str]) -> None:
        self.path = Path(path).resolve()

    def room(self) -> Room:
        """Return the free space of the file system."""
        folder = next(parent for parent in self.path.parents if parent.exists())
        return Room(shutil.disk_usage(folder).free, str(self.path))

    def writer(
        self,
        layers: Sequence[LayerUnits],
        entities: EntityIndex,
        *,
        dtype: str,
        model_name: str,
        details: Mapping[str, schema.JSON],
    ) -> ActivationWriter:
        """Return the sink for these units, which takes up what was interrupted."""
        return ActivationWriter(
            self.path,
            layers,
            entities,
            dtype=dtype,
            model_name=model_name,
            details=details,
        )

    def view(self, name: str) -> View:
        """Return what was written as a view."""
        return ActivationStore.open(self.path).view(name)


def _layers_of_rows(folder: Path, described: Mapping[str, Any]) -> list[StoredLayer]:
    """The layers of version 0.2: rows of one file; unit numbers stand in the table."""
    units = read_parquet(folder / "neurons.parquet")["unit"].to_numpy()
    return [
        StoredLayer(
            LayerUnits(
                layer["layer"],
                units[layer["first_row"] :][: layer["n_captured"]],
                layer["n_units"],
                layer["reducer"],
            ),
            described["file"],
            layer["first_row"],
        )
        for layer in described["layers"]
    ]


def _layers_of_files(folder: Path, described: Mapping[str, Any]) -> list[StoredLayer]:
    """The layers of version 0.1: a file each, with all units."""
    return [
        StoredLayer(LayerUnits.whole(layer, read_array(folder / file).shape[0]), file, 0)
        for layer, file in described["layers"].items()
    ]
