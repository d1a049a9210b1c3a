"""Entities that may take each other's places: single ones, or whole groups of one size."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from redescribe.core.entities import units_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from redescribe._typing import Ints
    from redescribe.core.entities import EntityIndex


@dataclass(frozen=True, slots=True, eq=False)
class Exchange:
    """Which permutations of entities leave their structure as it is.

    Groups move as a whole, their members in order, and only to the places of a group of
    the same size: a permuted view then has the groups that the others have. Within strata,
    what is exchanged has the same labels, member by member.

    Attributes
    ----------
    blocks
        ndarrays of int64, shape (n_units, n_members): positions of the members of units
        that may be exchanged with each other.

    Examples
    --------
    >>> from redescribe.core.entities import EntityIndex
    >>> entities = EntityIndex(tuple("abcde"), ("p", "p", "q", "q", "r"))
    >>> Exchange.of(entities).n_arrangements
    2
    """

    blocks: tuple[Ints, ...]

    @classmethod
    def of(cls, entities: EntityIndex, strata: Sequence[Hashable] = ()) -> Exchange:
        """Return what may be exchanged; `strata` has one label per entity, or none."""
        alike: dict[tuple[Hashable, ...], list[Ints]] = {}
        for unit in units_of(entities):
            labels = tuple(strata[i] for i in unit) if strata else ()
            alike.setdefault((unit.size, labels), []).append(unit)
        return cls(tuple(np.array(units) for units in alike.values()))

    @property
    def n_arrangements(self) -> int:
        """Number of different permutations."""
        return math.prod(math.factorial(len(block)) for block in self.blocks)

    def draw(self, generator: np.random.Generator) -> Ints:
        """Return one of the permutations, all alike in probability.

        Place i is taken by the entity at the position that element i names.
        """
        order = np.empty(sum(block.size for block in self.blocks), np.int64)
        for block in self.blocks:
            order[block] = block[generator.permutation(len(block))]
        return order
