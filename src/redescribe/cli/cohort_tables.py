"""Cohorts against the rest, as lines of text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redescribe.core.printing import format_p, format_share, one_line
from redescribe.relations.columns import ERRORS
from redescribe.relations.comparisons import ClassComparison, NumberComparison

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from redescribe.core.assessed import Finding
    from redescribe.relations.comparisons import ClassShare, Comparison
    from redescribe.relations.profiles import CohortProfile, CohortProfiles
    from redescribe.relations.tested import Tested

_LABEL = 36
_CLASS_WIDTHS, _NUMBER_WIDTHS = (18, 18, 9, 9, 9), (10, 10, 7, 6, 8, 9, 9)
_MAX_CLASSES = 8


def one_finding(
    finding: Finding, profiles: CohortProfiles, limit: int | None
) -> Iterator[str]:
    """Yield the parts of a finding against the rest.

    Parameters
    ----------
    finding
        Whose parts they are.
    profiles
        One for each part.
    limit
        Columns of a kind at most, of each part; None shows all.
    """
    yield f"{finding.id}  {one_line(str(finding.redescription), 400)}"
    yield profiles.caveat
    for profile in profiles.profiles:
        yield ""
        yield _title(profile)
        if profile.n_cohort and profile.n_rest:
            yield from _classes(profile, limit)
            yield from _numbers(profile, limit)
    yield from _legend(profiles)


def many_findings(
    findings: Sequence[Finding], profiles: CohortProfiles, n_all: int
) -> Iterator[str]:
    """Yield the entities of all rules of several findings against the rest.

    Parameters
    ----------
    findings
        In the order of the profiles.
    profiles
        One for each finding.
    n_all
        Findings of the run.
    """
    yield f"The entities of all rules of {len(findings)} of {n_all} findings"
    yield profiles.caveat
    for finding, profile in zip(findings, profiles.profiles, strict=True):
        yield ""
        yield f"{finding.id}  {one_line(str(finding.redescription), 400)}"
        yield f"  {_title(profile)}"
        if profile.n_cohort and profile.n_rest:
            yield from _classes(profile, None)
            yield from _numbers(profile, None)
    yield from _legend(profiles)


def _title(profile: CohortProfile) -> str:
    n_known = profile.n_cohort + profile.n_rest
    unknown = f"; unknown for {profile.n_unknown}" if profile.n_unknown else ""
    return f"{profile.name}: {profile.n_cohort:,} of {n_known:,} entities{unknown}"


def _classes(profile: CohortProfile, limit: int | None) -> Iterator[str]:
    """Each column of classes with its classes, the most certain differences first."""
    every = [c for c in profile.comparisons if isinstance(c, ClassComparison)]
    shown = sorted(every, key=_certainty)[:limit]
    if not shown:
        return
    head = ("cohort", "rest", "WRAcc", "p", "q")
    yield _line("  classes", head, _CLASS_WIDTHS)
    for comparison in shown:
        yield from _class_lines(comparison)
    if len(shown) < len(every):
        yield f"  … {len(every) - len(shown)} more columns of classes: --all"


def _class_lines(comparison: ClassComparison) -> Iterator[str]:
    inside = comparison.cohort
    uniform = ""
    if inside.entropy is not None and comparison.entropy_all is not None:
        uniform = f"{inside.entropy:.2f} of {comparison.entropy_all:.2f} bits"
    g = "" if comparison.g is None else f"G {comparison.g:.1f}, df {comparison.n_degrees}"
    cells = (uniform, g, "", *_p_cells(comparison.test))
    yield _line(f"  {_name(comparison)}", cells, _CLASS_WIDTHS)
    occurring = [s for s in comparison.classes if s.n_cohort + s.n_rest]
    shown = sorted(occurring, key=_class_certainty)[:_MAX_CLASSES]
    for share in sorted(shown, key=lambda s: -(s.wracc or 0)):
        cells = (
            f"{share.n_cohort:,} ({format_share(share.share_cohort)})",
            f"{share.n_rest:,} ({format_share(share.share_rest)})",
            "" if share.wracc is None else f"{share.wracc:+.3f}",
            *_p_cells(share.test),
        )
        label = f"    {one_line(share.category, _LABEL - 5)}"
        yield _line(label, cells, _CLASS_WIDTHS)
    if len(shown) < len(occurring):
        yield f"    … {len(occurring) - len(shown)} more classes: --json"


def _numbers(profile: CohortProfile, limit: int | None) -> Iterator[str]:
    """Each numeric column, the most certain differences first."""
    every = [c for c in profile.comparisons if isinstance(c, NumberComparison)]
    shown = sorted(every, key=_certainty)[:limit]
    if not shown:
        return
    head = ("mean", "rest", "d", "AUC", "rank r", "p", "q")
    yield _line("  numbers", head, _NUMBER_WIDTHS)
    for comparison in shown:
        cells = (
            _number(comparison.mean_cohort),
            _number(comparison.mean_rest),
            _decimals(comparison.standardized_difference),
            _decimals(comparison.auc),
            _decimals(comparison.rank_biserial),
            *_p_cells(comparison.test),
        )
        yield _line(f"  {_name(comparison)}", cells, _NUMBER_WIDTHS)
    if len(shown) < len(every):
        yield f"  … {len(every) - len(shown)} more numeric columns: --all"


def _legend(profiles: CohortProfiles) -> Iterator[str]:
    """What the marks and the columns of numbers mean, where there are some."""
    yield ""
    if any(c.by_construction for p in profiles.profiles for c in p.comparisons):
        yield "* in the rules of the finding: different by construction, not tested"
    kinds = {type(c) for p in profiles.profiles for c in p.comparisons}
    if ClassComparison in kinds:
        yield (
            "Classes: entropy of the cohort, of that of all; G-test of the column; "
            "Fisher's exact test of each class; WRAcc: how much more frequent than in all, "
            "weighted by the size of the cohort."
        )
    if NumberComparison in kinds:
        yield (
            "Numbers: Mann-Whitney's test; d: difference of the means in standard "
            "deviations; AUC: P(cohort > rest); rank r: 2 AUC - 1."
        )
    methods = {
        t.method.value for p in profiles.profiles for c in p.comparisons for t in c.tests
    }
    if "permutation" in methods:
        least = 1 / (1 + profiles.permutations)
        yield (
            f"Some p come from {profiles.permutations:,} random divisions, the least of "
            f"them {least:.2g} (--json names the method of each)."
        )


def _certainty(comparison: Comparison) -> tuple[bool, float, float]:
    """Tested ones first, by q; then larger differences."""
    test = comparison.test
    q = 0.0 if test is None else test.log10_q
    size = 0.0
    if isinstance(comparison, NumberComparison):
        size = abs(comparison.rank_biserial or 0.0)
    return comparison.by_construction, q, -size


def _class_certainty(share: ClassShare) -> tuple[float, float]:
    return (0.0 if share.test is None else share.test.log10_q, -abs(share.wracc or 0.0))


def _name(comparison: Comparison) -> str:
    mark = " *" if comparison.by_construction else ""
    name = f"{comparison.view}:{comparison.attribute}"
    if comparison.view == ERRORS:
        name = comparison.attribute
    return one_line(name, _LABEL - 2 - len(mark)) + mark


def _p_cells(test: Tested | None) -> tuple[str, str]:
    if test is None:
        return "", ""
    return format_p(test.log10_p), format_p(test.log10_q)


def _line(label: str, cells: Sequence[str], widths: Sequence[int]) -> str:
    numbers = (f"{cell:>{width}}" for cell, width in zip(cells, widths, strict=True))
    return f"{label:{_LABEL}}{''.join(numbers)}".rstrip()


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.4g}"


def _decimals(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"
