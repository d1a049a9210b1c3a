"""Entities, split and views of a dataset <-> files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from redescribe.core.dataset import Dataset
from redescribe.core.entities import EntityIndex, Split, SplitParams
from redescribe.core.view import Attribute, AttributeKind, View
from redescribe.errors import StoreError
from redescribe.store import schema
from redescribe.store.files import (
    RUN_AGAIN,
    read_array,
    read_json,
    read_parquet,
    reading,
    write_array,
    write_parquet,
    write_record,
)
from redescribe.store.fingerprint import view_fingerprint
from redescribe.store.names import folder_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

MINE, HOLD_OUT = "mine", "hold_out"
MOST_CHECKED = 2**26
"""Bytes of the values of a view that are read to compare them with their fingerprint."""


def write_dataset(folder: Path, dataset: Dataset) -> None:
    """Write `entities.parquet` and `views/`; the caller keeps the split's parameters."""
    parts = np.full(dataset.n_entities, MINE, dtype=object)
    parts[dataset.split.held_out] = HOLD_OUT
    write_entities(folder / "entities.parquet", dataset.entities, parts.tolist())
    for view in dataset.views:
        _write_view(folder / "views" / folder_name(view.name), view)


def read_dataset(
    folder: Path,
    names: Sequence[str],
    split: Mapping[str, Any],
    fingerprints: Mapping[str, str],
) -> Dataset:
    """Read the dataset with these views and split parameters; values are memory-mapped.

    Parameters
    ----------
    folder
        The run folder.
    names
        Of the views, in order.
    split
        Parameters of the split.
    fingerprints
        By name of the view; views up to `MOST_CHECKED` bytes are compared with them.

    Raises
    ------
    StoreError
        If a file is missing or broken.
    """
    path = folder / "entities.parquet"
    entities = read_entities(path)
    with reading(path):
        parts = np.array(read_parquet(path)["part"].to_pylist())
        mined, held_out = (np.flatnonzero(parts == part) for part in (MINE, HOLD_OUT))
        views = tuple(
            _read_view(folder / "views" / folder_name(name), entities) for name in names
        )
        for view in views:
            _check_fingerprint(folder, view, fingerprints.get(view.name))
        return Dataset(views, Split(mined, held_out, SplitParams(**split)))


def has_split(folder: Path, dataset: Dataset) -> bool:
    """Return whether a folder has the entities of a dataset, mined and held out alike.

    Raises
    ------
    StoreError
        If the table of entities is missing or broken.
    """
    path = folder / "entities.parquet"
    parts = np.array(read_parquet(path)["part"].to_pylist())
    return read_entities(path) == dataset.entities and np.array_equal(
        np.flatnonzero(parts == HOLD_OUT), dataset.split.held_out
    )


def write_entities(
    path: Path, entities: EntityIndex, parts: Sequence[str | None] | None = None
) -> None:
    """Write ids, groups and parts; without `parts` the column is null."""
    empty = [None] * len(entities)
    columns = [entities.ids, entities.groups or empty, parts or empty]
    arrays = [
        pa.array(column, field.type)
        for column, field in zip(columns, schema.ENTITIES, strict=True)
    ]
    write_parquet(path, pa.Table.from_arrays(arrays, schema=schema.ENTITIES))


def read_entities(path: Path) -> EntityIndex:
    """Read ids and groups."""
    table = read_parquet(path)
    with reading(path):
        groups = table["group"]
        kept = () if groups.null_count else tuple(groups.to_pylist())
        return EntityIndex(tuple(table["id"].to_pylist()), kept)


def _write_view(folder: Path, view: View) -> None:
    rows = [
        {"name": a.name, "kind": a.kind, "categories": a.categories, "neuron": a.neuron}
        for a in view.attributes
    ]
    write_parquet(
        folder / "attributes.parquet",
        pa.Table.from_pylist(rows, schema=schema.ATTRIBUTES),
    )
    write_array(folder / "values.npy", view.values)
    described: dict[str, schema.JSON] = {
        "name": view.name,
        "n_attributes": len(view.attributes),
        "n_entities": len(view.entities),
        "dtype": view.values.dtype.name,
    }
    write_record(folder / "view.json", schema.header(schema.VIEW) | described)


def _read_view(folder: Path, entities: EntityIndex) -> View:
    path = folder / "view.json"
    described = read_json(path)
    schema.check_encoding(described, schema.VIEW, path)
    name = str(described.get("name"))
    path = folder / "attributes.parquet"
    table = read_parquet(path)
    with reading(path):
        attributes = tuple(
            Attribute(
                row["name"],
                AttributeKind(row["kind"]),
                tuple(row["categories"]),
                row["neuron"],
            )
            for row in table.to_pylist()
        )
    path = folder / "values.npy"
    values = read_array(path)
    with reading(path):
        return View(name, entities, attributes, values)


def _check_fingerprint(folder: Path, view: View, expected: str | None) -> None:
    """A view holds what was stored; one that is too large to read now is believed."""
    if expected is None or view.values.nbytes > MOST_CHECKED:
        return
    if view_fingerprint(view) != expected:
        path = folder / "views" / folder_name(view.name) / "values.npy"
        em = f"{path} is broken: the view has other values than were stored. {RUN_AGAIN}"
        raise StoreError(em)
