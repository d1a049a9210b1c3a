"""What a run found out about one target, as lines of text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redescribe.core.printing import format_jaccard
from redescribe.core.redescription import TargetState

if TYPE_CHECKING:
    from collections.abc import Iterator

    from redescribe.core.assessed import AssessedSet
    from redescribe.core.front import FrontPoint
    from redescribe.core.redescription import TargetReport


def find_target(assessed: AssessedSet, name: str) -> TargetReport | None:
    """Return the report on the target of this name, or None."""
    return next((found for found in assessed.targets if found.target == name), None)


def target_lines(report: TargetReport, assessed: AssessedSet) -> Iterator[str]:
    """Yield what became of a target, its front of length and Jaccard, its findings."""
    reason = f" ({report.reason.replace('_', ' ')})" if report.reason else ""
    yield f"{report.target}: {report.state.replace('_', ' ')}{reason}"
    if report.state is TargetState.NOT_DESCRIBABLE:
        return
    yield f"  {report.n_candidates:,} candidates scored"
    if report.baseline is not None:
        yield (
            f"  best pair of one literal each: J {format_jaccard(report.baseline.jaccard)} "
            f"on the mining part ({report.baseline.n_pairs:,} pairs)"
        )
    for certificate in report.certificates:
        yield f"  {certificate.sentence}"
    yield from _networks(report, assessed)
    if report.front:
        yield ""
        yield from _front(report.front)
    own = [found.id for found in assessed if found.redescription.target == report.target]
    yield ""
    yield (
        f"Findings: {', '.join(own)}"
        if own
        else "No finding about it was kept as one of the family that is reported."
    )


def _networks(report: TargetReport, assessed: AssessedSet) -> Iterator[str]:
    """How well other networks explain a neuron, and null networks in their place."""
    statistic = assessed.evidence.resampling.statistic
    for one in report.networks:
        yield ""
        yield (
            f"By network {one.partner}: J {format_jaccard(one.jaccard)}, corrected for "
            f"chance {format_jaccard(one.adjusted_jaccard)} (best on the mining part)"
        )
        yield f"  null networks, by {statistic}"
        for null in one.nulls:
            yield f"  {null}"


def _front(front: tuple[FrontPoint, ...]) -> Iterator[str]:
    held_out = front[0].hold_out is not None
    yield "Best pair of each length (individual descriptions)"
    yield f"  literals  J mined{'  J held out' if held_out else ''}"
    stop = max(i for i, point in enumerate(front) if point.pays)
    for i, point in enumerate(front):
        cells = f"  {point.length:8}  {format_jaccard(point.mined.jaccard):>7}"
        if point.hold_out is not None:
            union = point.hold_out.union
            cells += f"  {format_jaccard(point.hold_out.jaccard) if union else '':>10}"
        mark = "  ← further literals do not pay" if i == stop < len(front) - 1 else ""
        yield f"{cells}  {point}{mark}"
    if held_out:
        yield "  These pairs were not tested; choosing by J held out would use it up."
