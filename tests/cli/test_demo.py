"""`redescribe demo`: from two networks to a report, in one command."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from pyarrow import parquet
from tests.cli.examples import findings

from redescribe.rules.run_rules import read_run_rules

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.examples import CommandLine


def test_the_demo_explains_two_networks(cli: CommandLine, tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    outcome = cli("demo", "--output", folder)
    assert outcome.status == 0
    assert outcome.err.startswith("Training two networks (30-512-128-32-1)")
    assert "✓ 64 neurons · 30 attributes · 1 label · 285 samples" in outcome.out
    assert "replicated on the hold-out" in outcome.out
    assert f"✓ report: {folder / 'report.html'}" in outcome.out
    told = re.search(r"✓ (\d+) rules over the attributes answer .* for (.*)%", outcome.out)
    assert told is not None
    (kept,) = read_run_rules(folder)
    reached = kept.imitation.rules.hold_out
    assert reached is not None
    assert (int(told[1]), told[2]) == (reached.n_rules, f"{100 * reached.fidelity:.1f}")
    assert reached.fidelity > 0.9
    assert (folder / "report.html").stat().st_size > 10_000
    counts = json.loads(cli("show", folder, "--json").out)
    assert counts["described"] + counts["dead"] <= 64
    assert counts["described"] == counts["describable"] > 32
    assert 0 < counts["replicated"] <= counts["kept"] == len(findings(folder))
    entities = parquet.read_table(folder / "entities.parquet")
    assert entities["id"][0].as_py().startswith("tumour-")
    targets = parquet.read_table(folder / "targets.parquet")["target"].to_pylist()
    assert targets[0] == "a@hidden2:0"
    assert len(targets) == 64
    assert cli("explain", folder, "R1").status == 0
