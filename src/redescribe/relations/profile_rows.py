"""Profiles of cohorts as rows of one table, and as nested records for JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from redescribe.core.notation import power_of_ten
from redescribe.relations.comparisons import ClassComparison

if TYPE_CHECKING:
    from redescribe.core.assessed import Cell
    from redescribe.relations.comparisons import ClassShare, Comparison, NumberComparison
    from redescribe.relations.profiles import CohortProfile, CohortProfiles
    from redescribe.relations.tested import Tested

ROW_COLUMNS = (
    *("finding", "cohort", "view", "attribute", "kind", "class", "by_construction"),
    *("n_cohort", "n_rest", "share_cohort", "share_rest", "wracc"),
    *("majority", "purity", "entropy", "entropy_all", "g", "n_degrees", "reference_score"),
    *("mean_cohort", "mean_rest", "difference", "standardized_difference"),
    *("auc", "rank_biserial"),
    *("method", "p_value", "q_value", "log10_p_value", "log10_q_value"),
)
"""Columns of `CohortProfiles.rows`; what a kind of row does not have is null.

The kinds: `classes` for a nominal or Boolean column as a whole, `class` for one of its
classes, `number` for a numeric column.
"""


def profile_rows(profile: CohortProfile) -> list[dict[str, Cell]]:
    """Return a profile as rows with the columns `ROW_COLUMNS`."""
    rows = []
    for comparison in profile.comparisons:
        first: dict[str, Cell] = {"finding": profile.finding or None}
        first |= {"cohort": profile.name, **_column(comparison)}
        found = [first | _whole(comparison)]
        if isinstance(comparison, ClassComparison):
            found += [first | {"kind": "class"} | _share(s) for s in comparison.classes]
        rows += [{name: row.get(name) for name in ROW_COLUMNS} for row in found]
    return rows


def profiles_record(found: CohortProfiles) -> dict[str, Any]:
    """Return profiles as plain values for JSON; null is "not defined here"."""
    return {
        "part": found.part,
        "n_entities": found.n_entities,
        "n_tests": found.n_tests,
        "correction": "bh",
        "permutations": found.permutations,
        "caveat": found.caveat,
        "cohorts": [
            {
                "finding": profile.finding or None,
                "cohort": profile.name,
                "n_cohort": profile.n_cohort,
                "n_rest": profile.n_rest,
                "n_unknown": profile.n_unknown,
                "columns": [_column_record(c) for c in profile.comparisons],
            }
            for profile in found.profiles
        ],
    }


def _column_record(comparison: Comparison) -> dict[str, Any]:
    record: dict[str, Any] = {**_column(comparison), **_whole(comparison)}
    if isinstance(comparison, ClassComparison):
        record["classes"] = [_share(share) for share in comparison.classes]
    return record


def _column(comparison: Comparison) -> dict[str, Cell]:
    return {
        "view": comparison.view,
        "attribute": comparison.attribute,
        "by_construction": comparison.by_construction,
    }


def _whole(comparison: Comparison) -> dict[str, Cell]:
    sizes: dict[str, Cell] = {
        "n_cohort": comparison.n_cohort,
        "n_rest": comparison.n_rest,
    }
    if isinstance(comparison, ClassComparison):
        return {"kind": "classes", **sizes, **_classes(comparison)}
    return {"kind": "number", **sizes, **_number(comparison)}


def _classes(comparison: ClassComparison) -> dict[str, Cell]:
    return {
        "majority": comparison.cohort.majority,
        "purity": comparison.cohort.purity,
        "entropy": comparison.cohort.entropy,
        "entropy_all": comparison.entropy_all,
        "g": comparison.g,
        "n_degrees": comparison.n_degrees,
        "reference_score": comparison.reference_score,
        **_test(comparison.test),
    }


def _share(share: ClassShare) -> dict[str, Cell]:
    return {
        "class": share.category,
        "n_cohort": share.n_cohort,
        "n_rest": share.n_rest,
        "share_cohort": share.share_cohort,
        "share_rest": share.share_rest,
        "wracc": share.wracc,
        **_test(share.test),
    }


def _number(comparison: NumberComparison) -> dict[str, Cell]:
    return {
        "mean_cohort": comparison.mean_cohort,
        "mean_rest": comparison.mean_rest,
        "difference": comparison.difference,
        "standardized_difference": comparison.standardized_difference,
        "auc": comparison.auc,
        "rank_biserial": comparison.rank_biserial,
        **_test(comparison.test),
    }


def _test(test: Tested | None) -> dict[str, Cell]:
    if test is None:
        names = ("method", "p_value", "q_value", "log10_p_value", "log10_q_value")
        return dict.fromkeys(names)
    return {
        "method": test.method.value,
        "p_value": power_of_ten(test.log10_p),
        "q_value": power_of_ten(test.log10_q),
        "log10_p_value": test.log10_p,
        "log10_q_value": test.log10_q,
    }
