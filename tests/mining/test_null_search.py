"""The search on permuted entities: against mining rebuilt views, workers, groups, level."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from tests.mining import examples

from redescribe.core.dataset import Dataset
from redescribe.core.entities import EntityIndex, SplitParams
from redescribe.core.null_table import NullTable, maxima_of, statistics_of
from redescribe.core.view import View
from redescribe.discretize.modes import Discretization
from redescribe.errors import ParameterError, UnknownNameError
from redescribe.executors.joblib import JoblibExecutor
from redescribe.mining.miner import mine
from redescribe.mining.null_search import plan_null, positions_of, search_null
from redescribe.mining.params import MineParams
from redescribe.mining.tasks import plan_chunks
from redescribe.search.params import Alternation, SearchParams, Thresholds
from redescribe.selection.select import select
from redescribe.significance.assess import assess
from redescribe.significance.permutation import with_search_p

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redescribe._typing import Floats

LOOSE = Thresholds(min_jaccard=0.2, min_support=5, max_p_mined=1.0)
INTERACTIONS = Alternation(interactions=True, max_interactions=10)


def rebuilt(data: Dataset, params: MineParams, n_permutations: int) -> Floats:
    """What mining gives where the views themselves are permuted."""
    maxima = []
    for chunk in plan_null(plan_chunks(data, params), n_permutations):
        names = [f"{c.target.view}:{c.target.attribute}" for c in chunk.targets]
        kinds = search_null(data, params, n_permutations=1).kinds
        for positions in positions_of(chunk):
            views = tuple(
                View(v.name, v.entities, v.attributes, v.values[:, positions[v.name]])
                for v in data.views
            )
            found = mine(Dataset(views, data.split), params)
            by_target = [
                maxima_of(
                    [
                        (
                            one.kind,
                            statistics_of(
                                one.mined.jaccard,
                                one.mined.sizes,
                                one.mined.n_entities,
                                one.log10_p_mined,
                            ),
                        )
                        for one in found
                        if one.target == name
                    ],
                    kinds,
                )
                for name in names
            ]
            maxima.append(by_target)
    return np.array(maxima)


@pytest.mark.parametrize(
    ("missing_share", "search"),
    [
        (0.0, SearchParams(thresholds=LOOSE)),
        (0.1, SearchParams(thresholds=LOOSE)),
        (0.0, SearchParams(thresholds=LOOSE, alternation=INTERACTIONS)),
        (0.0, SearchParams(thresholds=LOOSE, search="beam")),
    ],
)
def test_it_finds_what_mining_permuted_views_finds(
    missing_share: float, search: SearchParams
) -> None:
    """Three views with nominal attributes, whose trees serve all targets together."""
    data = examples.dataset(examples.mixed_views(60, missing_share=missing_share))
    params = MineParams(search=search)
    nulls = search_null(data, params, n_permutations=3)
    expected = rebuilt(data, params, 3)
    assert (expected > 0).any()
    assert np.array_equal(nulls.maxima, expected)


def unrelated(seed: int, n_entities: int = 60, groups: Sequence[str] = ()) -> Dataset:
    rng = np.random.default_rng(seed)
    entities = EntityIndex(tuple(map(str, range(n_entities))), tuple(groups))
    views = [
        View.of(
            name, np.where(rng.random((n_entities, 2)) < 0.5, 1.0, 0.0), entities=entities
        )
        for name in ("x", "y")
    ]
    return Dataset.of(views, SplitParams(hold_out=0))


def same(one: NullTable, other: NullTable) -> bool:
    return one.targets == other.targets and np.array_equal(one.maxima, other.maxima)


@pytest.mark.parametrize("n_jobs", [2, 4])
def test_workers_change_nothing(n_jobs: int) -> None:
    data, params = unrelated(0), MineParams(search=SearchParams(thresholds=LOOSE))
    alone = search_null(data, params, n_permutations=11)
    assert len(alone) == 11
    executor = JoblibExecutor(n_jobs=n_jobs)
    assert same(alone, search_null(data, params, n_permutations=11, executor=executor))


def test_more_permutations_keep_the_first() -> None:
    data = examples.dataset(examples.mixed_views(60))
    params = MineParams(search=SearchParams(thresholds=LOOSE))
    few, many = (search_null(data, params, n_permutations=n) for n in (3, 7))
    assert np.array_equal(few.maxima, many.maxima[:3])
    assert len({row.tobytes() for row in many.maxima}) == 7


def test_each_view_and_each_permutation_has_an_order_of_its_own() -> None:
    data = examples.dataset(examples.mixed_views(60))
    chunks = plan_null(plan_chunks(data, MineParams()), 7)
    orders = [
        tuple(order.tolist())
        for chunk in chunks
        for positions in positions_of(chunk)
        for order in positions.values()
    ]
    assert len(set(orders)) == len(orders) == 7 * 3


def family_p(data: Dataset, params: MineParams, n_permutations: int) -> float:
    """The p-value of the best target over all targets."""
    found = mine(data, params)
    nulls = search_null(data, params, n_permutations=n_permutations)
    assessed = with_search_p(assess(select(found), data), found, nulls)
    return min(target.search.p_value.family for target in assessed.targets if target.search)


def test_the_level_holds_although_much_is_tried() -> None:
    """The p-value of a target that nothing explains is uniform on 0.1, 0.2, … 1."""
    thresholds = Thresholds(min_jaccard=0.1, min_support=5, max_p_mined=1.0)
    params = MineParams(
        targets=("x",),
        discretizer=Discretization.EQUAL_FREQUENCY,
        search=SearchParams(thresholds=thresholds),
    )
    p_values = []
    for seed in range(30):
        rng = np.random.default_rng(seed)
        views = [
            View.of("x", rng.normal(size=(40, 1))),
            View.of("y", rng.normal(size=(40, 2))),
        ]
        data = Dataset.of(views, SplitParams(hold_out=0))
        p_values.append(family_p(data, params, 9))
    # Of 30, at most 0.2 are 6 expected; more than 13 have a probability of 0.001.
    assert sum(p <= 0.2 for p in p_values) <= 13
    assert np.mean(p_values) == pytest.approx(0.55, abs=0.17)


def test_what_is_planted_reaches_the_smallest_p() -> None:
    rng = np.random.default_rng(1)
    x = np.where(rng.random((100, 2)) < 0.5, 1.0, 0.0)
    y = np.stack([x[:, 0], np.where(rng.random(100) < 0.5, 1.0, 0.0)], axis=1)
    data = Dataset.of([View.of("x", x), View.of("y", y)], SplitParams(hold_out=0))
    found = mine(data, MineParams())
    nulls = search_null(data, n_permutations=19)
    assessed = with_search_p(assess(select(found), data), found, nulls)
    targets = {target.target: target.search for target in assessed.targets}
    for name in ("x:x0", "y:x0"):
        search = targets[name]
        assert search is not None
        assert search.p_value.value == search.p_value.family == 1 / 20
        assert search.best == search.corrected == 1.0
    noise = targets["x:x1"]
    assert noise is not None
    assert noise.p_value.value > 1 / 20
    assert {f.p_search.value for f in assessed if f.p_search} == {1 / 20}


def test_groups_move_as_a_whole() -> None:
    groups = [str(i // 3) for i in range(60)]
    data = unrelated(0, groups=groups)
    (chunk,) = plan_null(plan_chunks(data, MineParams()), 4)
    for positions in positions_of(chunk):
        for order in positions.values():
            taken = order.reshape(-1, 3)
            assert (taken[:, 0] % 3 == 0).all()
            assert (np.diff(taken, axis=1) == 1).all()


def test_entities_stay_within_strata() -> None:
    data = unrelated(0)
    labels = data.view("x").column("x0")
    (chunk,) = plan_null(plan_chunks(data, MineParams()), 4, within="x:x0")
    for positions in positions_of(chunk):
        assert np.array_equal(labels[positions["y"]], labels)
    params = MineParams(targets=("x:x0",), search=SearchParams(thresholds=LOOSE))
    within = search_null(data, params, n_permutations=4, within="x:x0")
    assert not same(within, search_null(data, params, n_permutations=4))


def test_too_few_arrangements_are_an_error() -> None:
    data = unrelated(0, groups=["one"] * 30 + ["two"] * 30)
    with pytest.raises(ParameterError, match="the observed one, but there are 2: groups"):
        search_null(data, n_permutations=2)
    assert len(search_null(data, n_permutations=1)) == 1


def test_strata_must_exist() -> None:
    with pytest.raises(ParameterError, match="permute_within='x' is not of the form"):
        search_null(unrelated(0), n_permutations=2, within="x")
    with pytest.raises(UnknownNameError, match="permute_within='z:a' names a view"):
        search_null(unrelated(0), n_permutations=2, within="z:a")


def test_nothing_to_describe() -> None:
    """A view whose values nearly never differ: no target, and an empty table."""
    rare = np.zeros((60, 1))
    rare[:2] = 1.0
    views = [View.of("x", rare), unrelated(0).view("y")]
    data = Dataset.of(views, SplitParams(hold_out=0))
    nulls = search_null(data, MineParams(targets=("x",)), n_permutations=2)
    assert nulls.targets == ()
    assert nulls.maxima.shape == (2, 0, 1, 3)
