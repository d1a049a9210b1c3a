"""Data and redescriptions of Siren and python-clired -> views and queries.

Data are two tables, one per side, with a header and one entity per row, in CSV (or any
other format with a reader here): the *full* format. A column called `id` or `identifier`
names the entities; sides with ids are joined by them, sides without by their rows.
Coordinates (`longitude`, `latitude`) are left out. `nan` and empty cells are missing.
Not read: the *sparse* format, tables without a header, types or switched-off rows and
columns inside the table, folds, conditions, and packages (`.siren`).

Redescriptions are one table with a header, divided by tabs, commas or semicolons, without
quotes. The columns `query_LHS` and `query_RHS` are needed; of the others `acc`, `pval` and
`card_Exx` are compared with what the views give, and the rest is ignored. `-` is no value,
lines that begin with `#` are comments. `clired_query` states the dialect of the queries.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from redescribe.core.dataset import align
from redescribe.core.redescription import Agreement
from redescribe.errors import QuerySyntaxError, ReadError, UnknownNameError
from redescribe.readers.clired_names import (
    ID_COLUMNS,
    LATITUDES,
    LONGITUDES,
    OTHER_COLUMNS,
    SPARSE_COLUMNS,
)
from redescribe.readers.clired_query import parse_clired_query
from redescribe.readers.files import existing_file, shown
from redescribe.readers.foreign_names import ForeignNames
from redescribe.readers.tables import read

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redescribe.core.query import Query
    from redescribe.core.view import View

SIDES = ("query_LHS", "query_RHS")
DATA_PREFIX, NAMES_FILE = "data_", "names.json"
_ACCURACY = ("acc",)
_P_VALUE = ("pval",)
_SUPPORT = ("card_Exx", "card_gamma", "len_I", "card_I")
_SEPARATORS = ("\t", ",", ";")
_TOLERANCE = 5e-4
"""python-clired writes the accuracy with three decimals."""


@dataclass(frozen=True, slots=True)
class CliredRedescription:
    """A redescription as a table states it; nothing here is recomputed.

    Attributes
    ----------
    queries
        Over the left and over the right view.
    stated_jaccard, stated_p_value, stated_support
        None where the table does not say.
    line
        Its line in the file, from 1.
    """

    queries: tuple[Query, Query]
    stated_jaccard: float | None
    stated_p_value: float | None
    stated_support: int | None
    line: int

    def differences(self, views: Sequence[View]) -> list[str]:
        """Return one sentence for each stated value that the views do not confirm.

        The Jaccard may differ by 0.0005, for it is written with three decimals.

        Examples
        --------
        >>> from redescribe.core.grammar import parse_query
        >>> from redescribe.core.view import View
        >>> views = [View.of(name, [[1.0], [2.0]], names=["a"]) for name in "xy"]
        >>> queries = (parse_query("a > 0", "x"), parse_query("a > 1", "y"))
        >>> CliredRedescription(queries, 0.5, None, 2, 2).differences(views)
        ['The file states support 2, the views give 1.']
        """
        by_name = {view.name: view for view in views}
        found = Agreement.of(tuple(q.on(by_name[q.view]) for q in self.queries))
        texts = []
        stated = self.stated_jaccard
        if stated is not None and not abs(stated - found.jaccard) <= _TOLERANCE:
            texts.append(
                f"The file states Jaccard {stated}, the views give {found.jaccard}."
            )
        if self.stated_support not in {None, found.support}:
            texts.append(
                f"The file states support {self.stated_support}, the views give "
                f"{found.support}."
            )
        return texts


@dataclass(frozen=True, slots=True)
class CliredTables:
    """Two views over the same entities, and what a table says about them.

    >>> len(CliredTables((), ()).redescriptions)
    0
    """

    views: tuple[View, ...]
    redescriptions: tuple[CliredRedescription, ...]


def read_clired(left: str | Path, right: str | Path, queries: str | Path) -> CliredTables:
    """Read the tables of both sides and a table of redescriptions.

    Names that `write_clired` wrote in another way are restored where its `names.json` lies
    beside the table of redescriptions.

    Raises
    ------
    ReadError
        If a file is missing, or is of a form that is not read; the message names the line.
    QuerySyntaxError, UnknownNameError
        If a query cannot be read.
    EntityMismatchError
        If the sides have no entity in common.
    """
    queries = existing_file(queries)
    beside = queries.parent / NAMES_FILE
    names = ForeignNames.read(beside) if beside.is_file() else ForeignNames()
    written = _joined(_side(Path(left)), _side(Path(right)))
    found = tuple(
        replace(one, queries=(names.restored_query(left_one), names.restored_query(other)))
        for one in _read_redescriptions(queries, written)
        for left_one, other in [one.queries]
    )
    return CliredTables(tuple(map(names.restored_view, written)), found)


def _side(path: Path) -> View:
    path = existing_file(path)
    stem = path.stem
    name = unquote(stem.removeprefix(DATA_PREFIX)) if stem.startswith(DATA_PREFIX) else stem
    view = read(path, name=name, id_column=_id_column(path))
    spoilt = [name for name in view.names if name in SPARSE_COLUMNS | OTHER_COLUMNS]
    sparse = set(spoilt) <= SPARSE_COLUMNS and len(spoilt) > 1
    if sparse or OTHER_COLUMNS & set(spoilt):
        what = "is a sparse table" if sparse else f"has the column {spoilt[0]!r}"
        em = f"{shown(path)} {what}, which is not read: give one column per attribute."
        raise ReadError(em)
    if any(_is_number(name) for name in view.names):
        em = f"{shown(path)} has numbers in its first row: name the columns there."
        raise ReadError(em)
    places = [n for n in view.names if n in LATITUDES | LONGITUDES]
    kept = tuple(name for name in view.names if name not in places)
    if not places:
        return view
    return read(path, name=name, id_column=_id_column(path), columns=kept)


def _id_column(path: Path) -> str:
    """The column that python-clired takes for ids, where our readers would not."""
    if path.suffix.lower() not in {".csv", ".tsv"}:
        return ""
    delimiter = "\t" if path.suffix.lower() == ".tsv" else ","
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        header = next(csv.reader(file, delimiter=delimiter), [])
    return next((name for name in header if name in ID_COLUMNS), "")


def _joined(left: View, right: View) -> tuple[View, ...]:
    numbered = tuple(map(str, range(len(left.entities))))
    sides = [view.entities.ids == numbered for view in (left, right)]
    if len(left.entities) == len(right.entities) and any(sides) and not all(sides):
        entities = right.entities if sides[0] else left.entities
        left, right = replace(left, entities=entities), replace(right, entities=entities)
    views, _ = align([left, right], inner=True)
    return views


def _read_redescriptions(path: Path, views: Sequence[View]) -> list[CliredRedescription]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        em = f"{shown(path)} is not a UTF-8 text ({error}): save it as UTF-8."
        raise ReadError(em) from None
    rows = [
        (number, line)
        for number, line in enumerate(lines, start=1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    header, separator = _header(rows[0][1] if rows else "", path)
    found = []
    for number, line in rows[1:]:
        where = f"Line {number} of {shown(path)}"
        parts = [cell.strip() for cell in line.split(separator)]
        if len(parts) != len(header):
            em = (
                f"{where} has {len(parts)} cells for {len(header)} columns: divide them by "
                "tabs, which no query holds."
            )
            raise ReadError(em)
        cells = dict(zip(header, parts, strict=True))
        known = {name: cell for name, cell in cells.items() if cell != "-"}
        found.append(_redescription(known, views, number, where))
    return found


def _header(line: str, path: Path) -> tuple[list[str], str]:
    for separator in _SEPARATORS:
        header = [cell.strip() for cell in line.split(separator)]
        if set(SIDES) <= set(header):
            return header, separator
    em = (
        f"{shown(path)} has no columns {SIDES[0]} and {SIDES[1]} in its first line: it is "
        "no table of redescriptions."
    )
    raise ReadError(em)


def _redescription(
    cells: dict[str, str], views: Sequence[View], number: int, where: str
) -> CliredRedescription:
    queries = []
    for side, view in zip(SIDES, views, strict=True):
        text = cells.get(side, "")
        if not text or text == "[]":
            em = f"{where} has no {side}: a redescription needs both queries."
            raise ReadError(em)
        try:
            queries.append(parse_clired_query(text, view))
        except (QuerySyntaxError, UnknownNameError) as error:
            em = f"{where}: {error}"
            raise type(error)(em) from None
    support = _stated(cells, _SUPPORT, where)
    return CliredRedescription(
        (queries[0], queries[1]),
        _stated(cells, _ACCURACY, where),
        _stated(cells, _P_VALUE, where),
        None if support is None else int(support),
        number,
    )


def _stated(cells: dict[str, str], names: Sequence[str], where: str) -> float | None:
    name = next((name for name in names if cells.get(name)), "")
    if not name:
        return None
    try:
        return float(cells[name])
    except ValueError:
        em = f"{where} has {cells[name]!r} as {name}, where a number belongs."
        raise ReadError(em) from None


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
