"""The table of findings and the counts of a run."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from tests.significance import examples

from redescribe.core.redescription import Redescription, TargetReport, TargetState
from redescribe.core.sample import SampleMethod, SampleRequest, TargetSample
from redescribe.significance.assess import assess

if TYPE_CHECKING:
    from redescribe.core.assessed import AssessedSet

FIRST = ["id", "key", "kind", "target", "query_x", "query_y"]
MINED = [
    "n_literals",
    "n_mined",
    "support_mined",
    "jaccard_mined",
    "adjusted_jaccard_mined",
    "p_mined",
    "work_mined",
]
HELD_OUT = [
    "n_hold_out",
    "support",
    "jaccard",
    "jaccard_low",
    "jaccard_high",
    "adjusted_jaccard",
    "work",
    "p_value",
    "q_value",
    "confirmed",
]
PAIRS = (("a > 0", "c > 0"), ("a > 0.5", "c > 0.4"), ("a > 9", "c > 9"))


def assessed(n_held_out: int) -> AssessedSet:
    data = examples.dataset(200, n_held_out)
    return assess(examples.family(data, *PAIRS), data)


def test_columns_with_a_hold_out() -> None:
    frame = assessed(60).to_frame()
    logs = ["log10_p_mined", "log10_p_value", "log10_q_value"]
    assert list(frame.columns) == FIRST + MINED + HELD_OUT + logs
    assert isinstance(frame, pd.DataFrame)
    assert frame["id"].tolist() == ["R1", "R2", "R3"]


def test_columns_without_a_hold_out() -> None:
    frame = assessed(0).to_frame()
    assert list(frame.columns) == [*FIRST, *MINED, "log10_p_mined"]


def test_an_empty_hold_out_union_has_no_jaccard() -> None:
    rows = {row["query_x"]: row for row in assessed(60).rows()}
    empty = rows["a > 9"]
    for column in ("jaccard", "jaccard_low", "jaccard_high", "adjusted_jaccard", "work"):
        assert empty[column] is None
    assert empty["p_value"] == 1.0
    assert empty["confirmed"] is False
    assert rows["a > 0"]["jaccard"] is not None


def test_a_view_that_is_not_covered_has_no_query() -> None:
    found = assessed(0)
    wider = replace(found, views=("x", "w", "y"))
    assert {row["query_w"] for row in wider.rows()} == {None}
    assert list(wider.rows()[0])[4:7] == ["query_x", "query_w", "query_y"]


def report(attribute: str, state: TargetState, reason: str = "") -> TargetReport:
    return TargetReport("x", attribute, f"x:{attribute}", state, reason, 2, None, None, 10)


@pytest.mark.parametrize(("n_held_out", "replicated"), [(60, 2), (0, None)])
def test_counts(n_held_out: int, replicated: int | None) -> None:
    not_describable = TargetState.NOT_DESCRIBABLE
    targets = (
        report("a", TargetState.DESCRIBED),
        report("b", TargetState.NOT_DESCRIBED),
        report("c", not_describable, "constant"),
        report("d", not_describable, "all_missing"),
        report("e", not_describable, "near_constant"),
    )
    found = replace(assessed(n_held_out), targets=targets)
    assert found.counts == {
        "targets": 5,
        "available": 5,
        "described": 1,
        "describable": 2,
        "dead": 2,
        "candidates": 1_234,
        "kept": 3,
        "replicated": replicated,
    }
    assert [row["reason"] for row in found.target_rows()[:3]] == [None, None, "constant"]
    assert len(found) == len(list(found)) == 3
    assert found.scope == "5 targets"


def test_a_sample_is_never_the_whole() -> None:
    sample = TargetSample(SampleRequest(SampleMethod.RANDOM, 1), 3, 1, 12)
    found = replace(assessed(60), targets=(report("a", TargetState.DESCRIBED),))
    sampled = replace(found, sample=sample)
    assert sampled.counts == found.counts | {"available": 12}
    assert sampled.scope == "1 of 12 targets (random sample, seed 3)"
    assert found.caveat == found.evidence.caveat
    assert sampled.caveat == f"{found.caveat} {sample.caveat}"
    assert sample.caveat in repr(sampled)
    assert sample.caveat in sampled._repr_html_()


def test_the_caveat_says_what_the_numbers_are_evidence_of() -> None:
    assert "In-sample only: all 200 entities were mined" in assessed(0).evidence.caveat
    caveat = assessed(60).evidence.caveat
    assert "Mined on 140 entities, tested on 60 others" in caveat
    assert "family of 3" in caveat


def test_the_key_names_the_queries_and_nothing_else() -> None:
    data = examples.dataset(100, 0)
    first: Redescription = examples.redescription(data, "a > 0", "c > 0")
    same = replace(first, work_mined=0.5, log10_p_mined=-9.0)
    other = examples.redescription(data, "a > 0", "c >= 0")
    assert first.key == same.key != other.key
    assert len(first.key) == 16


def test_an_agreement_counts_on_its_entities() -> None:
    data = examples.dataset(100, 30)
    found = examples.redescription(data, "a > 0", "c > 0")
    left, right = found.supports_on(data.hold_out_part)
    both = left.mask & right.mask
    assert left.n_entities == 30
    assert found.mined.n_entities == 70
    assert found.mined.sizes == tuple(len(s) for s in found.supports)
    assert np.count_nonzero(both) == len(left & right)
    assert found.query("w") is None
