"""What is said of earlier openings of the hold-out."""

from __future__ import annotations

from dataclasses import replace

from redescribe.core.assessed import Evidence
from redescribe.core.opening import Opening

EVIDENCE = Evidence(70, 30, 1_021, 9_999, "fixed_margin", "bh", 0.01, 0.5, 0)
FIRST, SECOND, THIRD = (Opening(name, f"k{name}", 1_012, 5) for name in "abc")


def test_a_first_opening_needs_no_word() -> None:
    assert EVIDENCE.caveat == (
        "Mined on 70 entities, tested on 30 others; q-values (bh) over a family of 1021, "
        "chosen from 9,999 scored candidates before the hold-out was opened."
    )


def test_a_replaced_run_is_told_of() -> None:
    caveat = replace(EVIDENCE, opened_before=(FIRST,)).caveat
    assert "before the hold-out was opened" not in caveat
    assert "a family of 1021, chosen from" in caveat
    assert caveat.endswith(
        "The hold-out had been opened once before, for a family of 1,012: q-values hold if "
        "no run was planned by what it showed."
    )


def test_a_merged_family_is_told_of() -> None:
    caveat = replace(EVIDENCE, opened_before=(FIRST, SECOND, THIRD), n_merged=2).caveat
    assert "a family of 1021 joined from 2 runs and chosen from 9,999 scored" in caveat
    assert "opened 3 times before, for families of 1,012, 1,012 and 1,012:" in caveat


def test_without_a_hold_out_nothing_was_opened() -> None:
    caveat = replace(EVIDENCE, n_hold_out=0, n_merged=2).caveat
    assert caveat.startswith("In-sample only")
    assert "opened" not in caveat
