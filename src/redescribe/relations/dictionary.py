"""How much of a learned dictionary is explained, and by what."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from redescribe.core.frame import frame_of
from redescribe.core.neuron import LEARNED_LAYER, POSITIONS, NeuronId
from redescribe.errors import ParameterError, QuerySyntaxError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from redescribe.core.assessed import AssessedSet, Cell, Finding
    from redescribe.core.dataset import Dataset
    from redescribe.core.query import Query
    from redescribe.core.view import View

MIN_JACCARD = 0.6


class Source(StrEnum):
    """What an attribute of a dictionary is explained by, the most telling first."""

    ATTRIBUTES = "attributes"
    """Measured attributes of the entities."""
    NEURONS = "neurons"
    DICTIONARIES = "dictionaries"
    """Attributes that others learned."""
    LABELS = "labels"
    """Classes and flags alone."""
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Explanation:
    """The best finding about an attribute with one kind of source.

    Attributes
    ----------
    finding
        Its id.
    jaccard
        On the hold-out; of the mining part where there is none.
    """

    finding: str
    jaccard: float


@dataclass(frozen=True, slots=True)
class Entry:
    """One attribute of the dictionary.

    Attributes
    ----------
    attribute
        Its name in the view: of its first column, where it has several.
    best
        The best explanation by each source that has one.
    source
        The first source whose Jaccard is high enough.
    """

    attribute: str
    best: Mapping[Source, Explanation]
    source: Source


@dataclass(frozen=True, slots=True)
class ExplainedDictionary:
    """What each attribute of a learned view is explained by.

    Attributes
    ----------
    view
        Its name.
    entries
        One per attribute, in the order of the view. Columns that say where an attribute is
        active are left out; raw and scaled ones count for the same attribute.
    min_jaccard
        From which on an explanation counts.
    part
        "hold-out" or "mined": the entities that the Jaccards are of.
    """

    view: str
    entries: tuple[Entry, ...]
    min_jaccard: float
    part: str

    def counts(self) -> dict[Source, int]:
        """Return how many attributes each source explains, those by a better one apart."""
        found = Counter(entry.source for entry in self.entries)
        return {source: found[source] for source in Source}

    @property
    def share_explained(self) -> float:
        """Share of attributes that something explains."""
        return 1 - self.counts()[Source.NOTHING] / len(self.entries)

    def rows(self) -> list[dict[str, Cell]]:
        """Return one row per attribute; what there is not is None."""
        return [
            {
                "attribute": entry.attribute,
                "explained_by": entry.source.value,
                **_cells(entry.best),
            }
            for entry in self.entries
        ]

    def to_frame(self) -> Any:  # noqa: ANN401 - whichever frame the caller has
        """Return the rows as a frame: pandas, else Polars, else a pyarrow table."""
        rows = self.rows()
        return frame_of(rows, list(rows[0]) if rows else [])


def explained_dictionary(
    assessed: AssessedSet,
    dataset: Dataset,
    view: str = "",
    *,
    min_jaccard: float = MIN_JACCARD,
    labels: Sequence[str] = (),
) -> ExplainedDictionary:
    """Return what explains each attribute that was learned (FLINT).

    Only confirmed findings between the attribute alone and one other view count; without a
    hold-out all of them do, and none is evidence.

    Parameters
    ----------
    assessed
        The findings.
    dataset
        What they were mined on.
    view
        Of the learned attributes; empty: the first such view.
    min_jaccard
        From which on an attribute is explained, 0 to 1.
    labels
        Views that say no more than classes; without, those of nominal and Boolean
        attributes alone that are no neurons.

    Raises
    ------
    ParameterError
        If there is no view of learned attributes, or the Jaccard is none.
    UnknownNameError
        If there is no such view.

    Examples
    --------
    >>> import numpy as np
    >>> import redescribe as rd
    >>> from redescribe.core.view import Attribute, View
    >>> from redescribe.core.entities import EntityIndex
    >>> x = np.random.default_rng(0).normal(size=(1, 200))
    >>> name = Attribute("flint@attributes:0", neuron=True)
    >>> learned = View("learned", EntityIndex.numbered(200), (name,), x)
    >>> data = rd.Dataset.of([learned, View.of("measured", 2 * x.T)])
    >>> found = rd.assess(rd.select(rd.mine(data)), data)
    >>> explained_dictionary(found, data).counts()[Source.ATTRIBUTES]
    1
    """
    if not 0 <= min_jaccard <= 1:
        em = f"min_jaccard must be in the range [0, 1]. Got {min_jaccard} instead."
        raise ParameterError(em)
    chosen = dataset.view(view) if view else _first_learned(dataset)
    known = tuple(dataset.view(name).name for name in labels)
    held_out = not assessed.evidence.in_sample_only
    owners = _owners(chosen)
    best: dict[str, dict[Source, Explanation]] = {name: {} for name in owners.values()}
    for finding in assessed:
        pair = _pair(finding, chosen.name)
        jaccard = _jaccard(finding, held_out=held_out)
        if pair is None or jaccard is None or pair[0] not in owners:
            continue
        attribute, other = owners[pair[0]], pair[1]
        source = _source(other, dataset.view(other.view), known)
        before = best[attribute].get(source)
        if before is None or jaccard > before.jaccard:
            best[attribute][source] = Explanation(finding.id, jaccard)
    entries = (
        Entry(name, found, _explained_by(found, min_jaccard))
        for name, found in best.items()
    )
    part = "hold-out" if held_out else "mined"
    return ExplainedDictionary(chosen.name, tuple(entries), min_jaccard, part)


def learned_views(dataset: Dataset) -> tuple[str, ...]:
    """Return the views whose columns are attributes that were learned.

    >>> import numpy as np
    >>> from redescribe.core.dataset import Dataset
    >>> from redescribe.core.view import View
    >>> learned_views(Dataset.of([View.of("x", np.eye(4)), View.of("y", np.eye(4))]))
    ()
    """
    return tuple(view.name for view in dataset.views if is_learned(view))


def is_learned(view: View) -> bool:
    """Return whether all columns of a view are called like attributes that were learned.

    A table that was written and read again has lost that they are neurons.
    """
    try:
        ids = [NeuronId.parse(name) for name in view.names]
    except QuerySyntaxError:
        return False
    values = any(one.reducer not in POSITIONS for one in ids)
    return values and {one.layer for one in ids} == {LEARNED_LAYER}


def _owners(view: View) -> dict[str, str]:
    """The first column of the attribute that each column is a value of, by name."""
    if not is_learned(view):
        return {name: name for name in view.names}
    first: dict[NeuronId, str] = {}
    owners = {}
    for name in view.names:
        one = NeuronId.parse(name)
        if one.reducer not in POSITIONS:
            owners[name] = first.setdefault(replace(one, reducer=""), name)
    return owners


def _first_learned(dataset: Dataset) -> View:
    for view in dataset.views:
        if is_learned(view):
            return view
    em = (
        "No view holds learned attributes (model@attributes:0, …). Name the view, or make "
        "one with rd.flint.to_view."
    )
    raise ParameterError(em)


def _pair(finding: Finding, view: str) -> tuple[str, Query] | None:
    """The attribute that stands alone on one side, and the other side."""
    queries = finding.redescription.queries
    if len(queries) != 2:
        return None
    own = [query for query in queries if query.view == view]
    if len(own) != 1 or len(own[0].attributes) != 1:
        return None
    other = queries[1] if queries[0] is own[0] else queries[0]
    return own[0].attributes[0], other


def _jaccard(finding: Finding, *, held_out: bool) -> float | None:
    if not held_out:
        return finding.redescription.mined.jaccard
    tested = finding.assessment
    if tested is None or not tested.confirmed or not tested.hold_out.union:
        return None
    return tested.hold_out.jaccard


def _source(query: Query, view: View, labels: Sequence[str]) -> Source:
    attributes = [view.attributes[view.position(name)] for name in query.attributes]
    if is_learned(view):
        return Source.DICTIONARIES
    if any(attribute.neuron for attribute in attributes):
        return Source.NEURONS
    classes = not any(attribute.is_numeric for attribute in view.attributes)
    if view.name in labels or (classes and not labels):
        return Source.LABELS
    return Source.ATTRIBUTES


def _explained_by(best: Mapping[Source, Explanation], min_jaccard: float) -> Source:
    for source in Source:
        found = best.get(source)
        if found is not None and found.jaccard >= min_jaccard:
            return source
    return Source.NOTHING


def _cells(best: Mapping[Source, Explanation]) -> dict[str, Cell]:
    cells: dict[str, Cell] = {}
    for source in Source:
        if source is not Source.NOTHING:
            found = best.get(source)
            cells[f"jaccard_{source.value}"] = found.jaccard if found else None
            cells[f"best_{source.value}"] = found.finding if found else None
    return cells
