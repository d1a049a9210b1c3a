"""Text -> queries; `str` of a query is the exact inverse.

::

    redescription := query { "<=>" query }
    query         := term | "(" term ")" { "OR" "(" term ")" }
    term          := literals | "NOT" "(" literals ")"
    literals      := literal { "AND" literal }
    literal       := name op number | number op name op number
                   | name "=" text | name "in" "{" text { "," text } "}" | name
    op            := "<" | "<=" | ">" | ">="          `<` open, `<=` closed
    name          := bare word | text                 text := JSON string

A bare word has no blank, quote, bracket, comma or sign of comparison, is no number and no
keyword. Numbers are written with the fewest digits that give the same double back.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from redescribe.core.notation import KEYWORDS, is_number
from redescribe.core.query import Conjunction, Interval, Literal, Membership, Query
from redescribe.errors import QuerySyntaxError

if TYPE_CHECKING:
    from collections.abc import Sequence

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<text>"(?:[^"\\]|\\.)*")
      | (?P<sign><=>|<=|>=|<|>|=|\(|\)|\{|\}|,)
      | (?P<word>[^\s"(){}<>=,]+)
    )""",
    re.VERBOSE,
)
_MIRROR = {">": "<", ">=": "<="}


def format_redescription(queries: Sequence[Query]) -> str:
    """Return the text of a redescription: its queries joined by `<=>`."""
    return " <=> ".join(map(str, queries))


def parse_query(text: str, view: str) -> Query:
    """Read a query over the view of this name.

    Raises
    ------
    QuerySyntaxError
        If the text does not follow the grammar.

    Examples
    --------
    >>> parse_query('0.2 < age <= 65 AND stage = "III"', "patients").attributes
    ('age', 'stage')
    """
    parser = _Parser(text)
    query = parser.query(view)
    parser.expect_end()
    return query


def parse_redescription(text: str, views: Sequence[str]) -> tuple[Query, ...]:
    """Read a redescription whose queries are over these views, in this order.

    Raises
    ------
    QuerySyntaxError
        If the text does not follow the grammar or has another number of queries.

    Examples
    --------
    >>> [str(query) for query in parse_redescription("a > 1 <=> b <= 2", ("x", "y"))]
    ['a > 1', 'b <= 2']
    """
    parser = _Parser(text)
    queries = [parser.query(views[0])]
    while parser.take("<=>"):
        if len(queries) == len(views):
            em = (
                f"{text!r} has more queries than the {len(views)} views {', '.join(views)}."
            )
            raise QuerySyntaxError(em)
        queries.append(parser.query(views[len(queries)]))
    parser.expect_end()
    if len(queries) < len(views):
        em = (
            f"{text!r} has {len(queries)} queries for the {len(views)} views "
            f"{', '.join(views)}."
        )
        raise QuerySyntaxError(em)
    return tuple(queries)


class _Parser:
    """Recursive descent over the tokens of one text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens: list[tuple[str, str, int]] = []
        position, end = 0, len(text.rstrip())
        while position < end:
            match = _TOKEN.match(text, position)
            if match is None or match.lastgroup is None:
                what = "cannot be read"
                raise self._error(what, position)
            kind = match.lastgroup
            self._tokens.append((kind, match.group(kind), match.start(kind)))
            position = match.end()
        self._next = 0

    def query(self, view: str) -> Query:
        terms = [self._bracketed_term()] if self._at("(") else [self._term()]
        while self.take("OR"):
            if not self._at("("):
                what = "needs brackets around each term of an OR"
                raise self._error(what)
            terms.append(self._bracketed_term())
        return Query(view, tuple(terms))

    def take(self, token: str) -> bool:
        if self._at(token):
            self._next += 1
            return True
        return False

    def expect_end(self) -> None:
        if self._next < len(self._tokens):
            what = "has text that does not belong there"
            raise self._error(what)

    def _at(self, token: str) -> bool:
        if self._next == len(self._tokens):
            return False
        kind, text, _ = self._tokens[self._next]
        return kind != "text" and text == token

    def _bracketed_term(self) -> Conjunction:
        self._expect("(")
        term = self._term()
        self._expect(")")
        return term

    def _term(self) -> Conjunction:
        if self.take("NOT"):
            self._expect("(")
            literals = self._literals()
            self._expect(")")
            return Conjunction(literals, negated=True)
        return Conjunction(self._literals())

    def _literals(self) -> tuple[Literal, ...]:
        literals = [self._literal()]
        while self.take("AND"):
            literals.append(self._literal())
        return tuple(literals)

    def _literal(self) -> Literal:
        if self._at_number():
            low = self._number()
            low_sign = self._sign(("<", "<="))
            name = self._name()
            high_sign = self._sign(("<", "<="))
            high = self._number()
            return Interval(name, low, high, low_sign == "<=", high_sign == "<=")
        name = self._name()
        if self.take("="):
            return Membership(name, (self._quoted(),))
        if self.take("in"):
            return Membership(name, self._values())
        if any(self._at(sign) for sign in ("<", "<=", ">", ">=")):
            sign = self._sign(("<", "<=", ">", ">="))
            number = self._number()
            if sign in _MIRROR:
                return Interval(name, low=number, low_closed=sign == ">=")
            return Interval(name, high=number, high_closed=sign == "<=")
        return Membership(name, ("true",))

    def _values(self) -> tuple[str, ...]:
        self._expect("{")
        values = [self._quoted()]
        while self.take(","):
            values.append(self._quoted())
        self._expect("}")
        return tuple(values)

    def _at_number(self) -> bool:
        if self._next == len(self._tokens):
            return False
        kind, text, _ = self._tokens[self._next]
        return kind == "word" and is_number(text)

    def _number(self) -> float:
        if not self._at_number():
            what = "needs a number"
            raise self._error(what)
        return float(self._advance())

    def _name(self) -> str:
        if self._next < len(self._tokens):
            kind, text, _ = self._tokens[self._next]
            if kind == "text":
                return self._quoted()
            if kind == "word" and text not in KEYWORDS:
                return self._advance()
        what = "needs an attribute name"
        raise self._error(what)

    def _quoted(self) -> str:
        if self._next == len(self._tokens) or self._tokens[self._next][0] != "text":
            what = 'needs a category in "quotation marks"'
            raise self._error(what)
        position = self._tokens[self._next][2]
        try:
            return str(json.loads(self._advance(), strict=False))
        except json.JSONDecodeError:
            what = "has a broken quoted text"
            raise self._error(what, position) from None

    def _sign(self, signs: tuple[str, ...]) -> str:
        for sign in signs:
            if self._at(sign):
                return self._advance()
        what = f"needs one of {' '.join(signs)}"
        raise self._error(what)

    def _expect(self, token: str) -> None:
        if not self.take(token):
            what = f"needs {token!r}"
            raise self._error(what)

    def _advance(self) -> str:
        text = self._tokens[self._next][1]
        self._next += 1
        return text

    def _error(self, what: str, position: int | None = None) -> QuerySyntaxError:
        if position is None:
            at_end = self._next >= len(self._tokens)
            position = len(self._text) if at_end else self._tokens[self._next][2]
        rest = self._text[position : position + 20] or "the end"
        return QuerySyntaxError(
            f"The query {self._text!r} {what} at character {position}: {rest}"
        )
