"""What unknown values mean for the Jaccard, from the gates to the store."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from tests.mining import examples, naive

from redescribe.core.measures import jaccard
from redescribe.core.missing import MissingPolicy
from redescribe.core.redescription import Agreement
from redescribe.discretize.modes import Discretization
from redescribe.errors import UnknownNameError
from redescribe.mining.miner import mine
from redescribe.mining.params import MineParams
from redescribe.search.params import Alternation, SearchParams, Thresholds
from redescribe.significance.assess import assess
from redescribe.store.run import RunFolder
from redescribe.study.stages import run_stages

if TYPE_CHECKING:
    from pathlib import Path

    from redescribe.core.dataset import Dataset
    from redescribe.core.redescription import RedescriptionSet

MIN_JACCARD = 0.45


def data(missing_share: float, *, hold_out: float = 0.0) -> Dataset:
    views = examples.following(3, 150, seed=1, missing_share=missing_share)
    return examples.dataset(views, hold_out=hold_out)


def params(policy: MissingPolicy, *, interactions: bool = False) -> MineParams:
    thresholds = Thresholds(missing=policy, min_jaccard=MIN_JACCARD, min_support=8)
    alternation = Alternation(interactions=interactions)
    search = SearchParams(thresholds=thresholds, alternation=alternation)
    return MineParams(
        targets=("x:a",), search=search, discretizer=Discretization.EQUAL_FREQUENCY
    )


@pytest.fixture(scope="module")
def mined() -> dict[MissingPolicy, RedescriptionSet]:
    """Findings about incomplete data, under each policy."""
    part = data(0.15)
    return {
        policy: mine(part, params(policy, interactions=True)) for policy in MissingPolicy
    }


@pytest.mark.parametrize("policy", MissingPolicy)
def test_gates_and_work_are_those_of_the_policy(
    policy: MissingPolicy, mined: dict[MissingPolicy, RedescriptionSet]
) -> None:
    part, found = data(0.15), list(mined[policy])
    assert {len(r.queries) for r in found} == {2, 3}
    for r in found[:: max(1, len(found) // 40)]:
        assert r.missing is policy
        value = naive.jaccard(naive.truths_of(r, part), policy)
        assert r.mined.jaccard == value == jaccard(r.supports, policy)
        assert value >= MIN_JACCARD
        assert r.work_mined == pytest.approx(naive.work(r, part, "x", "a"))
        assert r.work_mined > max(0.01, 1 / r.mined.union)


def test_the_policies_find_something_else(
    mined: dict[MissingPolicy, RedescriptionSet],
) -> None:
    texts = {policy: {naive.texts(r) for r in found} for policy, found in mined.items()}
    assert len({frozenset(found) for found in texts.values()}) == 4
    # A pessimist's finding passes the gate of everyone.
    for r in mined[MissingPolicy.PESSIMISTIC]:
        assert all(jaccard(r.supports, policy) >= MIN_JACCARD for policy in MissingPolicy)


@pytest.mark.parametrize("policy", MissingPolicy)
def test_complete_data_give_the_same_under_every_policy(policy: MissingPolicy) -> None:
    part = data(0.0)
    default = mine(part, params(MissingPolicy.QUERY_NON_MISSING, interactions=True))
    found = mine(part, params(policy, interactions=True))
    as_asked = [
        replace(t, front=tuple(replace(point, missing=policy) for point in t.front))
        for t in default.targets
    ]
    assert as_asked == list(found.targets)
    assert [replace(r, missing=policy) for r in default] == list(found)


@pytest.mark.parametrize("policy", MissingPolicy)
def test_the_hold_out_is_judged_in_the_same_way(policy: MissingPolicy) -> None:
    whole = data(0.1, hold_out=0.3)
    found = mine(whole, params(policy))
    part = whole.hold_out_part
    assert len(found)
    for finding in assess(found, whole):
        r, assessment = finding.redescription, finding.assessment
        assert assessment is not None
        values = naive.truths_of(r, part)
        assert assessment.hold_out.jaccard == naive.jaccard(values, policy)
        assert assessment.hold_out == Agreement.of(r.supports_on(part), policy)
        assert assessment.work == pytest.approx(naive.work(r, part, "x", "a"))
        reached = assessment.hold_out.jaccard >= MIN_JACCARD
        assert reached or not assessment.confirmed


@pytest.mark.parametrize("policy", MissingPolicy)
def test_a_stored_finding_knows_its_policy(policy: MissingPolicy, tmp_path: Path) -> None:
    whole = data(0.1, hold_out=0.3)
    mine_params = replace(params(policy), constraints=("prefer=0.25 y: c",))
    assessed = run_stages(whole, tmp_path / "run", mine_params)
    loaded = RunFolder.open(tmp_path / "run").read_assessed()
    assert len(loaded)
    for before, after in zip(assessed, loaded, strict=True):
        assert after.redescription == before.redescription
        assert after.redescription.missing is policy
        assert after.redescription.penalty == before.redescription.penalty
        assert after.redescription.rank == before.redescription.rank
        assert after.assessment == before.assessment
    assert {finding.redescription.penalty for finding in loaded} <= {0.0, 0.25}


@pytest.mark.parametrize("policy", MissingPolicy)
def test_the_best_baseline_is_judged_in_the_same_way(policy: MissingPolicy) -> None:
    part = data(0.15)
    report = mine(part, params(policy)).targets[0]
    assert report.baseline is not None
    queries = (report.baseline.left, report.baseline.right)
    values = [naive.truths(query.terms, part.view(query.view)) for query in queries]
    assert report.baseline.jaccard == naive.jaccard(values, policy)


def test_an_attribute_that_is_hardly_known_satisfies_optimists_only() -> None:
    # y:a agrees wherever it is known, which is on half of the entities.
    rng = np.random.default_rng(0)
    a = rng.normal(size=(1, 120))
    views = [
        examples.view("x", {"a": a[0]}, {}),
        examples.view("y", {"a": np.where(rng.random(120) < 0.5, np.nan, a[0])}, {}),
    ]
    part = examples.dataset(views)
    best = {
        policy: max((r.mined.jaccard for r in mine(part, params(policy))), default=0)
        for policy in MissingPolicy
    }
    assert best[MissingPolicy.OPTIMISTIC] == best[MissingPolicy.REJECTIVE] == 1
    assert best[MissingPolicy.QUERY_NON_MISSING] < 0.9
    assert best[MissingPolicy.PESSIMISTIC] <= best[MissingPolicy.QUERY_NON_MISSING]


def test_an_unknown_policy_is_an_error() -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'rejective'"):
        Thresholds(missing="rejected")  # type: ignore[arg-type]
