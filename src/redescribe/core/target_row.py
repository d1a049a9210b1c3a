"""The report on a target as a row of a table."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from redescribe.core.assessed import Cell
    from redescribe.core.redescription import TargetReport


def target_row(target: TargetReport) -> dict[str, Cell]:
    """Return the report on a target as one row of the table of targets.

    >>> from redescribe.core.redescription import TargetReport, TargetState
    >>> dead = TargetState.NOT_DESCRIBABLE
    >>> target_row(TargetReport("x", "a", "x:a", dead, "constant", 1, None, None, 0))[
    ...     "state"
    ... ]
    'not_describable'
    """
    baseline = target.baseline
    return {
        "target": target.target,
        "view": target.view,
        "attribute": target.attribute,
        "state": target.state.value,
        "reason": target.reason or None,
        "n_bins": target.n_bins,
        "best_jaccard_mined": target.best_jaccard_mined,
        "baseline_jaccard": baseline.jaccard if baseline else None,
        "baseline_adjusted_jaccard": baseline.adjusted_jaccard if baseline else None,
        "baseline_log10_p": baseline.log10_p if baseline else None,
        "baseline_left": str(baseline.left) if baseline else None,
        "baseline_right_view": baseline.right.view if baseline else None,
        "baseline_right": str(baseline.right) if baseline else None,
        "baseline_pairs": baseline.n_pairs if baseline else 0,
        "candidates": target.n_candidates,
        "front": _front_text(target) if target.front else None,
    }


def _front_text(target: TargetReport) -> str:
    """The front as JSON, for one cell of a table."""
    points = [
        {
            "n_literals": point.length,
            "queries": {query.view: str(query) for query in point.queries},
            "pays": point.pays,
            "jaccard_mined": point.mined.jaccard,
            "adjusted_jaccard_mined": point.mined.adjusted_jaccard,
        }
        | (
            {
                "jaccard": point.hold_out.jaccard if point.hold_out.union else None,
                "adjusted_jaccard": point.hold_out.adjusted_jaccard
                if point.hold_out.union
                else None,
            }
            if point.hold_out is not None
            else {}
        )
        for point in target.front
    ]
    return json.dumps(points, ensure_ascii=False)
