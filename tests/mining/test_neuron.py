"""What becomes of single targets: dead, constant, missing, nominal, boolean, alone."""

from __future__ import annotations

import numpy as np
import pytest
from tests.mining import examples

from redescribe.core.query import Membership
from redescribe.core.redescription import TargetReport, TargetState
from redescribe.core.view import AttributeKind, View
from redescribe.mining.miner import mine
from redescribe.mining.params import MineParams
from redescribe.search.params import SearchParams, Thresholds

N = 100


def reports(columns: dict[str, np.ndarray], partner: np.ndarray) -> dict[str, TargetReport]:
    data = examples.dataset(
        [examples.view("x", columns, {}), View.of("y", partner.reshape(-1, 1))]
    )
    found = mine(data, MineParams(targets=("x",)))
    return {report.attribute: report for report in found.targets}


def test_targets_that_cannot_be_described_say_why() -> None:
    rng = np.random.default_rng(0)
    few, near = np.full(N, np.nan), np.zeros(N)
    few[:5], near[:5] = rng.random(5), rng.random(5)
    columns = {
        "alive": rng.random(N),
        "dead": np.zeros(N),
        "missing": np.full(N, np.nan),
        "few": few,
        "near": near,
    }
    found = reports(columns, columns["alive"])
    reasons = {name: report.reason for name, report in found.items()}
    assert reasons == {
        "alive": "",
        "dead": "constant",
        "missing": "all_missing",
        "few": "few_observed",
        "near": "near_constant",
    }
    for name, report in found.items():
        described = name == "alive"
        assert (report.state is TargetState.DESCRIBED) == described
        assert (report.best_jaccard_mined is None) != described
        assert (report.baseline is None) != described
        assert (report.n_candidates > 0) == described
    assert found["missing"].n_bins == 0
    assert found["dead"].n_bins == 1


def test_a_target_nobody_agrees_with_is_not_described() -> None:
    alternating = np.tile([0.0, 1.0], N // 2)
    found = reports({"a": np.repeat([0.0, 1.0], N // 2)}, alternating)
    assert found["a"].state is TargetState.NOT_DESCRIBED
    assert found["a"].reason == ""
    assert found["a"].baseline is None
    assert found["a"].best_jaccard_mined is None
    assert found["a"].n_candidates > 0


def test_nominal_and_boolean_targets_and_partners() -> None:
    rng = np.random.default_rng(0)
    colour = rng.integers(0, 3, N).astype(np.float64)
    flag = (colour == 1).astype(np.float64)
    kinds = {"colour": AttributeKind.NOMINAL, "flag": AttributeKind.BOOLEAN}
    data = examples.dataset(
        [
            examples.view("x", {"colour": colour}, kinds),
            examples.view("y", {"flag": flag}, kinds),
        ]
    )
    found = mine(data)
    assert {t.target: t.state for t in found.targets} == {
        "x:colour": TargetState.DESCRIBED,
        "y:flag": TargetState.DESCRIBED,
    }
    texts = {str(r) for r in found}
    assert 'colour = "green" <=> flag' in texts
    assert all(
        isinstance(x, Membership) for r in found for q in r.queries for x in q.literals
    )
    same = [r for r in found if str(r.queries[0]) in {'colour = "green"', "flag"}]
    assert max(r.mined.jaccard for r in same) == 1.0


def test_a_value_known_only_where_the_target_is_high() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(N, 1))
    y = np.where(x < 0, np.nan, rng.normal(size=(N, 1)))
    data = examples.dataset([View.of("x", x), View.of("y", y)])
    for r in mine(data):
        assert r.supports_on(data) == r.supports


def test_a_category_that_only_the_hold_out_shows() -> None:
    rng = np.random.default_rng(0)
    colour = rng.integers(0, 2, N).astype(np.float64)
    colour[:40] = np.nan
    kinds = {"colour": AttributeKind.NOMINAL}
    views = [
        examples.view("x", {"colour": colour}, kinds),
        examples.view("y", {"a": np.nan_to_num(colour) + rng.random(N)}, {}),
    ]
    found = mine(examples.dataset(views))
    assert len(found)
    assert all(r.mined.jaccard <= 1.0 for r in found)


@pytest.mark.parametrize("n_entities", [20, 63, 64, 65])
def test_two_views_of_one_attribute_each(n_entities: int) -> None:
    x = np.random.default_rng(1).normal(size=(n_entities, 1))
    data = examples.dataset([View.of("x", x), View.of("y", -x)])
    search = SearchParams(thresholds=Thresholds(min_support=5))
    found = mine(data, MineParams(search=search))
    assert {r.target for r in found} == {"x:x0", "y:x0"}
    assert max(r.mined.jaccard for r in found) == 1.0


def test_duplicate_columns_and_dead_neighbours_do_no_harm() -> None:
    rng = np.random.default_rng(2)
    x = rng.normal(size=(N, 1))
    y = np.hstack([x, x, np.zeros((N, 1)), np.full((N, 1), np.nan)])
    found = mine(examples.dataset([View.of("x", x), View.of("y", y)]))
    best = max(found, key=lambda r: r.mined.jaccard)
    assert best.mined.jaccard == 1.0
    assert best.queries[1].attributes in (("x0",), ("x1",))


@pytest.mark.parametrize("n_distinct", [255, 256])
def test_many_distinct_values(n_distinct: int) -> None:
    x = np.arange(n_distinct, dtype=np.float64)[:, None]
    data = examples.dataset([View.of("x", x), View.of("y", x**3)])
    found = mine(data)
    assert max(r.mined.jaccard for r in found) == 1.0
    for r in found:
        assert r.supports_on(data) == r.supports


def test_float32_values_are_compared_exactly() -> None:
    x = np.random.default_rng(0).normal(size=(N, 2)).astype(np.float32)
    x[:, 1] = np.nextafter(x[:, 0], np.float32(np.inf))
    data = examples.dataset([View.of("x", x[:, :1]), View.of("y", x[:, 1:])])
    for r in mine(data):
        assert r.supports_on(data) == r.supports
        assert r.mined.jaccard == 1.0 or len(r)
