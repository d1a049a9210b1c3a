"""One query of an `.rr` file, over the attributes of a view."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from redescribe.core.query import Conjunction, Interval, Literal, Membership, Query
from redescribe.errors import QuerySyntaxError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redescribe.core.view import View

_NOT = re.compile(r"\s*NOT\s*\(")
_OR = re.compile(r"\s*OR\s*\(")
_AND = re.compile(r"\s*AND\s")
_OPEN = re.compile(r"\s*\(")
_CLOSE = re.compile(r"\s*\)")
_NAME = re.compile(r"\s*(?P<name>.*?)\s*(?=>=|<=|=)")
_LOW = re.compile(r"\s*>=\s*(?P<number>[^\s()<>=]+)")
_HIGH = re.compile(r"\s*<=\s*(?P<number>[^\s()<>=]+)")
_EQUALS = re.compile(r"\s*=\s*")
_CATEGORY_END = re.compile(r"\s*(?:\Z|\)|\sAND\s|\sOR\s*\()")


def parse_rr_query(text: str, view: View, *, others: Sequence[View] = ()) -> Query:
    """Read a query as the reference writes it; both ends of an interval are closed.

    Parameters
    ----------
    text
        `term OR ( term )…`, where a term is `NOT ( literals )` or literals joined by AND,
        and a literal `name >= low <= high`, either half of it, or `name = category`.
        Blanks may be anywhere between the parts.
    view
        The view of the query; names and categories are looked up in it.
    others
        The views whose attributes are no part of this query.

    Raises
    ------
    QuerySyntaxError
        If the text does not follow the grammar, or an attribute belongs to another view.
    UnknownNameError
        If no view has the attribute.

    Examples
    --------
    >>> from redescribe.core.view import View
    >>> view = View.of("x", [[0.0, 1.0]], names=["a", "b"])
    >>> str(parse_rr_query("NOT ( a >= 0.0 <= 1.0E-4  ) OR ( b >= 2.0 )", view))
    '(NOT (0 <= a <= 0.0001)) OR (b >= 2)'
    """
    return _Parser(text, view, others).query()


class _Parser:
    """Recursive descent over one text."""

    def __init__(self, text: str, view: View, others: Sequence[View]) -> None:
        self._text = text.strip()
        self._view = view
        self._names = frozenset(view.names)
        self._others = others
        self._position = 0

    def query(self) -> Query:
        terms = [self._bracketed() if self._take(_OPEN) else self._term()]
        while self._take(_OR):
            terms.append(self._bracketed())
        if self._position < len(self._text):
            em = "has text that does not belong there"
            raise self._error(em)
        return Query(self._view.name, tuple(terms))

    def _bracketed(self) -> Conjunction:
        term = self._term()
        self._close()
        return term

    def _term(self) -> Conjunction:
        if self._take(_NOT):
            literals = self._literals()
            self._close()
            return Conjunction(literals, negated=True)
        return Conjunction(self._literals())

    def _literals(self) -> tuple[Literal, ...]:
        literals = [self._literal()]
        while self._take(_AND):
            literals.append(self._literal())
        return tuple(literals)

    def _literal(self) -> Literal:
        match = self._take(_NAME)
        if match is None:
            em = "needs an attribute name and one of >= <= ="
            raise self._error(em)
        name = match["name"]
        self._check_name(name)
        low, high = self._take(_LOW), self._take(_HIGH)
        if low is None and high is None:
            self._take(_EQUALS)
            return Membership(name, (self._category(name),))
        least = self._number(low["number"]) if low else -math.inf
        greatest = self._number(high["number"]) if high else math.inf
        return Interval(
            name,
            least,
            greatest,
            low_closed=math.isfinite(least),
            high_closed=True,
        )

    def _category(self, name: str) -> str:
        """Up to the first end that makes a known category; categories may hold brackets."""
        known = self._view.attributes[self._view.position(name)].categories
        start = self._position
        ends = [match.start() for match in _CATEGORY_END.finditer(self._text, start)]
        texts = [self._text[start:end] for end in ends]
        for text in (*texts, *(text.strip("'\"") for text in texts)):
            if text in known:
                self._position = start + self._text[start:].index(text) + len(text)
                self._take(re.compile(r"['\"]"))
                return text
        if not texts[0]:
            em = "needs a category"
            raise self._error(em)
        self._position = ends[0]
        return texts[0]

    def _number(self, text: str) -> float:
        try:
            number = float(text)
        except ValueError:
            em = f"has {text!r} where a number belongs"
            raise self._error(em) from None
        if math.isnan(number):
            em = "has NaN as the end of an interval"
            raise self._error(em)
        return number

    def _check_name(self, name: str) -> None:
        if name in self._names:
            return
        for other in self._others:
            if name in other.names:
                em = (
                    f"The query {self._text!r} over view {self._view.name!r} names "
                    f"{name!r}, which belongs to view {other.name!r}: give the views in "
                    "the order of the file, W1, W2, …."
                )
                raise QuerySyntaxError(em)
        what = f"View {self._view.name!r} has no attribute"
        raise UnknownNameError.among(what, name, self._view.names)

    def _close(self) -> None:
        if self._take(_CLOSE) is None:
            em = "needs ')'"
            raise self._error(em)

    def _take(self, token: re.Pattern[str]) -> re.Match[str] | None:
        match = token.match(self._text, self._position)
        if match is not None:
            self._position = match.end()
        return match

    def _error(self, what: str) -> QuerySyntaxError:
        rest = self._text[self._position : self._position + 20] or "the end"
        return QuerySyntaxError(
            f"The query {self._text!r} {what} at character {self._position}: {rest}"
        )
