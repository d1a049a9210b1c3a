"""Views with everything a format may stumble over, and queries about them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from hypothesis import strategies as st

from redescribe.core.entities import EntityIndex
from redescribe.core.query import Conjunction, Interval, Literal, Membership, Query
from redescribe.core.redescription import Kind, Redescription
from redescribe.core.view import Attribute, AttributeKind, View

if TYPE_CHECKING:
    from collections.abc import Sequence

N_ENTITIES = 6
NAN = math.nan
SIGNS = " \t\n()[]{}<>=!&|,;:.%~'\"\\#@?_-+*$^0aAé⇔\u2228"

ids = st.lists(
    st.text(SIGNS, max_size=4), min_size=N_ENTITIES, max_size=N_ENTITIES, unique=True
)
names = st.one_of(
    st.text(SIGNS, max_size=5),
    st.sampled_from(["AND", "OR", "NOT", "id", "v1", "nan", "1e5", "a AND b", "MWAll"]),
)
numbers = st.sampled_from([NAN, -1.5, 0.0, 1.0, 2.5, 1e-4, 1e9, 5e-324])
shares = st.lists(numbers, min_size=N_ENTITIES, max_size=N_ENTITIES)


@st.composite
def attributes(draw: st.DrawFn, name: str) -> tuple[Attribute, list[float]]:
    kind = draw(st.sampled_from(AttributeKind))
    if kind is AttributeKind.NUMERIC:
        return Attribute(name), draw(shares)
    categories: tuple[str, ...] = ("false", "true")
    if kind is AttributeKind.NOMINAL:
        categories = tuple(draw(st.lists(names, min_size=1, max_size=4, unique=True)))
    codes = st.sampled_from([NAN, *map(float, range(len(categories)))])
    values = draw(st.lists(codes, min_size=N_ENTITIES, max_size=N_ENTITIES))
    return Attribute(name, kind, categories), values


@st.composite
def views_of(draw: st.DrawFn, name: str, entities: EntityIndex) -> View:
    chosen = draw(st.lists(names, min_size=1, max_size=3, unique=True))
    columns = [draw(attributes(one)) for one in chosen]
    values = np.array([values for _, values in columns], dtype=np.float64)
    return View(name, entities, tuple(attribute for attribute, _ in columns), values)


@st.composite
def literals(draw: st.DrawFn, view: View) -> Literal:
    attribute = draw(st.sampled_from(view.attributes))
    if not attribute.is_numeric:
        chosen = st.lists(st.sampled_from(attribute.categories), min_size=1, unique=True)
        return Membership(attribute.name, tuple(draw(chosen)))
    ends = st.sampled_from([-math.inf, -1.5, 0.0, 0.7, 1.0, 2.5, 1e9, math.inf])
    low, high = sorted((draw(ends), draw(ends)))
    if math.isinf(low) and math.isinf(high):
        low, high = 0.0, math.inf
    if low == high:
        return Interval(attribute.name, low, high, low_closed=True)
    closed = draw(st.tuples(st.booleans(), st.booleans()))
    return Interval(attribute.name, low, high, low_closed=closed[0], high_closed=closed[1])


@st.composite
def queries(draw: st.DrawFn, view: View) -> Query:
    term = st.builds(
        Conjunction,
        st.lists(literals(view), min_size=1, max_size=3).map(tuple),
        negated=st.booleans(),
    )
    return Query(view.name, tuple(draw(st.lists(term, min_size=1, max_size=3))))


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[View], list[tuple[Query, Query]]]:
    """Two views and redescriptions between them."""
    entities = EntityIndex(tuple(draw(ids)))
    views = [draw(views_of(name, entities)) for name in ("left one", "right")]
    pairs = st.tuples(*(queries(view) for view in views))
    return views, draw(st.lists(pairs, min_size=1, max_size=3))


def redescription(
    pair: Sequence[Query], views: Sequence[View], kind: Kind = Kind.INDIVIDUAL
) -> Redescription:
    """A redescription whose target is the first attribute of the first query."""
    by_name = {view.name: view for view in views}
    attribute = pair[0].attributes[0]
    return Redescription(
        pair[0].view,
        attribute,
        f"{pair[0].view}:{attribute}",
        kind,
        tuple(pair),
        tuple(query.on(by_name[query.view]) for query in pair),
        0.0,
        0.0,
    )
