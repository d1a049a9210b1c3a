"""The benchmark of scale measures what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from benchmarks.scale import Cost, PeakMemory, Size, exponent, made, measured

if TYPE_CHECKING:
    from pathlib import Path


def test_views_are_memory_maps_of_the_size_asked_for(tmp_path: Path) -> None:
    dataset = made(tmp_path, Size(entities=60, units=5, attributes=4, views=3))
    assert dataset.names == ("units", "attributes", "copy2")
    assert [view.values.shape for view in dataset.views] == [(5, 60), (4, 60), (4, 60)]
    assert (dataset.view("units").values >= 0).all()
    assert {path.suffix for path in tmp_path.iterdir()} == {".npy"}


def test_the_peak_of_memory_is_seen() -> None:
    with PeakMemory() as before:
        np.ones(10)
    with PeakMemory() as after:
        size = np.ones(12_500_000).nbytes
        _ = [float(i) for i in range(1_500_000)]
    assert size == 10**8
    assert after.peak - before.peak > 10**7


def test_exponents_are_those_of_the_power_law() -> None:
    costs = [
        Cost(Size(units=n), float(n**2), 3.0 * n, 1.0, 10**6 * n**2, 1, 1, 1)
        for n in (10, 20, 40)
    ]
    assert exponent("units", costs, "cpu") == pytest.approx(1)
    assert exponent("units", costs, "memory") == pytest.approx(2)


def test_a_run_is_measured() -> None:
    cost = measured(Size(entities=200, units=3, attributes=4))
    assert cost.findings > 0
    assert cost.disk > 200 * 7 * 4
    assert cost.mining <= cost.seconds
    assert cost.memory > 10**7
