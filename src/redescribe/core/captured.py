"""Which units of a layer are captured, and how much room there is for their values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from redescribe.core.neuron import NeuronId, quoted

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class LayerUnits:
    """The captured units of one layer under one reducer.

    Parameters
    ----------
    layer
        The framework's own name; `name#2` is the second call of a module.
    units
        Numbers of the captured units, ascending.
    n_units
        Number of units that the layer has, of which they are some or all.
    reducer
        What made one value of a map or of tokens; empty where the layer has one value.

    Examples
    --------
    >>> LayerUnits.whole("conv1", 16, reducer="max").name
    'conv1|max'
    >>> LayerUnits("fc", (3, 7), 10).ids(model="net")
    ('net@fc:3', 'net@fc:7')
    """

    layer: str
    units: Sequence[int]
    n_units: int
    reducer: str = ""

    @classmethod
    def whole(cls, layer: str, n_units: int, *, reducer: str = "") -> LayerUnits:
        """Return all units of a layer."""
        return cls(layer, range(n_units), n_units, reducer)

    @property
    def name(self) -> str:
        """What the layer is called in a store: its own name, and `|reducer` if any."""
        return f"{self.layer}|{quoted(self.reducer)}" if self.reducer else self.layer

    def ids(self, *, model: str) -> tuple[str, ...]:
        """Return the neuron id of each unit, in order."""
        return tuple(
            str(NeuronId(self.layer, int(unit), model=model, reducer=self.reducer))
            for unit in self.units
        )


@dataclass(frozen=True, slots=True)
class Room:
    """How many bytes of activations fit, and where.

    Attributes
    ----------
    n_bytes
        What may be taken.
    place
        "memory", or the folder.
    """

    n_bytes: int
    place: str
