"""Redescriptions of every target: what they promise, and that only the data decide."""

from __future__ import annotations

import math
from functools import reduce
from operator import and_

import numpy as np
import pytest
from tests.mining import examples

from redescribe.core.dataset import Dataset
from redescribe.core.entities import SplitParams
from redescribe.core.grammar import parse_redescription
from redescribe.core.measures import jaccard
from redescribe.core.redescription import Redescription, RedescriptionSet, TargetState
from redescribe.core.view import View
from redescribe.discretize.modes import Discretization
from redescribe.executors.joblib import JoblibExecutor
from redescribe.mining.miner import mine
from redescribe.mining.params import MineParams
from redescribe.search.language import QueryLanguage
from redescribe.search.params import SearchParams, Thresholds
from redescribe.significance.params import TailTest
from redescribe.significance.tails import log10_p
from redescribe.significance.work import work

MODES = list(Discretization)


def plain(found: RedescriptionSet) -> tuple[object, ...]:
    """Everything but the seconds."""
    return found.redescriptions, found.targets, found.views, found.n_entities


def loose(discretizer: Discretization = Discretization.TWO_BIN) -> MineParams:
    thresholds = Thresholds(min_jaccard=0.3, max_p_mined=0.05)
    return MineParams(discretizer=discretizer, search=SearchParams(thresholds=thresholds))


def by_target(found: RedescriptionSet) -> dict[str, list[Redescription]]:
    targets: dict[str, list[Redescription]] = {t.target: [] for t in found.targets}
    for redescription in found:
        targets[redescription.target].append(redescription)
    return targets


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("missing_share", [0.0, 0.15])
def test_redescriptions_are_what_they_say_on_the_values(
    mode: Discretization, missing_share: float
) -> None:
    data = examples.dataset(examples.mixed_views(missing_share=missing_share))
    params = loose(mode)
    found = mine(data, params)
    assert len(found)
    gates = params.search.thresholds
    low, high = gates.support_bounds(120)
    for r in found:
        supports = r.supports_on(data)
        assert supports == r.supports
        shared = len(reduce(and_, supports))
        assert r.mined.jaccard == jaccard(supports) >= gates.min_jaccard
        assert r.mined.jaccard == shared / r.mined.union
        assert low <= shared <= high
        assert low <= len(supports[0]) <= high
        assert len(r) <= params.search.language.max_literals
        assert r.log10_p_mined <= math.log10(gates.max_p_mined)
        sizes = [len(support) for support in supports]
        assert r.log10_p_mined == pytest.approx(
            log10_p(sizes, shared, 120, TailTest.FIXED_MARGIN)
        )
        assert r.work_mined == pytest.approx(work(r.queries, data, r.view, r.attribute))
        assert r.work_mined > max(gates.min_work, 1 / r.mined.union)
        assert r.queries[0].view == r.view
        assert r.queries[0].attributes == (r.attribute,)
        assert len({query.view for query in r.queries}) == len(r.queries) >= 2
        views = [query.view for query in r.queries]
        assert parse_redescription(str(r), views) == r.queries


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("missing_share", [0.0, 0.15])
def test_the_baseline_is_never_better_than_the_best(
    mode: Discretization, missing_share: float
) -> None:
    found = mine(
        examples.dataset(examples.mixed_views(missing_share=missing_share)), loose(mode)
    )
    kept = by_target(found)
    for report in found.targets:
        reached = [r.mined.jaccard for r in kept[report.target]]
        assert (report.state is TargetState.DESCRIBED) == bool(reached)
        if report.baseline is None:
            continue
        assert report.best_jaccard_mined == max([*reached, report.baseline.jaccard])
        if report.baseline.jaccard >= 0.3:
            assert max(reached) >= report.baseline.jaccard


@pytest.mark.parametrize("seed", range(5))
def test_a_planted_redescription_is_found(seed: int) -> None:
    rng = np.random.default_rng(seed)
    x = rng.uniform(size=(200, 3))
    y = rng.uniform(size=(200, 4))
    high = (x[:, 1] > 0.4) ^ (rng.random(200) < 0.03)
    y[:, 2] = np.where(high, 0.6 + 0.4 * y[:, 2], 0.5 * y[:, 2])
    data = examples.dataset([View.of("x", x), View.of("y", y)])
    found = by_target(mine(data, MineParams(discretizer=Discretization.KMEANS)))
    for target, partner in (("x:x1", "x2"), ("y:x2", "x1")):
        best = max(found[target], key=lambda r: r.mined.jaccard)
        assert best.mined.jaccard > 0.85
        assert partner in best.queries[1].attributes
    exact = View.of("y", np.where(x[:, [1]] > 0.4, 2.0, 1.0))
    best = max(
        mine(examples.dataset([View.of("x", x), exact])), key=lambda r: r.mined.jaccard
    )
    assert best.mined.jaccard == 1.0


