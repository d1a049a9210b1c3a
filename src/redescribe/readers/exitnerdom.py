"""`.rr` files of the published reference implementation -> redescriptions as stated."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from redescribe.errors import QuerySyntaxError, ReadError, UnknownNameError
from redescribe.readers.exitnerdom_query import parse_rr_query
from redescribe.readers.files import existing_file, shown
from redescribe.readers.stated import RRFile, StatedRedescription

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from redescribe.core.query import Query
    from redescribe.core.view import View

_QUERY = re.compile(r"W(?P<number>\d+)R\s*:(?P<text>.*)")
_LABELS = {
    "JS": "jaccard",
    "p-value": "p_value",
    "Support intersection": "support",
    "Support union": "union",
    "Covered examples (intersection)": "covered",
    "Union elements": "union_elements",
}
_OF_NEXT_LINE = frozenset({"covered", "union_elements"})
_ID = re.compile(r"'([^']*)'(?=\s|\Z)|\"([^\"]*)\"(?=\s|\Z)|(\S+)")


def read_rr(path: str | Path, views: Sequence[View]) -> RRFile:
    r"""Read the redescriptions of an `.rr` file; unknown lines are ignored.

    Parameters
    ----------
    path
        A UTF-8 file.
    views
        The views W1, W2, … of the file, in this order.

    Raises
    ------
    ReadError
        If the file is missing, is no `.rr` file, or a block lacks a line; the message names
        the line.
    QuerySyntaxError
        If a query does not follow the grammar, or names an attribute of another view.
    UnknownNameError
        If no view has an attribute.

    References
    ----------
    Specification of redescription mining, section 11.1.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from redescribe.core.view import View
    >>> a = View.of("a", [[1.0], [2.0], [3.0]], names=["x"])
    >>> b = View.of("b", [[5.0], [6.0], [6.0]], names=["y"])
    >>> lines = [
    ...     "Redescriptions: ", "Rules: ", "W1R: x >= 2.0 <= 3.0 ", "W2R: y >= 6.0 <= 6.0 ",
    ...     "JS: 1.0", "p-value :0.0", "Support intersection: 2", "Support union: 2",
    ...     "Covered examples (intersection): ", "'1' '2' ", "Union elements: ", "'1' '2' ",
    ... ]  # fmt: skip
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "one.rr"
    ...     _ = path.write_text("\n".join(lines))
    ...     (stated,) = read_rr(path, [a, b])
    >>> stated.stated_p_value, stated.recomputed([a, b]).jaccard, stated.differences([a, b])
    (None, 1.0, [])
    """
    path = existing_file(path)
    where = shown(path)
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        em = f"{where} is not a UTF-8 text ({error}): save it as UTF-8."
        raise ReadError(em) from None
    stripped = [line.strip() for line in lines]
    if "Redescriptions:" not in stripped:
        em = f"{where} has no line 'Redescriptions:': it is no .rr file."
        raise ReadError(em)
    starts = [number for number, line in enumerate(stripped) if line == "Rules:"]
    individual = "MWAll" not in path.name
    return RRFile(
        tuple(
            _Block(stripped[start:end], start + 1, where).stated(
                views, individual=individual
            )
            for start, end in pairwise([*starts, len(stripped)])
        ),
        individual,
    )


class _Block:
    """The lines of one redescription, from `Rules:` to the next."""

    def __init__(self, lines: list[str], first_line: int, where: str) -> None:
        self._first_line = first_line
        self._where = where
        self._queries: dict[int, tuple[int, str]] = {}
        self._fields: dict[str, tuple[int, str]] = {}
        for offset, line in enumerate(lines):
            number = first_line + offset
            query = _QUERY.fullmatch(line)
            if query is not None:
                self._queries[int(query["number"])] = (number, query["text"])
                continue
            label, colon, text = line.partition(":")
            field = _LABELS.get(label.strip())
            if field is None or not colon:
                continue
            if field in _OF_NEXT_LINE and offset + 1 < len(lines):
                text = lines[offset + 1]
            self._fields[field] = (number, text.strip())

    def stated(self, views: Sequence[View], *, individual: bool) -> StatedRedescription:
        p_value = self._number("p_value") if "p_value" in self._fields else None
        if individual and p_value == 0.0:
            p_value = None
        return StatedRedescription(
            queries=self._parsed(views),
            stated_jaccard=self._number("jaccard"),
            stated_p_value=p_value,
            stated_support=self._count("support"),
            stated_union=self._count("union"),
            covered_ids=_ids(self._text("covered")[1]),
            union_ids=_ids(self._text("union_elements")[1]),
            line=self._first_line,
        )

    def _parsed(self, views: Sequence[View]) -> tuple[Query, ...]:
        if not self._queries:
            em = (
                f"Line {self._first_line} of {self._where} begins a redescription without "
                "queries (W1R: …): the file is cut off. Copy it again."
            )
            raise ReadError(em)
        queries = []
        for k, (number, text) in sorted(self._queries.items()):
            place = f"Line {number} of {self._where}"
            if not 1 <= k <= len(views):
                em = (
                    f"{place} has a query over view W{k}, but {len(views)} views were "
                    "given: give all of them in the order W1, W2, …."
                )
                raise ReadError(em)
            view = views[k - 1]
            others = [other for other in views if other is not view]
            try:
                queries.append(parse_rr_query(text, view, others=others))
            except (QuerySyntaxError, UnknownNameError) as error:
                em = f"{place}: {error}"
                raise type(error)(em) from None
        return tuple(queries)

    def _text(self, field: str) -> tuple[int, str]:
        if field not in self._fields:
            label = next(label for label, known in _LABELS.items() if known == field)
            em = (
                f"Line {self._first_line} of {self._where} begins a redescription without "
                f"a line {label!r}: the file is cut off. Copy it again."
            )
            raise ReadError(em)
        return self._fields[field]

    def _number(self, field: str) -> float:
        number, text = self._text(field)
        try:
            return float(text)
        except ValueError:
            place = f"Line {number} of {self._where}"
            em = f"{place} has {text!r} where a number belongs: correct it."
            raise ReadError(em) from None

    def _count(self, field: str) -> int:
        number, text = self._text(field)
        if not text.isdecimal():
            place = f"Line {number} of {self._where}"
            em = f"{place} has {text!r} where a count belongs: correct it."
            raise ReadError(em)
        return int(text)


def _ids(text: str) -> tuple[str, ...]:
    return tuple(
        next(part for part in match.groups() if part is not None)
        for match in _ID.finditer(text)
    )
