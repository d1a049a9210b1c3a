"""Supports are stored once per query, as differences that can be undone."""

from __future__ import annotations

import numpy as np
import pytest
from tests.report import examples

from redescribe.core.dataset import Dataset
from redescribe.core.entities import EntityIndex, SplitParams
from redescribe.core.query import Interval
from redescribe.core.redescription import RedescriptionSet
from redescribe.core.view import View
from redescribe.report.packed import NO_BASE, PackedSupports
from redescribe.significance.assess import assess


def of_size(n: int) -> Dataset:
    values = np.random.default_rng(n).normal(size=(2, n))
    entities = EntityIndex.numbered(n)
    views = [
        View.of("net", values.T, names=["a", "b"], entities=entities),
        View.of("x", values.T + 0.1, names=["a", "b"], entities=entities),
    ]
    return Dataset.of(views, SplitParams(hold_out=0))


@pytest.mark.parametrize("n", [1, 63, 64, 65, 130])
def test_the_differences_give_the_supports_back(n: int) -> None:
    data = of_size(n)
    own = examples.query("net", Interval("a", 0.0))
    partners = [examples.query("x", Interval(name, 0.1)) for name in ("a", "b")]
    found = [examples.redescription(data, own, partner) for partner in partners]
    found.append(examples.redescription(data, partners[0], own))
    family = RedescriptionSet(tuple(found), (), data.names, n, 0.0, 0.5)
    packed = PackedSupports.of(assess(family, data), data)
    assert len(packed) == 3
    assert packed.bases[0] == NO_BASE
    words = packed.satisfied.copy()
    for row, base in enumerate(packed.bases.tolist()):
        if base != NO_BASE:
            words[row] ^= words[base]
    for query, row in packed.positions.items():
        np.testing.assert_array_equal(words[row], query.on(data.view(query.view)).satisfied)


def test_what_is_nearly_alike_is_stored_as_its_difference() -> None:
    data = of_size(130)
    low, high = (examples.query("net", Interval("a", cut)) for cut in (0.0, 0.01))
    opposite = examples.query("net", Interval("a", high=0.0))
    partner = examples.query("x", Interval("b", 0.1))
    found = [examples.redescription(data, own, partner) for own in (low, high, opposite)]
    family = RedescriptionSet(tuple(found), (), data.names, 130, 0.0, 0.5)
    packed = PackedSupports.of(assess(family, data), data)
    assert packed.positions[low] == 0
    assert packed.bases[packed.positions[high]] == 0
    assert packed.bases[packed.positions[opposite]] == 0
    # What holds where another does not: all bits differ, and compress to nothing.
    assert np.bitwise_count(packed.satisfied[packed.positions[opposite]]).sum() == 130
