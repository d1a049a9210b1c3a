"""Which columns are compared, and columns that are made of others."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import numpy as np

from redescribe.core.view import BOOLEAN_CATEGORIES, Attribute, AttributeKind, View
from redescribe.errors import ParameterError, UnknownNameError, ViewError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from redescribe.core.dataset import Dataset
    from redescribe.relations.cohorts import Columns

ERRORS = "errors"
"""Name of the view that holds flags of errors."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnChoice:
    """Which columns are compared.

    Attributes
    ----------
    views
        Views of which all columns are taken; with neither views nor columns, all are.
    columns
        Further columns as `VIEW:COLUMN`, where the column may be a glob.
    errors
        Texts `PREDICTED=TRUE`, each side as `VIEW:COLUMN`: a flag for each is compared too.
    classes_only
        Leave out numeric columns, unless views or columns are named.

    Examples
    --------
    >>> from redescribe.core.dataset import Dataset
    >>> views = [View.of("x", [[1.0], [0.0]], names=["p"]), View.of("y", [[1.0], [1.0]])]
    >>> choice = ColumnChoice(columns=["x:*"], errors=["x:p=y:x0"])
    >>> [view.names for view in choice.among(Dataset.of(views))[0]]
    [('p',), ('x:p != y:x0',)]
    """

    views: Sequence[str] = ()
    columns: Sequence[str] = ()
    errors: Sequence[str] = ()
    classes_only: bool = False

    def among(
        self, dataset: Dataset
    ) -> tuple[tuple[View, ...], Mapping[tuple[str, str], Columns]]:
        """Return the chosen columns, and for each flag of errors what it is made of.

        Raises
        ------
        ParameterError, UnknownNameError, ViewError
            As `choose_columns` and `error_flags`.
        """
        chosen = choose_columns(dataset.views, names=self.views, columns=self.columns)
        if self.classes_only and not (self.views or self.columns):
            chosen = class_columns(chosen)
        if not self.errors:
            return chosen, {}
        flags, sources = error_flags(dataset, self.errors)
        made_of = {(flags.name, name): columns for name, columns in sources.items()}
        return (*chosen, flags), made_of


def choose_columns(
    views: Sequence[View], *, names: Sequence[str] = (), columns: Sequence[str] = ()
) -> tuple[View, ...]:
    """Return the views with the chosen columns only; views without any are left out.

    Parameters
    ----------
    views
        Tables over the same entities.
    names
        Views of which all columns are taken; with neither names nor columns, all are.
    columns
        Further columns as `VIEW:COLUMN`, where the column may be a glob.

    Raises
    ------
    ParameterError
        If a text is not of the form `VIEW:COLUMN`.
    UnknownNameError
        If there is no such view, or nothing matches.

    Examples
    --------
    >>> views = [View.of("x", [[1.0, 2.0]], names=["a", "b"]), View.of("y", [[3.0]])]
    >>> [view.names for view in choose_columns(views, columns=["x:b"])]
    [('b',)]
    """
    if not names and not columns:
        return tuple(views)
    wanted: dict[str, set[str]] = {view.name: set() for view in views}
    for name in names:
        view = _view(views, name)
        wanted[view.name].update(view.names)
    for text in columns:
        view, column = _divided(views, text)
        found = [name for name in view.names if name == column]
        found = found or [name for name in view.names if fnmatchcase(name, column)]
        if not found:
            what = f"View {view.name!r} has no attribute"
            raise UnknownNameError.among(what, column, view.names)
        wanted[view.name].update(found)
    return tuple(_only(view, wanted[view.name]) for view in views if wanted[view.name])


def class_columns(views: Iterable[View]) -> tuple[View, ...]:
    """Return the views with their nominal and Boolean columns only.

    >>> class_columns([View.of("x", [[1.0]])])
    ()
    """
    chosen = (
        (view, {a.name for a in view.attributes if not a.is_numeric}) for view in views
    )
    return tuple(_only(view, names) for view, names in chosen if names)


def error_flags(dataset: Dataset, pairs: Sequence[str]) -> tuple[View, dict[str, Columns]]:
    """Return where predictions differ from the truth, as a view of Boolean columns.

    Parameters
    ----------
    dataset
        Has the predicted and the true columns.
    pairs
        Texts `PREDICTED=TRUE`, each side as `VIEW:COLUMN`; at least one.

    Returns
    -------
    view, made_of
        The view `errors`, with a column `VIEW:PREDICTED != VIEW:TRUE` for each pair (with
        one `VIEW:` where it is the same): true where the two differ, missing where one of
        them is. And the columns that each is made of.

    Raises
    ------
    ParameterError
        If a text is not of this form, or there is a view of this name already.
    UnknownNameError
        If there is no such view or column.
    ViewError
        If one side is numeric and the other is not, or no category is common to both.

    Examples
    --------
    >>> from redescribe.core.dataset import Dataset
    >>> views = [View.of("x", [[1.0], [0.0]], names=["p"]), View.of("y", [[1.0], [1.0]])]
    >>> flags, made_of = error_flags(Dataset.of(views), ["x:p=y:x0"])
    >>> flags.names, flags.values, sorted(made_of["x:p != y:x0"])
    (('x:p != y:x0',), array([[0., 1.]]), [('x', 'p'), ('y', 'x0')])
    """
    if ERRORS in dataset.names:
        em = f"There is a view {ERRORS!r} already: rename it, so that errors have a place."
        raise ParameterError(em)
    rows, made_of = [], dict[str, "Columns"]()
    for text in pairs:
        predicted, true = _pair(dataset.views, text)
        other = "" if true[0] is predicted[0] else f"{true[0].name}:"
        name = f"{predicted[0].name}:{predicted[1]} != {other}{true[1]}"
        rows.append(_differences(predicted, true))
        made_of[name] = frozenset((view.name, column) for view, column in (predicted, true))
    attributes = tuple(
        Attribute(name, AttributeKind.BOOLEAN, BOOLEAN_CATEGORIES) for name in made_of
    )
    return View(ERRORS, dataset.entities, attributes, np.array(rows)), made_of


