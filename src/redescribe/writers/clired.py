"""Views and redescriptions as tables that Siren and python-clired read."""

from __future__ import annotations

import csv
import io
import math
from pathlib import Path
from typing import TYPE_CHECKING

from redescribe.core.measures import contingency, jaccard
from redescribe.core.query import Interval
from redescribe.core.view import AttributeKind
from redescribe.errors import ParameterError, UnknownNameError
from redescribe.readers.clired import DATA_PREFIX, NAMES_FILE, SIDES
from redescribe.readers.clired_names import clired_names
from redescribe.significance.params import TailTest
from redescribe.significance.tails import log10_p
from redescribe.store.files import write_json, write_text
from redescribe.store.names import folder_name
from redescribe.writers.numbers import p_as_double
from redescribe.writers.rr_query import tightened

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from os import PathLike

    from redescribe.core.query import Conjunction, Literal, Query
    from redescribe.core.redescription import Redescription
    from redescribe.core.view import View
    from redescribe.readers.foreign_names import ForeignNames

COLUMNS = (*SIDES, "acc", "pval", "card_Exo", "card_Eox", "card_Exx", "card_Eoo")
"""Columns of a table of redescriptions; x is "satisfies the query", o "does not"."""


def write_clired(
    found: Iterable[Redescription],
    views: Sequence[View],
    folder: str | PathLike[str],
    *,
    test: TailTest = TailTest.FIXED_MARGIN,
) -> tuple[Path, ...]:
    """Write the views that redescriptions join, and one table for each pair of views.

    Every number is computed on the views that are given. `data_<view>.csv` holds a view,
    `queries_<left>_<right>.tsv` the redescriptions between two, the earlier view on the
    left, and `names.json` the names that are written in another way. Bounds are closed, as
    python-clired reads them: an open end that is an observed value moves to the next
    number inside.

    Parameters
    ----------
    found
        Redescriptions; those over more than two views are left out, for a table has two
        sides.
    views
        All views, with the same entities.
    folder
        Where the files go.
    test
        Law of the p-values.

    Returns
    -------
    tuple of Path
        The tables of redescriptions.

    Raises
    ------
    ParameterError
        If all cover more than two views, so that nothing can be written.
    UnknownNameError, ViewError
        If a view or an attribute of a query is not there or of another kind.
    StoreError
        If the file system refuses.
    """
    folder, found = Path(folder), list(found)
    two_sided = [one for one in found if len(one.queries) == 2]
    if found and not two_sided:
        em = (
            f"All {len(found)} redescriptions cover more than two views, and the tables of "
            "clired have two sides. Write them in another format, such as rr or json."
        )
        raise ParameterError(em)
    names = clired_names(views)
    written = {view.name: names.written_view(view) for view in views}
    order = list(written)
    lines: dict[tuple[str, str], list[list[str]]] = {}
    for redescription in two_sided:
        missing = next((q.view for q in redescription.queries if q.view not in written), "")
        if missing:
            what = "There is no view"
            raise UnknownNameError.among(what, missing, order)
        left, right = sorted(redescription.queries, key=lambda q: order.index(q.view))
        row = _row(
            (names.written_query(left), names.written_query(right)),
            (written[left.view], written[right.view]),
            test,
        )
        lines.setdefault((left.view, right.view), []).append(row)
    paths = []
    for (left_name, right_name), rows in lines.items():
        pair = f"{folder_name(left_name)}_{folder_name(right_name)}"
        paths.append(folder / f"queries_{pair}.tsv")
        text = "".join("\t".join(row) + "\n" for row in [list(COLUMNS), *rows])
        write_text(paths[-1], text)
    joined = dict.fromkeys(name for pair in lines for name in pair)
    _write_views([written[name] for name in joined], names, folder)
    return tuple(paths)


def write_clired_views(
    views: Sequence[View], folder: str | PathLike[str]
) -> tuple[Path, ...]:
    r"""Write views only, as `write_clired` writes them: what python-clired is to mine.

    Parameters
    ----------
    views
        All views, with the same entities.
    folder
        Where `data_<view>.csv` and `names.json` go.

    Returns
    -------
    tuple of Path
        One table for each view, in their order.

    Raises
    ------
    StoreError
        If the file system refuses.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from redescribe.core.view import View
    >>> with TemporaryDirectory() as folder:
    ...     (path,) = write_clired_views([View.of("x", [[0.5]], names=["a>b"])], folder)
    ...     print(path.name, path.read_text(), sep="\n")
    data_x.csv
    "id","a~3Eb"
    0,0.5
    """
    names = clired_names(views)
    written = [names.written_view(view) for view in views]
    return _write_views(written, names, Path(folder))


