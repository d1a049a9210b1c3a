"""Null networks: what is planted is above them, nothing else is, nothing is read early."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from redescribe.core.dataset import Dataset
from redescribe.core.entities import EntityIndex, SplitParams
from redescribe.core.network_null import NullKind, NullSeries, null_shares
from redescribe.core.view import Attribute, AttributeKind, View
from redescribe.errors import (
    EntityMismatchError,
    ParameterError,
    UnknownNameError,
    ViewError,
)
from redescribe.executors.joblib import JoblibExecutor
from redescribe.mining.miner import mine
from redescribe.mining.null_networks import search_null_networks
from redescribe.mining.params import MineParams
from redescribe.search.params import Alternation, SearchParams
from redescribe.selection.select import select
from redescribe.significance.assess import assess
from redescribe.significance.null_networks import with_null_networks
from redescribe.significance.nulls import rotated

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redescribe._typing import Floats, Values
    from redescribe.core.assessed import AssessedSet

TREES = SearchParams(search="trees")


def neurons(name: str, values: Values, ids: Sequence[str] = ()) -> View:
    """A view of one layer, of values (n_units, n_entities)."""
    attributes = tuple(Attribute(f"{name}@fc:{u}", neuron=True) for u in range(len(values)))
    entities = EntityIndex(tuple(ids)) if ids else EntityIndex.numbered(values.shape[1])
    return View(name, entities, attributes, values)


def factors(seed: int = 0, n_entities: int = 150, n_units: int = 5) -> Floats:
    return np.random.default_rng(seed).normal(size=(n_units, n_entities))


def sharing(noise: float = 0.2, hold_out: float = 0.0) -> Dataset:
    """Two networks whose neurons are the same one by one."""
    x = factors()
    y = x + noise * factors(1)
    return Dataset.of([neurons("a", x), neurons("b", y)], SplitParams(hold_out=hold_out))


def fresh(n: int, n_entities: int = 150) -> list[View]:
    """Networks b that have nothing to do with any other."""
    return [neurons("b", factors(10 + seed, n_entities)) for seed in range(n)]


def same(one: Sequence[NullSeries], other: Sequence[NullSeries]) -> bool:
    return all(
        (a.null, a.partner, a.searches.targets) == (b.null, b.partner, b.searches.targets)
        and np.array_equal(a.searches.maxima, b.searches.maxima)
        for a, b in zip(one, other, strict=True)
    )


def compared(
    data: Dataset, series: Sequence[NullSeries], params: MineParams
) -> AssessedSet:
    found = mine(data, params)
    return with_null_networks(assess(select(found), data), found, series)


def test_shared_neurons_are_above_rotations_and_untrained_networks() -> None:
    data, params = sharing(), MineParams(search=TREES)
    series = search_null_networks(data, params, rotations=5, null_views={"b": fresh(6)})
    kinds = [(one.null, one.partner, len(one.searches)) for one in series]
    assert kinds == [
        (NullKind.ROTATED, "a", 5),
        (NullKind.ROTATED, "b", 5),
        (NullKind.UNTRAINED, "b", 6),
    ]
    assert series[0].searches.targets == tuple(f"b@fc:{unit}" for unit in range(5))
    assessed = compared(data, series, params)
    shares = {
        s.null: (s.n_above, s.n_pairs, s.n_searches) for s in null_shares(assessed.targets)
    }
    assert shares == {NullKind.ROTATED: (10, 10, 5), NullKind.UNTRAINED: (5, 5, 6)}
    for target in assessed.targets:
        (network,) = target.networks
        assert network.partner == ("b" if target.view == "a" else "a")
        assert min(null.excess for null in network.nulls) > 0.1
        assert [null.p_value for null in network.nulls] == [1 / 6, 1 / 7][
            : len(network.nulls)
        ]
    assert assessed.counts["above_untrained"] == 5


def test_a_rotated_copy_is_not_above_rotations() -> None:
    """Then the partner and its rotations have one law: p is uniform on 1/10, …, 1."""
    x = factors(n_units=8)
    turned = rotated(neurons("b", x), 99)
    data = Dataset.of([neurons("a", x), turned], SplitParams(hold_out=0))
    params = MineParams(targets=("a",), search=TREES)
    series = search_null_networks(data, params, rotations=9)
    assessed = compared(data, series, params)
    p_values = [
        n.p_value for t in assessed.targets for one in t.networks for n in one.nulls
    ]
    assert len(p_values) == 8
    assert np.mean(p_values) > 0.3
    assert sum(p == 1 / 10 for p in p_values) <= 3
    # The network as it is, in the place of its rotated copy, is far above.
    plain = Dataset.of([neurons("a", x), neurons("b", x)], SplitParams(hold_out=0))
    (share,) = null_shares(compared(plain, series, params).targets)
    assert (share.n_above, share.n_pairs) == (8, 8)


@pytest.mark.parametrize("search", ["trees", "beam"])
def test_it_finds_what_mining_the_replaced_view_finds(search: str) -> None:
    """Bins, literals and rules are made anew: as if the run had the null network."""
    params = MineParams(search=SearchParams(search=search), targets=("a",))
    (series,) = search_null_networks(
        sharing(), params, rotations=0, null_views={"b": fresh(2)}
    )
    for null, maxima in zip(fresh(2), series.searches.maxima, strict=True):
        data = Dataset.of([sharing().view("a"), null], SplitParams(hold_out=0))
        found = mine(data, params)
        for target, of_target in zip(series.searches.targets, maxima, strict=True):
            own = [one.mined.jaccard for one in found if one.target == target]
            assert of_target[0, 1] == max(own, default=0.0)


def test_other_views_change_nothing() -> None:
    """Attributes and labels explain neurons too, but say nothing about two networks."""
    data, params = sharing(), MineParams(search=TREES)
    labels = View(
        "labels",
        data.entities,
        (Attribute("class", AttributeKind.NOMINAL, ("no", "yes")),),
        (factors()[:1] > 0).astype(np.float64),
    )
    wider = Dataset.of([*data.views, labels], SplitParams(hold_out=0))
    series = search_null_networks(data, params, rotations=2)
    assert same(series, search_null_networks(wider, params, rotations=2))
    plain, beside = (compared(one, series, params) for one in (data, wider))
    assert [t.networks for t in plain.targets] == [t.networks for t in beside.targets[:10]]
    assert beside.targets[10].networks == ()
    for finding in beside:
        views = {query.view for query in finding.redescription.queries}
        assert bool(finding.nulls) is (views == {"a", "b"})


def test_interactions_are_searched_too() -> None:
    search = SearchParams(search="trees", alternation=Alternation(interactions=True))
    params = MineParams(search=search, targets=("a@fc:0",))
    (series,) = search_null_networks(sharing(), params, rotations=1)
    assert series.searches.maxima.shape == (1, 1, 2, 3)
    assert (series.searches.maxima[0, 0, 1] > 0).all()


@pytest.mark.parametrize("n_jobs", [2, 4])
def test_workers_change_nothing(n_jobs: int) -> None:
    params, nulls = MineParams(search=TREES), {"a": [neurons("a", factors(7))]}
    one, other = (
        search_null_networks(
            sharing(), params, rotations=6, null_views=nulls, executor=executor
        )
        for executor in (None, JoblibExecutor(n_jobs=n_jobs))
    )
    assert same(one, other)


def test_more_rotations_keep_the_first() -> None:
    params = MineParams(search=TREES, targets=("a",))
    (few,), (many,) = (search_null_networks(sharing(), params, rotations=n) for n in (2, 6))
    assert np.array_equal(few.searches.maxima, many.searches.maxima[:2])
    assert len({row.tobytes() for row in many.searches.maxima}) == 6


def test_the_hold_out_is_not_read() -> None:
    data, params = sharing(hold_out=0.3), MineParams(search=TREES)
    held_out = data.split.held_out
    changed = [view.values.copy() for view in (*data.views, *fresh(1))]
    for values in changed:
        values[:, held_out] = 1e6 * np.random.default_rng(3).random((5, held_out.size))
    a, b, null = changed
    other = Dataset((neurons("a", a), neurons("b", b)), data.split)
    searched = [
        search_null_networks(some, params, rotations=2, null_views={"b": [untrained]})
        for some, untrained in ((data, fresh(1)[0]), (other, neurons("b", null)))
    ]
    assert same(*searched)


def test_entities_are_joined_by_id_and_attributes_by_name() -> None:
    data, params = sharing(hold_out=0.3), MineParams(search=TREES)
    (null,) = fresh(1)
    order = np.random.default_rng(0).permutation(data.split.mined)
    shuffled = null.take(order)
    turned = View(
        "other", shuffled.entities, shuffled.attributes[::-1], shuffled.values[::-1]
    )
    one, other = (
        search_null_networks(data, params, rotations=0, null_views={"b": [view]})
        for view in (null, turned)
    )
    assert same(one, other)


def test_what_does_not_fit_is_refused() -> None:
    data = sharing()

    def searched(null: View, name: str = "b") -> None:
        search_null_networks(data, rotations=0, null_views={name: [null]})

    with pytest.raises(EntityMismatchError, match="lacks 50 of its 150 mined entities"):
        searched(fresh(1)[0].take(np.arange(100)))
    with pytest.raises(ViewError, match="'b@fc:4' is in the view and not in the untrained"):
        searched(neurons("b", factors(n_units=4)))
    with pytest.raises(ViewError, match="'b@fc:5' is in the untrained network and not in"):
        searched(neurons("b", factors(n_units=6)))
    with pytest.raises(ViewError, match="is dead: none of its 5 neurons varies"):
        searched(neurons("b", np.zeros((5, 150))))
    with pytest.raises(UnknownNameError, match="a network called 'c'"):
        searched(fresh(1)[0], "c")
    with pytest.raises(ParameterError, match="nothing replaces them"):
        search_null_networks(data, rotations=0, networks=["a"])
    assert search_null_networks(data, rotations=0) == ()


def test_two_networks_are_needed() -> None:
    x = factors().T
    tables = Dataset.of([View.of("x", x), View.of("y", x)], SplitParams(hold_out=0))
    with pytest.raises(ParameterError, match=r"networks here: none\. Say which"):
        search_null_networks(tables, rotations=1)
    with pytest.raises(ParameterError, match="networks here: x"):
        search_null_networks(tables, rotations=1, networks=["x"])
    with pytest.raises(UnknownNameError, match="no view 'z'"):
        search_null_networks(tables, rotations=1, networks=["x", "z"])
    labels = Dataset.of([*sharing().views, View.of("l", x)], SplitParams(hold_out=0))
    with pytest.raises(ParameterError, match="must cover view 'l', which is no network"):
        search_null_networks(labels, MineParams(required_views=("l",)), rotations=1)


def test_gaps_are_told_before_anything_is_searched() -> None:
    x = factors()
    x[0, 0] = np.nan
    data = Dataset.of([neurons("a", x), neurons("b", factors())], SplitParams(hold_out=0))
    with pytest.raises(ViewError, match="'a@fc:0' has 1 missing values"):
        search_null_networks(data, rotations=1)
    # As targets they may have gaps: only what is rotated may not.
    series = search_null_networks(data, MineParams(targets=("a",)), rotations=1)
    assert [one.partner for one in series] == ["b"]


def test_dead_neurons_are_no_targets() -> None:
    x = np.zeros((2, 150))
    data = Dataset.of([neurons("a", x), neurons("b", factors())], SplitParams(hold_out=0))
    with pytest.raises(ViewError, match="'a' cannot be mined"):
        search_null_networks(data, rotations=1)
    x[1] = factors()[0]
    data = Dataset.of([neurons("a", x), neurons("b", factors())], SplitParams(hold_out=0))
    series = {one.partner: one for one in search_null_networks(data, rotations=1)}
    assert series["b"].searches.targets == ("a@fc:1",)
