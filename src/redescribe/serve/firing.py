"""One new row of attributes -> which rules of the findings hold for it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from redescribe.core.entities import EntityIndex
from redescribe.core.view import View
from redescribe.errors import ParameterError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from redescribe.core.assessed import AssessedSet
    from redescribe.core.dataset import Dataset
    from redescribe.core.query import Query
    from redescribe.core.view import Attribute

Value = float | str | bool | None
_LARGEST = float(np.finfo(np.float32).max)


def fire(
    assessed: AssessedSet, dataset: Dataset, values: Mapping[str, Mapping[str, Value]]
) -> list[list[bool | None]]:
    """Return, for each finding and each of its rules, whether it holds for a new row.

    None is unknown: the row does not tell, or tells nothing of the view of the rule.

    Parameters
    ----------
    assessed, dataset
        The findings and what they were mined on.
    values
        View -> attribute -> its value: a number, or the text of a category. What is not
        named, and None, is missing.

    Raises
    ------
    UnknownNameError
        If there is no such view, attribute or category.
    ParameterError
        If a value is no number where one is needed.
    """
    rows = {name: _row(dataset.view(name), row) for name, row in values.items()}
    known: dict[Query, bool | None] = {}
    found: list[list[bool | None]] = []
    for finding in assessed:
        queries = finding.redescription.queries
        for query in queries:
            if query not in known:
                known[query] = _holds(query, rows)
        found.append([known[query] for query in queries])
    return found


def _holds(query: Query, rows: Mapping[str, View]) -> bool | None:
    row = rows.get(query.view)
    if row is None:
        return None
    support = query.on(row)
    return None if support.n_unknown else bool(len(support))


def _row(view: View, row: Mapping[str, Value]) -> View:
    """One entity with the attributes of the view, in its precision."""
    values = np.full((len(view.attributes), 1), math.nan, view.values.dtype)
    for name, value in row.items():
        position = view.position(name)
        if value is not None:
            values[position] = _number(view.name, view.attributes[position], value)
    return View(view.name, EntityIndex(("input",)), view.attributes, values)


def _number(view: str, attribute: Attribute, value: float | str | bool) -> float:  # noqa: FBT001 - a value of JSON
    if not attribute.is_numeric:
        text = str(value).lower() if isinstance(value, bool) else str(value)
        if text not in attribute.categories:
            what = f"Attribute {attribute.name!r} of view {view!r} has no category"
            raise UnknownNameError.among(what, text, attribute.categories)
        return attribute.categories.index(text)
    try:
        number = float(value)
    except (ValueError, OverflowError):
        number = math.inf
    # What a column of single precision cannot hold is no value of it either.
    if abs(number) > _LARGEST:
        em = (
            f"Attribute {attribute.name!r} of view {view!r} is a finite number. "
            f"Got {value!r} instead."
        )
        raise ParameterError(em)
    return number
