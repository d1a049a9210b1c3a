"""Nested ANDs, ORs and NOTs -> ORs of conjunctions."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import chain, product
from typing import TYPE_CHECKING

from redescribe.core.query import Conjunction, Interval, Literal, Membership
from redescribe.errors import QuerySyntaxError

if TYPE_CHECKING:
    from redescribe.core.view import View

_MOST_TERMS = 64
_NO_CATEGORY = "\0"
"""Stands where no category may match: no table holds it."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A literal, negated or not."""

    literal: Literal
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Items joined by AND or by OR, negated or not."""

    is_or: bool
    items: tuple[Node, ...]
    negated: bool = False


Node = Leaf | Group


def conjunctions(node: Node, view: View) -> list[Conjunction]:
    """Return a node as an OR of conjunctions; negated conjunctions stay whole.

    Raises
    ------
    QuerySyntaxError
        If there would be more than 64.

    Examples
    --------
    >>> from redescribe.core.view import View
    >>> view = View.of("x", [[0.0, 1.0]], names=["a", "b"])
    >>> either = Group(
    ...     is_or=True, items=(Leaf(Interval("a", 1)), Leaf(Interval("a", high=0)))
    ... )
    >>> both = Group(is_or=False, items=(either, Leaf(Interval("b", 2), negated=True)))
    >>> [str(term) for term in conjunctions(both, view)]
    ['a > 1 AND b <= 2', 'a <= 0 AND b <= 2']
    """
    if isinstance(node, Group) and node.is_or and not node.negated:
        return [term for item in node.items for term in conjunctions(item, view)]
    literals = _plain(node)
    if literals:
        return [Conjunction(literals, negated=node.negated)]
    return [Conjunction(literals) for literals in _alternatives(node, view)]


def _plain(node: Node) -> tuple[Literal, ...]:
    """The literals of a conjunction of nothing else; empty for other nodes."""
    if isinstance(node, Leaf):
        return (node.literal,)
    if node.is_or or not all(isinstance(i, Leaf) and not i.negated for i in node.items):
        return ()
    return tuple(item.literal for item in node.items if isinstance(item, Leaf))


def _alternatives(node: Node, view: View) -> list[tuple[Literal, ...]]:
    """The node as an OR of conjunctions without any negation."""
    if isinstance(node, Leaf):
        return _complements(node.literal, view) if node.negated else [(node.literal,)]
    items = tuple(
        replace(item, negated=not item.negated) if node.negated else item
        for item in node.items
    )
    choices = [_alternatives(item, view) for item in items]
    is_or = node.is_or is not node.negated
    count = sum(map(len, choices)) if is_or else math.prod(map(len, choices))
    if count > _MOST_TERMS:
        em = (
            f"A query over view {view.name!r} would become {count} conjunctions; at most "
            f"{_MOST_TERMS} are read. Write it with fewer nested brackets."
        )
        raise QuerySyntaxError(em)
    if is_or:
        return [literals for choice in choices for literals in choice]
    return [tuple(chain.from_iterable(chosen)) for chosen in product(*choices)]


def _complements(literal: Literal, view: View) -> list[tuple[Literal, ...]]:
    if isinstance(literal, Membership):
        attribute = view.attributes[view.position(literal.attribute)]
        others = [text for text in attribute.categories if text not in literal.values]
        # Without others, what no entity satisfies, and is unknown where it is missing.
        return [(Membership(literal.attribute, tuple(others) or (_NO_CATEGORY,)),)]
    sides: list[tuple[Literal, ...]] = []
    name = literal.attribute
    if math.isfinite(literal.low):
        below = Interval(name, high=literal.low, high_closed=not literal.low_closed)
        sides.append((below,))
    if math.isfinite(literal.high):
        above = Interval(name, low=literal.high, low_closed=not literal.high_closed)
        sides.append((above,))
    return sides
