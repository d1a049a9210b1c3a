"""Which concepts a target is described by: one row per target and attribute."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from redescribe.core.frame import frame_of
from redescribe.core.query import Interval

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from redescribe.core.assessed import AssessedSet, Cell, Finding
    from redescribe.core.query import Query
    from redescribe.core.redescription import Redescription


@dataclass(frozen=True, slots=True)
class Link:
    """A target and an attribute of another view that occur in the same findings.

    Attributes
    ----------
    target, view, attribute
        How the run calls the target, its view and its name there.
    concept_view, concept
        The other view and its attribute.
    n_findings, n_confirmed
        Findings in which both occur, and those that are confirmed; None without a hold-out.
    best
        Id of the finding with the largest chance-corrected Jaccard: on the hold-out, of
        confirmed ones if there are any; without a hold-out as mined.
    jaccard, adjusted_jaccard
        Of that finding on the hold-out; None without one, or where it is not defined.
    jaccard_mined, adjusted_jaccard_mined
        Of that finding, in-sample.
    direction, concept_direction
        Which values of the target and of the concept it speaks of: `high`, `low`, `range`,
        or the categories, joined by `/` where there are several; `not` of what is negated.
    """

    target: str
    view: str
    attribute: str
    concept_view: str
    concept: str
    n_findings: int
    n_confirmed: int | None
    best: str
    jaccard: float | None
    adjusted_jaccard: float | None
    jaccard_mined: float
    adjusted_jaccard_mined: float
    direction: str
    concept_direction: str

    def row(self) -> dict[str, Cell]:
        """Return the link as a row of the table of roles."""
        return {name: getattr(self, name) for name in Link.__slots__}


@dataclass(frozen=True, slots=True)
class Links:
    """Links of the targets of a run, the best of each target first.

    Examples
    --------
    >>> Links(()).to_frame().shape[0]
    0
    """

    links: tuple[Link, ...]

    def to_frame(self) -> Any:  # noqa: ANN401 - whichever frame the caller has
        """Return the links as a frame: pandas, else Polars, else a pyarrow table."""
        return frame_of([link.row() for link in self.links], Link.__slots__)


def links_of(assessed: AssessedSet) -> Links:
    """Return which attributes of other views describe each target of a run.

    Parameters
    ----------
    assessed
        The findings; each counts once for every attribute that its other queries name.

    References
    ----------
    Specification of redescription mining, section 10, "Roles".
    """
    found: dict[tuple[str, str, str, str], list[Finding]] = {}
    for finding in assessed:
        redescription = finding.redescription
        for query in redescription.queries[1:]:
            for name in query.attributes:
                place = (redescription.view, redescription.attribute, query.view, name)
                found.setdefault(place, []).append(finding)
    targets = [(target.view, target.attribute) for target in assessed.targets]
    order = {place: number for number, place in enumerate(targets)}
    links = [_link(*place[2:], findings) for place, findings in found.items()]
    links.sort(
        key=lambda link: (
            order[link.view, link.attribute],
            not link.n_confirmed,
            -strength(link.adjusted_jaccard, link.adjusted_jaccard_mined),
            link.concept_view,
            link.concept,
        )
    )
    return Links(tuple(links))


def best_of(findings: Iterable[Finding]) -> Finding:
    """Return the best finding: confirmed ones first, then by chance-corrected Jaccard.

    That is the Jaccard on the hold-out, where there is one; the first of equals.
    """
    return max(findings, key=_quality)


def strength(hold_out: float | None, mined: float) -> float:
    """Return the value on the hold-out where it is known, else the mined one.

    >>> strength(0.5, 0.9), strength(None, 0.9)
    (0.5, 0.9)
    """
    return mined if hold_out is None else hold_out


def adjusted_on_hold_out(finding: Finding) -> float | None:
    """Return the chance-corrected Jaccard on the hold-out; None where it has none."""
    tested = finding.assessment
    if tested is None or not tested.hold_out.union:
        return None
    return tested.hold_out.adjusted_jaccard


def direction(query: Query, attribute: str) -> str:
    """Return which values of an attribute a query speaks of.

    >>> from redescribe.core.grammar import parse_query
    >>> [direction(parse_query(text, "x"), "a") for text in ("a > 1", "NOT (a <= 2)")]
    ['high', 'not low']
    """
    found = []
    for term in query.terms:
        for literal in term.literals:
            if literal.attribute != attribute:
                continue
            if isinstance(literal, Interval):
                text = "range"
                if math.isinf(literal.high):
                    text = "high"
                elif math.isinf(literal.low):
                    text = "low"
            else:
                text = "|".join(literal.values)
            found.append(f"not {text}" if term.negated else text)
    return "/".join(dict.fromkeys(found))


def _quality(finding: Finding) -> tuple[bool, float]:
    confirmed = finding.assessment is not None and finding.assessment.confirmed
    mined = finding.redescription.mined.adjusted_jaccard
    return confirmed, strength(adjusted_on_hold_out(finding), mined)


def _link(concept_view: str, concept: str, findings: list[Finding]) -> Link:
    best = best_of(findings)
    redescription, tested = best.redescription, best.assessment
    queries = {query.view: query for query in redescription.queries}
    mined = redescription.mined
    return Link(
        *_target(redescription),
        concept_view,
        concept,
        n_findings=len(findings),
        n_confirmed=None
        if tested is None
        else sum(f.assessment is not None and f.assessment.confirmed for f in findings),
        best=best.id,
        jaccard=tested.hold_out.jaccard if tested and tested.hold_out.union else None,
        adjusted_jaccard=adjusted_on_hold_out(best),
        jaccard_mined=mined.jaccard,
        adjusted_jaccard_mined=mined.adjusted_jaccard,
        direction=direction(redescription.queries[0], redescription.attribute),
        concept_direction=direction(queries[concept_view], concept),
    )


def _target(redescription: Redescription) -> tuple[str, str, str]:
    return redescription.target, redescription.view, redescription.attribute
