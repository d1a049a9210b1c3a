"""Samples of targets: sizes, balance, proportions, and that only names and seed decide."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.mining import examples

from redescribe.core.dataset import Dataset
from redescribe.core.entities import EntityIndex, SplitParams
from redescribe.core.sample import SampleMethod, SampleRequest, TargetSample
from redescribe.core.view import View
from redescribe.mining.miner import mine
from redescribe.mining.params import MineParams
from redescribe.mining.sampling import (
    activity_level,
    draw_targets,
    equal_shares,
    layer_of,
    proportional_shares,
)
from redescribe.mining.tasks import Target, choose_targets, plan_chunks

if TYPE_CHECKING:
    from collections.abc import Sequence

LAYERS = {"a@conv": 40, "a@fc1": 24, "a@fc2": 16, "a@out": 2}
"""Units of each layer of a small network."""
N_UNITS = sum(LAYERS.values())
N_ENTITIES = 60
METHODS = ("random", "layers", "stratified")
sizes_of_groups = st.lists(st.integers(1, 50), min_size=1, max_size=12)


def network(n_entities: int = N_ENTITIES) -> View:
    """Units that are active on more and more of the entities, layer by layer."""
    rng = np.random.default_rng(1)
    names = [f"{layer}:{unit}" for layer, n in LAYERS.items() for unit in range(n)]
    shares = np.concatenate([np.linspace(0.1, 1, n) for n in LAYERS.values()])
    active = rng.random((n_entities, N_UNITS)) < shares
    return View.of("net", np.where(active, 1.0, 0.0), names=names)


NETWORK = network()
DATA = examples.dataset([NETWORK, View.of("x", NETWORK.values[:3].T)])


def drawn(
    text: str, *, seed: int = 0, data: Dataset = DATA, targets: Sequence[str] = ("net",)
) -> list[str]:
    params = MineParams(targets=tuple(targets), neurons=text, seed=seed)
    available = choose_targets(data, params)
    found = draw_targets(available, data.mining_part, params.sample, seed=seed)
    return [target.attribute for target in found]


def layers_of(names: Sequence[str]) -> Counter[str]:
    return Counter(name.partition(":")[0] for name in names)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("size", [1, 3, 13, 64, 81])
@pytest.mark.parametrize("seed", [0, 1])
def test_a_sample_has_its_size_and_the_order_of_the_view(
    method: str, size: int, seed: int
) -> None:
    found = drawn(f"{method}:{size}", seed=seed)
    assert len(found) == len(set(found)) == size
    assert found == [name for name in NETWORK.names if name in set(found)]


@pytest.mark.parametrize("text", [*(f"{m}:82" for m in METHODS), "all", "layers:9999"])
def test_a_size_that_reaches_all_gives_all(text: str) -> None:
    assert drawn(text) == list(NETWORK.names)
    assert drawn("stratified:layer=40") == list(NETWORK.names)


@pytest.mark.parametrize(
    ("size", "shares"),
    [
        (8, [2, 2, 2, 2]),
        (20, [6, 6, 6, 2]),
        (58, [20, 20, 16, 2]),
        (63, [23, 22, 16, 2]),
        (66, [24, 24, 16, 2]),
    ],
)
def test_layers_give_the_same_number_as_far_as_they_can(
    size: int, shares: list[int]
) -> None:
    found = layers_of(drawn(f"layers:{size}"))
    assert sorted(found.values(), reverse=True) == sorted(shares, reverse=True)
    assert all(found[layer] <= n for layer, n in LAYERS.items())


@pytest.mark.parametrize("method", ["random", "stratified"])
@pytest.mark.parametrize("size", [1, 2, 5, 16, 30])
def test_each_layer_gives_its_number_or_all(method: str, size: int) -> None:
    found = layers_of(drawn(f"{method}:layer={size}"))
    assert found == {layer: min(size, n) for layer, n in LAYERS.items()}


@pytest.mark.parametrize("size", [5, 20, 41, 60])
@pytest.mark.parametrize("seed", range(4))
def test_strata_have_their_share(size: int, seed: int) -> None:
    found = drawn(f"stratified:{size}", seed=seed)
    by_layer = layers_of(found)
    for layer, n in LAYERS.items():
        assert abs(by_layer[layer] - size * n / N_UNITS) < 1
    for layer, n in LAYERS.items():
        members = [name for name in NETWORK.names if name.startswith(f"{layer}:")]
        ranked = sorted(members, key=lambda name: (activity_level(column(name)), name))
        quarters = Counter(
            ranked.index(name) * 4 // n for name in found if name in set(members)
        )
        sizes = Counter(rank * 4 // n for rank in range(n))
        for quarter, n_quarter in sizes.items():
            assert abs(quarters[quarter] - by_layer[layer] * n_quarter / n) < 1


def column(name: str) -> np.ndarray:
    return NETWORK.column(name)


def test_few_targets_of_many_layers_are_spread_over_them() -> None:
    names = [f"l{layer}:{unit}" for layer in range(30) for unit in range(8)]
    view = View.of("deep", np.random.default_rng(0).normal(size=(20, 240)), names=names)
    data = examples.dataset([view, View.of("x", view.values[:1].T)])
    found = drawn("stratified:20", data=data, targets=["deep"])
    assert set(layers_of(found).values()) == {1}
    seeds = [
        layers_of(drawn("layers:20", seed=s, data=data, targets=["deep"])) for s in (0, 1)
    ]
    assert seeds[0].keys() != seeds[1].keys()


@pytest.mark.parametrize(
    "text", ["random:20", "layers:20", "stratified:20", "random:layer=3"]
)
@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_columns_and_views_changes_nothing(text: str, seed: int) -> None:
    order = np.random.default_rng(seed).permutation(N_UNITS)
    attributes = tuple(NETWORK.attributes[i] for i in order)
    other = View("net", NETWORK.entities, attributes, NETWORK.values[order])
    data = examples.dataset([DATA.views[1], other])
    whole = {"targets": ["net", "x"], "seed": seed}
    here = drawn(text, data=DATA, **whole)  # type: ignore[arg-type]
    there = drawn(text, data=data, **whole)  # type: ignore[arg-type]
    assert sorted(here) == sorted(there)
    assert here != drawn(text, seed=seed + 1, targets=["net", "x"])


@pytest.mark.parametrize("unit", ["", "layer="])
def test_a_larger_random_sample_holds_the_smaller_one(unit: str) -> None:
    samples = [set(drawn(f"random:{unit}{size}")) for size in (1, 4, 9, 30)]
    assert all(small < large for small, large in pairwise(samples))


def test_every_target_is_as_likely_as_any_other() -> None:
    n_draws = 400
    times = Counter(name for s in range(n_draws) for name in drawn("random:41", seed=s))
    assert set(times) == set(NETWORK.names)
    deviations = (np.array([*times.values()]) - n_draws / 2) / np.sqrt(n_draws / 4)
    assert np.abs(deviations).max() < 4.5


def test_only_mined_entities_are_looked_at() -> None:
    split = SplitParams(hold_out=0.3)
    data = Dataset.of(DATA.views, split)
    values = NETWORK.values.copy()
    values[:, data.split.held_out] = np.nan
    changed = View("net", NETWORK.entities, NETWORK.attributes, values)
    other = Dataset.of([changed, DATA.views[1]], split)
    assert drawn("stratified:20", data=data) == drawn("stratified:20", data=other)


def test_the_layer_is_that_of_the_neuron_or_the_view() -> None:
    assert layer_of(Target("net", 'a@"my layer":3|max', ())) == ("net", "a", "my layer")
    assert layer_of(Target("fc2", "7", ())) == layer_of(Target("fc2", "fc2:7", ()))
    found = drawn("layers:4", targets=["net", "x"])
    assert layers_of(found) <= Counter([*LAYERS, "x0", "x1", "x2"])
    by_view = draw_targets(
        choose_targets(DATA, MineParams()),
        DATA.mining_part,
        SampleRequest(SampleMethod.RANDOM, 1, per_layer=True),
        seed=0,
    )
    assert [target.view for target in by_view] == ["net"] * 4 + ["x"]


@pytest.mark.parametrize(
    ("values", "level"),
    [
        ([1.0, 1.0], 0.0),
        ([np.nan, np.nan], 0.0),
        ([np.nan, 3.0], 0.0),
        ([0.0, 0.0, 0.0, 8.0], 0.25),
        ([-1.0, 1.0, 1.0, 1.0, np.nan], 0.75),
        ([-1.7e308, 1.7e308], 0.5),
    ],
)
def test_the_level_of_activity(values: list[float], level: float) -> None:
    assert activity_level(np.array(values)) == pytest.approx(level)


@given(scale=st.floats(1e-3, 1e3), seed=st.integers(0, 99))
def test_the_level_of_activity_has_no_unit(scale: float, seed: int) -> None:
    values = np.random.default_rng(seed).normal(size=65)
    level = activity_level(values)
    assert 0 < level < 1
    assert activity_level(scale * values) == pytest.approx(level)


@given(sizes=sizes_of_groups, total=st.integers(1, 500))
def test_equal_shares(sizes: list[int], total: int) -> None:
    shares = equal_shares(sizes, total)
    assert sum(shares) == min(total, sum(sizes))
    assert all(0 <= share <= size for share, size in zip(shares, sizes, strict=True))
    wanting = [share for share, size in zip(shares, sizes, strict=True) if share < size]
    assert max(shares) - min(wanting, default=max(shares)) <= 1


@given(sizes=sizes_of_groups, total=st.integers(1, 500))
def test_proportional_shares(sizes: list[int], total: int) -> None:
    shares = proportional_shares(sizes, total)
    drawn_in_all = min(total, sum(sizes))
    assert sum(shares) == drawn_in_all
    for share, size in zip(shares, sizes, strict=True):
        assert 0 <= share <= size
        assert abs(share - drawn_in_all * size / sum(sizes)) < 1


def test_a_sample_is_mined_as_if_all_were() -> None:
    data = examples.dataset(examples.mixed_views())
    whole, part = mine(data), mine(data, MineParams(neurons="layers:4", chunk_size=1))
    assert whole.sample is None
    assert part.sample == TargetSample(SampleRequest(SampleMethod.LAYERS, 4), 0, 4, 7)
    names = {report.target for report in part.targets}
    assert len(names) == 4
    assert part.targets == tuple(r for r in whole.targets if r.target in names)
    assert part.redescriptions == tuple(r for r in whole if r.target in names)


def test_a_sample_of_all_is_no_sample() -> None:
    data = examples.dataset(examples.mixed_views())
    assert mine(data, MineParams(targets=("x",), neurons="random:2")).sample is None


def test_chunks_hold_the_sample() -> None:
    params = MineParams(targets=("net",), neurons="stratified:layer=4", chunk_size=5)
    chunks = plan_chunks(DATA, params)
    assert [len(chunk.targets) for chunk in chunks] == [5, 5, 4]
    assert {t.partners for chunk in chunks for t in chunk.targets} == {("x",)}


def test_one_target_of_one_entity() -> None:
    entities = EntityIndex.numbered(1)
    views = [View.of(n, [[1.0]], entities=entities) for n in ("p", "q")]
    data = examples.dataset(views)
    for method in METHODS:
        assert len(drawn(f"{method}:1", data=data, targets=["p"])) == 1
