"""Ids that a caller gives for texts or images -> entities."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from redescribe.core.entities import EntityIndex
from redescribe.errors import EntityMismatchError, ReadError
from redescribe.readers.arrow import entity_index, id_texts

if TYPE_CHECKING:
    from collections.abc import Iterable


def given_entities(
    ids: EntityIndex | Iterable[object] | None, n_entities: int, *, what: str
) -> EntityIndex:
    """Return the entities of these ids; numbered where there are none.

    Parameters
    ----------
    ids
        Texts or whole numbers, one per entity; None numbers them "0", "1", ….
    n_entities
        How many there must be.
    what
        What the ids are for, in a message.

    Raises
    ------
    EntityMismatchError
        If an id occurs twice, or the ids are not as many as the entities.
    ReadError
        If an id is missing, or is neither text nor number.

    Examples
    --------
    >>> given_entities([7, 8], 2, what="texts").ids
    ('7', '8')
    """
    if ids is None:
        return EntityIndex.numbered(n_entities)
    entities = ids if isinstance(ids, EntityIndex) else _entities(list(ids), what)
    if len(entities) != n_entities:
        em = (
            f"Got {len(entities)} ids for {n_entities} {what}: give one for each, in order."
        )
        raise EntityMismatchError(em)
    return entities


def _entities(ids: list[object], what: str) -> EntityIndex:
    where = f"the ids of the {what}"
    try:
        array = pa.array(ids, from_pandas=True)
    except pa.ArrowException as error:
        em = f"The ids of the {what} are neither texts nor whole numbers ({error})."
        raise ReadError(em) from None
    return entity_index(id_texts(array, column="ids", where=where), where=where)
