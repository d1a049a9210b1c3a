"""How many different things a neuron stands for: alternatives that exclude each other."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from redescribe.core.query import Conjunction, Interval, Membership, Query
from redescribe.relations.links import direction

if TYPE_CHECKING:
    from collections.abc import Iterable

    from redescribe._typing import Mask
    from redescribe.core.dataset import Dataset
    from redescribe.core.query import Literal
    from redescribe.core.redescription import Redescription
    from redescribe.core.view import View

_OTHER_END = {"high": "low", "low": "high"}


@dataclass(frozen=True, slots=True, kw_only=True)
class MeaningRule:
    """When alternatives of a description count as meanings of their own.

    Attributes
    ----------
    min_share
        Share of the entities of the neuron's rule that an alternative must account for.
    min_precision
        Share of the entities of an alternative for which the neuron's rule holds.
    max_overlap
        Largest Jaccard of the entities that two meanings account for.
    """

    min_share: float = 0.2
    min_precision: float = 0.5
    max_overlap: float = 0.2

    def __str__(self) -> str:
        """Return the rule in words.

        >>> str(MeaningRule())[:51]
        'alternatives (OR, or other findings of the same end'
        """
        return (
            "alternatives (OR, or other findings of the same end of the neuron) of "
            "different attributes, each for at least "
            f"{self.min_share:.0%} of the neuron's entities, right for at least "
            f"{self.min_precision:.0%} of its own, which share at most "
            f"{self.max_overlap:.0%}"
        )


class Meaning(NamedTuple):
    """One alternative: its text, and the entities of the neuron that it accounts for."""

    text: str
    attributes: frozenset[tuple[str, str]]
    covered: Mask


def meanings(
    redescriptions: Iterable[Redescription], part: Dataset, rule: MeaningRule | None = None
) -> tuple[str, ...]:
    """Return alternatives that one end of a target stands for, the widest first.

    A neuron that is high for "zebra" and, on other entities, for "chess board" has two; one
    that is high for "malignant" and low for "benign" has one.

    Parameters
    ----------
    redescriptions
        Of one target, alone on its side.
    part
        Entities on which the alternatives are compared.
    rule
        What counts; `MeaningRule()` without.

    Returns
    -------
    tuple of str
        `view: condition` each; of the end with the most alternatives. Fewer than two: the
        target is not polysemantic as far as these findings tell.
    """
    rule = rule or MeaningRule()
    by_end: dict[str, list[Meaning]] = {}
    for redescription in redescriptions:
        own, *partners = redescription.queries
        end = direction(own, redescription.attribute)
        support = own.on(part.view(own.view))
        for query in partners:
            view = part.view(query.view)
            for alternative in alternatives(query, view):
                found = _meaning(alternative, view, support.mask, rule)
                by_end.setdefault(end, []).extend(found)
            for alternative in alternatives(query, view, complement=True):
                found = _meaning(alternative, view, (~support).mask, rule)
                by_end.setdefault(_OTHER_END.get(end, f"not {end}"), []).extend(found)
    return max((_apart(found, rule) for found in by_end.values()), key=len, default=())


def alternatives(query: Query, view: View, *, complement: bool = False) -> list[Query]:
    """Return conditions of which at least one holds where a query does, as few as it says.

    NOT (A AND B) is NOT A or NOT B; what is true where a query is false is found in the
    same way, and is nothing where that is no such list.

    >>> from redescribe.core.grammar import parse_query
    >>> from redescribe.core.view import View
    >>> view = View.of("x", [[1.0, 2.0]], names=["a", "b"])
    >>> found = alternatives(parse_query("a > 1 AND b <= 2", "x"), view, complement=True)
    >>> list(map(str, found))
    ['a <= 1', 'b > 2']
    """
    terms = query.terms
    if complement:
        if len(terms) > 1:
            return []
        terms = (Conjunction(terms[0].literals, not terms[0].negated),)
    found: list[Conjunction] = []
    for term in terms:
        if term.negated and len(term) > 1:
            found += [_opposite(literal, view) for literal in term.literals]
        elif term.negated:
            found.append(_opposite(term.literals[0], view))
        else:
            found.append(term)
    return [Query(query.view, (term,)) for term in found]


def _opposite(literal: Literal, view: View) -> Conjunction:
    """What holds where a literal is false, without NOT where that is as short."""
    if isinstance(literal, Membership):
        categories = view.attributes[view.position(literal.attribute)].categories
        others = tuple(text for text in categories if text not in literal.values)
        if others:
            return Conjunction((Membership(literal.attribute, others),))
    elif math.isinf(literal.low):
        cut = Interval(
            literal.attribute, low=literal.high, low_closed=not literal.high_closed
        )
        return Conjunction((cut,))
    elif math.isinf(literal.high):
        cut = Interval(
            literal.attribute, high=literal.low, high_closed=not literal.low_closed
        )
        return Conjunction((cut,))
    return Conjunction((literal,), negated=True)


def _meaning(
    alternative: Query, view: View, active: Mask, rule: MeaningRule
) -> list[Meaning]:
    """An alternative, if it accounts for enough and is right often enough; else nothing."""
    holds = alternative.on(view).mask
    covered = holds & active
    n_covered = int(covered.sum())
    if not n_covered or n_covered < rule.min_share * int(active.sum()):
        return []
    if n_covered < rule.min_precision * int(holds.sum()):
        return []
    names = frozenset((view.name, name) for name in alternative.attributes)
    return [Meaning(f"{view.name}: {alternative}", names, covered)]


def _apart(found: list[Meaning], rule: MeaningRule) -> tuple[str, ...]:
    """Alternatives that share few entities and no attribute, the widest first."""
    chosen: list[Meaning] = []
    # Stable: of equally wide ones, the one of the better finding comes first.
    for meaning in sorted(found, key=lambda m: -int(m.covered.sum())):
        if all(
            not meaning.attributes & other.attributes
            and _jaccard(meaning.covered, other.covered) <= rule.max_overlap
            for other in chosen
        ):
            chosen.append(meaning)
    return tuple(meaning.text for meaning in chosen)


def _jaccard(left: Mask, right: Mask) -> float:
    return float((left & right).sum() / (left | right).sum())
