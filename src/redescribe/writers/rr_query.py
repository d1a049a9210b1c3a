"""Queries as the `.rr` files of the reference implementation hold them."""

from __future__ import annotations

import math
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from redescribe.core.query import Conjunction, Interval, Literal, Membership
from redescribe.writers.numbers import java_double

if TYPE_CHECKING:
    from collections.abc import Iterator

    from redescribe.core.query import Query
    from redescribe.core.view import View

_LARGEST = float(np.finfo(np.float64).max)
_NO_CATEGORY = "%FF"
"""Written where no category may match; no text in UTF-8 is escaped to this."""


def rr_query(query: Query, view: View) -> str:
    """Return a query with closed, tight intervals; a category of several is an OR.

    Parameters
    ----------
    query
        Its names must be such that the format can hold them.
    view
        The view that gives the ends: the extremes of the values that satisfy a literal, so
        that the query keeps its support on this view.

    References
    ----------
    Specification of redescription mining, section 11.1.

    Examples
    --------
    >>> from redescribe.core.grammar import parse_query
    >>> from redescribe.core.view import View
    >>> view = View.of("x", [[0.0, 3.0], [1.0, 4.0], [2.0, 5.0]], names=["a", "b"])
    >>> rr_query(parse_query("(a > 0.5) OR (NOT (a <= 1 AND b < 4))", "x"), view)
    'a >= 1.0 <= 2.0 OR ( NOT ( a >= 0.0 <= 1.0 AND b >= 3.0 <= 3.0  )  )'
    """
    terms = [_term(term, view) for whole in query.terms for term in _expanded(whole, view)]
    first, *others = terms
    return first + "".join(f"OR ( {term} )" for term in others)


def tightened(literal: Interval, view: View) -> Interval:
    """Return the closed interval of the values that satisfy a literal.

    Where none does, the literal keeps its own ends, closed: open ones one step inside,
    infinite ones at the largest number.

    Examples
    --------
    >>> from redescribe.core.view import View
    >>> view = View.of("x", [[1.0], [2.0], [4.0]], names=["a"])
    >>> str(tightened(Interval("a", 1.5), view)), str(tightened(Interval("a", 2, 3), view))
    ('2 <= a <= 4', '2.0000000000000004 <= a <= 3')
    """
    values = view.column(literal.attribute).astype(np.float64, copy=False)
    kept = values[literal.on(view).mask]
    if kept.size:
        low, high = float(kept.min()), float(kept.max())
    else:
        low = _inside(literal.low, math.inf, closed=literal.low_closed)
        high = _inside(literal.high, -math.inf, closed=literal.high_closed)
        if low > high:  # nothing lies between two neighbouring numbers
            greatest = float(np.fmax.reduce(values, initial=0.0))
            low = high = math.nextafter(greatest, math.inf)
    return Interval(literal.attribute, low, high, low_closed=True, high_closed=True)


def _inside(end: float, towards: float, *, closed: bool) -> float:
    if math.isinf(end):
        return math.copysign(_LARGEST, end)
    return end if closed else math.nextafter(end, towards)


def _expanded(term: Conjunction, view: View) -> Iterator[Conjunction]:
    """The term as terms that speak of one category per literal."""
    if not term.negated:
        choices = [_single(literal) for literal in term.literals]
        for literals in product(*choices):
            yield Conjunction(literals)
        return
    several = [
        literal
        for literal in term.literals
        if isinstance(literal, Membership) and len(literal.values) > 1
    ]
    for literal in several:
        categories = view.attributes[view.position(literal.attribute)].categories
        others = [text for text in categories if text not in literal.values]
        # Without others the term is never satisfied, but unknown where a value is missing.
        for text in others or [_NO_CATEGORY]:
            yield Conjunction((Membership(literal.attribute, (text,)),))
    remaining = tuple(literal for literal in term.literals if literal not in several)
    if remaining:
        yield Conjunction(remaining, negated=True)


def _single(literal: Literal) -> tuple[Literal, ...]:
    if isinstance(literal, Interval):
        return (literal,)
    return tuple(Membership(literal.attribute, (text,)) for text in literal.values)


def _term(term: Conjunction, view: View) -> str:
    literals = "AND ".join(_literal(literal, view) for literal in term.literals)
    return f"NOT ( {literals} ) " if term.negated else literals


def _literal(literal: Literal, view: View) -> str:
    if isinstance(literal, Membership):
        return f"{literal.attribute} = {literal.values[0]} "
    tight = tightened(literal, view)
    low, high = java_double(tight.low), java_double(tight.high)
    return f"{literal.attribute} >= {low} <= {high} "
