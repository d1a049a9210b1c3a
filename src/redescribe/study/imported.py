"""Redescriptions of other tools: evaluated again, and kept as a run folder."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from redescribe._validation import parameter_types
from redescribe.core.redescription import (
    Agreement,
    Kind,
    Redescription,
    RedescriptionSet,
    TargetReport,
    TargetState,
)
from redescribe.errors import ReadError
from redescribe.significance.assess import assess
from redescribe.significance.params import AssessParams
from redescribe.significance.tails import log10_p
from redescribe.significance.work import work
from redescribe.store.fingerprint import (
    dataset_fingerprint,
    params_fingerprint,
    plain,
    stage_key,
)
from redescribe.store.run import RunFolder
from redescribe.study.openings import openings_of, record_opening

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from os import PathLike

    from redescribe.core.assessed import AssessedSet
    from redescribe.core.dataset import Dataset
    from redescribe.core.query import Query
    from redescribe.store.schema import JSON


@dataclass(frozen=True, slots=True)
class Described:
    """A redescription of another tool, with what it describes.

    Attributes
    ----------
    view, attribute
        The target.
    kind
        Whether the target stands alone in its view's query.
    queries
        One per covered view, in any order.
    """

    view: str
    attribute: str
    kind: Kind
    queries: tuple[Query, ...]

    @classmethod
    def of_first(cls, queries: tuple[Query, ...], kind: Kind | None = None) -> Described:
        """Return the description of what the queries themselves speak about first.

        The target is the attribute of the first query that has only one; where each has
        several, or interactions are asked for, the first attribute of the first query.

        Examples
        --------
        >>> from redescribe.core.grammar import parse_query
        >>> queries = (parse_query("a > 1 AND b > 1", "x"), parse_query("c > 1", "y"))
        >>> found = Described.of_first(queries)
        >>> found.view, found.attribute, found.kind.value
        ('y', 'c', 'individual')
        """
        own = next((q for q in queries if len(q.attributes) == 1), queries[0])
        if kind is Kind.INTERACTION:
            own = queries[0]
        found = Kind.INDIVIDUAL if len(own.attributes) == 1 else Kind.INTERACTION
        return cls(own.view, own.attributes[0], kind or found, queries)


def params_of(owner: type, parameters: Mapping[str, Mapping[str, object]]) -> Any:  # noqa: ANN401 - `owner`
    """Return a parameter class, and those it holds, with some options set by class.

    Raises
    ------
    ParameterError
        If a value is out of its bounds.

    Examples
    --------
    >>> from redescribe.mining.params import MineParams
    >>> mine = params_of(MineParams, {"TreeParams": {"max_depth": 3}})
    >>> mine.search.trees.max_depth, mine.search.trees.min_leaf
    (3, 2)
    """
    values: dict[str, Any] = dict(parameters.get(owner.__name__, {}))
    types = parameter_types(owner)
    for field in dataclasses.fields(owner):
        nested = types[field.name]
        if dataclasses.is_dataclass(nested) and isinstance(nested, type):
            values[field.name] = params_of(nested, parameters)
    return owner(**values)


def keep_imported(
    described: Sequence[Described],
    dataset: Dataset,
    folder: str | PathLike[str],
    parameters: Mapping[str, JSON],
    *,
    assess_params: AssessParams | None = None,
    min_jaccard: float = 0.0,
    force: bool = False,
) -> AssessedSet:
    """Evaluate redescriptions on a dataset and keep them as a finished run.

    Everything is in-sample where the dataset has no hold-out. Supports, p-values and work
    are computed here; nothing is taken from the other tool but the queries. A redescription
    that occurs twice is kept once. No candidates are counted: nobody knows them.

    Parameters
    ----------
    described
        The redescriptions.
    dataset
        The views that they speak about.
    folder
        A new or empty folder, or the one of the same import.
    parameters
        What `run.json` says about where they come from.
    assess_params
        How they are tested.
    min_jaccard
        The threshold they were mined with.
    force
        Replace another run that lies in the folder.

    Raises
    ------
    ReadError
        If a redescription has fewer than two queries.
    UnknownNameError, ViewError
        If a view or an attribute of a query is not there or of another kind.
    StoreError
        If the folder holds something else, or the file system refuses.
    """
    params = assess_params or AssessParams()
    part = dataset.mining_part
    found: dict[str, Redescription] = {}
    for one in described:
        redescription = _evaluated(one, part, params)
        found.setdefault(f"{redescription.target}\n{redescription.key}", redescription)
    kept = tuple(found.values())
    family = RedescriptionSet(
        kept, _reports(kept, dataset), dataset.names, part.n_entities, 0.0, min_jaccard
    )
    key = stage_key(
        "import", dataset_fingerprint(dataset), params_fingerprint(params), *found
    )
    told = {**parameters, "split": plain(dataset.split.params), "assess": plain(params)}
    run = RunFolder.create(folder, dataset, told, key, force=force)
    before = openings_of(run, without=key)
    record_opening(run, dataset, family, before)
    assessed = assess(family, dataset, params, opened_before=before)
    run.write_assessed(assessed)
    run.update(
        counts={"mined": len(described), **assessed.counts},
        seconds={},
        stages={"mine": "done", "select": "done", "assess": "done"},
    )
    return assessed


def _evaluated(one: Described, part: Dataset, params: AssessParams) -> Redescription:
    if len(one.queries) < 2:
        em = f"A redescription of {one.attribute!r} has one query; it needs two or more."
        raise ReadError(em)
    queries = tuple(sorted(one.queries, key=lambda query: query.view != one.view))
    supports = tuple(query.on(part.view(query.view)) for query in queries)
    agreement = Agreement.of(supports)
    return Redescription(
        view=one.view,
        attribute=one.attribute,
        target=part.view(one.view).target_name(one.attribute),
        kind=one.kind,
        queries=queries,
        supports=supports,
        work_mined=work(queries, part, one.view, one.attribute),
        log10_p_mined=log10_p(
            agreement.sizes, agreement.support, agreement.n_entities, params.test
        ),
    )


def _reports(found: Sequence[Redescription], dataset: Dataset) -> tuple[TargetReport, ...]:
    """One report per target that occurs, in the order of the views and attributes."""
    best: dict[tuple[str, str], Redescription] = {}
    for one in found:
        place = (one.view, one.attribute)
        if place not in best or one.mined.jaccard > best[place].mined.jaccard:
            best[place] = one
    order = [(view.name, name) for view in dataset.views for name in view.names]
    return tuple(
        TargetReport(
            view=place[0],
            attribute=place[1],
            target=best[place].target,
            state=TargetState.DESCRIBED,
            reason="",
            n_bins=0,
            best_jaccard_mined=best[place].mined.jaccard,
            baseline=None,
            n_candidates=0,
        )
        for place in order
        if place in best
    )
