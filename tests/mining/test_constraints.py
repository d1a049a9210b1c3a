"""Constraints in a search: what every finding obeys, and that it is guided by them."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from tests.mining import examples, naive

from redescribe.config.sources import resolve
from redescribe.core.constraint import Constraints, Mode
from redescribe.core.redescription import Kind, TargetState
from redescribe.core.view import View
from redescribe.discretize.modes import Discretization
from redescribe.errors import ParameterError, QuerySyntaxError, UnknownNameError
from redescribe.mining.miner import mine
from redescribe.mining.params import MineParams
from redescribe.search.params import Alternation, SearchParams, Thresholds

if TYPE_CHECKING:
    from pathlib import Path

    from redescribe.core.dataset import Dataset
    from redescribe.core.redescription import Redescription

THRESHOLDS = Thresholds(min_jaccard=0.3, min_support=8, max_support=90)
SEARCH = SearchParams(thresholds=THRESHOLDS)
BOTH = SearchParams(thresholds=THRESHOLDS, alternation=Alternation(interactions=True))


def mined(
    *constraints: str,
    data: Dataset | None = None,
    search: SearchParams = SEARCH,
    targets: tuple[str, ...] = ("x:a",),
) -> list[Redescription]:
    params = MineParams(
        targets=targets,
        constraints=constraints,
        search=search,
        discretizer=Discretization.EQUAL_FREQUENCY,
    )
    return list(mine(data or following(), params))


def following(n_views: int = 3, *, missing_share: float = 0.0) -> Dataset:
    return examples.dataset(examples.following(n_views, missing_share=missing_share))


def attributes(redescription: Redescription) -> dict[str, tuple[str, ...]]:
    return {query.view: query.attributes for query in redescription.queries}


def is_allowed(redescription: Redescription, texts: tuple[str, ...], data: Dataset) -> bool:
    """Whether the queries, as reported, are as the constraints say."""
    least = max(THRESHOLDS.min_work, 1 / redescription.mined.union)

    def works(view: str, name: str) -> bool:
        return naive.work(redescription, data, view, name) > least - 1e-9

    return Constraints.parse(texts).hold(attributes(redescription), works)


@pytest.mark.parametrize("search", [SEARCH, BOTH], ids=["alone", "interactions"])
@pytest.mark.parametrize(
    "texts",
    [
        ("any y: c",),
        ("all y: a; b",),
        ("any+works y: b",),
        ("all+works y: a; b",),
        ("none y: a", "none z: a"),
        ("all y: b | c", "all z: c | b"),
        ("any y: b; c", "none z: b"),
        ("all y: b", "prefer=0.5 z: c"),
    ],
)
def test_every_finding_obeys(texts: tuple[str, ...], search: SearchParams) -> None:
    data = following()
    found = mined(*texts, data=data, search=search)
    for r in found:
        assert is_allowed(r, texts, data), str(r)
    # A constraint on one view does not keep others from being found, and binds its own.
    assert {"y", "z"} <= {query.view for r in found for query in r.queries}
    assert any(len(r.queries) == 3 for r in found)


@pytest.mark.parametrize("texts", [("any y: b",), ("all y: a; c",), ("any+works z: b",)])
def test_missing_values_change_nothing_about_it(texts: tuple[str, ...]) -> None:
    data = following(missing_share=0.1)
    found = mined(*texts, data=data)
    assert any(query.view in {"y", "z"} for r in found for query in r.queries)
    assert all(is_allowed(r, texts, data) for r in found)


@pytest.mark.parametrize(
    ("texts", "view", "wanted"),
    [
        (("all y: c",), "y", {"c"}),
        (("all y: b; c",), "y", {"b", "c"}),
        (("all+works y: b",), "y", {"b"}),
    ],
)
def test_a_weak_attribute_is_used_where_it_is_demanded(
    texts: tuple[str, ...], view: str, wanted: set[str]
) -> None:
    # y:b and y:c do not follow the target; y:a does, and would be in every finding.
    free = [r for r in mined() if view in attributes(r)]
    assert not any(wanted <= set(attributes(r)[view]) for r in free if len(r) == 2)
    found = [r for r in mined(*texts) if view in attributes(r)]
    assert {len(r.queries) for r in found} == {2, 3}
    assert all(wanted <= set(attributes(r)[view]) for r in found)


def test_many_strong_attributes_do_not_crowd_out_a_weak_one() -> None:
    rng = np.random.default_rng(3)
    hidden = rng.normal(size=(2, 150))
    strong = {f"s{i}": hidden[0] + 0.1 * rng.normal(size=150) for i in range(12)}
    weak = 0.7 * hidden[0] + hidden[1]
    data = examples.dataset(
        [
            examples.view("x", {"a": hidden[0]}, {}),
            examples.view("y", {**strong, "weak": weak}, {}),
        ]
    )
    for texts, wanted in (("any y: weak", {"weak"}), ("all y: weak; s3", {"weak", "s3"})):
        found = mined(texts, data=data)
        assert found
        assert all(wanted <= set(attributes(r)["y"]) for r in found)


def test_a_demanded_attribute_stays_though_nothing_needs_it() -> None:
    # Without the demand the best query is y:a alone; c only may come with it.
    data = following(2)
    assert any(attributes(r)["y"] == ("a",) for r in mined(data=data))
    found = mined("all y: c", data=data)
    idle = [
        r
        for r in found
        if abs(naive.work(r, data, "y", "c")) <= max(0.005, 1 / r.mined.union)
    ]
    assert idle
    assert all("c" in attributes(r)["y"] for r in found)
    assert not any(
        naive.work(r, data, "y", "c") <= 0 for r in mined("all+works y: c", data=data)
    )


def test_the_targets_own_view_takes_part() -> None:
    texts = ("all x: a; b",)
    data = following()
    assert mined(*texts, data=data) == []
    found = mined(*texts, data=data, search=BOTH)
    assert found
    assert {r.kind for r in found} == {Kind.INTERACTION}
    assert all({"a", "b"} <= set(attributes(r)["x"]) for r in found)
    # Only the demanded attribute can be described alone.
    alone = mined("any x: b", data=data, targets=("x",))
    assert {r.attribute for r in alone} == {"b"}


@pytest.mark.parametrize("search", [SEARCH, BOTH], ids=["alone", "interactions"])
@pytest.mark.parametrize("missing_share", [0.0, 0.1])
def test_forbidden_attributes_occur_nowhere_and_are_no_targets(
    search: SearchParams, missing_share: float
) -> None:
    data = following(missing_share=missing_share)
    params = MineParams(
        targets=("x", "y"),
        constraints=("none x: a", "none y: b", "none z: a; c"),
        search=search,
        discretizer=Discretization.EQUAL_FREQUENCY,
    )
    found = mine(data, params)
    used = {(q.view, name) for r in found for q in r.queries for name in q.attributes}
    assert used == {(v, n) for v in "xyz" for n in "abc"} - {
        *(("x", "a"), ("y", "b"), ("z", "a"), ("z", "c")),
    }
    targets = [(target.view, target.attribute) for target in found.targets]
    assert targets == [("x", "b"), ("x", "c"), ("y", "a"), ("y", "c")]
    baselines = [target.baseline for target in found.targets if target.baseline]
    forbidden = {"y": "b", "z": "ac"}
    assert all(
        name not in forbidden.get(baseline.right.view, "")
        for baseline in baselines
        for name in baseline.right.attributes
    )


def test_forbidding_all_targets_is_an_error() -> None:
    with pytest.raises(ParameterError, match=r"each target is forbidden: 'x:a'"):
        mined("none x: a")


def test_a_preference_changes_the_order_and_forbids_nothing() -> None:
    data = following(2)
    free, led = mined(data=data), mined("prefer=0.3 y: c", data=data)
    assert all(r.penalty == 0 for r in free)
    assert {r.penalty for r in led} == {0.0, 0.3}
    for r in led:
        assert r.penalty == (0.0 if "c" in attributes(r)["y"] else 0.3)
        assert r.rank == pytest.approx(r.mined.cautious_jaccard(len(r)) - r.penalty)
    assert all(first.rank >= second.rank for first, second in pairwise(led))

    def share(found: list[Redescription]) -> float:
        return sum("c" in attributes(r)["y"] for r in found) / len(found)

    assert share(led) > share(free)
    assert [naive.texts(r) for r in led] != [naive.texts(r) for r in free]


def test_a_preference_that_weighs_nothing_costs_nothing() -> None:
    assert {r.penalty for r in mined("prefer=0 y: c")} == {0.0}


def test_a_demand_that_cannot_be_met_leaves_the_target_without_findings() -> None:
    views = examples.following(2)
    dead = View.of("y", np.c_[views[1].values.T, np.zeros(120)], names=[*"abc", "dead"])
    data = examples.dataset([views[0], dead])
    params = MineParams(
        targets=("x:a",), constraints=("all y: dead",), search=SEARCH, seed=1
    )
    found = mine(data, params)
    assert len(found) == 0
    assert found.targets[0].state is TargetState.NOT_DESCRIBED


@pytest.mark.parametrize(
    ("texts", "error", "message"),
    [
        (("every y: a",), QuerySyntaxError, "'every y: a' is no constraint. Write MODE"),
        (("all yy: a",), UnknownNameError, "There is no view 'yy'. Did you mean 'y'"),
        (("all y: aa",), UnknownNameError, "View 'y' has no attribute 'aa'. Did you mean"),
        (("all y: a | b", "any z: a | b | c"), ParameterError, "need equally many"),
    ],
)
def test_wrong_constraints(
    texts: tuple[str, ...], error: type[ValueError], message: str
) -> None:
    with pytest.raises(error, match=message.replace(".", r"\.")):
        mined(*texts)


def test_constraints_of_a_file_are_those_of_the_parameters(tmp_path: Path) -> None:
    texts = ['all x: "worst radius"; a', "prefer=0.2 y: b | c"]
    (tmp_path / "study.toml").write_text(f"[mine]\nconstraints = {texts!r}\n")
    config = resolve(tmp_path / "study.toml", environment={}).config
    assert config.mine.constraints == tuple(texts)
    modes = [c.mode for c in Constraints.parse(config.mine.constraints).each]
    assert modes == [Mode.ALL, Mode.PREFER]
