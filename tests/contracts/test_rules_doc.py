"""docs/rules.md is what docs/make_rules.py writes: its texts and its rows."""

from __future__ import annotations

from benchmarks.rule_networks import SEEDS
from benchmarks.rule_peers_main import PEERS
from benchmarks.rules import OURS, WITHOUT, Result, Row
from docs import make_rules

MESSAGE = "Run: python -m docs.make_rules"


def row(name: str, fidelity: float, literals: int, *, ours: bool) -> Row:
    results = tuple(
        Result(fidelity + step, 0.9, 3, literals, literals, 0.1)
        for step in (-0.01, 0.0, 0.01)
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
    assert "by literals of rules: wdbc, short (-0.0100 to tree)" in text
    assert "- failed: broken: no luck" in text
    assert make_rules.NO_PEERS not in text
    assert make_rules.NO_PEERS in make_rules.page({"wdbc": rows[:1]})


def test_texts_and_rows_are_those_of_the_script() -> None:
    text = make_rules.PAGE.read_text(encoding="utf-8")
    assert text.startswith(make_rules.INTRODUCTION), MESSAGE
    everything: dict[str, list[Row]] = {name: [] for name in SEEDS}
    assert make_rules.NOT_INSTALLED + make_rules.cut(everything) in text, MESSAGE
    for name in SEEDS:
        section = text.partition(f"### {name}\n")[2].partition("###")[0]
        for setting in OURS:
            if setting not in WITHOUT.get(name, ()):
                assert f"| **{setting}** |" in section, MESSAGE
    wdbc = text.partition("### wdbc\n")[2].partition("###")[0]
    for peer in PEERS:
        assert f"| {peer} |" in wdbc or f"failed: {peer}:" in wdbc, MESSAGE
