"""Where captured activations go: memory, or whatever has the same two methods."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from redescribe.core.captured import Room
from redescribe.core.view import Attribute, View
from redescribe.errors import CaptureError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from redescribe._typing import Values
    from redescribe.core.captured import LayerUnits
    from redescribe.core.entities import EntityIndex
    from redescribe.core.protocols import ActivationSink

MEMORY = 4 * 10**9
"""Bytes of activations that are kept in memory unless more is asked for."""


class ActivationOutput(Protocol):
    """Opens a sink once the sizes of the layers are known, and is a view afterwards."""

    @property
    def permanent(self) -> bool:
        """Whether it outlives the program: hashes of the inputs are worth their time."""

    def room(self) -> Room:
        """Return how much fits."""

    def writer(
        self,
        layers: Sequence[LayerUnits],
        entities: EntityIndex,
        *,
        dtype: str,
        model_name: str,
        details: Mapping[str, Any],
    ) -> AbstractContextManager[ActivationSink]:
        """Return the sink for these units; `details` is plain JSON worth keeping."""

    def view(self, name: str) -> View:
        """Return what was written as a view; its attributes are neurons."""


class MemoryOutput:
    """Keeps activations in memory, as float32.

    Parameters
    ----------
    n_bytes
        More than this is refused before room is made.

    Examples
    --------
    >>> from redescribe.core.captured import LayerUnits
    >>> from redescribe.core.entities import EntityIndex
    >>> output, layers = MemoryOutput(), [LayerUnits.whole("fc", 1)]
    >>> entities = EntityIndex.numbered(2)
    >>> with output.writer(layers, entities, dtype="float32", model_name="") as sink:
    ...     sink.write(np.array([[0.5], [1.5]], np.float32))
    >>> output.view("neurons").column("fc:0")
    array([0.5, 1.5], dtype=float32)
    """

    permanent, n_kept, inputs_kept = False, 0, ""

    def __init__(self, n_bytes: int = MEMORY) -> None:
        self._n_bytes = n_bytes
        self._attributes: tuple[Attribute, ...] = ()
        self._values: Values = np.empty((0, 0), np.float32)
        self._entities: EntityIndex | None = None
        self._n_written = 0

    def room(self) -> Room:
        """Return the memory that may be taken."""
        return Room(self._n_bytes, "memory")

    @contextmanager
    def writer(
        self,
        layers: Sequence[LayerUnits],
        entities: EntityIndex,
        *,
        dtype: str,
        model_name: str,
        details: Mapping[str, Any] | None = None,  # noqa: ARG002 - nothing is kept with it
    ) -> Iterator[MemoryOutput]:
        """Make room for these units, and be the sink for them.

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
        self._attributes = tuple(
            Attribute(neuron, neuron=True)
            for layer in layers
            for neuron in layer.ids(model=model_name)
        )
        self._entities, self._n_written = entities, 0
        self._values = np.empty((len(self._attributes), len(entities)), np.float32)
        yield self

    def write(self, batch: Values, *, inputs: str = "") -> None:  # noqa: ARG002 - see above
        """Append a batch of all layers, shape (n_entities_of_batch, n_units)."""
        end = self._n_written + batch.shape[0]
        self._values[:, self._n_written : end] = batch.T
        self._n_written = end

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
