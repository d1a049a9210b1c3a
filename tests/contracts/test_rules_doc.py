"""The page that docs/make_rules.py writes of the benchmark of rules."""

from __future__ import annotations

from benchmarks.rules import Result, Row
from docs import make_rules

MESSAGE = "Run: python -m docs.make_rules"


def row(name: str, fidelity: float, literals: int, *, ours: bool) -> Row:
    results = tuple(
        Result(fidelity + step, 0.9, 3, literals, 0.1) for step in (-0.01, 0.0, 0.01)
    )
    return Row(name, ours, results, ("a", "b", "c"))


def test_a_setting_is_compared_with_the_best_peer_that_is_no_longer() -> None:
    rows = [
        row("short", 0.90, 12, ours=True),
        row("tree", 0.91, 10, ours=False),
        row("better but longer", 0.99, 13, ours=False),
        row("worse", 0.80, 3, ours=False),
        Row("broken", False, (Result(failed="no luck"),) * 3, ("a", "b", "c")),  # noqa: FBT003
    ]
    rows.append(row("weighted, 12", 0.94, 12, ours=True))
    text = make_rules.page({"wdbc": rows})
    assert "| short | 12.0 | tree | 10.0 | -0.0100 | -0.0100 to -0.0100 |" in text
    assert "- WDBC, weighted, 12: aim 0.965, 0.9400: missed by 0.0250." in text
    assert "by more than 0.005: wdbc, short (-0.0100 to tree)" in text
    assert "- failed: broken: no luck" in text
    assert make_rules.NO_PEERS not in text
    assert make_rules.NO_PEERS in make_rules.page({"wdbc": rows[:1]})
