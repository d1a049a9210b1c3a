"""Stored activations: one folder per model and input set, read without loading it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np

from redescribe.core.neuron import NeuronId
from redescribe.core.view import Attribute, View
from redescribe.errors import StoreError, UnknownNameError
from redescribe.store import schema
from redescribe.store.activation_writer import ActivationWriter
from redescribe.store.files import read_array, read_json, reading
from redescribe.store.views import read_entities

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from os import PathLike

    from redescribe._typing import Values
    from redescribe.core.entities import EntityIndex


class ActivationStore:
    """The activations of some layers of a network; `open` reads, `capture` writes.

    Attributes
    ----------
    path
        The folder.
    model_name
        Part of the neuron ids; empty when there is one model.
    layers
        Layer names, in order, with the file of each.
    entities
        The entities, in column order.
    """

    def __init__(
        self,
        path: Path,
        model_name: str,
        layers: Mapping[str, str],
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
            layers = cast("dict[str, str]", described["layers"])
            model_name = str(described["model"])
        return cls(folder, model_name, layers, read_entities(folder / "entities.parquet"))

    def view(self, name: str, layers: Sequence[str] | None = None) -> View:
        """Return a view whose attributes are the units, named by their neuron ids.

        Parameters
        ----------
        name
            Name of the view.
        layers
            Some of the layers, in this order; None is all of them.

        Returns
        -------
        view
            float32, shape (n_units, n_entities). One float32 layer is memory-mapped and
            read-only; several are joined in memory, as is float16.

        Raises
        ------
        UnknownNameError
            If a layer is not in the store.
        StoreError
            If a file is missing or broken.
        """
        chosen = tuple(self.layers if layers is None else layers)
        if not chosen:
            em = f"A view of {self.path} needs at least one layer. Got none."
            raise StoreError(em)
        blocks = [self._block(layer) for layer in chosen]
        attributes = tuple(
            Attribute(str(NeuronId(layer, unit, model=self.model_name)), neuron=True)
            for layer, block in zip(chosen, blocks, strict=True)
            for unit in range(block.shape[0])
        )
        values = blocks[0]
        if len(blocks) > 1:
            values = cast("Values", np.concatenate(blocks))
        return View(name, self.entities, attributes, values)

    def _block(self, layer: str) -> Values:
        if layer not in self.layers:
            what = f"The activation store {self.path} has no layer"
            raise UnknownNameError.among(what, layer, self.layers)
        path = self.path / self.layers[layer]
        stored = read_array(path)
        if stored.ndim != 2 or stored.shape[1] != len(self.entities):
            em = (
                f"{path} has the shape {stored.shape}; units × {len(self.entities)} "
                "entities are needed. Capture the activations again."
            )
            raise StoreError(em)
        return cast("Values", stored.astype(np.float32, copy=False))


class ActivationFolder:
    """A folder that `capture` writes its activations to: the value of its `out`.

    Parameters
    ----------
    path
        A folder that does not exist or is empty.
    """

    def __init__(self, path: str | PathLike[str]) -> None:
        self.path = Path(path).resolve()

    def writer(
        self,
        layers: Mapping[str, int],
        entities: EntityIndex,
        *,
        dtype: str,
        model_name: str,
    ) -> ActivationWriter:
        """Return the sink for layers with these numbers of units."""
        return ActivationWriter(
            self.path, layers, entities, dtype=dtype, model_name=model_name
        )

    def view(self, name: str) -> View:
        """Return what was written as a view."""
        return ActivationStore.open(self.path).view(name)
