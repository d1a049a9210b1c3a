"""docs/explanation/evidence.md is what its script makes of the committed result."""

from __future__ import annotations

import pytest
from docs import make_evidence as evidence

from redescribe.core.assessed import finding_columns
from redescribe.core.resampling import Resampling

PAGE = evidence.PAGE.read_text(encoding="utf-8")
MESSAGE = "Run: python -m docs.make_evidence"
DESCRIBED_ELSEWHERE = {
    *("id", "key", "kind", "target", "query_x", "query_y", "n_literals"),
    *("n_mined", "support_mined", "work_mined", "n_hold_out", "support", "work"),
    *("recovery_mean", "log10_p_mined", "log10_p_value", "log10_q_value"),
}


def test_the_page_is_that_of_the_script() -> None:
    assert evidence.page() == PAGE, MESSAGE


def test_every_number_that_could_be_taken_for_evidence_is_explained() -> None:
    asked = Resampling(1, 1, 1, n_rotations=1, n_untrained=1)
    columns = finding_columns(("x", "y"), held_out=True, resampling=asked)
    explained = set(columns) - DESCRIBED_ELSEWHERE
    assert {"p_search", "p_untrained", "stability", "recovery", "confirmed"} <= explained
    assert [name for name in sorted(explained) if f"`{name}`" not in PAGE] == []


@pytest.mark.parametrize("low", [0.04, 0.06])
def test_the_verdict_counts_what_holds(low: float, monkeypatch: pytest.MonkeyPatch) -> None:
    estimate = {"value": 0.07, "low": low, "high": 0.08}
    monkeypatch.setattr(evidence, "levels", lambda result: [(0.05, estimate)])
    assert evidence.verdict({}).endswith(f"checked, {int(low < 0.05)} hold.")
