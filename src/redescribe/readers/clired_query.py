r"""Queries of Siren and python-clired -> queries over a view.

::

    query    := items of one kind, at the outside without brackets
    items    := item { "&" item } | item { "|" item }
    item     := literal | [ "!" ] "(" items ")"
    literal  := [ "!" ] ( bounds | category | name ) | the same in "[" "]"
    bounds   := [ number "<" ] name [ "<" number ] | [ number ">" ] name [ ">" number ]
    category := name ( "=" | "!=" ) ( text | "{" text { "," text } "}" )
    name     := text that begins with no digit | "v" number

`\land` and U+2227 stand for `&`, `\lor` and U+2228 for `|`, `\neg` and U+00AC for `!`,
`<=`, `\leq` and U+2264 for `<`, `>=`, `\geq` and U+2265 for `>`, `\in` and U+2208 for `=`,
`\neq`, U+2260 and U+2209 for `!=`. All bounds are closed, also those that are written `<`:
python-clired has no open ones. `v3` is the fourth attribute of the side, also where an
attribute has that name. A name alone is a truth value, or a column of 0 and 1. Names and
categories may hold blanks, but none of `< > = ! [ ] ( ) { } & | ,`; `?` may not come first.

Constants (`!!`), anonymous variables (`?v1`), times (`@2020-01-01`) and conditions are not
read.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from redescribe.core.query import Interval, Membership, Query
from redescribe.errors import QuerySyntaxError
from redescribe.readers.clired_terms import Group, Leaf, Node, conjunctions

if TYPE_CHECKING:
    from redescribe.core.view import View

_SIGNS = "\u2227\u2228\u00ac\u2264\u2265\u2208\u2260\u2209"
_MEANINGS = {
    **dict(zip(_SIGNS, ("&", "|", "!", "<", ">", "=", "!=", "!="), strict=True)),
    **dict.fromkeys(("leq", "<="), "<"),
    **dict.fromkeys(("geq", ">="), ">"),
    "land": "&",
    "lor": "|",
    "neg": "!",
    "in": "=",
    "neq": "!=",
}
_COMMANDS = "(?:land|lor|neg|leq|geq|neq|in)(?![A-Za-z])"
_TEXT = rf"[^<>=!&|()\[\]{{}},{_SIGNS}\\]|\\(?!{_COMMANDS})"
_TOKEN = re.compile(
    rf"\s*(?:\\(?P<command>{_COMMANDS})(?:\{{\}})?"
    rf"|(?P<sign><=|>=|!=|[<>=!&|()\[\]{{}},{_SIGNS}])|(?P<text>(?:{_TEXT})+))"
)
_ASCII_SIGNS = frozenset("<>=!&|()[]{},") | {"!="}
_NUMBER = re.compile(r"[+-]?\d+\.?\d*(?:[Ee][-+]?\d+)?")
_INDEX = re.compile(r"v(\d+)")


def parse_clired_query(text: str, view: View) -> Query:
    """Read a query of Siren or python-clired over a view; see the grammar above.

    Our queries are ORs of conjunctions, so nested brackets are multiplied out; an item
    `! ( … )` of an OR stays as it is.

    Raises
    ------
    QuerySyntaxError
        If the text does not follow the grammar, uses what is not read, compares numbers
        with categories, or would become more than 64 terms.
    UnknownNameError
        If the view has no such attribute.

    Examples
    --------
    >>> from redescribe.core.view import View
    >>> view = View.of("x", [[0.0, 1.0]], names=["a", "worst radius"])
    >>> str(parse_clired_query("3.0<v0<5.0 & worst radius<2", view))
    '3 <= a <= 5 AND "worst radius" <= 2'
    >>> str(parse_clired_query("( a<1 | 2<a ) & ! worst radius<2", view))
    '(a <= 1 AND "worst radius" > 2) OR (a >= 2 AND "worst radius" > 2)'
    """
    return Query(view.name, tuple(conjunctions(_Parser(text, view).node(), view)))


class _Parser:
    """Recursive descent over the tokens of one text."""

    def __init__(self, text: str, view: View) -> None:
        self._text = text.strip()
        self._view = view
        self._tokens: list[tuple[str, int]] = []
        position = 0
        while position < len(self._text):
            match = _TOKEN.match(self._text, position)
            if match is None:
                em = "cannot be read"
                raise self._error(em, position)
            kind = match.lastgroup or ""
            token = match[kind].strip()
            if kind != "text":
                token = _MEANINGS.get(token, token)
            self._tokens.append((token, match.start(kind)))
            position = match.end()
        self._next = 0

    def node(self) -> Node:
        node = self._items()
        if self._next < len(self._tokens):
            em = "needs brackets around what '&' and '|' join, or has text left over"
            raise self._error(em)
        return node

    def _items(self) -> Node:
        items = [self._item()]
        sign = self._peek()
        while sign in {"&", "|"} and self._take(sign):
            items.append(self._item())
        return items[0] if len(items) == 1 else Group(sign == "|", tuple(items))

    def _item(self) -> Node:
        negated = self._take("!")
        if self._peek() == "!":
            em = "has a constant (!!) or a double negation, which is not read,"
            raise self._error(em)
        if self._take("("):
            node: Node = self._items()
            self._expect(")")
        elif self._take("["):
            node = self._literal()
            self._expect("]")
        else:
            node = self._literal()
        return replace(node, negated=node.negated is not negated)

    def _literal(self) -> Node:
        first = self._value()
        if _NUMBER.fullmatch(first):
            sign = self._compared()
            name = self._name(self._value())
            other = self._peek() == sign and self._take(sign)
            return self._interval(name, sign, first, self._value() if other else "")
        name = self._name(first)
        sign = self._peek()
        if sign in {"<", ">"}:
            self._take(sign)
            return self._interval(name, sign, "", self._value())
        if sign in {"=", "!="}:
            self._take(sign)
            node = self._categories(name)
            return replace(node, negated=sign == "!=")
        return self._boolean(name)

    def _interval(self, name: str, sign: str, first: str, last: str) -> Leaf:
        """`first < name < last`, or `first > name > last`."""
        if not self._is_numeric(name):
            em = f"compares {name!r} with a number, but it holds categories,"
            raise self._error(em)
        low, high = (first, last) if sign == "<" else (last, first)
        return Leaf(
            Interval(
                name,
                self._number(low) if low else -math.inf,
                self._number(high) if high else math.inf,
                low_closed=True,
                high_closed=True,
            )
        )

    def _categories(self, name: str) -> Node:
        if not self._take("{"):
            return self._membership(name, [self._value()])
        texts = [self._value()]
        while self._take(","):
            texts.append(self._value())
        self._expect("}")
        return self._membership(name, texts)

    def _membership(self, name: str, texts: list[str]) -> Node:
        if not self._is_numeric(name):
            return Leaf(Membership(name, tuple(texts)))
        if np.isnan(self._view.column(name)).all():  # unknown, whatever is asked
            return Leaf(Interval(name, low=0.0))
        # Categories that are numbers were read as numbers.
        values = sorted({self._number(text) for text in texts})
        leaves = tuple(Leaf(Interval(name, v, v, low_closed=True)) for v in values)
        return leaves[0] if len(leaves) == 1 else Group(is_or=True, items=leaves)

    def _boolean(self, name: str) -> Leaf:
        if not self._is_numeric(name):
            return Leaf(Membership(name, ("true",)))
        observed = {v for v in self._view.column(name).tolist() if not math.isnan(v)}
        if not observed <= {0.0, 1.0}:
            em = (
                f"names {name!r} as a truth value, but it holds other numbers than 0 and 1,"
            )
            raise self._error(em)
        return Leaf(Interval(name, low=1.0, low_closed=True))

    def _name(self, text: str) -> str:
        index = _INDEX.fullmatch(text)
        if index is None:
            return self._view.names[self._view.position(text)]
        if int(index[1]) >= len(self._view.names):
            last = len(self._view.names) - 1
            em = f"names {text}, but view {self._view.name!r} ends at v{last}"
            raise self._error(em)
        return self._view.names[int(index[1])]

    def _is_numeric(self, name: str) -> bool:
        return self._view.attributes[self._view.position(name)].is_numeric

    def _number(self, text: str) -> float:
        if not _NUMBER.fullmatch(text):
            what = "a time, which is not read," if text.startswith("@") else "no number"
            em = f"has {text!r}, {what}"
            raise self._error(em)
        return float(text)

    def _value(self) -> str:
        token = self._peek()
        if not token or token in _ASCII_SIGNS:
            em = "needs a name or a value"
            raise self._error(em)
        if token.startswith("?"):
            em = "has an anonymous variable (?…), which is not read,"
            raise self._error(em)
        self._next += 1
        return token

    def _compared(self) -> str:
        for sign in ("<", ">"):
            if self._take(sign):
                return sign
        em = "needs '<' or '>'"
        raise self._error(em)

    def _expect(self, token: str) -> None:
        if not self._take(token):
            em = f"needs {token!r}"
            raise self._error(em)

    def _take(self, token: str) -> bool:
        if self._peek() != token:
            return False
        self._next += 1
        return True

    def _peek(self) -> str:
        return self._tokens[self._next][0] if self._next < len(self._tokens) else ""

    def _error(self, what: str, position: int | None = None) -> QuerySyntaxError:
        if position is None:
            at_end = self._next >= len(self._tokens)
            position = len(self._text) if at_end else self._tokens[self._next][1]
        rest = self._text[position : position + 20] or "the end"
        return QuerySyntaxError(
            f"The query {self._text!r} {what} at character {position}: {rest}"
        )
