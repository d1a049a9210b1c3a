"""Changed rules -> how well they agree, counted by the kernels on every entity."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from redescribe.core.redescription import Agreement
from redescribe.core.support import Support

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redescribe._typing import Ints
    from redescribe.core.dataset import Dataset
    from redescribe.core.missing import MissingPolicy
    from redescribe.core.query import Query


class CountRecord(TypedDict):
    """How queries agree on some entities; as `Agreement`."""

    n: int
    sizes: list[int]
    support: int
    union: int
    jaccard: float


class RecountRecord(TypedDict):
    """Counts on all entities and on those that the search saw."""

    all: CountRecord
    mined: CountRecord


def recount(
    dataset: Dataset, queries: Sequence[Query], missing: MissingPolicy
) -> RecountRecord:
    """Return how well queries agree. It is exploratory: outside the q-values.

    Parameters
    ----------
    dataset
        All entities, mined and held out.
    queries
        Over views of the dataset.
    missing
        What an unknown value means.

    Raises
    ------
    RedescribeError
        If a query names what its view does not have.

    Examples
    --------
    >>> from redescribe.core.dataset import Dataset
    >>> from redescribe.core.entities import SplitParams
    >>> from redescribe.core.grammar import parse_query
    >>> from redescribe.core.missing import MissingPolicy
    >>> from redescribe.core.view import View
    >>> views = [View.of("x", [[1.0], [2.0]]), View.of("y", [[1.0], [3.0]])]
    >>> queries = [parse_query("x0 > 1", "x"), parse_query("x0 > 0", "y")]
    >>> data = Dataset.of(views, SplitParams(hold_out=0))
    >>> recount(data, queries, MissingPolicy.QUERY_NON_MISSING)["all"]
    {'n': 2, 'sizes': [1, 2], 'support': 1, 'union': 2, 'jaccard': 0.5}
    """
    supports = tuple(query.on(dataset.view(query.view)) for query in queries)
    mined = tuple(_within(support, dataset.split.mined) for support in supports)
    return {"all": _counts(supports, missing), "mined": _counts(mined, missing)}


def _within(support: Support, positions: Ints) -> Support:
    return Support.from_mask(
        support.mask[positions], unknown=support.unknown_mask[positions]
    )


def _counts(supports: tuple[Support, ...], missing: MissingPolicy) -> CountRecord:
    found = Agreement.of(supports, missing)
    return {
        "n": found.n_entities,
        "sizes": list(found.sizes),
        "support": found.support,
        "union": found.union,
        "jaccard": found.jaccard,
    }
