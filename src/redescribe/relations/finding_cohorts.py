"""The parts of a finding as cohorts: who satisfies which of its rules."""

from __future__ import annotations

from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING

from redescribe.core.breakdown import Breakdown
from redescribe.relations.cohorts import Cohort

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from redescribe.core.dataset import Dataset
    from redescribe.core.redescription import Redescription
    from redescribe.core.support import Support

BOTH, ALL = "both", "all"
_TWO = {
    (True, True): BOTH,
    (True, False): "left only",
    (False, True): "right only",
    (False, False): "neither",
}


def finding_cohorts(redescription: Redescription, part: Dataset) -> tuple[Cohort, ...]:
    """Return the parts into which a redescription divides entities, each as a cohort.

    Parameters
    ----------
    redescription
        Usually `finding.redescription`.
    part
        The entities to divide: `dataset.hold_out_part`, `dataset.mining_part`, new data.

    Returns
    -------
    tuple of Cohort
        For two rules `both`, `left only`, `right only`, `neither`, which may be empty. For
        more: `all`, `some` (but not all), `none`, then each combination that occurs, by the
        views whose rules hold: `only mean, worst`.

    Raises
    ------
    UnknownNameError, ViewError
        If the part lacks a view or an attribute of a query.

    Notes
    -----
    All are defined by the columns of the rules. Where a rule is unknown, an entity may
    still be known to be outside of a part: a rule that fails is enough to leave `both`.

    Examples
    --------
    >>> from redescribe.core.dataset import Dataset
    >>> from redescribe.core.entities import SplitParams
    >>> from redescribe.core.grammar import parse_query
    >>> from redescribe.core.redescription import Kind, Redescription
    >>> from redescribe.core.view import View
    >>> views = [View.of(name, [[1.0], [2.0], [3.0]], names=["a"]) for name in "xy"]
    >>> part = Dataset.of(views, SplitParams(hold_out=0))
    >>> queries = (parse_query("a > 1", "x"), parse_query("a > 2", "y"))
    >>> found = Redescription("x", "a", "x:a", Kind.INDIVIDUAL, queries, (), 0.5, -1.0)
    >>> [(cohort.name, len(cohort)) for cohort in finding_cohorts(found, part)]
    [('both', 1), ('left only', 1), ('right only', 0), ('neither', 1)]
    """
    supports = redescription.supports_on(part)
    columns = frozenset(
        (query.view, name) for query in redescription.queries for name in query.attributes
    )
    views = [query.view for query in redescription.queries]
    named = _two_rules(supports) if len(views) == 2 else _more_rules(supports, views)
    return tuple(Cohort(name, part.entities, who, columns) for name, who in named)


def _two_rules(supports: Sequence[Support]) -> Iterator[tuple[str, Support]]:
    for holds, name in _TWO.items():
        yield name, _combination(supports, holds)


def _more_rules(
    supports: tuple[Support, ...], views: Sequence[str]
) -> Iterator[tuple[str, Support]]:
    everywhere, anywhere = reduce(and_, supports), reduce(or_, supports)
    yield ALL, everywhere
    yield "some", anywhere & ~everywhere
    yield "none", ~anywhere
    for holds, _ in Breakdown.of(supports).combinations:
        if 0 < sum(holds) < len(holds):
            names = (view for view, true in zip(views, holds, strict=True) if true)
            yield f"only {', '.join(names)}", _combination(supports, holds)


def _combination(supports: Sequence[Support], holds: tuple[bool, ...]) -> Support:
    """The entities for which exactly these queries hold."""
    sides = zip(supports, holds, strict=True)
    return reduce(and_, (support if true else ~support for support, true in sides))