def clired_query(query: Query, view: View) -> str:
    """Return a query in the syntax of python-clired.

    Parameters
    ----------
    query
        Its names must be such that the syntax can hold them.
    view
        The view whose values tell which ends may be written as they are.

    Examples
    --------
    >>> from redescribe.core.grammar import parse_query
    >>> from redescribe.core.view import View
    >>> view = View.of("x", [[0.0, 3.0], [1.0, 4.0]], names=["a", "b"])
    >>> clired_query(parse_query("(0.5 < a <= 1 AND b <= 4) OR (NOT (a > 0))", "x"), view)
    '( 0.5<a<1.0 & b<4.0 ) | ! 5e-324<a'
    """
    terms = [_term(term, view) for term in query.terms]
    if len(terms) == 1:
        return _inside(terms[0])
    return " | ".join(terms)


def _write_views(
    written: Sequence[View], names: ForeignNames, folder: Path
) -> tuple[Path, ...]:
    """Write views whose names are already those of the files."""
    paths = tuple(folder / f"{DATA_PREFIX}{folder_name(view.name)}.csv" for view in written)
    for path, view in zip(paths, written, strict=True):
        write_text(path, _data(view))
    write_json(folder / NAMES_FILE, names.document)
    return paths


def _row(
    queries: tuple[Query, Query], views: tuple[View, View], test: TailTest
) -> list[str]:
    left, right = (query.on(view) for query, view in zip(queries, views, strict=True))
    cells = contingency(left, right)
    log10 = log10_p((len(left), len(right)), cells.both, left.n_entities, test)
    texts = [clired_query(query, view) for query, view in zip(queries, views, strict=True)]
    counts = (cells.left_only, cells.right_only, cells.both, cells.neither)
    numbers = (jaccard([left, right]), p_as_double(log10), *counts)
    return [*texts, *map(repr, numbers)]


def _term(term: Conjunction, view: View) -> str:
    """A literal, or a conjunction in brackets: what an OR joins."""
    if len(term.literals) == 1:
        (literal,) = term.literals
        truths = _truths(literal, view)
        if truths is None:
            return f"! {_bounds(literal, view)}" if term.negated else _bounds(literal, view)
        kept = {"true", "false"} - truths if term.negated else truths
        return _truth(literal.attribute, kept, joined=" | ")
    items = [_item(literal, view) for literal in term.literals]
    return f"{'! ' if term.negated else ''}( {' & '.join(items)} )"


def _item(literal: Literal, view: View) -> str:
    """What an AND joins."""
    truths = _truths(literal, view)
    if truths is None:
        return _bounds(literal, view)
    text = _truth(literal.attribute, truths, joined=" | ")
    return f"( {text} )" if len(truths) == 2 else text.removeprefix("( ").removesuffix(" )")


def _truths(literal: Literal, view: View) -> set[str] | None:
    """The truth values of a literal on a boolean attribute; None for other attributes."""
    attribute = view.attributes[view.position(literal.attribute)]
    if isinstance(literal, Interval) or attribute.kind is not AttributeKind.BOOLEAN:
        return None
    return {"true", "false"} & set(literal.values)


def _truth(name: str, truths: set[str], *, joined: str) -> str:
    if not truths:  # satisfied nowhere, and unknown where the value is missing
        return f"( {name} & ! {name} )"
    texts = [
        text for text, value in ((name, "true"), (f"! {name}", "false")) if value in truths
    ]
    return joined.join(texts)


def _bounds(literal: Literal, view: View) -> str:
    if not isinstance(literal, Interval):
        texts = literal.values
        values = texts[0] if len(texts) == 1 else f"{{{','.join(texts)}}}"
        return f"{literal.attribute}={values}"
    observed = set(view.column(literal.attribute).tolist())
    low, high = literal.low, literal.high
    if not literal.low_closed and low in observed:
        low = math.nextafter(low, math.inf)
    if not literal.high_closed and high in observed:
        high = math.nextafter(high, -math.inf)
    if low > high:
        tight = tightened(literal, view)
        low, high = tight.low, tight.high
    lower = f"{float(low)!r}<" if math.isfinite(low) else ""
    upper = f"<{float(high)!r}" if math.isfinite(high) else ""
    return f"{lower}{literal.attribute}{upper}"


def _inside(term: str) -> str:
    """A term that stands alone: without brackets around the whole."""
    if term.startswith("( ") and term.endswith(" )"):
        return term[2:-2]
    return term


def _data(view: View) -> str:
    text = io.StringIO()
    # python-clired guesses what divides the cells; quotes in the first row tell it.
    header = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL)
    header.writerow(["id", *view.names])
    writer = csv.writer(text, lineterminator="\n")
    columns = [
        _cells(row.tolist(), attribute.categories)
        for attribute, row in zip(view.attributes, view.values, strict=True)
    ]
    writer.writerows(zip(view.entities.ids, *columns, strict=True))
    return text.getvalue()


def _cells(values: Sequence[float], categories: Sequence[str]) -> list[str]:
    observed = {value for value in values if not math.isnan(value)}
    # python-clired takes columns of nothing but 0, 0.0 and 1 for truth values.
    zeros = {"0.0": "0.00"} if observed == {0.0} else {}
    texts = []
    for value in values:
        if math.isnan(value):
            texts.append("nan")
        elif categories:
            texts.append(categories[int(value)])
        else:
            text = repr(float(value))
            texts.append(zeros.get(text, text))
    return texts
