"""docs/explanation/faults.md is what docs/make_faults.py writes of the last soak."""

from __future__ import annotations

import json

from benchmarks.soak import RESULTS, Outcome
from docs.make_faults import PAGE, page

from redescribe.store.views import MOST_CHECKED


def test_the_page_is_that_of_the_script() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "Run: python -m docs.make_faults"


def test_the_soak_it_tells_of_passed() -> None:
    record = json.loads(RESULTS.read_text(encoding="utf-8"))
    outcomes = [Outcome(**stage) for stage in record["stages"]]
    assert [outcome.stage for outcome in outcomes] == ["capture", "mine", "assess", "merge"]
    assert all(outcome.passed for outcome in outcomes)
    assert sum(outcome.n_kills for outcome in outcomes) >= 100


def test_the_size_it_states_is_that_of_the_library() -> None:
    assert f"more than {MOST_CHECKED // 2**20} MiB" in page().replace("\n", " ")
