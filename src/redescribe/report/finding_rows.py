"""Findings, targets and null distributions as rows of the interactive report."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from redescribe.core.certificate import proven
from redescribe.core.printing import in_words
from redescribe.core.query import Interval
from redescribe.core.resampling import Statistic
from redescribe.report.blocks import plain_number
from redescribe.report.schema import NetworkNullRecord

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from redescribe.core.assessed import AssessedSet, Finding
    from redescribe.core.dataset import Dataset
    from redescribe.core.null_table import NullTable
    from redescribe.core.query import Literal, Query
    from redescribe.core.redescription import TargetReport
    from redescribe.relations.roles import Role
    from redescribe.report.rule_schema import LiteralRecord, QueryRecord
    from redescribe.report.schema import FrontRecord

Row = dict[str, Any]


def finding_rows(
    assessed: AssessedSet, dataset: Dataset, supports: Mapping[Query, int]
) -> list[Row]:
    """Return one row per finding, with the columns of the schema.

    Parameters
    ----------
    assessed, dataset
        The findings and what they were mined on.
    supports
        Row of each query in the table of supports.
    """
    part = dataset.mining_part
    words = {
        query: in_words(query, part.view(query.view), shares=True) for query in supports
    }
    return [_finding_row(finding, words, supports) for finding in assessed]


def query_record(query: Query, support: int) -> QueryRecord:
    """Return a query as plain values.

    >>> from redescribe.core.grammar import parse_query
    >>> record = query_record(parse_query("NOT (a > 1)", "x"), 3)
    >>> record["terms"][0]["negated"], record["terms"][0]["literals"][0]["low"]
    (True, 1.0)
    """
    return {
        "view": query.view,
        "text": str(query),
        "terms": [
            {"negated": term.negated, "literals": list(map(_literal, term.literals))}
            for term in query.terms
        ],
        "support": support,
    }


def target_rows(assessed: AssessedSet, roles: Iterable[Role]) -> list[Row]:
    """Return one row per target: what became of it, and what it stands for."""
    return [
        _target_row(report, role)
        for report, role in zip(assessed.targets, roles, strict=True)
    ]


def null_rows(nulls: NullTable | None, statistic: str) -> list[Row]:
    """Return, per target and kind, what searches of permuted entities found at best."""
    if nulls is None:
        return []
    maxima = nulls.of(Statistic(statistic))
    return [
        {
            "target": target,
            "kind": kind.value,
            "maxima": [plain_number(value) for value in maxima[:, i, j].tolist()],
        }
        for i, target in enumerate(nulls.targets)
        for j, kind in enumerate(nulls.kinds)
    ]


def findings_of_attributes(assessed: AssessedSet) -> dict[tuple[str, str], list[int]]:
    """Return which findings name an attribute, by view and name."""
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, finding in enumerate(assessed):
        for query in finding.redescription.queries:
            for name in query.attributes:
                found[query.view, name].append(number)
    return found


def bounds_of_attributes(
    queries: Iterable[Query],
) -> dict[tuple[str, str], list[float]]:
    """Return the ends of all intervals over an attribute, by view and name."""
    found: dict[tuple[str, str], list[float]] = defaultdict(list)
    for query in queries:
        for literal in query.literals:
            if isinstance(literal, Interval):
                found[query.view, literal.attribute] += (literal.low, literal.high)
    return found


def _finding_row(
    finding: Finding, words: Mapping[Query, str], supports: Mapping[Query, int]
) -> Row:
    redescription = finding.redescription
    queries, mined = redescription.queries, redescription.mined
    row = {
        "id": finding.id,
        "key": redescription.key,
        "kind": redescription.kind.value,
        "target": redescription.target,
        "view": redescription.view,
        "attribute": redescription.attribute,
        "queries": [query_record(query, supports[query]) for query in queries],
        "words": [words[query] for query in queries],
        "n_literals": len(redescription),
        "support_mined": mined.support,
        "union_mined": mined.union,
        "jaccard_mined": mined.jaccard,
        "adjusted_jaccard_mined": mined.adjusted_jaccard,
        "log10_p_mined": redescription.log10_p_mined,
        "work_mined": redescription.work_mined,
        "missing": redescription.missing.value,
        "p_search": finding.p_search.value if finding.p_search else None,
        "p_search_family": finding.p_search.family if finding.p_search else None,
        "stability": finding.stability,
        "recovery": finding.recovery.share if finding.recovery else None,
        "near_duplicates": [
            {
                "text": str(near),
                "support_jaccard_mined": near.support_jaccard_mined,
                "jaccard_mined": near.jaccard_mined,
            }
            for near in finding.near_duplicates
        ],
    }
    row["networks"] = [
        {name: getattr(null, name) for name in NetworkNullRecord.__annotations__}
        for null in finding.nulls
    ]
    return row | _hold_out_cells(finding)


def _hold_out_cells(finding: Finding) -> Row:
    tested = finding.assessment
    if tested is None:
        names = ("support", "union", *_TESTABLE, "jaccard_low", "jaccard_high", "log10_p")
        return dict.fromkeys((*names, "log10_q", "confirmed"))
    held_out = tested.hold_out
    values = (
        held_out.jaccard,
        held_out.adjusted_jaccard,
        held_out.expected_jaccard,
        tested.work,
    )
    testable = held_out.union > 0
    return {
        "support": held_out.support,
        "union": held_out.union,
        **{
            name: value if testable else None
            for name, value in zip(_TESTABLE, values, strict=True)
        },
        "jaccard_low": tested.jaccard_low,
        "jaccard_high": tested.jaccard_high,
        "log10_p": tested.log10_p_value,
        "log10_q": tested.log10_q_value,
        "confirmed": tested.confirmed,
    }


_TESTABLE = ("jaccard", "adjusted_jaccard", "expected_jaccard", "work")


def _literal(literal: Literal) -> LiteralRecord:
    if isinstance(literal, Interval):
        return {
            "attribute": literal.attribute,
            "low": plain_number(literal.low),
            "high": plain_number(literal.high),
            "low_closed": literal.low_closed,
            "high_closed": literal.high_closed,
            "values": None,
        }
    return {
        "attribute": literal.attribute,
        "low": None,
        "high": None,
        "low_closed": False,
        "high_closed": True,
        "values": list(literal.values),
    }


def _target_row(report: TargetReport, role: Role) -> Row:
    baseline = report.baseline
    pair = f"{baseline.left} <=> {baseline.right}" if baseline else ""
    return {
        "target": report.target,
        "view": report.view,
        "attribute": report.attribute,
        "state": report.state.value,
        "reason": report.reason,
        "n_bins": report.n_bins,
        "best_jaccard_mined": report.best_jaccard_mined,
        "baseline_jaccard": baseline.jaccard if baseline else None,
        "baseline": pair,
        "n_candidates": report.n_candidates,
        "proven": proven(report.certificates),
        "front": _front(report),
        "role": role.kind.value,
        "classes": list(role.classes),
        "attributes": list(role.attributes),
        "neurons": list(role.neurons),
        "meanings": list(role.meanings),
        "n_findings": role.n_findings,
        "n_confirmed": role.n_confirmed,
        "best": role.best,
        "jaccard": role.jaccard,
        "adjusted_jaccard": role.adjusted_jaccard,
        "p_search": report.search.p_value.value if report.search else None,
    }


def _front(report: TargetReport) -> list[FrontRecord]:
    return [
        {
            "length": point.length,
            "text": str(point),
            "pays": point.pays,
            "jaccard_mined": point.mined.jaccard,
            "jaccard": point.hold_out.jaccard
            if point.hold_out is not None and point.hold_out.union
            else None,
        }
        for point in report.front
    ]
