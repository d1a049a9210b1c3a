"""The same inputs under pytest-benchmark: `pytest benchmarks --benchmark-enable`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from benchmarks import pairs, trees
from redescribe.core.support import pack
from redescribe.core.view import View
from redescribe.discretize.quantile import bin_view

if TYPE_CHECKING:
    from pytest_benchmark.fixture import BenchmarkFixture


@pytest.mark.parametrize("case", trees.CASES, ids=str)
def test_bench_grow(benchmark: BenchmarkFixture, case: trees.TreeCase) -> None:
    values, outputs = case.data()
    binned, targets = bin_view(View.of("x", values)), trees.equally_weighted(outputs)
    tree = benchmark(trees.grown, binned, targets, case.params)
    benchmark.extra_info["nodes"] = len(tree)
    benchmark.extra_info["sse"] = trees.sum_of_squares(outputs, trees.leaves_of(tree))


@pytest.mark.parametrize("case", pairs.CASES, ids=str)
def test_bench_intersections(benchmark: BenchmarkFixture, case: pairs.PairCase) -> None:
    left, right = (pack(mask) for mask in case.masks())
    _, n_counted = benchmark(pairs.counted, left, right, 0.5)
    benchmark.extra_info["pairs_counted"] = n_counted
