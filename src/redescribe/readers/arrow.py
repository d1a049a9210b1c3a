"""Arrow columns -> views: numbers, truth values, texts as categories, ids."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from redescribe.core.entities import EntityIndex
from redescribe.core.view import BOOLEAN_CATEGORIES, Attribute, AttributeKind, View
from redescribe.errors import EntityMismatchError, ReadError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from redescribe._typing import Floats, Values
    from redescribe.readers.columns import ChosenColumns


def view_of_columns(
    name: str, arrays: Mapping[str, pa.Array], chosen: ChosenColumns, *, where: str
) -> View:
    """Return the view of Arrow columns.

    Parameters
    ----------
    name
        Name of the view.
    arrays
        One array or chunked array of length n_entities for each of `chosen.names`. Nulls
        and NaN are missing.
    chosen
        The id column and the attributes, in order.
    where
        What the table is called in a message.

    Returns
    -------
    View
        Values of float32 where every attribute has half or single precision, else float64.

    Raises
    ------
    ReadError
        If a column is neither number, text nor truth value, or an id is missing.
    EntityMismatchError
        If an id occurs twice.

    Examples
    --------
    >>> from redescribe.readers.columns import ChosenColumns
    >>> arrays = {"id": pa.array([7, 8]), "age": pa.array([30, None])}
    >>> view = view_of_columns("x", arrays, ChosenColumns("id", ("age",)), where="a table")
    >>> view.entities.ids, view.values
    (('7', '8'), array([[30., nan]]))
    """
    lengths = {len(arrays[column]) for column in chosen.names}
    n_entities = lengths.pop() if lengths else 0
    if chosen.id_column:
        ids = id_texts(arrays[chosen.id_column], column=chosen.id_column, where=where)
        entities = entity_index(ids, where=f"Column {chosen.id_column!r} of {where}")
    else:
        entities = EntityIndex.numbered(n_entities)
    types = [arrays[column].type for column in chosen.attributes]
    single = bool(types) and all(t in {pa.float16(), pa.float32()} for t in types)
    shape = (len(types), n_entities)
    values: Values = np.empty(shape, np.float32) if single else np.empty(shape)
    attributes = tuple(
        _fill(row, arrays[column], column, where)
        for row, column in zip(values, chosen.attributes, strict=True)
    )
    return View(name, entities, attributes, values)


def entity_index(ids: Sequence[str], *, where: str) -> EntityIndex:
    """Return the entities of these ids; the error of a repeated id says where it stands.

    Raises
    ------
    EntityMismatchError
        If an id occurs twice.

    Examples
    --------
    >>> entity_index(["p", "p"], where="Column 'id' of 'a.csv'")
    Traceback (most recent call last):
    redescribe.errors.EntityMismatchError: Column 'id' of 'a.csv' cannot name the entities:
    Entity id 'p' occurs 2 times; ids must be unique.
    """
    try:
        return EntityIndex(tuple(ids))
    except EntityMismatchError as error:
        em = f"{where} cannot name the entities: {error}"
        raise EntityMismatchError(em) from None


def id_texts(ids: pa.Array, *, column: str, where: str) -> list[str]:
    """Return ids as texts; whole numbers are written without a decimal point.

    Parameters
    ----------
    ids
        Array or chunked array of any type with a text form.

    Raises
    ------
    ReadError
        If an id is missing (null, NaN or an empty text) or has no text form.

    Examples
    --------
    >>> id_texts(pa.array([1.0, 2.0]), column="id", where="a table")
    ['1', '2']
    """
    flat = _flat(ids)
    if pa.types.is_floating(flat.type):
        numbers = flat.cast(pa.float64())
        flat = pc.if_else(pc.is_nan(numbers), pa.scalar(None, pa.float64()), numbers)
        if pc.all(pc.equal(flat, pc.floor(flat))).as_py():
            flat = flat.cast(pa.decimal128(38, 0)) if len(flat) else flat
    try:
        texts = flat.cast(pa.large_string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        em = (
            f"Column {column!r} of {where} is of type {flat.type}, which cannot name the "
            "entities: choose a column of texts or whole numbers with id_column=."
        )
        raise ReadError(em) from None
    missing = pc.or_kleene(pc.is_null(texts), pc.equal(texts, "")).to_numpy(
        zero_copy_only=False
    )
    if missing.any():
        em = (
            f"Row {int(np.argmax(missing)) + 1} of {where} has no id in column {column!r}: "
            "fill it in, or choose another column with id_column=."
        )
        raise ReadError(em)
    # Ids that once were floats ("1.0") must meet their integers ("1") in another file.
    if len(texts) and pc.all(pc.match_substring_regex(texts, r"^-?\d+\.0$")).as_py():
        texts = pc.utf8_slice_codeunits(texts, 0, -2)
    return [str(text) for text in texts.to_pylist()]


def _fill(row: Values, array: pa.Array, name: str, where: str) -> Attribute:
    """Write the values of one column into a row and return its attribute."""
    flat, kind = _flat(array), array.type
    if pa.types.is_null(kind):
        row[:] = np.nan
        return Attribute(name)
    if pa.types.is_boolean(kind):
        row[:] = _as_floats(flat)
        return Attribute(name, AttributeKind.BOOLEAN, BOOLEAN_CATEGORIES)
    if _is_text(kind) or pa.types.is_dictionary(kind):
        codes, categories = _as_codes(array)
        row[:] = codes
        return Attribute(name, AttributeKind.NOMINAL, categories)
    if not (
        pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
    ):
        em = (
            f"Column {name!r} of {where} is of type {kind}, which is neither number, text "
            "nor truth value: convert it, or name the columns to keep with columns=."
        )
        raise ReadError(em)
    try:
        row[:] = _as_floats(flat)
    except pa.ArrowInvalid as error:
        em = (
            f"Column {name!r} of {where} has whole numbers that a double cannot hold "
            f"({error}): store them as texts, or name the columns to keep with columns=."
        )
        raise ReadError(em) from None
    return Attribute(name)


def _as_floats(array: pa.Array) -> Floats:
    floats = array.cast(pa.float64()).to_numpy(zero_copy_only=False)
    return np.asarray(floats, np.float64)


def _as_codes(array: pa.Array) -> tuple[Floats, tuple[str, ...]]:
    """Codes and categories: declared ones keep their order, others are sorted."""
    declared = pa.types.is_dictionary(array.type) and array.type.ordered
    encoded = array
    if not declared:
        texts = _flat(array).cast(pa.large_string())
        encoded = texts.dictionary_encode()
    encoded = _combined(encoded)
    texts = [str(text) for text in encoded.dictionary.to_pylist()]
    order = list(range(len(texts))) if declared else np.argsort(np.array(texts, object))
    rank = np.empty(len(texts))
    rank[order] = np.arange(len(texts))
    codes = np.full(len(encoded), np.nan)
    known = encoded.is_valid().to_numpy(zero_copy_only=False)
    codes[known] = rank[encoded.indices.drop_null().to_numpy(zero_copy_only=False)]
    return codes, tuple(texts[i] for i in order)


def _flat(array: pa.Array) -> pa.Array:
    """One array of plain values, without chunks and dictionaries."""
    combined = _combined(array)
    if pa.types.is_dictionary(combined.type):
        return combined.dictionary_decode()
    return combined


def _combined(array: pa.Array) -> pa.Array:
    if not isinstance(array, pa.ChunkedArray):
        return array
    return array.unify_dictionaries().combine_chunks()


def _is_text(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_string(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_string_view(kind)
    )
