"""Whether new data can answer the queries of findings, and what is new about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from redescribe.core.dataset import Dataset
from redescribe.core.query import Interval
from redescribe.core.replication import Skipped, Unseen
from redescribe.core.view import Attribute, AttributeKind, View
from redescribe.errors import UnknownNameError, ViewError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from redescribe._typing import Mask
    from redescribe.core.assessed import Finding
    from redescribe.core.entities import EntityIndex

UnseenColumns = Mapping[tuple[str, str], tuple[Unseen, "Mask"]]
"""Unseen categories by column, and which new entities have one."""


def divide_by_columns(
    findings: Iterable[Finding], dataset: Dataset
) -> tuple[list[Finding], list[Skipped]]:
    """Return the findings whose columns a dataset has, and the others.

    Parameters
    ----------
    findings
        Of an assessed set.
    dataset
        New data.
    """
    names = {view.name: frozenset(view.names) for view in dataset.views}
    kept, skipped = [], []
    for finding in findings:
        absent = next(
            (
                Skipped(finding.id, query.view, attribute)
                for query in finding.redescription.queries
                for attribute in query.attributes
                if attribute not in names.get(query.view, ())
            ),
            None,
        )
        if absent is None:
            kept.append(finding)
        else:
            skipped.append(absent)
    return kept, skipped


def absent_column(skipped: Sequence[Skipped], dataset: Dataset) -> UnknownNameError:
    """Return the error that names the first finding whose column is absent.

    Parameters
    ----------
    skipped
        At least one.
    dataset
        The data that lack the column.
    """
    first = skipped[0]
    if first.view not in dataset.names:
        known = ", ".join(map(repr, dataset.names))
        lacking = f"view {first.view!r}, which the new data lack (they have {known})"
    else:
        column = f"column {first.attribute!r} of view {first.view!r}"
        lacking = f"{column}, which the new data lack"
    more = len(skipped) - 1
    others = f" {more} more findings lack a column." if more else ""
    em = (
        f"Finding {first.id} needs {lacking}.{others} Give them under these names, or "
        "leave such findings out with skip_absent=True (--skip-absent)."
    )
    return UnknownNameError(em)


def conformed(dataset: Dataset, findings: Iterable[Finding]) -> Dataset:
    """Return a dataset whose columns have the kinds that the queries ask for.

    A column without any value has whichever kind is asked for.

    Parameters
    ----------
    dataset
        New data with all columns of the findings.
    findings
        What will be applied.

    Raises
    ------
    ViewError
        If a column has values of another kind.
    """
    empty: dict[str, set[str]] = {}
    for finding in findings:
        for query in finding.redescription.queries:
            view = dataset.view(query.view)
            for literal in query.literals:
                attribute = view.attributes[view.position(literal.attribute)]
                is_asked = isinstance(literal, Interval) == attribute.is_numeric
                if is_asked:
                    continue
                if not np.isnan(view.column(attribute.name)).all():
                    raise _other_kind(finding, view, attribute)
                empty.setdefault(view.name, set()).add(attribute.name)
    if not empty:
        return dataset
    views = tuple(_with_other_kind(v, empty.get(v.name, set())) for v in dataset.views)
    return Dataset(views, dataset.split)


def unseen_columns(
    findings: Iterable[Finding], dataset: Dataset, mined: Dataset
) -> UnseenColumns:
    """Return the categories of new entities that no mined entity has, by column.

    Parameters
    ----------
    findings
        Their nominal and Boolean columns are looked at.
    dataset
        New data with all columns of the findings.
    mined
        The dataset that the findings were mined on; only its mining part is looked at.
    """
    before = mined.mining_part
    found: dict[tuple[str, str], tuple[Unseen, Mask]] = {}
    columns = {
        (query.view, name)
        for finding in findings
        for query in finding.redescription.queries
        for name in query.attributes
    }
    for view_name, name in sorted(columns):
        new = dataset.view(view_name)
        attribute = new.attributes[new.position(name)]
        if attribute.is_numeric:
            continue
        seen = _occurring(before.view(view_name), name)
        fresh = [code for code, text in enumerate(attribute.categories) if text not in seen]
        mask = np.isin(new.column(name), fresh)
        if mask.any():
            texts = tuple(attribute.categories[code] for code in fresh)
            occurring = tuple(text for text in texts if text in _occurring(new, name))
            n_entities = int(np.count_nonzero(mask))
            found[view_name, name] = Unseen(view_name, name, occurring, n_entities), mask
    return found


def shared_entities(new: EntityIndex, earlier: EntityIndex) -> int | None:
    """Return how many new entities have an earlier one's id; None if ids are numbers.

    Examples
    --------
    >>> from redescribe.core.entities import EntityIndex
    >>> shared_entities(EntityIndex(("a", "b")), EntityIndex(("b", "c")))
    1
    >>> shared_entities(EntityIndex.numbered(2), EntityIndex.numbered(3)) is None
    True
    """
    if new.ids == new.numbered(len(new)).ids:
        return None
    return len(set(new.ids).intersection(earlier.ids))


def _occurring(view: View, name: str) -> set[str]:
    attribute = view.attributes[view.position(name)]
    codes = view.column(name)
    return {attribute.categories[int(code)] for code in np.unique(codes[~np.isnan(codes)])}


def _other_kind(finding: Finding, view: View, attribute: Attribute) -> ViewError:
    expected = "classes" if attribute.is_numeric else "numbers"
    em = (
        f"Finding {finding.id} asks for {expected} in column {attribute.name!r} of view "
        f"{view.name!r}, but in the new data it is {attribute.kind}. Give it in the form "
        "in which it was mined."
    )
    return ViewError(em)


def _with_other_kind(view: View, names: set[str]) -> View:
    attributes = tuple(
        replace(
            attribute,
            kind=AttributeKind.NOMINAL if attribute.is_numeric else AttributeKind.NUMERIC,
            categories=(),
        )
        if attribute.name in names
        else attribute
        for attribute in view.attributes
    )
    return View(view.name, view.entities, attributes, view.values)
