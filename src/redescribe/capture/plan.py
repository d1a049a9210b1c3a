"""How large and how long a capture will be, and whether there is room for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from redescribe.core.sizes import format_bytes, format_seconds
from redescribe.errors import CaptureError

if TYPE_CHECKING:
    from redescribe.core.captured import LayerUnits, Room

_MEMORY = "memory"


@dataclass(frozen=True, slots=True)
class CapturePlan:
    """What will be captured; made when the first batch has run and before the others.

    Attributes
    ----------
    layers
        The units of each layer and reducer.
    n_entities
        All entities.
    dtype
        "float32" or "float16".
    device
        Where the network runs.
    seconds
        Estimate: the time of the first batch times the number of batches of its size. What
        a first pass has to prepare is in it.

    Examples
    --------
    >>> from redescribe.core.captured import LayerUnits
    >>> layers = (LayerUnits.whole("conv1", 1792, reducer="max"),)
    >>> print(CapturePlan(layers, 12000, "float16", "cpu", 40.2))
    1,792 units of 1 layer × 12,000 entities → 43 MB (float16), about 40 s on cpu (estimated
    from the first batch)
    """

    layers: tuple[LayerUnits, ...]
    n_entities: int
    dtype: str
    device: str
    seconds: float

    @property
    def n_units(self) -> int:
        """Captured units of all layers, once for each reducer."""
        return sum(len(layer.units) for layer in self.layers)

    @property
    def n_available(self) -> int:
        """Units of which these are some or all."""
        return sum(layer.n_units for layer in self.layers)

    @property
    def n_bytes(self) -> int:
        """Bytes of the values."""
        return self.n_units * self.n_entities * np.dtype(self.dtype).itemsize

    def __str__(self) -> str:
        n_layers = len({layer.layer for layer in self.layers})
        of = f" of {self.n_available:,}" if self.n_units < self.n_available else ""
        return (
            f"{self.n_units:,}{of} units of {n_layers} layer{'s' * (n_layers > 1)} × "
            f"{self.n_entities:,} entities → {format_bytes(self.n_bytes)} ({self.dtype}), "
            f"about {format_seconds(self.seconds)} on {self.device} (estimated from the "
            "first batch)"
        )

    def to_json(self) -> dict[str, Any]:
        """Return the numbers of the plan, and the units of each layer, as plain JSON."""
        return {
            "n_units": self.n_units,
            "n_available": self.n_available,
            "n_entities": self.n_entities,
            "n_bytes": self.n_bytes,
            "dtype": self.dtype,
            "device": self.device,
            "estimated_seconds": self.seconds,
            "layers": [
                {
                    "layer": layer.layer,
                    "reducer": layer.reducer,
                    "n_captured": len(layer.units),
                    "n_units": layer.n_units,
                }
                for layer in self.layers
            ],
        }

    def check_room(self, room: Room) -> None:
        """Check that the values fit.

        Raises
        ------
        CaptureError
            If there is less room; the message says what would help.
        """
        if self.n_bytes <= room.n_bytes:
            return
        in_memory = room.place == _MEMORY
        advice = [
            "name fewer layers",
            "draw some units of each (neurons=64, --neurons 64)",
            *(["stream to a folder (out='acts/')"] if in_memory else []),
            *(["raise the limit (memory='16GB')"] if in_memory else []),
            *(
                ["halve it (dtype='float16')"]
                if self.dtype == "float32" and not in_memory
                else []
            ),
        ]
        largest = max(self.layers, key=lambda layer: len(layer.units))
        em = (
            f"The activations need {format_bytes(self.n_bytes)} ({self.n_units:,} units × "
            f"{self.n_entities:,} entities, {self.dtype}; most of them of layer "
            f"{largest.layer!r}) and {room.place} has room for "
            f"{format_bytes(room.n_bytes)}. To make them fit: {'; or '.join(advice)}."
        )
        raise CaptureError(em)
