"""A view of what a FLINT learned, which knows where its columns come from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from redescribe.core.entities import EntityIndex
from redescribe.core.view import View
from redescribe.errors import EntityMismatchError

if TYPE_CHECKING:
    from redescribe._typing import Floats, Ints


class Kind(StrEnum):
    """What the columns of a view are."""

    ATTRIBUTES = "attributes"
    RELEVANCE = "relevance"
    NEURONS = "neurons"
    PREDICTIONS = "predictions"


@dataclass(frozen=True, slots=True, eq=False)
class LearnedRecord:
    """What leads from a mined rule back to its attribute.

    Attributes
    ----------
    kind
        What the columns are.
    numbers
        The attribute behind each column; empty for neurons and predictions.
    aspects
        What a column says of its attribute: its value where empty, else `scaled`, or its
        position as `row`, `column` or `token`. One each, like the numbers.
    n_attributes, layers
        J and the tapped layers.
    thresholds
        Of binary columns: on where the value (or relevance) is above, NaN for positions;
        empty otherwise.
    scales
        By what `scaled` columns were divided, 1 for the others; empty without these.
    fidelity
        Of the interpreter on these entities; None for regression.
    profile
        r_jc of the columns, shape (n_columns, C), NaN for classes of no entity; None
        where there are no classes.
    """

    kind: Kind
    numbers: tuple[int, ...]
    aspects: tuple[str, ...]
    n_attributes: int
    layers: tuple[str, ...]
    thresholds: tuple[float, ...]
    scales: tuple[float, ...]
    fidelity: float | None
    profile: Floats | None


@dataclass(frozen=True, slots=True, eq=False)
class LearnedView(View):
    """A view of a FLINT, and where its columns come from.

    Attributes
    ----------
    record
        Attributes, thresholds, scales, fidelity and class profile.
    """

    record: LearnedRecord | None = None

    def take(self, positions: Ints) -> LearnedView:
        """Return the view of some entities only; fidelity and profile are still of all."""
        part = View.take(self, positions)  # super() needs a class that slots make anew
        return LearnedView(
            part.name, part.entities, part.attributes, part.values, self.record
        )


def entities_for(entities: EntityIndex | None, n: int) -> EntityIndex:
    """Return entities for n inputs; None: numbered.

    Raises
    ------
    EntityMismatchError
        If there is not one for each.
    """
    index = EntityIndex.numbered(n) if entities is None else entities
    if len(index) != n:
        em = f"There are {len(index)} entities for {n} inputs. Give one for each."
        raise EntityMismatchError(em)
    return index
