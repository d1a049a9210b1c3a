"""Literals, conjunctions and queries, and the entities that satisfy them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING

import numpy as np

from redescribe.core.notation import format_name, format_number, format_text
from redescribe.core.support import Support
from redescribe.errors import QuerySyntaxError, ViewError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from redescribe.core.view import View


@dataclass(frozen=True, slots=True)
class Interval:
    """`low < attribute <= high` on a numeric attribute; one end may be infinite.

    Parameters
    ----------
    attribute
        Name of the attribute.
    low, high
        The ends; -inf and inf where the side is open-ended.
    low_closed, high_closed
        Whether the end itself belongs to the interval.

    Raises
    ------
    QuerySyntaxError
        If both ends are infinite, an end is NaN, or the interval is empty.

    Examples
    --------
    >>> str(Interval("age", 0.2, 65))
    '0.2 < age <= 65'
    """

    attribute: str
    low: float = -math.inf
    high: float = math.inf
    low_closed: bool = False
    high_closed: bool = True

    def __post_init__(self) -> None:
        # An infinite end is neither open nor closed: one form, so equal texts are equal.
        if math.isinf(self.low):
            object.__setattr__(self, "low_closed", False)
        if math.isinf(self.high):
            object.__setattr__(self, "high_closed", True)
        if math.isinf(self.low) and math.isinf(self.high):
            em = f"An interval of {self.attribute!r} needs at least one finite end."
            raise QuerySyntaxError(em)
        whole = self.low_closed and self.high_closed
        if not (self.low < self.high or (self.low == self.high and whole)):
            ends = f"from {self.low} to {self.high}"
            em = f"The interval of {self.attribute!r} {ends} is empty."
            raise QuerySyntaxError(em)

    def __str__(self) -> str:
        name = format_name(self.attribute)
        low, high = format_number(self.low), format_number(self.high)
        if math.isinf(self.high):
            return f"{name} {'>=' if self.low_closed else '>'} {low}"
        upper = f"{name} {'<=' if self.high_closed else '<'} {high}"
        if math.isinf(self.low):
            return upper
        return f"{low} {'<=' if self.low_closed else '<'} {upper}"

    def on(self, view: View) -> Support:
        """Return the entities of a view that satisfy the literal; unknown where missing."""
        attribute = view.attributes[view.position(self.attribute)]
        if not attribute.is_numeric:
            em = (
                f"{self} compares numbers, but {self.attribute!r} of view {view.name!r} is "
                f"{attribute.kind}."
            )
            raise ViewError(em)
        values = view.column(self.attribute).astype(np.float64, copy=False)
        above = values >= self.low if self.low_closed else values > self.low
        below = values <= self.high if self.high_closed else values < self.high
        return Support.from_mask(above & below, unknown=np.isnan(values))


@dataclass(frozen=True, slots=True)
class Membership:
    """`attribute in {…}` on a nominal or boolean attribute.

    Parameters
    ----------
    attribute
        Name of the attribute.
    values
        The categories, sorted; a category that the view never shows matches nothing.

    Raises
    ------
    QuerySyntaxError
        If there is no category.

    Examples
    --------
    >>> str(Membership("stage", ("II", "III"))), str(Membership("smoker", ("true",)))
    ('stage in {"II", "III"}', 'smoker')
    """

    attribute: str
    values: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.values:
            em = f"A membership of {self.attribute!r} needs at least one category."
            raise QuerySyntaxError(em)
        object.__setattr__(self, "values", tuple(sorted(set(self.values))))

    def __str__(self) -> str:
        name = format_name(self.attribute)
        if self.values == ("true",):
            return name
        texts = list(map(format_text, self.values))
        return (
            f"{name} = {texts[0]}"
            if len(texts) == 1
            else f"{name} in {{{', '.join(texts)}}}"
        )

    def on(self, view: View) -> Support:
        """Return the entities of a view that satisfy the literal; unknown where missing."""
        attribute = view.attributes[view.position(self.attribute)]
        if attribute.is_numeric:
            em = (
                f"{self} compares categories, but {self.attribute!r} of view {view.name!r} "
                "is numeric."
            )
            raise ViewError(em)
        codes = view.column(self.attribute)
        wanted = [i for i, text in enumerate(attribute.categories) if text in self.values]
        return Support.from_mask(np.isin(codes, wanted), unknown=np.isnan(codes))


Literal = Interval | Membership
"""A predicate on one attribute."""


@dataclass(frozen=True, slots=True)
class Conjunction:
    """Literals that all hold, or, negated, do not all hold.

    Examples
    --------
    >>> str(Conjunction((Interval("a", 1), Interval("b", high=2)), negated=True))
    'NOT (a > 1 AND b <= 2)'
    """

    literals: tuple[Literal, ...]
    negated: bool = False

    def __post_init__(self) -> None:
        if not self.literals:
            em = "A conjunction needs at least one literal."
            raise QuerySyntaxError(em)

    def __len__(self) -> int:
        return len(self.literals)

    def __str__(self) -> str:
        text = " AND ".join(map(str, self.literals))
        return f"NOT ({text})" if self.negated else text

    def on(self, view: View) -> Support:
        """Return the entities of a view that satisfy the conjunction."""
        support = reduce(and_, (literal.on(view) for literal in self.literals))
        return ~support if self.negated else support


@dataclass(frozen=True, slots=True)
class Query:
    """An OR of conjunctions over one view.

    Parameters
    ----------
    view
        Name of the view that the query speaks about.
    terms
        The conjunctions, at least one.

    Examples
    --------
    >>> query = Query("x", (Conjunction((Interval("a", 1),)),))
    >>> str(query), len(query), query.attributes
    ('a > 1', 1, ('a',))
    """

    view: str
    terms: tuple[Conjunction, ...]

    def __post_init__(self) -> None:
        if not self.terms:
            em = "A query needs at least one term."
            raise QuerySyntaxError(em)

    def __len__(self) -> int:
        return sum(len(term) for term in self.terms)

    def __str__(self) -> str:
        terms = list(map(str, self.terms))
        return terms[0] if len(terms) == 1 else " OR ".join(f"({term})" for term in terms)

    @property
    def literals(self) -> Iterator[Literal]:
        """All literals, term by term."""
        return (literal for term in self.terms for literal in term.literals)

    @property
    def attributes(self) -> tuple[str, ...]:
        """Names of the attributes that occur, each once, in order of occurrence."""
        return tuple(dict.fromkeys(literal.attribute for literal in self.literals))

    def on(self, view: View) -> Support:
        """Return the entities of a view that satisfy the query.

        Raises
        ------
        UnknownNameError, ViewError
            If the view lacks an attribute or its kind does not fit a literal.
        """
        return reduce(or_, (term.on(view) for term in self.terms))
