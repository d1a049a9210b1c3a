"""Resamples of the hold-out against loops, intervals with groups, and recovery."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from tests.significance import examples

from redescribe.core.dataset import Dataset
from redescribe.core.entities import EntityIndex, SplitParams, units_of
from redescribe.core.grammar import parse_query
from redescribe.core.missing import MissingPolicy
from redescribe.core.redescription import Kind, Redescription
from redescribe.core.view import View
from redescribe.errors import ParameterError
from redescribe.significance import stability
from redescribe.significance.assess import assess
from redescribe.significance.stability import (
    Bootstrap,
    check_can_bootstrap,
    group_intervals,
    with_recovery,
    with_stability,
)

if TYPE_CHECKING:
    from redescribe._typing import Floats

PAIRS = (("a > 0", "c > 0"), ("a > 0", "d > 0"), ("b > 1", "c > 1"))


def grouped(data: Dataset, n_groups: int) -> Dataset:
    groups = tuple(str(i % n_groups) for i in range(data.n_entities))
    views = tuple(
        View(v.name, EntityIndex(v.entities.ids, groups), v.attributes, v.values)
        for v in data.views
    )
    return Dataset(views, data.split)


def naive_jaccards(
    found: Redescription, part: Dataset, n_resamples: int, seed: int
) -> list[float]:
    """Resample by resample, entity by entity."""
    masks = [support.mask for support in found.supports_on(part)]
    units = units_of(part.entities)
    generator = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(4,)))
    jaccards = []
    for _ in range(n_resamples):
        drawn = generator.multinomial(len(units), np.full(len(units), 1 / len(units)))
        entities = [e for unit, n in zip(units, drawn, strict=True) for e in [*unit] * n]
        shared = sum(masks[0][e] and masks[1][e] for e in entities)
        reached = sum(masks[0][e] or masks[1][e] for e in entities)
        jaccards.append(shared / reached if reached else float("nan"))
    return jaccards


@pytest.mark.parametrize("n_groups", [0, 7])
@pytest.mark.parametrize(("block", "largest"), [(64, 1 << 22), (2, 100)])
def test_resamples_are_those_of_a_loop(
    n_groups: int, block: int, largest: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stability, "_BLOCK", block)
    monkeypatch.setattr(stability, "_LARGEST", largest)
    data = examples.dataset(200, 40)
    data = grouped(data, n_groups) if n_groups else data
    family = list(examples.family(data, *PAIRS))
    part = data.hold_out_part
    for found, got in zip(family, Bootstrap(part, 23, 5).jaccards(family), strict=True):
        want = naive_jaccards(found, part, 23, 5)
        assert np.array_equal(got, want, equal_nan=True)


def test_stability_is_the_share_above_the_threshold() -> None:
    data = examples.dataset(200, 60)
    family = examples.family(data, *PAIRS, min_jaccard=0.3)
    assessed = with_stability(assess(family, data), data, 200)
    for finding in assessed:
        values = naive_jaccards(finding.redescription, data.hold_out_part, 200, 7)
        assert finding.stability == np.mean([value >= 0.3 for value in values])
    shares = {f.stability for f in assessed}
    assert max(s for s in shares if s is not None) > 0.95
    assert min(s for s in shares if s is not None) < 0.95
    assert assessed.columns[-4] == "stability"
    assert {row["stability"] for row in assessed.rows()} == shares
    assert assessed.evidence.resampling.n_bootstrap == 200


def test_what_is_not_testable_has_no_stability() -> None:
    data = examples.dataset(200, 60)
    family = examples.family(data, ("a > 9", "c > 9"), PAIRS[0])
    assessed = with_stability(assess(family, data), data, 20)
    assert [finding.stability is None for finding in assessed] == [False, True]
    assert [row["stability"] is None for row in assessed.rows()] == [False, True]


def test_missing_values_follow_the_policy() -> None:
    values = np.array([[1.0], [1.0], [1.0], [0.0], [1.0], [np.nan]])
    views = [View.of("x", np.nan_to_num(values, nan=1.0), names=["a"])]
    views.append(View.of("y", values, names=["a"]))
    part = Dataset.of(views, SplitParams(hold_out=0))
    queries = (parse_query("a > 0.5", "x"), parse_query("a > 0.5", "y"))
    found = Redescription("x", "a", "x:a", Kind.INDIVIDUAL, queries, (), 0.5, -1.0)
    known = replace(found, missing=MissingPolicy.REJECTIVE)
    plain, rejective = Bootstrap(part, 50, 0).jaccards([found, known])
    assert set(rejective.tolist()) == {1.0}
    assert plain.min() < 1


def test_without_a_hold_out_there_is_nothing_to_resample() -> None:
    data = examples.dataset(100, 0)
    with pytest.raises(ParameterError, match="but nothing is held out"):
        with_stability(assess(examples.family(data, PAIRS[0]), data), data, 9)
    check_can_bootstrap(examples.dataset(100, 20), 9)
    check_can_bootstrap(data, 0)


def width(data: Dataset) -> float:
    (finding,) = assess(examples.family(data, ("a > 0", "c > 0.3")), data)
    assert finding.assessment is not None
    low, high = finding.assessment.jaccard_low, finding.assessment.jaccard_high
    assert low is not None
    assert high is not None
    assert low < finding.assessment.hold_out.jaccard < high
    return high - low


def test_intervals_of_groups_are_bootstrapped() -> None:
    data = examples.dataset(400, 120)
    exact = width(data)
    single = width(grouped(data, 400))
    assert single == pytest.approx(exact, rel=0.25)
    assert width(grouped(data, 400)) == single


def test_groups_that_agree_within_widen_the_interval() -> None:
    """Copies of a few entities tell no more than these."""
    data = examples.dataset(400, 120)
    order = np.concatenate([data.split.mined, np.tile(data.split.held_out[:40], 3)])
    ids = tuple(map(str, range(400)))
    groups = tuple(map(str, order))
    views = tuple(
        View(v.name, EntityIndex(ids, groups), v.attributes, v.values[:, order])
        for v in data.views
    )
    plain = tuple(View(v.name, EntityIndex(ids), v.attributes, v.values) for v in views)
    copied = width(Dataset(views, data.split))
    assert copied > 1.4 * width(Dataset(plain, data.split))


def test_a_bootstrap_without_variation_is_replaced() -> None:
    data = grouped(examples.dataset(200, 60), 6)
    family = examples.family(data, ("a > 0", "c > 9"), ("a > 9", "c > 9"))
    disjoint, empty = group_intervals(family.redescriptions, data.hold_out_part, 0)
    assert disjoint is not None
    low, high = disjoint
    assert low == 0.0
    assert high == pytest.approx(1 - 0.025 ** (1 / 6))
    assert empty is None


def test_recovery_counts_near_supports() -> None:
    data = examples.dataset(100, 30)
    family = examples.family(data, *PAIRS[:2])
    best: Floats = np.array([[0.8, 0.1], [0.79, 0.3], [1.0, 0.2]])
    assessed = with_recovery(assess(family, data), best)
    first, second = (finding.recovery for finding in assessed)
    assert first is not None
    assert second is not None
    assert first.share == 2 / 3
    assert first.mean == pytest.approx(best[:, 0].mean())
    assert second.share == 0.0
    assert assessed.evidence.resampling.n_recovery == 3
    assert assessed.columns[-5:-3] == ("recovery", "recovery_mean")
