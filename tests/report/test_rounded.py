"""What is rounded keeps every rule of the findings, and few bits are stored as gaps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.report import examples, pages
from tests.report.pages import bits_of

from redescribe.core.dataset import Dataset
from redescribe.core.entities import EntityIndex, SplitParams
from redescribe.core.query import Interval
from redescribe.core.redescription import RedescriptionSet
from redescribe.core.view import View
from redescribe.report.gaps import gaps_of
from redescribe.report.rounded import N_EXTREMES, N_STEPS, rounded_column
from redescribe.report.write import report_of_run
from redescribe.significance.assess import assess

if TYPE_CHECKING:
    from pathlib import Path

Floats = np.ndarray[tuple[int], np.dtype[np.float64]]


def steps_of(content: bytes, n: int) -> tuple[Floats, Floats]:
    """The ends of the step of every value; NaN where it is missing."""
    n_steps, code_bytes = np.frombuffer(content[:8], "<u4").tolist()
    ends = np.frombuffer(content[8 : 8 + 16 * n_steps], "<f8").reshape(2, -1)
    codes = np.frombuffer(content[8 + 16 * n_steps :], f"<u{code_bytes}")
    assert codes.size == n
    lows, highs = np.column_stack((ends, [np.nan, np.nan]))
    return lows[codes], highs[codes]


@given(
    values=st.lists(st.floats(-9, 9, width=32) | st.just(float("nan")), min_size=1),
    bounds=st.lists(st.floats(-9, 9) | st.just(float("-inf"))),
)
def test_values_stay_in_their_step_and_bounds_between_steps(
    values: list[float], bounds: list[float]
) -> None:
    column = np.array(values)
    low, high = steps_of(rounded_column(column, bounds), column.size)
    np.testing.assert_array_equal(np.isnan(low), np.isnan(column))
    known = ~np.isnan(column)
    assert ((low <= column) & (column <= high))[known].all()
    for bound in bounds:
        for compare in (np.greater, np.greater_equal):
            # Not NaN, which no rule holds for.
            expected = compare(column[known], bound)
            np.testing.assert_array_equal(compare(low[known], bound), expected)
            np.testing.assert_array_equal(compare(high[known], bound), expected)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_steps_are_few_and_extremes_exact(dtype: type[np.floating]) -> None:
    column = np.random.default_rng(0).normal(size=5000).astype(dtype)
    bounds = [0.25, 0.26, 2.5]
    low, high = steps_of(rounded_column(column, bounds), column.size)
    n_steps = np.unique(low).size
    assert n_steps <= N_STEPS + 2 * N_EXTREMES + 2 * len(bounds)
    shares = np.unique(low, return_counts=True)[1] / column.size
    assert shares.max() < 1.6 / N_STEPS
    order = np.argsort(column)
    extremes = np.concatenate((order[:N_EXTREMES], order[-N_EXTREMES:]))
    np.testing.assert_array_equal(low[extremes], column[extremes])
    np.testing.assert_array_equal(high[extremes], column[extremes])


def test_more_than_a_byte_of_steps_takes_two() -> None:
    column = np.arange(3000.0)
    content = rounded_column(column, (column + 0.5).tolist())
    low, _ = steps_of(content, column.size)
    np.testing.assert_array_equal(low, column)


@given(content=st.binary())
def test_gaps_give_the_bits_back(content: bytes) -> None:
    assert bits_of(gaps_of(content)) == content


def test_long_gaps() -> None:
    content = bytes(40_000) + b"\x80" + bytes(3)
    assert bits_of(gaps_of(content)) == content
    assert len(gaps_of(content)) == 4 + 3


def test_columns_are_rounded_before_any_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages.use_front_end(monkeypatch)
    n = 3000
    values = np.random.default_rng(1).normal(size=(3, n))
    entities = EntityIndex.numbered(n)
    views = [
        View.of("net", values.T, names=["a", "b", "c"], entities=entities),
        View.of("x", values.T + 0.1, names=["a", "b", "c"], entities=entities),
    ]
    data = Dataset.of(views, SplitParams(hold_out=0))
    found = [
        examples.redescription(
            data,
            examples.query("net", Interval(name, cut)),
            examples.query("x", Interval(name, cut + 0.1)),
        )
        for name, cut in (("a", 0.5), ("b", 1.0))
    ]
    family = RedescriptionSet(tuple(found), (), data.names, n, 0.0, 0.5)
    run = pages.stored(tmp_path / "run", data, assess(family, data))
    whole = report_of_run(run, tmp_path / "whole.html").size
    seen = []
    for share in np.linspace(1, 0.02, 25):
        budget = int(share * whole)
        written = report_of_run(run, tmp_path / "cut.html", budget=budget)
        blocks = pages.Unpacked((tmp_path / "cut.html").read_text("utf-8")).blocks
        rounded = sum(name.startswith("rounded-") for name in blocks)
        seen.append((sum(name.startswith("column-") for name in blocks), rounded))
        told = {cut["what"]: (cut["shown"], cut["total"]) for cut in written.cuts}
        if seen[-1] == (4, 2):
            assert told == {"all digits of columns that no finding names": (0, 2)}
            for name in ("0-2", "1-2"):
                assert f"rounded-{name}" in blocks
        if sum(seen[-1]):
            assert written.size <= budget
    assert seen[0] == (6, 0)
    assert (4, 2) in seen
    # None is lost while another one has all digits.
    assert all(sum(pair) == 6 for pair in seen if pair[0])
    assert [whole for whole, _ in seen] == sorted((w for w, _ in seen), reverse=True)
    assert seen[-1] == (0, 0)
