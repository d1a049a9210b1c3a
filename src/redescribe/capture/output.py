"""Where captured activations go: memory, or whatever has the same two methods."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

import numpy as np

from redescribe.core.neuron import NeuronId
from redescribe.core.view import Attribute, View
from redescribe.errors import CaptureError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from contextlib import AbstractContextManager

    from redescribe._typing import Values
    from redescribe.core.entities import EntityIndex
    from redescribe.core.protocols import ActivationSink


class ActivationOutput(Protocol):
    """Opens a sink once the sizes of the layers are known, and is a view afterwards."""

    def writer(
        self,
        layers: Mapping[str, int],
        entities: EntityIndex,
        *,
        dtype: str,
        model_name: str,
    ) -> AbstractContextManager[ActivationSink]:
        """Return the sink for layers with these numbers of units."""

    def view(self, name: str) -> View:
        """Return what was written as a view; its attributes are neurons."""


class MemoryOutput:
    """Keeps activations in memory, as float32.

    Examples
    --------
    >>> from redescribe.core.entities import EntityIndex
    >>> output, entities = MemoryOutput(), EntityIndex.numbered(2)
    >>> with output.writer({"fc": 1}, entities, dtype="float32", model_name="") as sink:
    ...     sink.write("fc", np.array([[0.5], [1.5]], np.float32))
    >>> output.view("neurons").column("fc:0")
    array([0.5, 1.5], dtype=float32)
    """

    def __init__(self) -> None:
        self._attributes: tuple[Attribute, ...] = ()
        self._values: Values = np.empty((0, 0), np.float32)
        self._entities: EntityIndex | None = None
        self._rows: dict[str, slice] = {}
        self._n_written: dict[str, int] = {}

    @contextmanager
    def writer(
        self,
        layers: Mapping[str, int],
        entities: EntityIndex,
        *,
        dtype: str,
        model_name: str,
    ) -> Iterator[MemoryOutput]:
        """Make room for layers with these numbers of units, and be the sink for them.

        Raises
        ------
        CaptureError
            If `dtype` is not float32.
        """
        if dtype != "float32":
            em = (
                f"Activations in memory are float32. Got {dtype!r}; give `out` to store it."
            )
            raise CaptureError(em)
        first = 0
        for layer, n_units in layers.items():
            self._rows[layer] = slice(first, first + n_units)
            first += n_units
        self._attributes = tuple(
            Attribute(str(NeuronId(layer, unit, model=model_name)), neuron=True)
            for layer, n_units in layers.items()
            for unit in range(n_units)
        )
        self._entities = entities
        self._values = np.empty((first, len(entities)), np.float32)
        self._n_written = dict.fromkeys(layers, 0)
        yield self

    def write(self, layer: str, batch: Values) -> None:
        """Append a batch of one layer, shape (n_entities_of_batch, n_units)."""
        start = self._n_written[layer]
        end = start + batch.shape[0]
        self._values[self._rows[layer], start:end] = batch.T
        self._n_written[layer] = end

    def view(self, name: str) -> View:
        """Return what was written as a view.

        Raises
        ------
        CaptureError
            If nothing was written.
        """
        if self._entities is None:
            em = f"There are no activations for the view {name!r}. Write some first."
            raise CaptureError(em)
        return View(name, self._entities, self._attributes, self._values)
