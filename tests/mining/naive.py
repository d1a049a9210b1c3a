"""Slow obvious twins of what a finding states: one entity at a time, exact fractions."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from redescribe.core.missing import MissingPolicy
from redescribe.core.query import Conjunction, Interval, Query

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from redescribe.core.dataset import Dataset
    from redescribe.core.query import Literal
    from redescribe.core.redescription import Redescription
    from redescribe.core.view import View

Truth = bool | None
"""True, False, or None for unknown."""
Truths = list[Truth]
KNOWN, REJECTIVE, PESSIMISTIC, OPTIMISTIC = MissingPolicy


def all_true(values: Iterable[Truth]) -> Truth:
    values = list(values)
    if False in values:
        return False
    return None if None in values else True


def any_true(values: Iterable[Truth]) -> Truth:
    values = list(values)
    if True in values:
        return True
    return None if None in values else False


def literal_truth(literal: Literal, view: View, entity: int) -> Truth:
    row = view.names.index(literal.attribute)
    value = float(view.values[row, entity])
    if np.isnan(value):
        return None
    if isinstance(literal, Interval):
        above = value > literal.low or (literal.low_closed and value == literal.low)
        below = value < literal.high or (literal.high_closed and value == literal.high)
        return above and below
    return view.attributes[row].categories[int(value)] in literal.values


def term_truth(term: Conjunction, view: View, entity: int) -> Truth:
    value = all_true(literal_truth(literal, view, entity) for literal in term.literals)
    return not value if term.negated and value is not None else value


def truths(terms: Iterable[Conjunction], view: View) -> Truths:
    """The values of an OR; of no terms, false everywhere."""
    found = list(terms)
    return [
        any_true(term_truth(term, view, entity) for term in found)
        for entity in range(len(view.entities))
    ]


def jaccard(found: Sequence[Truths], policy: MissingPolicy = KNOWN) -> float:
    """Section 6 of the specification, in sets."""
    everyone = range(len(found[0]))
    true = [{e for e in everyone if query[e] is True} for query in found]
    unknown = set().union(*({e for e in everyone if query[e] is None} for query in found))
    shared, union = set.intersection(*true), set.union(*true)
    if policy is REJECTIVE:
        union -= unknown - shared
    elif policy is PESSIMISTIC:
        union |= unknown
    elif policy is OPTIMISTIC:
        shared = {e for e in everyone if all(query[e] is not False for query in found)}
        union |= shared
    return len(shared) / len(union) if union else 0.0


def truths_of(redescription: Redescription, part: Dataset) -> list[Truths]:
    return [truths(query.terms, part.view(query.view)) for query in redescription.queries]


def best_without(
    query: Query, attribute: str, table: View, rest: list[Truths], policy: MissingPolicy
) -> float:
    """The best Jaccard of all ways to do without an attribute (section 5.2)."""
    everyone: Truths = [True] * len(table.entities)
    untouched = [term for term in query.terms if not mentions(term, attribute)]
    ways: list[list[Conjunction | bool | None]] = []
    for term in query.terms:
        if mentions(term, attribute):
            kept = tuple(x for x in term.literals if x.attribute != attribute)
            # A positive term left empty is true, a negated one is deleted.
            empty = None if term.negated else True
            ways.append([Conjunction(kept, term.negated) if kept else empty, None])
    reached = []
    for choice in product(*ways):
        terms = [*untouched, *(way for way in choice if isinstance(way, Conjunction))]
        values = truths(terms, table)
        reached.append(jaccard([everyone if True in choice else values, *rest], policy))
    return max(reached)


def work(redescription: Redescription, part: Dataset, view: str, attribute: str) -> float:
    """The Jaccard that an attribute brings."""
    policy = redescription.missing
    query = redescription.query(view)
    assert query is not None
    rest = [
        truths(other.terms, part.view(other.view))
        for other in redescription.queries
        if other.view != view
    ]
    whole = jaccard(truths_of(redescription, part), policy)
    return whole - best_without(query, attribute, part.view(view), rest, policy)


def mentions(term: Conjunction, attribute: str) -> bool:
    return any(literal.attribute == attribute for literal in term.literals)


def log10_tail(sizes: Sequence[int], support: int, n: int) -> float:
    """P(|A_1 ∩ … ∩ A_k| >= support) of random sets of these sizes, in exact fractions."""
    law = {sizes[0]: Fraction(1)}
    for size in sizes[1:]:
        grown: dict[int, Fraction] = {}
        for m, share in law.items():
            for i in range(max(0, m + size - n), min(m, size) + 1):
                ways = math.comb(m, i) * math.comb(n - m, size - i)
                grown[i] = grown.get(i, Fraction(0)) + share * Fraction(
                    ways, math.comb(n, size)
                )
        law = grown
    tail = sum((share for i, share in law.items() if i >= support), Fraction(0))
    return math.log10(tail.numerator) - math.log10(tail.denominator)


def without_negation(redescription: Redescription) -> bool:
    return not any(term.negated for query in redescription.queries for term in query.terms)


def texts(redescription: Redescription) -> frozenset[tuple[str, str]]:
    """The queries with their views, in no order."""
    return frozenset((query.view, str(query)) for query in redescription.queries)
