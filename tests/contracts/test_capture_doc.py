"""docs/how-to/capture.md is what docs/make_capture.py writes; its options exist."""

from __future__ import annotations

import re

from docs import make_capture

import redescribe
from redescribe.capture.params import CaptureParams
from redescribe.capture.reduce import FLATTEN_LIMIT, Reducer
from redescribe.store import activation_writer

TEXT = make_capture.PAGE.read_text(encoding="utf-8")
MESSAGE = "Run: python -m docs.make_capture"


def test_texts_are_those_of_the_script() -> None:
    assert TEXT.startswith(make_capture.INTRODUCTION), MESSAGE
    assert make_capture.layer_table() + "\n" + make_capture.LAYERS in TEXT, MESSAGE
    assert TEXT.endswith(make_capture.END), MESSAGE


def test_every_reducer_is_explained() -> None:
    section = TEXT[TEXT.index("## Maps and tokens") : TEXT.index("## Models")]
    named = re.findall(r"`(\w+)`", " ".join(re.findall(r"^\| (`.*?) \|", section, re.M)))
    assert set(named) - {"reduce"} == {reducer.value for reducer in Reducer}


def test_figures_and_names_are_those_of_the_code() -> None:
    assert f"{FLATTEN_LIMIT:,} at most" in TEXT
    assert f"every {activation_writer._PATIENCE:g} seconds" in TEXT
    assert {"neurons", "seed", "units", "item"} <= set(CaptureParams.__annotations__)
    for name in re.findall(r"(?:redescribe|rd)\.([A-Za-z]+)\(", TEXT):
        assert hasattr(redescribe, name), name


def test_memory_does_not_grow_with_the_entities() -> None:
    section = TEXT[TEXT.index("Capture to a folder") : TEXT.index("Capture in memory")]
    rows = [
        [float(cell.strip().replace(",", "")) for cell in line.strip("|").split("|")]
        for line in section.splitlines()
        if re.match(r"\| *[\d,]+ \|", line)
    ]
    n_entities, values, peaks = zip(*(row[:3] for row in rows), strict=True)
    assert n_entities == (2000, 20000, 100000)
    assert peaks[2] < peaks[1] * 1.5
    assert peaks[2] < values[2] / 2
