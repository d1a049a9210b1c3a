"""Redescriptions as a file states them, and whether the views confirm it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from redescribe.core.redescription import Agreement
from redescribe.errors import EntityMismatchError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from redescribe.core.query import Query
    from redescribe.core.support import Support
    from redescribe.core.view import View

_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class StatedRedescription:
    """A redescription as a file states it; nothing here is recomputed.

    Attributes
    ----------
    queries
        One per covered view, in the order of the views.
    stated_jaccard, stated_support, stated_union
        What the file says of Jaccard, intersection and union.
    stated_p_value
        None where it was not computed: absent, or 0.0 in a file of individual
        descriptions.
    covered_ids, union_ids
        Entities of the intersection and of the union, in the order of the file, without
        quotes.
    line
        Where the redescription begins in the file, from 1.

    Examples
    --------
    >>> from redescribe.core.grammar import parse_query
    >>> from redescribe.core.view import View
    >>> a = View.of("a", [[1.0], [2.0], [3.0]], names=["x"])
    >>> b = View.of("b", [[5.0], [6.0], [7.0]], names=["y"])
    >>> queries = (parse_query("x > 1", "a"), parse_query("y > 6", "b"))
    >>> stated = StatedRedescription(queries, 1.0, None, 1, 2, ("2",), ("1", "2"), 3)
    >>> stated.recomputed([a, b]).jaccard
    0.5
    >>> stated.recomputed_ids([a, b])
    (('2',), ('1', '2'))
    >>> stated.differences([a, b])
    ['The file states Jaccard 1.0, the views give 0.5.']
    """

    queries: tuple[Query, ...]
    stated_jaccard: float
    stated_p_value: float | None
    stated_support: int
    stated_union: int
    covered_ids: tuple[str, ...]
    union_ids: tuple[str, ...]
    line: int

    def recomputed(self, views: Sequence[View]) -> Agreement:
        """Return how well the queries agree on the views; a missing value is unknown.

        Raises
        ------
        EntityMismatchError
            If the views describe different entities or another order of them.
        UnknownNameError, ViewError
            If a view or an attribute of a query is not there or of another kind.
        """
        return Agreement.of(self._supports(views))

    def recomputed_ids(
        self, views: Sequence[View]
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the ids of the intersection and of the union, in the order of the views.

        Raises
        ------
        EntityMismatchError
            If the views describe different entities or another order of them.
        """
        masks = [support.mask for support in self._supports(views)]
        ids = views[0].entities.take
        covered, union = np.logical_and.reduce(masks), np.logical_or.reduce(masks)
        return ids(np.flatnonzero(covered)).ids, ids(np.flatnonzero(union)).ids

    def differences(self, views: Sequence[View]) -> list[str]:
        """Return one sentence for each stated value that the views do not confirm.

        Jaccard may differ by 1e-9; empty where everything agrees.

        Raises
        ------
        EntityMismatchError
            If the views describe different entities or another order of them.
        """
        agreement = self.recomputed(views)
        found = []
        if not abs(agreement.jaccard - self.stated_jaccard) <= _TOLERANCE:
            found.append(_difference("Jaccard", self.stated_jaccard, agreement.jaccard))
        if agreement.support != self.stated_support:
            found.append(_difference("support", self.stated_support, agreement.support))
        if agreement.union != self.stated_union:
            found.append(_difference("union", self.stated_union, agreement.union))
        covered, union = self.recomputed_ids(views)
        found += _different_ids("covered ids", self.covered_ids, covered)
        found += _different_ids("union ids", self.union_ids, union)
        return found

    def _supports(self, views: Sequence[View]) -> tuple[Support, ...]:
        for view in views[1:]:
            if view.entities.ids != views[0].entities.ids:
                em = (
                    f"Views {views[0].name!r} and {view.name!r} describe different "
                    "entities or another order of them: align them first."
                )
                raise EntityMismatchError(em)
        by_name = {view.name: view for view in views}
        missing = next((q.view for q in self.queries if q.view not in by_name), None)
        if missing is not None:
            what = "There is no view"
            raise UnknownNameError.among(what, missing, by_name)
        return tuple(query.on(by_name[query.view]) for query in self.queries)


@dataclass(frozen=True, slots=True)
class RRFile:
    """What an `.rr` file states.

    Attributes
    ----------
    redescriptions
        In the order of the file.
    individual
        Whether the name of the file marks individual descriptions, whose p-value of 0.0
        was never computed (files of interactions have `MWAll` in their name).

    Examples
    --------
    >>> len(RRFile((), individual=True))
    0
    """

    redescriptions: tuple[StatedRedescription, ...]
    individual: bool

    def __len__(self) -> int:
        return len(self.redescriptions)

    def __iter__(self) -> Iterator[StatedRedescription]:
        return iter(self.redescriptions)


def _difference(what: str, stated: float, found: float) -> str:
    return f"The file states {what} {stated}, the views give {found}."


def _different_ids(what: str, stated: Sequence[str], found: Sequence[str]) -> list[str]:
    lacking = sorted(set(stated) - set(found))
    added = sorted(set(found) - set(stated))
    if not lacking and not added:
        return []
    return [
        f"The {what} differ: only the file has {lacking[:5]} ({len(lacking)}), only the "
        f"views have {added[:5]} ({len(added)})."
    ]
