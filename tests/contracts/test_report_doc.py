"""docs/how-to/report.md is what docs/make_report.py writes, and keeps what is promised."""

from __future__ import annotations

from docs import make_report

from redescribe.serve.questions import MOST_BYTES

TEXT = make_report.PAGE.read_text(encoding="utf-8")


def test_the_page_is_that_of_the_script() -> None:
    assert make_report.text(make_report.figures()) == TEXT, (
        "Run: python -m docs.make_report"
    )


def test_what_was_measured_is_within_bounds() -> None:
    small, *_, served = make_report.figures()
    assert small["size"] <= 15_000_000
    # Digits go before any column or rule does.
    assert all(cut.startswith("all digits of columns") for cut in small["cuts"])
    assert served["cuts"] == []
    for found in (small, served):
        assert max(found["opened"]["overview"], found["opened"]["findings"]) < 3
        assert found["opened"]["overlaps"] < 300


def test_figures_are_those_of_the_code() -> None:
    assert MOST_BYTES == 256 << 10
    assert "256 KiB" in TEXT
