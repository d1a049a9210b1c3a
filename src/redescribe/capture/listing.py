"""Every layer of a network: what it is called, what it gives, how to reduce it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from math import prod
from typing import TYPE_CHECKING, Any, TypeAlias

from redescribe.capture.loading import network_of, prepared
from redescribe.capture.network import Side
from redescribe.capture.outputs import FIRST, described, tensor_of
from redescribe.capture.reading import suggested_reducer
from redescribe.core.frame import frame_of
from redescribe.errors import CaptureError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import torch

    from redescribe.capture.batches import Data
    from redescribe.capture.loading import InputMaker
    from redescribe.capture.network import KnownLayer, Network

Shape: TypeAlias = tuple[int | None, ...]
COLUMNS = ("layer", "kind", "shape", "n_units", "reduce", "n_parameters", "note")
"""The columns of the table."""


@dataclass(frozen=True, slots=True)
class LayerRow:
    """One layer, or one call of a module that runs several times.

    Attributes
    ----------
    layer
        Its name, as `layers=` takes it.
    kind
        The framework's name for what it does.
    shape
        What it gives, entities first, None where a dimension is open; empty where it is
        unknown without an example.
    n_units
        Units of the layer; None where the shape is unknown.
    reduce
        The suggested reducer; empty where none is needed or the shape is unknown.
    n_parameters
        Numbers that are learned in it and below.
    note
        Why it cannot be captured as it is; mostly empty.
    """

    layer: str
    kind: str
    shape: tuple[int | None, ...]
    n_units: int | None
    reduce: str
    n_parameters: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class LayerTable:
    """The layers of a network, in its order.

    Examples
    --------
    >>> from torch import nn, ones
    >>> model = nn.Sequential(nn.Conv2d(1, 3, 2), nn.Flatten())
    >>> print(layers(model, ones(5, 1, 4, 4)))
    layer  kind     shape    units  reduce  parameters
    0      Conv2d   n×3×3×3      3  max             15
    1      Flatten  n×27        27                   0
    """

    rows: tuple[LayerRow, ...]

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[LayerRow]:
        return iter(self.rows)

    def to_json(self) -> list[dict[str, Any]]:
        """Return one object per layer: plain JSON."""
        return [asdict(row) | {"shape": list(row.shape)} for row in self.rows]

    def to_frame(self) -> Any:  # noqa: ANN401 - whichever frame the caller has
        """Return the rows as a frame: pandas, else Polars, else a pyarrow table."""
        rows = [record | {"shape": shape_text(row)} for row, record in self._records()]
        return frame_of(rows, COLUMNS)

    def _records(self) -> Iterator[tuple[LayerRow, dict[str, Any]]]:
        return zip(self.rows, self.to_json(), strict=True)

    def __str__(self) -> str:
        return "\n".join(_aligned([_HEADINGS, *map(_cells, self.rows)]))


_HEADINGS = ("layer", "kind", "shape", "units", "reduce", "parameters", "")
_RIGHT = {3, 5}


def layers(
    model: Any,  # noqa: ANN401 - a model of any framework, or where one is
    example: Data | None = None,
    *,
    inputs: InputMaker | None = None,
    n_inputs: int = 1,
    item: str | int = FIRST,
    device: torch.device | str | None = None,
) -> LayerTable:
    """Return every layer with its type, output shape, units and a suggested reducer.

    Parameters
    ----------
    model
        As for `capture`.
    example
        A few inputs, as for `capture`: their first batch is run to see what layers give.
        Without one, shapes are known only where the model file states them.
    inputs, n_inputs, item, device
        As for `capture`.

    Raises
    ------
    CaptureError
        If the model is of no framework that can be captured, or the example is empty.

    Examples
    --------
    >>> from torch import nn, ones
    >>> model = nn.Sequential(nn.Linear(2, 3), nn.ReLU())
    >>> [row.n_units for row in layers(model, ones(1, 2))]
    [3, 3]
    """
    network = network_of(model, device=device)
    if example is None:
        return LayerTable(
            tuple(
                _row(name, known, known.shape, "") for name, known in network.layers.items()
            )
        )
    made = prepared(example, inputs, model, n_inputs=n_inputs)
    batch = next(made.batches(_EXAMPLES), None)
    if batch is None:
        em = "The example is empty: give at least one input."
        raise CaptureError(em)
    seen: dict[str, list[tuple[Shape, str]]] = {}

    def take(layer: str, value: Any) -> None:  # noqa: ANN401 - what a layer gives
        shape, note = _shape_of(value, str(item), layer=layer)
        if shape[:1] == (len(batch),):
            shape = (None, *shape[1:])
        elif not note:
            note = "the entities do not come first"
        seen.setdefault(layer, []).append((shape, note))

    with network.running(network.layers, Side.OUTPUT) as forward:
        forward(batch, take)
    return LayerTable(tuple(_rows(network, seen)))


_EXAMPLES = 2
"""Inputs that are run, where the example has more and is no batch."""


def shape_text(row: LayerRow) -> str:
    """Return the shape of a layer as text; `n` for a dimension that is open.

    >>> shape_text(LayerRow("fc", "Linear", (None, 3), 3, "", 9))
    'n×3'
    """
    return "×".join("n" if size is None else str(size) for size in row.shape)


def _rows(
    network: Network, seen: Mapping[str, list[tuple[Shape, str]]]
) -> Iterator[LayerRow]:
    for name, known in network.layers.items():
        calls = seen.get(name, [])
        if not calls:
            yield _row(name, known, (), "does not run")
        for number, (shape, note) in enumerate(calls, 1):
            yield _row(name if len(calls) == 1 else f"{name}#{number}", known, shape, note)


def _row(name: str, known: KnownLayer, shape: Shape, note: str) -> LayerRow:
    n_units: int | None = None
    reducer = ""
    if len(shape) in {1, 2}:
        sizes = shape[1:]
        n_units = None if None in sizes else prod(size or 0 for size in sizes)
    elif len(shape) > 2:
        first = known.units_first[0 if len(shape) == 3 else 1]
        n_units = shape[1 if first else -1]
        reducer = suggested_reducer(len(shape), units_first=first).value
    return LayerRow(name, known.kind, shape, n_units, reducer, known.n_parameters, note)


def _shape_of(value: Any, item: str, *, layer: str) -> tuple[Shape, str]:  # noqa: ANN401
    try:
        return tuple(tensor_of(value, item, layer=layer).shape), ""
    except CaptureError:
        return (), f"gives {described(value)}"


def _cells(row: LayerRow) -> tuple[str, ...]:
    n_units = "" if row.n_units is None else f"{row.n_units:,}"
    shape, n_parameters = shape_text(row), f"{row.n_parameters:,}"
    return row.layer, row.kind, shape, n_units, row.reduce, n_parameters, row.note


def _aligned(cells: list[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for line in cells:
        texts = (
            cell.rjust(width) if column in _RIGHT else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        yield "  ".join(texts).rstrip()
