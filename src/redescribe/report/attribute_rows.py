"""Attributes and entities as rows of the interactive report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from redescribe.core.printing import name_in_words
from redescribe.relations.places import place_of
from redescribe.report.blocks import plain_number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from redescribe._typing import Values
    from redescribe.core.dataset import Dataset
    from redescribe.core.view import View

Row = dict[str, Any]
N_QUANTILES = 21
"""Quantiles of an attribute: 0 %, 5 %, …, 100 %."""


def attribute_rows(
    dataset: Dataset, findings: Mapping[tuple[str, str], Sequence[int]]
) -> list[Row]:
    """Return one row per attribute of every view, in order.

    Parameters
    ----------
    dataset
        All entities count, mined and held out.
    findings
        Findings that name an attribute, by view and name.
    """
    return [
        _row(view, position, duplicate) | {"n_findings": len(findings.get(key, ()))}
        for view in dataset.views
        for position, duplicate in enumerate(_duplicates(view))
        for key in [(view.name, view.names[position])]
    ]


def entity_rows(dataset: Dataset) -> list[Row]:
    """Return one row per entity: its id, its group, and whether it is held out."""
    entities = dataset.entities
    held_out = np.zeros(len(entities), np.bool_)
    held_out[dataset.split.held_out] = True
    groups = entities.groups or [""] * len(entities)
    return [
        {"id": name, "group": group, "held_out": held}
        for name, group, held in zip(entities.ids, groups, held_out.tolist(), strict=True)
    ]


def column_values(view: View, position: int) -> Values:
    """Return a column as float32 where that is exact, else as float64.

    >>> from redescribe.core.view import View
    >>> view = View.of("x", [[0.5, 0.1], [1.5, 0.2]])
    >>> column_values(view, 0).dtype.name, column_values(view, 1).dtype.name
    ('float32', 'float64')
    """
    values: Values = view.values[position]
    with np.errstate(over="ignore"):
        short: Values = values.astype(np.float32)
    return short if np.array_equal(short, values, equal_nan=True) else values


def _row(view: View, position: int, duplicate: str) -> Row:
    attribute = view.attributes[position]
    values = view.values[position].astype(np.float64, copy=False)
    known = values[~np.isnan(values)]
    numeric = attribute.is_numeric and known.size > 0
    quantiles: list[float | None] = []
    if numeric:
        steps = np.linspace(0, 1, N_QUANTILES)
        # Observed values: a mean of two could pass the largest float.
        found = np.quantile(known, steps, method="inverted_cdf")
        quantiles = [plain_number(value) for value in found.tolist()]
    return {
        "view": view.name,
        "name": attribute.name,
        "target": view.target_name(attribute.name),
        "words": name_in_words(attribute.name, neuron=attribute.neuron),
        "kind": attribute.kind.value,
        "categories": list(attribute.categories),
        "neuron": attribute.neuron,
        "layer": str(place_of(view, attribute.name)),
        "share_missing": 1 - known.size / values.size,
        "share_active": float(np.mean(known > 0)) if numeric else None,
        "minimum": float(known.min()) if numeric else None,
        "maximum": float(known.max()) if numeric else None,
        "mean": float((known / known.size).sum()) if numeric else None,
        "n_distinct": int(np.unique(known).size),
        "duplicate_of": duplicate,
        "quantiles": quantiles,
    }


def _duplicates(view: View) -> list[str]:
    """The first attribute with the same values, for each attribute; empty for none."""
    first: dict[bytes, str] = {}
    found = []
    for name, values in zip(view.names, view.values, strict=True):
        same = first.setdefault(np.ascontiguousarray(values).tobytes(), name)
        found.append("" if same == name else same)
    return found
