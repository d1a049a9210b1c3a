"""The described range of a unit: what the rule of a finding says about it alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from redescribe.core.neuron import NeuronId
from redescribe.core.query import Query
from redescribe.core.view import View
from redescribe.errors import QuerySyntaxError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from redescribe._typing import Mask, Values
    from redescribe.core.assessed import Finding
    from redescribe.core.redescription import Redescription


def own_range(query: Query, attribute: str) -> Query:
    """Return what a query says about one attribute: its literals on it, term by term.

    A term without it says nothing about it and is left out.

    Examples
    --------
    >>> from redescribe.core.grammar import parse_query
    >>> str(own_range(parse_query("(a > 1 AND b <= 2) OR (c > 3)", "x"), "a"))
    'a > 1'
    """
    terms = []
    for term in query.terms:
        literals = tuple(one for one in term.literals if one.attribute == attribute)
        if literals:
            terms.append(replace(term, literals=literals))
    return Query(query.view, tuple(terms))


@dataclass(frozen=True, slots=True)
class DescribedUnit:
    """A unit, its described range and the finding that describes it."""

    finding: Finding
    neuron: NeuronId
    range: Query

    @property
    def redescription(self) -> Redescription:
        """What describes it."""
        return self.finding.redescription

    def holds(self, values: Values) -> Mask:
        """Return which activations lie in the range; a missing one does not."""
        name = self.redescription.attribute
        column = np.asarray(values, dtype=np.float64)[:, None]
        return self.range.on(View.of(self.range.view, column, names=[name])).mask


def described_units(
    findings: Iterable[Finding], view: str, top: int | None
) -> list[DescribedUnit]:
    """Return the units of a view that findings describe, in the order of the findings.

    Parameters
    ----------
    findings
        Those that explain something else are left out.
    view
        Of the network; its attributes are neuron ids.
    top
        At most so many; None is all.
    """
    found = []
    for finding in findings:
        redescription = finding.redescription
        if redescription.view != view:
            continue
        try:
            neuron = NeuronId.parse(redescription.attribute)
        except QuerySyntaxError:
            continue
        query = redescription.query(view)
        if query is not None and redescription.attribute in query.attributes:
            own = own_range(query, redescription.attribute)
            found.append(DescribedUnit(finding, neuron, own))
    return found if top is None else found[:top]


def network_views(views: Iterable[View]) -> list[str]:
    """Return the names of the views whose attributes are units of networks."""
    return [view.name for view in views if _is_network(view)]


def _is_network(view: View) -> bool:
    try:
        return all(NeuronId.parse(name).layer for name in view.names)
    except QuerySyntaxError:
        return False
