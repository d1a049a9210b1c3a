"""Findings over three views and more: what they state, and what they do not depend on."""

from __future__ import annotations

import numpy as np
import pytest
from tests.mining import examples, naive

from redescribe.core.redescription import Kind, Redescription
from redescribe.errors import ParameterError, UnknownNameError
from redescribe.executors.joblib import JoblibExecutor
from redescribe.mining.miner import mine
from redescribe.mining.params import MineParams
from redescribe.search.language import QueryLanguage
from redescribe.search.params import Alternation, SearchParams, Thresholds

N = 120
MAX_LITERALS = 7
SEARCH = SearchParams(
    thresholds=Thresholds(min_jaccard=0.3, min_support=8, max_support=90),
    language=QueryLanguage(max_literals=MAX_LITERALS),
)
BOTH = SearchParams(
    thresholds=SEARCH.thresholds,
    language=SEARCH.language,
    alternation=Alternation(interactions=True),
)


def mined(
    n_views: int = 3,
    *,
    seed: int = 0,
    missing_share: float = 0.0,
    search: SearchParams = SEARCH,
    views: str = "",
    **params: object,
) -> list[Redescription]:
    """What is found about x:a; `views` gives the views in another order."""
    found = examples.following(n_views, N, seed=seed, missing_share=missing_share)
    by_name = {view.name: view for view in found}
    data = examples.dataset([by_name[name] for name in views or by_name])
    options: dict[str, object] = {"targets": ("x:a",), "search": search, **params}
    return list(mine(data, MineParams(**options)))  # type: ignore[arg-type]


def covered(found: list[Redescription]) -> set[frozenset[str]]:
    return {frozenset(query.view for query in r.queries) for r in found}


CASES = [
    pytest.param(3, 0, 0.0, SEARCH, id="three views"),
    pytest.param(4, 1, 0.0, SEARCH, id="four views"),
    pytest.param(3, 2, 0.1, SEARCH, id="missing values"),
    pytest.param(3, 0, 0.1, BOTH, id="interactions"),
]


