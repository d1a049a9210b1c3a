"""What a view holds: kinds, missing, constant and dead columns, suggested views."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import numpy as np

from redescribe.core.view import AttributeKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from redescribe._typing import Values
    from redescribe.core.view import Attribute, View

MAX_LABEL_VALUES = 10
"""Whole numbers with at most so many distinct values are probably labels."""
_BLOCK_VALUES = 2**22
"""Values sorted at a time: 32 MiB of doubles."""


@dataclass(frozen=True, slots=True)
class ColumnSummary:
    """What one attribute holds.

    Attributes
    ----------
    name, kind
        Of the attribute.
    n_missing, n_distinct
        Missing entities; distinct values among the others.
    constant
        Whether all known values are equal.
    dead
        Whether all values are missing, or a numeric attribute is always 0.
    minimum, maximum
        Of a numeric attribute; NaN without a known value and for other kinds.
    label
        Whether it may be a label: nominal, boolean or few distinct whole numbers, but not
        constant.
    note
        What to look at, in words; empty where nothing is special.

    Examples
    --------
    >>> from redescribe.core.view import View
    >>> column = inspect(View.of("x", [[1.0], [1.0], [np.nan]])).columns[0]
    >>> column.constant, column.n_missing, column.note
    (True, 1, 'constant: always 1')
    """

    name: str
    kind: AttributeKind
    n_missing: int
    n_distinct: int
    constant: bool
    dead: bool
    minimum: float
    maximum: float
    label: bool
    note: str


@dataclass(frozen=True, slots=True)
class ViewSummary:
    """What a view holds, attribute by attribute.

    Attributes
    ----------
    name, n_entities, n_attributes
        Of the view.
    columns
        One summary per attribute, in order.
    suggested_views
        How to divide the attributes into views, with the arguments of the command line.

    Examples
    --------
    >>> from redescribe.core.view import View
    >>> inspect(View.of("acts", [[0.5], [1.5]]), file="acts.npy").suggested_views
    ('1 column of measurements: --view acts=acts.npy',)
    """

    name: str
    n_entities: int
    n_attributes: int
    columns: tuple[ColumnSummary, ...]
    suggested_views: tuple[str, ...]

    @property
    def n_missing(self) -> int:
        """Missing values, over all attributes."""
        return sum(column.n_missing for column in self.columns)

    @property
    def n_constant(self) -> int:
        """Attributes whose known values are all equal."""
        return sum(column.constant for column in self.columns)

    @property
    def n_dead(self) -> int:
        """Attributes that are always 0 or always missing."""
        return sum(column.dead for column in self.columns)

    def n_of_kind(self, kind: AttributeKind) -> int:
        """Return how many attributes have this kind."""
        return sum(column.kind is kind for column in self.columns)


def inspect(view: View, *, file: str = "") -> ViewSummary:
    """Summarise a view.

    Parameters
    ----------
    view
        Any view; NaN counts as missing, never as a value.
    file
        Where it was read from, for the suggested arguments; empty: a table that is given
        by `--table`.

    Examples
    --------
    >>> from redescribe.core.view import View
    >>> view = View.of("x", [[0.0, 1.5], [0.0, 2.5], [0.0, np.nan]], names=["a", "b"])
    >>> summary = inspect(view)
    >>> [(column.name, column.dead, column.n_missing) for column in summary.columns]
    [('a', True, 0), ('b', False, 1)]
    >>> summary.columns[0].note
    'dead: always 0'
    """
    columns = tuple(_summaries(view))
    labels = [column.name for column in columns if column.label]
    others = [column.name for column in columns if not column.label]
    return ViewSummary(
        view.name,
        len(view.entities),
        len(view.attributes),
        columns,
        tuple(_suggestions(view.name, labels, others, file)),
    )


def _summaries(view: View) -> Iterator[ColumnSummary]:
    """Block by block of attributes: sorting copies the values."""
    n_rows = max(1, _BLOCK_VALUES // len(view.entities))
    for start in range(0, len(view.attributes), n_rows):
        attributes = view.attributes[start : start + n_rows]
        yield from _block_summaries(attributes, view.values[start : start + n_rows])


def _block_summaries(
    attributes: Sequence[Attribute], values: Values
) -> Iterator[ColumnSummary]:
    ordered = np.sort(values, axis=1)  # NaN comes last
    known = ~np.isnan(ordered)
    n_known = known.sum(axis=1)
    steps = (ordered[:, 1:] != ordered[:, :-1]) & known[:, 1:]
    n_distinct = steps.sum(axis=1) + (n_known > 0)
    whole = ((np.floor(ordered) == ordered) | ~known).all(axis=1)
    minimum = ordered[:, 0]
    last = np.maximum(n_known - 1, 0)
    maximum = ordered[np.arange(len(ordered)), last]
    for row, attribute in enumerate(attributes):
        yield _summary(
            attribute,
            n_missing=values.shape[1] - int(n_known[row]),
            n_distinct=int(n_distinct[row]),
            whole=bool(whole[row]),
            ends=(float(minimum[row]), float(maximum[row])),
        )


def _summary(
    attribute: Attribute,
    *,
    n_missing: int,
    n_distinct: int,
    whole: bool,
    ends: tuple[float, float],
) -> ColumnSummary:
    constant = n_distinct == 1
    zero = constant and attribute.is_numeric and ends == (0.0, 0.0)
    few = whole and n_distinct <= MAX_LABEL_VALUES
    note = ""
    if n_distinct == 0:
        note = "dead: all values missing"
    elif zero:
        note = "dead: always 0"
    elif constant:
        shown = (
            f"{ends[0]:g}" if attribute.is_numeric else attribute.categories[int(ends[0])]
        )
        note = f"constant: always {shown}"
    elif attribute.is_numeric and few:
        note = f"{n_distinct} whole numbers: labels?"
    elif attribute.kind is AttributeKind.NOMINAL and n_distinct > MAX_LABEL_VALUES:
        note = f"{n_distinct} categories: names of entities?"
    return ColumnSummary(
        attribute.name,
        attribute.kind,
        n_missing,
        n_distinct,
        constant=constant,
        dead=zero or n_distinct == 0,
        minimum=ends[0] if attribute.is_numeric else np.nan,
        maximum=ends[1] if attribute.is_numeric else np.nan,
        label=n_distinct > 1 and (few or not attribute.is_numeric),
        note=note,
    )


def _suggestions(
    name: str, labels: Sequence[str], others: Sequence[str], file: str
) -> Iterator[str]:
    everything = [*labels, *others]
    if others:
        columns = _globs(others, everything) if labels else []
        argument = _argument(name, columns, file)
        yield f"{_counted(others)} of measurements: {argument}"
    if labels:
        argument = _argument("labels", _globs(labels, everything), file)
        yield f"{_counted(labels)} of labels: {argument}"


def _counted(names: Sequence[str]) -> str:
    return "1 column" if len(names) == 1 else f"{len(names)} columns"


def _argument(name: str, columns: Sequence[str], file: str) -> str:
    globs = ",".join(columns)
    if not file:
        globs = globs or "*"
    source = f"{file}:{globs}" if file and globs else file or globs
    return f"--view {shlex.quote(f'{name}={source}')}"


def _globs(names: Sequence[str], everything: Sequence[str]) -> list[str]:
    """The names, or globs for those that differ in a number, if they match nothing else."""
    wanted = set(names)
    matching: dict[str, list[str]] = {}
    for name in names:
        matching.setdefault(re.sub(r"\d+$", "*", name), []).append(name)
    globs: list[str] = []
    for glob, members in matching.items():
        exact = {name for name in everything if fnmatchcase(name, glob)} <= wanted
        globs += [glob] if exact and len(members) > 1 else members
    return globs