def _differences(predicted: tuple[View, str], true: tuple[View, str]) -> np.ndarray:
    """1 where two columns differ, 0 where they are equal, NaN where one is missing."""
    columns = [
        (view.attributes[view.position(name)], view.column(name))
        for view, name in (predicted, true)
    ]
    (left, left_values), (right, right_values) = columns
    where = f"{predicted[0].name}:{predicted[1]} and {true[0].name}:{true[1]}"
    if left.is_numeric != right.is_numeric:
        kinds = f"{left.kind} and {right.kind}"
        em = (
            f"Columns {where} cannot be compared: they are {kinds}. Give both as classes "
            "of the same names, or both as numbers."
        )
        raise ViewError(em)
    if not left.is_numeric:
        position = {text: code for code, text in enumerate(left.categories)}
        if position.keys().isdisjoint(right.categories):
            em = (
                f"Columns {where} have no class in common: {list(left.categories)[:5]} and "
                f"{list(right.categories)[:5]}. Give both the same names of classes."
            )
            raise ViewError(em)
        codes = np.array([position.get(text, -1) for text in right.categories], np.float64)
        known = ~np.isnan(right_values)
        translated = np.full(right_values.shape, np.nan)
        translated[known] = codes[right_values[known].astype(np.int64)]
        right_values = translated
    unknown = np.isnan(left_values) | np.isnan(right_values)
    return np.where(unknown, np.nan, left_values != right_values)


def _pair(views: Sequence[View], text: str) -> tuple[tuple[View, str], tuple[View, str]]:
    """The two columns of PREDICTED=TRUE; names may have `=` or `:` in them as well."""
    sides = text.split("=")
    for cut in range(1, len(sides)):
        left, right = "=".join(sides[:cut]), "=".join(sides[cut:])
        found = [_column_or_none(views, side) for side in (left, right)]
        if found[0] is not None and found[1] is not None:
            return found[0], found[1]
    if len(sides) < 2:
        em = f"{text!r} is not of the form PREDICTED=TRUE, each side as VIEW:COLUMN."
        raise ParameterError(em)
    # No cut fits: the first one says which name is unknown.
    return existing_column(views, sides[0]), existing_column(views, "=".join(sides[1:]))


def existing_column(views: Sequence[View], text: str) -> tuple[View, str]:
    """Return view and column of VIEW:COLUMN.

    Raises
    ------
    ParameterError
        If the text has another form.
    UnknownNameError
        If there is no such view or column.

    Examples
    --------
    >>> view = View.of("x", [[1.0], [2.0]], names=["a:b"])
    >>> existing_column([view], "x:a:b")[1]
    'a:b'
    """
    view, column = _divided(views, text)
    view.position(column)
    return view, column


def _column_or_none(views: Sequence[View], text: str) -> tuple[View, str] | None:
    for view in views:
        column = text.removeprefix(f"{view.name}:")
        if column != text and column in view.names:
            return view, column
    return None


def _divided(views: Sequence[View], text: str) -> tuple[View, str]:
    """View and column of VIEW:COLUMN; the longest view name that fits."""
    fitting = [view for view in views if text.startswith(f"{view.name}:")]
    if fitting:
        view = max(fitting, key=lambda one: len(one.name))
        return view, text.removeprefix(f"{view.name}:")
    name, separator, column = text.partition(":")
    if not separator or not column:
        em = f"{text!r} is not of the form VIEW:COLUMN."
        raise ParameterError(em)
    return _view(views, name), column


def _view(views: Sequence[View], name: str) -> View:
    for view in views:
        if view.name == name:
            return view
    what = "There is no view"
    raise UnknownNameError.among(what, name, [view.name for view in views])


def _only(view: View, names: set[str]) -> View:
    """The view with these attributes, in its own order."""
    rows = [i for i, attribute in enumerate(view.attributes) if attribute.name in names]
    if len(rows) == len(view.attributes):
        return view
    attributes = tuple(view.attributes[i] for i in rows)
    return View(view.name, view.entities, attributes, view.values[rows])
