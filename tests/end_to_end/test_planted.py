"""The default search finds planted redescriptions."""

from __future__ import annotations

import pytest

import redescribe as rd
from redescribe.datasets.planted import PlantParams, Side, plant
from redescribe.datasets.recovery import recovery
from redescribe.search.params import Alternation, SearchParams

SEEDS = range(5)


@pytest.mark.parametrize("length", [1, 2, 3, 4])
@pytest.mark.parametrize("seed", SEEDS)
def test_individual_descriptions_are_found(length: int, seed: int) -> None:
    planted = plant(PlantParams(partner=Side(length=length), seed=seed))
    found = rd.mine(planted.dataset, rd.MineParams(targets=(planted.target,)))
    assert recovery(planted, found).attributes


@pytest.mark.parametrize("length", [2, 3])
@pytest.mark.parametrize("seed", SEEDS)
def test_interactions_are_found(length: int, seed: int) -> None:
    side = Side(length=length)
    planted = plant(PlantParams(own=side, partner=side, seed=seed))
    search = SearchParams(alternation=Alternation(interactions=True))
    params = rd.MineParams(targets=(planted.target,), search=search)
    assert recovery(planted, rd.mine(planted.dataset, params)).attributes


def test_a_clean_finding_is_confirmed_on_the_hold_out() -> None:
    planted = plant(PlantParams(partner=Side(length=3)))
    mined = rd.mine(planted.dataset, rd.MineParams(targets=(planted.target,)))
    findings = rd.assess(rd.select(mined), planted.dataset)
    # Of the planted pair and its complement the better one is reported.
    recoveries = [recovery(planted, [finding.redescription]) for finding in findings]
    exact = [
        finding
        for finding, found in zip(findings, recoveries, strict=True)
        if found.attributes or found.complement
    ]
    assert exact
    for finding in exact:
        assert finding.assessment is not None
        assert finding.assessment.hold_out.jaccard > 0.85
