"""What is captured of each layer, and how."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from annotated_types import doc

from redescribe._validation import Count, PositiveCount, check_bounds, choose
from redescribe.capture.network import Side
from redescribe.capture.outputs import FIRST
from redescribe.capture.reduce import Reducer, UnitsAxis
from redescribe.errors import CaptureError, ParameterError

if TYPE_CHECKING:
    from collections.abc import Sequence

ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureParams:
    """What is captured of each layer, and how.

    Examples
    --------
    >>> CaptureParams.of(reduce="max", neurons=64).reduce
    (<Reducer.MAX: 'max'>,)
    """

    reduce: Annotated[tuple[Reducer, ...], doc("what maps and tokens become")] = ()
    side: Annotated[Side, doc("output or input of the layers")] = Side.OUTPUT
    item: Annotated[str, doc("which tensor of several: a position or key, or a path")] = (
        FIRST
    )
    units: Annotated[UnitsAxis, doc("where units stand: auto, first or last")] = (
        UnitsAxis.AUTO
    )
    neurons: Annotated[str, doc("units drawn of each layer; all = no sample")] = ALL
    seed: Annotated[Count, doc("seed of the sample of units")] = 0
    batch_size: Annotated[PositiveCount, doc("entities per forward pass")] = 256

    def __post_init__(self) -> None:
        check_bounds(self)
        if self.neurons != ALL and not re.fullmatch("[1-9][0-9]{0,17}", self.neurons):
            em = (
                "The 'neurons' parameter of CaptureParams must be 'all', or how many units "
                f"are drawn of each layer, such as 64. Got {self.neurons!r} instead."
            )
            raise ParameterError(em)
        if len(set(self.reduce)) != len(self.reduce):
            em = f"A reducer is named twice: {', '.join(self.reduce)}."
            raise ParameterError(em)
        if Reducer.EACH in self.reduce and len(self.reduce) > 1:
            em = (
                "reduce='each' makes an entity of every token and cannot stand beside "
                f"others. Got {', '.join(self.reduce)}; capture them apart."
            )
            raise CaptureError(em)

    @classmethod
    def of(
        cls,
        *,
        reduce: str | Sequence[str] = (),
        side: str = Side.OUTPUT,
        item: str | int = FIRST,
        units: str = UnitsAxis.AUTO,
        neurons: str | int = ALL,
        seed: int = 0,
        batch_size: int = 256,
    ) -> CaptureParams:
        """Return parameters from names.

        Raises
        ------
        UnknownNameError
            If an option has no such name.
        ParameterError
            If one is outside its bounds.
        """
        names = (reduce,) if isinstance(reduce, str) else tuple(reduce)
        return cls(
            reduce=tuple(choose(Reducer, name, parameter="reducer") for name in names),
            side=choose(Side, side, parameter="side"),
            item=str(item),
            units=choose(UnitsAxis, units, parameter="units"),
            neurons=str(neurons),
            seed=seed,
            batch_size=batch_size,
        )

    @property
    def n_sampled(self) -> int | None:
        """How many units are drawn of each layer; None is all of them."""
        return None if self.neurons == ALL else int(self.neurons)
