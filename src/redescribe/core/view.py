"""A table over the entities: activations, attributes or labels."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from redescribe.core.entities import EntityIndex
from redescribe.core.scratch import take_columns
from redescribe.errors import UnknownNameError, ViewError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import ArrayLike

    from redescribe._typing import Ints, Values


class AttributeKind(StrEnum):
    """What the values of an attribute are."""

    NUMERIC = "numeric"
    NOMINAL = "nominal"
    BOOLEAN = "boolean"


BOOLEAN_CATEGORIES = ("false", "true")


@dataclass(frozen=True, slots=True)
class Attribute:
    """One column of a view.

    Parameters
    ----------
    name
        Unique in its view; the neuron id for a captured unit.
    kind
        Numeric, nominal or boolean.
    categories
        Texts that the codes 0, 1, … of a nominal attribute stand for; empty for numbers.
    neuron
        Whether the column holds the activations of a unit of a captured network.

    Examples
    --------
    >>> Attribute("stage", AttributeKind.NOMINAL, ("I", "II")).is_numeric
    False
    """

    name: str
    kind: AttributeKind = AttributeKind.NUMERIC
    categories: tuple[str, ...] = ()
    neuron: bool = False

    @property
    def is_numeric(self) -> bool:
        """Whether the values are numbers rather than category codes."""
        return self.kind is AttributeKind.NUMERIC


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A table over the entities.

    Parameters
    ----------
    name
        Unique in its dataset.
    entities
        The entities, in column order of `values`.
    attributes
        The attributes, in row order of `values`.
    values
        ndarray of float32 or float64, shape (n_attributes, n_entities). NaN means missing.
        Nominal attributes hold category codes.

    Raises
    ------
    ViewError
        If the shape does not fit, a name occurs twice, nothing is left, or a value is
        infinite.

    Examples
    --------
    >>> View.of("x", [[1.0, 5.0], [2.0, 6.0], [3.0, 7.0]], names=["a", "b"]).column("b")
    array([5., 6., 7.])
    """

    name: str
    entities: EntityIndex
    attributes: tuple[Attribute, ...]
    values: Values
    _positions: Mapping[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        # Names are looked up for every literal of every query: not by walking the list.
        positions = {name: position for position, name in enumerate(self.names)}
        object.__setattr__(self, "_positions", positions)
        expected = (len(self.attributes), len(self.entities))
        if self.values.shape != expected:
            em = (
                f"View {self.name!r} has values of shape {self.values.shape} for "
                f"{expected[0]} attributes and {expected[1]} entities."
            )
            raise ViewError(em)
        if 0 in expected:
            shape = f"{expected[0]} attributes, {expected[1]} entities"
            em = f"View {self.name!r} is empty: {shape}. It needs at least one of each."
            raise ViewError(em)
        if len(positions) != len(self.attributes):
            name, times = Counter(self.names).most_common(1)[0]
            em = (
                f"View {self.name!r} has {times} columns called {name!r}. "
                "Rename or leave out all but one."
            )
            raise ViewError(em)
        for attribute, row in zip(self.attributes, self.values, strict=True):
            if np.isinf(row).any():
                em = (
                    f"Attribute {attribute.name!r} of view {self.name!r} has "
                    f"{int(np.isinf(row).sum())} infinite values. Replace them, or leave "
                    "them empty to mark them as missing."
                )
                raise ViewError(em)

    @classmethod
    def of(
        cls,
        name: str,
        values: ArrayLike,
        *,
        names: Sequence[str] = (),
        entities: EntityIndex | None = None,
    ) -> View:
        """Return a numeric view from an array of shape (n_entities, n_attributes).

        Attributes without names are called `x0`, `x1`, …; entities are numbered.
        """
        array = np.asarray(values)
        if array.ndim != 2:
            em = f"View {name!r} needs an array of 2 dimensions. Got {array.ndim}."
            raise ViewError(em)
        if array.dtype != np.float32:
            array = array.astype(np.float64)
        attribute_names = tuple(names) or tuple(f"x{i}" for i in range(array.shape[1]))
        return cls(
            name,
            entities if entities is not None else EntityIndex.numbered(array.shape[0]),
            tuple(Attribute(attribute_name) for attribute_name in attribute_names),
            np.ascontiguousarray(array.T),
        )

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the attributes, in order."""
        return tuple(attribute.name for attribute in self.attributes)

    @property
    def has_missing(self) -> bool:
        """Whether some value is missing."""
        return bool(np.isnan(self.values).any())

    def position(self, attribute: str) -> int:
        """Return the row of an attribute.

        Raises
        ------
        UnknownNameError
            If the view has no such attribute.
        """
        try:
            return self._positions[attribute]
        except KeyError:
            what = f"View {self.name!r} has no attribute"
            raise UnknownNameError.among(what, attribute, self.names) from None

    def column(self, attribute: str) -> Values:
        """Return the values of one attribute, shape (n_entities,); NaN means missing."""
        values: Values = self.values[self.position(attribute)]
        return values

    def take(self, positions: Ints) -> View:
        """Return the view of some entities only, in the order of `positions`."""
        entities = self.entities.take(positions)
        values: Values = take_columns(self.values, positions)
        return View(self.name, entities, self.attributes, values)

    def target_name(self, attribute: str) -> str:
        """Return how the run calls an attribute: the neuron id, or `view:attribute`."""
        if self.attributes[self.position(attribute)].neuron:
            return attribute
        return f"{self.name}:{attribute}"
