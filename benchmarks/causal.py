"""Causal checks of 20 findings on the demo's networks: time and what they say."""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from benchmarks.measure import Cell, print_table
from redescribe.causal.ablation import intervene
from redescribe.causal.attribute_edit import edit_attributes
from redescribe.causal.params import CHANGES, CausalParams
from redescribe.core.dataset import Dataset
from redescribe.core.entities import SplitParams
from redescribe.mining.params import MineParams
from redescribe.study.demo import demo_inputs, demo_network, make_demo
from redescribe.study.stages import run_stages

if TYPE_CHECKING:
    from redescribe.core.effect import Effects

N_FINDINGS = 20
HEADER = (
    *("check", "wall s", "CPU s", "effects", "confirmed", "no effect", "opposite"),
    "not testable",
)


def row(name: str, effects: Effects, start: tuple[float, float]) -> list[Cell]:
    """The cells under `HEADER`."""
    wall, cpu = time.perf_counter() - start[0], time.process_time() - start[1]
    verdicts = Counter(effect.verdict.value for effect in effects)
    return [
        *(name, round(wall, 2), round(cpu, 2), len(effects)),
        *(verdicts[verdict] for verdict in HEADER[4:]),
    ]


def main() -> None:
    """Mine as the demo does, then check the first findings on network a."""
    torch.set_num_threads(1)
    split = SplitParams(hold_out=0.3, stratify="labels:diagnosis")
    dataset = Dataset.of(make_demo().views, split)
    with tempfile.TemporaryDirectory() as folder:
        params = MineParams(targets=("a", "b"))
        assessed = run_stages(dataset, Path(folder) / "run", params)
    network, inputs = demo_network(), demo_inputs()
    rows = []
    for how in CHANGES:
        start = time.perf_counter(), time.process_time()
        asked = CausalParams(how=how)
        found = intervene(
            network, inputs, assessed, dataset, view="a", top=N_FINDINGS, params=asked
        )
        rows.append(row(how.value, found, start))
    start = time.perf_counter(), time.process_time()
    edits = edit_attributes(
        network, assessed, dataset, "attributes", view="a", top=N_FINDINGS
    )
    rows.append(row("edit", edits, start))
    print_table(f"Causal checks of {N_FINDINGS} findings, one thread", HEADER, rows)


if __name__ == "__main__":
    main()