@pytest.mark.parametrize(("n_views", "seed", "missing_share", "search"), CASES)
def test_every_number_is_that_of_the_queries_on_the_values(
    n_views: int, seed: int, missing_share: float, search: SearchParams
) -> None:
    data = examples.dataset(
        examples.following(n_views, N, seed=seed, missing_share=missing_share)
    )
    found = list(mine(data, MineParams(targets=("x:a",), search=search)))
    wide = [r for r in found if len(r.queries) > 2]
    assert wide
    assert {len(r.queries) for r in wide} == set(range(3, n_views + 1))
    if search is BOTH:
        assert {r.kind for r in wide} == set(Kind)
    for r in wide[:: max(1, len(wide) // 40)]:
        assert [q.view for q in r.queries] == sorted(
            (q.view for q in r.queries), key=data.names.index
        )
        values = naive.truths_of(r, data)
        assert r.mined.jaccard == naive.jaccard(values) >= 0.3
        sizes = [column.count(True) for column in values]
        support = sum(all(row) for row in zip(*values, strict=True))
        assert 8 <= support <= 90
        assert max(sizes) < N
        assert (r.mined.support, list(r.mined.sizes)) == (support, sizes)
        assert r.log10_p_mined == pytest.approx(naive.log10_tail(sizes, support, N))
        assert r.log10_p_mined <= -2
        assert r.work_mined == pytest.approx(naive.work(r, data, "x", "a"))
        assert r.work_mined > max(0.01, 1 / r.mined.union)
        assert len(r) <= MAX_LITERALS
        alone = r.queries[0].attributes == ("a",)
        assert (r.kind is Kind.INDIVIDUAL) == alone
        assert not alone or 8 <= sizes[0] <= 90


@pytest.mark.parametrize("n_views", [3, 4])
@pytest.mark.parametrize("seed", range(3))
def test_what_all_views_share_is_found_without_negation(n_views: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    shared = rng.random(N) < 0.4
    views = []
    for name in "xyzu"[:n_views]:
        a = np.where(shared, 2.0, -2.0) + rng.normal(size=N)
        views.append(examples.view(name, {"n": rng.normal(size=N), "a": a}, {}))
    found = mine(examples.dataset(views), MineParams(targets=("x:a",)))
    plain = [r for r in found if len(r.queries) == n_views and naive.without_negation(r)]
    assert max(r.mined.jaccard for r in plain) >= 0.75
    assert any(all(q.attributes == ("a",) for q in r.queries) for r in plain)


@pytest.mark.parametrize("views", ["xyzu", "xuzy", "zxuy", "yuzx"])
def test_the_order_of_the_views_changes_only_that_of_the_queries(views: str) -> None:
    found = mined(4, seed=2, views=views)
    first = mined(4, seed=2)
    assert {naive.texts(r) for r in found} == {naive.texts(r) for r in first}
    names = [[q.view for q in r.queries[1:]] for r in found]
    assert all(order == sorted(order, key=views.index) for order in names)
    assert all(r.queries[0].view == "x" for r in found)


def test_workers_and_repetition_change_nothing() -> None:
    data = examples.dataset(examples.following(4, N))
    params = MineParams(search=SEARCH, chunk_size=2, seed=5)
    once, again = mine(data, params), mine(data, params)
    threads = mine(data, params, executor=JoblibExecutor(n_jobs=2))
    assert once.redescriptions == again.redescriptions == threads.redescriptions
    assert once.targets == again.targets == threads.targets


def test_two_views_at_most_give_the_same_pairs() -> None:
    pairs = mined(4, max_views=2)
    assert {len(r.queries) for r in pairs} == {2}
    assert pairs == [r for r in mined(4) if len(r.queries) == 2]
    assert {len(r.queries) for r in mined(4, max_views=3)} == {2, 3}


@pytest.mark.parametrize(
    ("required", "want"),
    [
        ("y", {"xy", "xyz", "xyu", "xyzu"}),
        ("x", {"xy", "xz", "xu", "xyz", "xyu", "xzu", "xyzu"}),
        ("zu", {"xzu", "xyzu"}),
        ("yzu", {"xyzu"}),
    ],
)
def test_every_finding_covers_the_required_views(required: str, want: set[str]) -> None:
    found = mined(4, required_views=tuple(required))
    assert covered(found) == {frozenset(views) for views in want}
    every = [r for r in mined(4) if set(required) <= {q.view for q in r.queries}]
    assert found == every


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"required_views": ("yy",)}, r"There is no view 'yy'\. Did you mean 'y'\?"),
        (
            {"required_views": ("x", "y", "z"), "max_views": 2},
            r"3 views are required, but max_views is 2\. Raise it \(--max-views\)",
        ),
        (
            {"required_views": ("y", "z"), "max_views": 2},
            "'x' cannot be described: 2 further views are required and max_views is 2",
        ),
        (
            {"required_views": ("z",), "partners": ("y",)},
            "view 'z', which is required, is not among the partners",
        ),
        ({"max_views": 1}, "'max_views' parameter of MineParams must be in the range"),
    ],
)
def test_views_that_cannot_be_required(params: dict[str, object], message: str) -> None:
    with pytest.raises((ParameterError, UnknownNameError), match=message):
        mined(3, **params)  # type: ignore[arg-type]


def test_a_required_view_may_be_that_of_the_target_alone() -> None:
    found = mined(3, required_views=("x", "y", "y"), max_views=2)
    assert covered(found) == {frozenset("xy")}


@pytest.mark.parametrize("n_entities", [63, 64, 65])
def test_word_borders(n_entities: int) -> None:
    data = examples.dataset(examples.following(3, n_entities, missing_share=0.05))
    search = SearchParams(thresholds=Thresholds(min_jaccard=0.2, min_support=5))
    found = mine(data, MineParams(targets=("x:a",), search=search))
    wide = [r for r in found if len(r.queries) == 3]
    assert wide
    for r in wide:
        assert r.mined.jaccard == naive.jaccard(naive.truths_of(r, data))
