"""docs/strategies.md is what docs/make_strategies.py writes: its texts and its rows."""

from __future__ import annotations

import re

from benchmarks.inputs import INPUTS
from benchmarks.strategies import BASE, Results
from docs import make_strategies as strategies
from tests.bench.test_strategies import outcome

MESSAGE = "Run: python -m docs.make_strategies"


def test_the_page_has_the_tables_of_both_parts() -> None:
    ours = Results("input", {BASE: [outcome(0.5)], "other": [outcome(0.75)]})
    peer = Results("input", {BASE: [outcome(0.5)], "peer": [outcome(0.25)]})
    text = strategies.page([ours], [peer], published=False)
    assert text.startswith(strategies.INTRODUCTION)
    assert text.index("| other |") < text.index(strategies.PEER) < text.index("| peer |")
    assert "+0.250" in text
    assert strategies.NO_PEER in strategies.page([ours], [], published=True)


def test_texts_and_inputs_are_those_of_the_script() -> None:
    text = strategies.PAGE.read_text(encoding="utf-8")
    assert text.startswith(strategies.INTRODUCTION), MESSAGE
    assert strategies.PEER in text or strategies.NO_PEER in text, MESSAGE
    rows = set(re.findall(r"^\| ([^|]+) \| ([^|]+) \|", text, re.MULTILINE))
    for source in INPUTS:
        assert (source.name, BASE) in rows, MESSAGE
