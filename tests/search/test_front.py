"""The best candidate of each length, and where length stops to pay."""

from __future__ import annotations

import numpy as np
from tests.search import examples

from redescribe.core.dataset import Dataset
from redescribe.core.entities import SplitParams
from redescribe.search.front import length_front
from redescribe.search.params import SearchParams, Thresholds
from redescribe.search.registry import strategy


def test_the_front_holds_the_best_of_each_length() -> None:
    rng = np.random.default_rng(0)
    a, b, c = rng.normal(size=(3, 300))
    holds = (a > 0) & (b > -0.5) & (c > -1)
    own = examples.view("x", {"t": holds + 0.01 * rng.random(300)})
    partner = examples.view("y", {"a": a, "b": b, "c": c})
    task = examples.task(own, partner, SearchParams(search="beam"))
    described = strategy("beam").describe(task)
    assert described is not None
    front = length_front(described.candidates, task.params.thresholds)
    lengths = [point.length for point in front]
    jaccards = [point.mined.jaccard for point in front]
    assert lengths == sorted(set(lengths))
    assert jaccards == sorted(set(jaccards))
    for point in front:
        same = [c.jaccard for c in described.candidates if len(c) == point.length]
        assert point.mined.jaccard == max(same)
        assert point.hold_out is None
    assert lengths[:3] == [2, 3, 4]
    assert all(point.pays for point in front[:3])
    data = Dataset.of([own, partner], SplitParams(hold_out=0.3))
    held_out = front[0].on_hold_out(data.hold_out_part).hold_out
    assert held_out is not None
    assert held_out.n_entities == 90
    assert " <=> " in str(front[0])


def test_a_literal_that_brings_little_does_not_pay() -> None:
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=(2, 400))
    holds = (a > 0) & (b > -2)
    own = examples.view("x", {"t": holds + 0.01 * rng.random(400)})
    partner = examples.view("y", {"a": a, "b": b})
    task = examples.task(own, partner, SearchParams(search="beam"))
    described = strategy("beam").describe(task)
    assert described is not None
    dear = length_front(described.candidates, Thresholds(literal_epsilon=0.2))
    assert [point.pays for point in dear] == [True] + [False] * (len(dear) - 1)
    cheap = length_front(described.candidates, Thresholds(literal_epsilon=0.0))
    assert [point.length for point in dear] == [point.length for point in cheap]
    assert all(point.pays for point in cheap)
    assert len(cheap) > 1


def test_no_candidates_no_front() -> None:
    assert length_front([], Thresholds()) == ()
