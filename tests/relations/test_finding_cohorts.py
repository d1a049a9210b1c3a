"""The parts of a finding against a count entity by entity."""

from __future__ import annotations

import numpy as np
import pytest
from tests.relations.examples import THREE, TWO, dataset, finding

from redescribe.core.breakdown import Breakdown
from redescribe.core.measures import contingency
from redescribe.relations.finding_cohorts import finding_cohorts


def test_two_rules_have_four_parts() -> None:
    data = dataset()
    found = finding(data, *TWO).redescription
    cohorts = finding_cohorts(found, data)
    assert [cohort.name for cohort in cohorts] == [
        *("both", "left only", "right only", "neither")
    ]
    a, c = data.view("x").column("a"), data.view("y").column("c")
    left, right, known = a > 0, c > 0.1, ~np.isnan(c)
    want = (left & right, left & known & ~right, right & ~left, known & ~left & ~right)
    for cohort, mask in zip(cohorts, want, strict=True):
        np.testing.assert_array_equal(cohort.members.mask, mask)
        assert cohort.defined_by == {("x", "a"), ("y", "c")}
    cells = contingency(*found.supports_on(data))
    assert tuple(map(len, cohorts)) == (
        *(cells.both, cells.left_only, cells.right_only, cells.neither),
    )


def test_a_rule_that_fails_is_enough_to_be_outside() -> None:
    data = dataset()
    both, left_only, right_only, _ = finding_cohorts(
        finding(data, *TWO).redescription, data
    )
    a, c = data.view("x").column("a"), data.view("y").column("c")
    unknown = np.isnan(c)
    for cohort, undecided in (
        (both, unknown & (a > 0)),
        (left_only, unknown & (a > 0)),
        (right_only, unknown & (a <= 0)),
    ):
        np.testing.assert_array_equal(cohort.members.unknown_mask, undecided)


def test_more_rules_have_all_some_none_and_combinations() -> None:
    data = dataset()
    found = finding(data, *THREE).redescription
    cohorts = {cohort.name: cohort for cohort in finding_cohorts(found, data)}
    masks = np.array([support.mask for support in found.supports_on(data)])
    unknown = np.isnan(data.view("y").column("c"))
    np.testing.assert_array_equal(cohorts["all"].members.mask, masks.all(axis=0))
    some = masks.any(axis=0) & ~masks.all(axis=0)
    assert len(cohorts["some"]) == (some & ~unknown).sum()
    assert len(cohorts["none"]) == (~masks.any(axis=0) & ~unknown).sum()
    assert "only x, y" not in cohorts  # x:a > 0 is labels:ill
    combined = {
        ", ".join(np.array(["x", "y", "labels"])[list(holds)]): n
        for holds, n in Breakdown.of(found.supports_on(data)).combinations
        if 0 < sum(holds) < 3
    }
    assert {"x, labels", "y"} <= set(combined)
    assert {name: len(cohorts[f"only {name}"]) for name in combined} == combined
    assert set(cohorts) == {"all", "some", "none"} | {f"only {n}" for n in combined}


@pytest.mark.parametrize("n_entities", [1, 63, 64, 65])
def test_the_parts_of_known_entities_are_everyone(n_entities: int) -> None:
    data = dataset(n_entities, 0)
    found = finding(data, ("x", "a > 0"), ("labels", "NOT (ill)")).redescription
    cohorts = finding_cohorts(found, data)
    assert [len(cohorts[0]), len(cohorts[3])] == [0, 0]
    assert sum(map(len, cohorts)) == n_entities
