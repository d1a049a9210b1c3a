"""Redescriptions, reports on targets and findings <-> plain records."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from redescribe.core.assessed import Assessment, Evidence, Finding
from redescribe.core.certificate import Certificate
from redescribe.core.front import FrontPoint
from redescribe.core.grammar import parse_query
from redescribe.core.missing import MissingPolicy
from redescribe.core.near_duplicate import NearDuplicate
from redescribe.core.network_null import NetworkNull, NullKind, RelatedNetwork
from redescribe.core.opening import Opening
from redescribe.core.redescription import (
    Agreement,
    Kind,
    OneLiteralBaseline,
    Redescription,
    TargetReport,
    TargetState,
)
from redescribe.core.resampling import Recovery, Resampling, SearchPValue, TargetSearch
from redescribe.core.sample import SampleRequest, TargetSample

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from redescribe.core.query import Query
    from redescribe.core.support import Support

Record = dict[str, Any]
"""Texts, numbers, lists and records: what JSON and Parquet hold. Floats are exact."""


def redescription_record(redescription: Redescription) -> Record:
    """Return a redescription without its supports, and its main measures for readers."""
    mined = redescription.mined
    return {
        "key": redescription.key,
        "kind": redescription.kind.value,
        "target": redescription.target,
        "view": redescription.view,
        "attribute": redescription.attribute,
        "query_views": [query.view for query in redescription.queries],
        "queries": [str(query) for query in redescription.queries],
        "n_literals": len(redescription),
        "n_mined": mined.n_entities,
        "support_mined": mined.support,
        "jaccard_mined": mined.jaccard,
        "work_mined": redescription.work_mined,
        "log10_p_mined": redescription.log10_p_mined,
        "missing": redescription.missing.value,
        "penalty": redescription.penalty,
    }


def redescription_of(
    record: Mapping[str, Any], supports: tuple[Support, ...]
) -> Redescription:
    """Return the redescription of a record and the supports that belong to it."""
    return Redescription(
        record["view"],
        record["attribute"],
        record["target"],
        Kind(record["kind"]),
        _queries_of(record),
        supports,
        record["work_mined"],
        record["log10_p_mined"],
        MissingPolicy(record["missing"]),
        record["penalty"],
    )


def report_record(report: TargetReport) -> Record:
    """Return the report on a target as a record."""
    return {
        "view": report.view,
        "attribute": report.attribute,
        "target": report.target,
        "state": report.state.value,
        "reason": report.reason,
        "n_bins": report.n_bins,
        "best_jaccard_mined": report.best_jaccard_mined,
        "baseline": _baseline_record(report.baseline),
        "n_candidates": report.n_candidates,
        "front": list(map(_point_record, report.front)),
        "certificates": [found.record() for found in report.certificates],
        "search": asdict(report.search) if report.search is not None else None,
        "networks": list(map(asdict, report.networks)),
    }


def report_of(record: Mapping[str, Any]) -> TargetReport:
    """Return the report of a record."""
    fields = dict(record)
    fields["state"] = TargetState(fields["state"])
    fields["baseline"] = _baseline_of(fields["baseline"])
    # Runs from before fronts and certificates have none.
    fields["front"] = tuple(map(_point_of, fields.get("front", ())))
    fields["certificates"] = tuple(
        map(Certificate.of_record, fields.get("certificates", ()))
    )
    fields["search"] = _search_of(fields.get("search"))  # older runs have none
    fields["networks"] = tuple(map(_network_of, fields.get("networks", ())))
    return TargetReport(**fields)


def finding_record(finding: Finding) -> Record:
    """Return a finding without its supports as a record."""
    assessment = finding.assessment
    return {
        "id": finding.id,
        "redescription": redescription_record(finding.redescription),
        "assessment": asdict(assessment) if assessment is not None else None,
        "p_search": asdict(finding.p_search) if finding.p_search is not None else None,
        "stability": finding.stability,
        "recovery": asdict(finding.recovery) if finding.recovery is not None else None,
        "nulls": list(map(asdict, finding.nulls)),
        "n_near_duplicates": len(finding.near_duplicates),
    }


def finding_of(
    record: Mapping[str, Any],
    supports: tuple[Support, ...],
    near_duplicates: tuple[NearDuplicate, ...],
) -> Finding:
    """Return the finding of a record, with its supports and its near duplicates."""
    redescription = redescription_of(record["redescription"], supports)
    assessment = _assessment_of(record["assessment"])
    # Runs from before resampling have none of these keys.
    p_search, recovery = record.get("p_search"), record.get("recovery")
    return Finding(
        record["id"],
        redescription,
        assessment,
        near_duplicates,
        SearchPValue(**p_search) if p_search is not None else None,
        record.get("stability"),
        Recovery(**recovery) if recovery is not None else None,
        tuple(map(_network_null_of, record.get("nulls", ()))),
    )


def near_duplicate_records(finding: Finding) -> list[Record]:
    """Return the near duplicates of a finding as records."""
    return [
        {
            "id": finding.id,
            "key": near.key,
            "query_views": [query.view for query in near.queries],
            "queries": [str(query) for query in near.queries],
            "support_jaccard_mined": near.support_jaccard_mined,
            "jaccard_mined": near.jaccard_mined,
        }
        for near in finding.near_duplicates
    ]


def near_duplicate_of(record: Mapping[str, Any]) -> NearDuplicate:
    """Return the near duplicate of a record."""
    return NearDuplicate(
        record["key"],
        _queries_of(record),
        record["support_jaccard_mined"],
        record["jaccard_mined"],
    )


def evidence_of(record: Mapping[str, Any]) -> Evidence:
    """Return the evidence of a record (`dataclasses.asdict` is the inverse)."""
    # Older runs know neither of resampling nor of earlier openings.
    resampling = Resampling(**record.get("resampling", {}))
    before = tuple(Opening(**opening) for opening in record.get("opened_before", ()))
    return Evidence(**{**record, "resampling": resampling, "opened_before": before})


def sample_record(sample: TargetSample | None) -> Record | None:
    """Return the sample of a run as a record, with the text that asked for it."""
    if sample is None:
        return None
    return {
        "neurons": str(sample.request),
        "seed": sample.seed,
        "n_sampled": sample.n_sampled,
        "n_available": sample.n_available,
    }


def sample_of(record: Mapping[str, Any] | None) -> TargetSample | None:
    """Return the sample of a record."""
    request = SampleRequest.parse(record["neurons"]) if record is not None else None
    if record is None or request is None:
        return None
    return TargetSample(request, record["seed"], record["n_sampled"], record["n_available"])


def n_queries(records: Iterable[Mapping[str, Any]]) -> list[int]:
    """Return how many queries each redescription record has."""
    return [len(record["queries"]) for record in records]


def _queries_of(record: Mapping[str, Any]) -> tuple[Query, ...]:
    texts = zip(record["queries"], record["query_views"], strict=True)
    return tuple(parse_query(text, view) for text, view in texts)


def _baseline_record(baseline: OneLiteralBaseline | None) -> Record | None:
    if baseline is None:
        return None
    return {
        "left_view": baseline.left.view,
        "left": str(baseline.left),
        "right_view": baseline.right.view,
        "right": str(baseline.right),
        "jaccard": baseline.jaccard,
        "adjusted_jaccard": baseline.adjusted_jaccard,
        "log10_p": baseline.log10_p,
        "n_pairs": baseline.n_pairs,
    }


def _baseline_of(record: Mapping[str, Any] | None) -> OneLiteralBaseline | None:
    if record is None:
        return None
    return OneLiteralBaseline(
        parse_query(record["left"], record["left_view"]),
        parse_query(record["right"], record["right_view"]),
        record["jaccard"],
        record["adjusted_jaccard"],
        record["log10_p"],
        record["n_pairs"],
    )


def _point_record(point: FrontPoint) -> Record:
    return {
        "query_views": [query.view for query in point.queries],
        "queries": [str(query) for query in point.queries],
        "missing": point.missing.value,
        "mined": asdict(point.mined),
        "pays": point.pays,
        "hold_out": asdict(point.hold_out) if point.hold_out is not None else None,
    }


def _point_of(record: Mapping[str, Any]) -> FrontPoint:
    own, partner = _queries_of(record)
    return FrontPoint(
        (own, partner),
        MissingPolicy(record["missing"]),
        _agreement_of(record["mined"]),
        record["pays"],
        _agreement_of(record["hold_out"]) if record["hold_out"] is not None else None,
    )


def _agreement_of(record: Mapping[str, Any]) -> Agreement:
    return Agreement(**{**record, "sizes": tuple(record["sizes"])})


def _search_of(record: Record | None) -> TargetSearch | None:
    if record is None:
        return None
    return TargetSearch(**{**record, "p_value": SearchPValue(**record["p_value"])})


def _network_of(record: Record) -> RelatedNetwork:
    nulls = tuple(map(_network_null_of, record["nulls"]))
    return RelatedNetwork(**{**record, "nulls": nulls})


def _network_null_of(record: Record) -> NetworkNull:
    return NetworkNull(**{**record, "null": NullKind(record["null"])})


def _assessment_of(record: Mapping[str, Any] | None) -> Assessment | None:
    if record is None:
        return None
    return Assessment(**{**record, "hold_out": _agreement_of(record["hold_out"])})