def test_the_hold_out_is_never_read() -> None:
    views = examples.mixed_views()
    data = Dataset.of(views, SplitParams(hold_out=0.3))
    values = [view.values.copy() for view in views]
    for array in values:
        array[:, data.split.held_out] = 7.0
    other = tuple(
        View(view.name, view.entities, view.attributes, array)
        for view, array in zip(views, values, strict=True)
    )
    assert plain(mine(data)) == plain(mine(Dataset(other, data.split)))


@pytest.mark.parametrize("chunk_size", [1, 2, 5])
@pytest.mark.parametrize("n_jobs", [1, 4])
def test_workers_and_chunks_change_nothing(chunk_size: int, n_jobs: int) -> None:
    data = examples.dataset(examples.mixed_views(missing_share=0.1))
    want = mine(data, loose())
    seen: list[int] = []
    params = MineParams(search=loose().search, chunk_size=chunk_size)
    found = mine(
        data,
        params,
        executor=JoblibExecutor(n_jobs=n_jobs),
        on_chunk=lambda number, results: seen.extend([number] * len(results)),
    )
    assert plain(found) == plain(want)
    assert seen == [i // chunk_size for i in range(7)]


def test_another_view_changes_nothing_for_the_others() -> None:
    x, y, z = examples.mixed_views()
    pair, triple = examples.dataset([x, y]), examples.dataset([z, x, y])
    two = mine(pair, MineParams(search=loose().search))
    three = mine(triple, MineParams(search=loose().search))
    between = [r for r in three if {q.view for q in r.queries} == {"x", "y"}]
    assert between == list(two)


def test_the_choice_of_targets_changes_nothing_for_one() -> None:
    data = examples.dataset(examples.mixed_views())
    everything = by_target(mine(data, loose()))
    for target in ("x:b", "y:colour"):
        params = MineParams(targets=(target,), search=loose().search)
        assert by_target(mine(data, params)) == {target: everything[target]}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("seed", range(3))
def test_permuted_entities_give_the_same_redescriptions(
    mode: Discretization, seed: int
) -> None:
    data = examples.dataset(examples.mixed_views(missing_share=0.1))
    order = np.random.default_rng(seed).permutation(120)
    found, other = (
        mine(data, loose(mode)),
        mine(examples.permuted(data, order), loose(mode)),
    )
    assert [str(r) for r in found] == [str(r) for r in other]
    assert found.targets == other.targets
    for r, moved in zip(found, other, strict=True):
        assert (r.supports[0].mask[order] == moved.supports[0].mask).all()


def test_the_seed_of_the_search_is_a_parameter() -> None:
    rng = np.random.default_rng(0)
    hidden = rng.normal(size=(150, 1))
    views = [View.of(n, hidden + rng.normal(size=(150, 25))) for n in "xy"]
    data = examples.dataset(views)
    trees = SearchParams(search="trees")
    first, again, other = (
        mine(data, MineParams(search=trees, seed=seed)) for seed in (0, 0, 1)
    )
    assert plain(first) == plain(again)
    # Other subsets of the attributes give other rules, so other numbers of candidates.
    assert first.n_candidates != other.n_candidates


@pytest.mark.parametrize("negation", [False, True])
@pytest.mark.parametrize("disjunction", [False, True])
def test_switches_leave_not_and_or_out(*, negation: bool, disjunction: bool) -> None:
    language = QueryLanguage(negation=negation, disjunction=disjunction, max_literals=5)
    search = SearchParams(language=language, thresholds=loose().search.thresholds)
    data = examples.dataset(examples.mixed_views(seed=3))
    for mode in MODES:
        found = mine(data, MineParams(discretizer=mode, search=search))
        assert len(found)
        for r in found:
            assert len(r) <= 5
            for query in r.queries:
                assert negation or not any(term.negated for term in query.terms)
                assert disjunction or len(query.terms) == 1
        for report in found.targets:
            if report.baseline is not None and not negation:
                assert "NOT" not in str(report.baseline.left)


@pytest.mark.parametrize("n_entities", [63, 64, 65])
def test_word_borders(n_entities: int) -> None:
    data = examples.dataset(examples.mixed_views(n_entities))
    found = mine(data, loose())
    assert len(found)
    for r in found:
        assert r.supports_on(data) == r.supports
