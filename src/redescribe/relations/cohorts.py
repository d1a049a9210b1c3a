"""Named sets of entities: made from rules, findings or ids, joined by set operations."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from redescribe.core.grammar import parse_query
from redescribe.core.support import Support
from redescribe.errors import EntityMismatchError
from redescribe.store import schema
from redescribe.store.files import read_json, reading, write_json
from redescribe.store.fingerprint import entities_fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterable
    from os import PathLike

    from redescribe.core.entities import EntityIndex
    from redescribe.core.query import Query
    from redescribe.core.view import View

Columns = frozenset[tuple[str, str]]
"""Pairs of a view and an attribute."""


@dataclass(frozen=True, slots=True)
class Cohort:
    """A named set of entities.

    `&`, `|`, `-` and `~` follow Kleene's three-valued logic and make the name of the new
    cohort; `len` counts the members. Where a rule is unknown for an entity, the entity is
    neither a member nor in the rest.

    Parameters
    ----------
    name
        What tables call it.
    entities
        The entities of which it is a part.
    members
        Who is in it (satisfied), who is not, and for whom that is unknown.
    defined_by
        Columns that decide who is a member: in them a cohort differs by construction.

    Raises
    ------
    EntityMismatchError
        If `members` covers another number of entities.

    Examples
    --------
    >>> from redescribe.core.entities import EntityIndex
    >>> people = EntityIndex(("ann", "bob", "cleo"))
    >>> a = Cohort.of_ids(["ann", "bob"], people, name="a")
    >>> b = Cohort.of_ids(["bob", "cleo"], people, name="b")
    >>> (a - b).name, (a - b).ids, len(a | b), (~b).ids
    ('a - b', ('ann',), 3, ('ann',))
    """

    name: str
    entities: EntityIndex
    members: Support
    defined_by: Columns = frozenset()

    def __post_init__(self) -> None:
        if self.members.n_entities != len(self.entities):
            em = (
                f"Cohort {self.name!r} marks {self.members.n_entities} entities, but its "
                f"index has {len(self.entities)}. Use the index of the same table."
            )
            raise EntityMismatchError(em)

    @classmethod
    def of_query(cls, query: Query | str, view: View, *, name: str = "") -> Cohort:
        """Return the entities of a view that satisfy a query, or its text.

        Parameters
        ----------
        query
            Over the view; a text is in the form of `str(query)`.
        view
            The table of which the entities are taken.
        name
            Without one, the text of the query.

        Raises
        ------
        QuerySyntaxError, UnknownNameError, ViewError
            If the text does not parse, or the view lacks an attribute of the query or has
            another kind of it.

        Examples
        --------
        >>> from redescribe.core.view import View
        >>> view = View.of("x", [[1.0], [5.0], [float("nan")]], names=["a"])
        >>> high = Cohort.of_query("a > 3", view)
        >>> high.name, high.ids, len(~high)
        ('a > 3', ('1',), 1)
        """
        parsed = parse_query(query, view.name) if isinstance(query, str) else query
        columns = frozenset((view.name, attribute) for attribute in parsed.attributes)
        return cls(name or str(parsed), view.entities, parsed.on(view), columns)

    @classmethod
    def of_ids(cls, ids: Iterable[str], entities: EntityIndex, *, name: str) -> Cohort:
        """Return the entities with these ids.

        Raises
        ------
        EntityMismatchError
            If an id is not among the entities.
        """
        return cls(name, entities, Support.from_mask(_mask(ids, entities, name)))

    def __len__(self) -> int:
        return len(self.members)

    def __and__(self, other: Cohort) -> Cohort:
        return self._joined(other, "&", self.members & self._aligned(other))

    def __or__(self, other: Cohort) -> Cohort:
        return self._joined(other, "|", self.members | self._aligned(other))

    def __sub__(self, other: Cohort) -> Cohort:
        return self._joined(other, "-", self.members & ~self._aligned(other))

    def __invert__(self) -> Cohort:
        return replace(self, name=f"~{_operand(self.name)}", members=~self.members)

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of the members, in the order of the entities."""
        every = self.entities.ids
        return tuple(every[i] for i in np.flatnonzero(self.members.mask))

    def named(self, name: str) -> Cohort:
        """Return the same cohort under another name."""
        return replace(self, name=name)

    def among(self, entities: EntityIndex) -> Cohort:
        """Return the cohort within some of its entities, such as those of the hold-out.

        Parameters
        ----------
        entities
            Some or all of the cohort's entities, in any order.

        Raises
        ------
        EntityMismatchError
            If one of them is not an entity of this cohort.

        Examples
        --------
        >>> from redescribe.core.entities import EntityIndex
        >>> cohort = Cohort.of_ids(["p"], EntityIndex(("p", "q", "r")), name="one")
        >>> cohort.among(EntityIndex(("r", "p"))).members.mask
        array([False, True])
        """
        where = {entity: position for position, entity in enumerate(self.entities.ids)}
        unknown = [entity for entity in entities.ids if entity not in where]
        if unknown:
            em = (
                f"{len(unknown)} of {len(entities)} entities are not among the "
                f"{len(self.entities)} over which cohort {self.name!r} is defined: "
                f"{_shown(unknown)}. Define it over a table that has them."
            )
            raise EntityMismatchError(em)
        taken = np.array([where[entity] for entity in entities.ids], dtype=np.int64)
        members = Support.from_mask(
            self.members.mask[taken], unknown=self.members.unknown_mask[taken]
        )
        return replace(self, entities=entities, members=members)

    def save(self, path: str | PathLike[str]) -> None:
        """Write name, member ids and the columns that define the cohort to a JSON file.

        Raises
        ------
        StoreError
            If the file system refuses.
        """
        every = self.entities.ids
        undecided = [every[i] for i in np.flatnonzero(self.members.unknown_mask)]
        record: dict[str, schema.JSON] = {
            **schema.header(schema.COHORT),
            "name": self.name,
            "n_entities": len(self.entities),
            "entities_fingerprint": entities_fingerprint(self.entities),
            "ids": self.ids,
            "undecided_ids": undecided,
            "defined_by": sorted(self.defined_by),
        }
        write_json(Path(path), record)

    @classmethod
    def load(cls, path: str | PathLike[str], entities: EntityIndex) -> Cohort:
        """Read a cohort that `save` has written.

        Parameters
        ----------
        path
            The JSON file.
        entities
            Those over which it was defined: ids, groups and order.

        Raises
        ------
        StoreError
            If the file is missing or broken.
        EntityMismatchError
            If it was defined over other entities.
        """
        file = Path(path)
        record = cast("dict[str, Any]", read_json(file))
        schema.check_encoding(record, schema.COHORT, file)
        with reading(file):
            name, made = str(record["name"]), record["entities_fingerprint"]
            ids, undecided = list(record["ids"]), list(record["undecided_ids"])
            columns = frozenset((view, column) for view, column in record["defined_by"])
            n_entities = int(record["n_entities"])
        if made != entities_fingerprint(entities):
            em = (
                f"{file} holds a cohort over other entities ({n_entities}; given: "
                f"{len(entities)}). Load it over the table it was made with, then take "
                "cohort.among(...) of a part."
            )
            raise EntityMismatchError(em)
        members = Support.from_mask(
            _mask(ids, entities, name), unknown=_mask(undecided, entities, name)
        )
        return cls(name, entities, members, columns)

    def _aligned(self, other: Cohort) -> Support:
        if self.entities.ids != other.entities.ids:
            em = (
                f"Cohorts {self.name!r} and {other.name!r} are parts of different entities "
                f"({len(self.entities)} and {len(other.entities)}). Bring both to the same "
                "ones with cohort.among(...)."
            )
            raise EntityMismatchError(em)
        return other.members

    def _joined(self, other: Cohort, sign: str, members: Support) -> Cohort:
        name = f"{_operand(self.name)} {sign} {_operand(other.name)}"
        return Cohort(name, self.entities, members, self.defined_by | other.defined_by)


def _operand(name: str) -> str:
    return f"({name})" if " " in name else name


def _mask(ids: Iterable[str], entities: EntityIndex, name: str) -> np.ndarray:
    """Booleans, shape (n_entities,): who has one of these ids."""
    where = {entity: position for position, entity in enumerate(entities.ids)}
    wanted = list(ids)
    unknown = [entity for entity in wanted if entity not in where]
    if unknown:
        em = (
            f"Cohort {name!r} has {len(unknown)} ids that are not among the "
            f"{len(entities)} entities: {_shown(unknown)}. Check the ids."
        )
        raise EntityMismatchError(em)
    mask = np.zeros(len(entities), dtype=np.bool_)
    mask[[where[entity] for entity in wanted]] = True
    return mask


def _shown(ids: list[str]) -> str:
    return ", ".join(map(repr, ids[:5])) + (", …" if len(ids) > 5 else "")
