"""The one protocol of all back ends: a network that says what its layers give."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from contextlib import AbstractContextManager

    from redescribe.capture.batches import Batch

    Take = Callable[[str, Any], None]
    Forward = Callable[[Batch, Take], None]


class Side(StrEnum):
    """Which side of a layer is captured."""

    INPUT = "input"
    OUTPUT = "output"


@dataclass(frozen=True, slots=True)
class KnownLayer:
    """A layer of a network, as far as it is known before the network runs.

    Attributes
    ----------
    kind
        The framework's name for what it does: `Conv2d`, `Gemm`, `Dense`.
    n_parameters
        Numbers that are learned in it and below.
    units_first
        Whether the units stand before the positions in outputs of three dimensions, and in
        those of more.
    shape
        Shape of the output where it is known before the network runs, None for a dimension
        that is not; empty where nothing is known.
    """

    kind: str
    n_parameters: int
    units_first: tuple[bool, bool] = (False, True)
    shape: tuple[int | None, ...] = ()


class Network(Protocol):
    """A network of one framework."""

    @property
    def framework(self) -> str:
        """Its name in messages."""

    @property
    def device(self) -> str:
        """Where it runs."""

    @property
    def layers(self) -> Mapping[str, KnownLayer]:
        """All that can be captured, in the network's order."""

    def fingerprint(self) -> str:
        """Return a hash of structure and weights."""

    def running(
        self, layers: Collection[str], side: Side
    ) -> AbstractContextManager[Forward]:
        """Prepare these layers; the value runs a batch and hands over what each gives.

        `Take` is called with layer and value at every call of the layer, in order. What
        was prepared is undone on every way out of the block.
        """
