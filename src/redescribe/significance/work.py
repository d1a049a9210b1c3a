"""The work of a target: what is lost when its literals are taken away."""

from __future__ import annotations

from functools import reduce
from itertools import product
from operator import or_
from typing import TYPE_CHECKING

from redescribe.core.measures import jaccard
from redescribe.core.missing import MissingPolicy
from redescribe.core.query import Conjunction
from redescribe.core.support import Support
from redescribe.errors import ParameterError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redescribe.core.dataset import Dataset
    from redescribe.core.query import Query
    from redescribe.core.view import View


def work(
    queries: Sequence[Query],
    dataset: Dataset,
    view: str,
    attribute: str,
    *,
    missing: MissingPolicy = MissingPolicy.QUERY_NON_MISSING,
) -> float:
    """Return Work(a, R) = J(R) - the best J of all ways of doing without the attribute.

    In each term that mentions it, either its literals or the whole term are deleted, in all
    combinations. A positive term left empty is true everywhere, a negated one disappears; a
    query without terms is false everywhere. At most 0 means a vacuous passenger.

    Parameters
    ----------
    queries
        One per covered view, one of them over `view`.
    dataset
        The entities to judge on: the mining part, or the hold-out.
    view, attribute
        The target. Its work is 0 where no literal mentions it.
    missing
        What unknown query values mean for the Jaccard.

    Raises
    ------
    ParameterError
        If no query is over the target's view.

    References
    ----------
    Specification of redescription mining, section 5.2.

    Examples
    --------
    >>> from redescribe.core.dataset import Dataset
    >>> from redescribe.core.entities import SplitParams
    >>> from redescribe.core.grammar import parse_query
    >>> from redescribe.core.view import View
    >>> views = [View.of(name, [[1.0], [2.0], [3.0]], names=["a"]) for name in "xy"]
    >>> part = Dataset.of(views, SplitParams(hold_out=0))
    >>> queries = (parse_query("a > 1", "x"), parse_query("a > 1", "y"))
    >>> round(work(queries, part, "x", "a"), 3)  # without it, "y" matches 2 of 3
    0.333
    """
    own = next((query for query in queries if query.view == view), None)
    if own is None:
        covered = ", ".join(repr(query.view) for query in queries)
        em = f"The target's view {view!r} has no query. Covered: {covered}."
        raise ParameterError(em)
    table = dataset.view(view)
    partners = [query.on(dataset.view(query.view)) for query in queries if query is not own]
    mentioning = [term for term in own.terms if _mentions(term, attribute)]
    untouched = [term.on(table) for term in own.terms if term not in mentioning]
    choices = [_ways_without(term, attribute, table) for term in mentioning]
    best = max(
        jaccard([_any_of([*untouched, *chosen], dataset.n_entities), *partners], missing)
        for chosen in product(*choices)
    )
    return jaccard([own.on(table), *partners], missing) - best


def _mentions(term: Conjunction, attribute: str) -> bool:
    return any(literal.attribute == attribute for literal in term.literals)


def _ways_without(term: Conjunction, attribute: str, view: View) -> tuple[Support, Support]:
    """The term without the attribute's literals, and nothing at all."""
    n_entities = len(view.entities)
    nothing = ~Support.everything(n_entities)
    kept = tuple(literal for literal in term.literals if literal.attribute != attribute)
    if kept:
        return Conjunction(kept, negated=term.negated).on(view), nothing
    return nothing if term.negated else Support.everything(n_entities), nothing


def _any_of(supports: Sequence[Support], n_entities: int) -> Support:
    """The disjunction; of nothing at all, what no entity satisfies."""
    return reduce(or_, supports, ~Support.everything(n_entities))
