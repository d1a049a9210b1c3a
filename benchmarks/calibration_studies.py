"""What each simulated data set says about the tests: level, false discoveries, power."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.simulated import OWN, Simulation
from redescribe.core.dataset import Dataset
from redescribe.core.entities import SplitParams
from redescribe.mining.miner import mine
from redescribe.mining.null_search import search_null
from redescribe.mining.params import MineParams
from redescribe.search.params import Budget, LiteralSearch, SearchParams, Thresholds
from redescribe.selection.select import select
from redescribe.significance.assess import assess
from redescribe.significance.correction import correct
from redescribe.significance.hold_out import evaluate
from redescribe.significance.params import AssessParams, Correction
from redescribe.significance.permutation import with_search_p
from redescribe.significance.tails import log10_p

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from redescribe._typing import Floats, Mask
    from redescribe.core.assessed import AssessedSet, Assessment, Finding
    from redescribe.core.redescription import Agreement

Row = dict[str, list[int]]
"""Counts of one data set, by name."""
LEVELS = (0.01, 0.05, 0.1, 0.2, 0.5)
"""At which hold-out p-values are looked at."""
ALPHA = 0.05
"""Of the false discovery rate and of the power."""
SEARCH_LEVELS = (0.01, 0.05, 0.1)
"""At which p-values of the permutation test are looked at."""
_ROUNDING = 1e-12
"""Rounding must not decide about a p-value that is exactly the level."""
MIN_JACCARD = 0.2
SEARCH = SearchParams(
    literals=LiteralSearch(beam_width=1, beam_length=2, beam_cuts=7),
    budget=Budget(max_candidates=4, n_bases=1, max_cuts=15),
    thresholds=Thresholds(min_jaccard=MIN_JACCARD, max_p_mined=1.0),
)
"""Lowered thresholds, so that null findings are reported; a small search, to be quick."""

SHAPES = ((100, 4), (200, 6), (400, 8))
SHARES = (0.1, 0.3, 0.5)
MISSING = (0.0, 0.05, 0.15)
CELLS = tuple(product(SHAPES, SHARES, MISSING))
"""Entities and attributes, support and missing values of the hold-out study, in turn."""
N_PLANTED = 2
N_POPULATION = 10_000
"""Fresh entities on which the Jaccard of a finding is taken for the true one."""
_POPULATION_SEED = 1_000_000
_TEST = AssessParams().test

N_PERMUTATIONS = 99
PERMUTED = Simulation(n_entities=100, n_attributes=6)
"""Of the permutation study: nothing is planted."""

NOISES = (0.05, 0.1, 0.2)
SIZES = (100, 200, 400)
POWER_CELLS = tuple(product(SIZES, NOISES))
"""Entities and noise of the power study, in turn."""
HOLD_OUTS = (0.2, 0.3, 0.5)
POWER_PERMUTATIONS = 39


@dataclass(frozen=True, slots=True)
class Study:
    """Something that is done with each of many data sets.

    Attributes
    ----------
    name
        Of its results.
    row
        From the number of a data set to its counts.
    n_data_sets
        In the published table.
    """

    name: str
    row: Callable[[int], Row]
    n_data_sets: int


def hold_out_simulation(number: int) -> Simulation:
    """What data set `number` of the hold-out study is like."""
    (n_entities, n_attributes), share, missing = CELLS[number % len(CELLS)]
    return Simulation(
        n_entities=n_entities,
        n_attributes=n_attributes,
        n_planted=N_PLANTED,
        share=share,
        missing=missing,
    )


def hold_out_row(number: int) -> Row:
    """Nulls and planted findings of a data set, and what their hold-out says."""
    simulation = hold_out_simulation(number)
    dataset = Dataset.of(simulation.views(number), SplitParams(seed=number))
    assessed = assess(select(mine(dataset, MineParams(search=SEARCH))), dataset)
    nulls = np.array(
        [not simulation.planted_in(finding.redescription) for finding in assessed], np.bool_
    )
    tested = [_tested(finding) for finding in assessed]
    log10_ps = np.array([one.log10_p_value for one in tested], np.float64)
    rejected = {
        correction.value: _counts(correct(log10_ps, correction) <= np.log10(ALPHA), nulls)
        for correction in Correction
    }
    log10_of_nulls = log10_ps[nulls]
    p_untied = _untied([one.hold_out for one in tested], number)[nulls]
    levels = np.array(LEVELS)[:, None]
    return {
        "null": [int(nulls.sum()), nulls.size],
        "hits": (log10_of_nulls <= np.log10(levels) + _ROUNDING).sum(axis=1).tolist(),
        "untied": (p_untied <= levels).sum(axis=1).tolist(),
        **rejected,
        "confirmed": _counts(np.array([one.confirmed for one in tested], np.bool_), nulls),
        "covered": _covered(assessed, simulation, number),
    }


def permutation_row(number: int) -> Row:
    """How many targets, and whether any, have a small p where nothing relates the views."""
    dataset = Dataset.of(PERMUTED.views(number), SplitParams(hold_out=0))
    assessed = permuted(dataset, number, N_PERMUTATIONS)
    tests = [target.search.p_value for target in assessed.targets if target.search]
    own, family = (
        np.array([getattr(test, name) for test in tests]) for name in ("value", "family")
    )
    return {
        "targets": [len(tests)],
        "candidates": [assessed.evidence.n_candidates],
        "own": [int((own <= level + _ROUNDING).sum()) for level in SEARCH_LEVELS],
        "family": [int((family <= level + _ROUNDING).any()) for level in SEARCH_LEVELS],
    }


def power_row(number: int) -> Row:
    """Whether the planted finding is found, and kept, by each of the tests.

    `null_targets`: how many of the targets that nothing relates to the other view have
    p_search <= ALPHA, of how many.
    """
    n_entities, noise = POWER_CELLS[number % len(POWER_CELLS)]
    simulation = Simulation(n_entities=n_entities, n_attributes=6, n_planted=1, noise=noise)
    views = simulation.views(number)
    row: Row = {}
    for hold_out in HOLD_OUTS:
        dataset = Dataset.of(views, SplitParams(hold_out=hold_out, seed=number))
        params = MineParams(targets=(OWN,), search=SEARCH)
        tested = assess(select(mine(dataset, params)), dataset, AssessParams(alpha=ALPHA))
        planted = [f for f in tested if simulation.planted_in(f.redescription)]
        kept = any(_tested(finding).confirmed for finding in planted)
        row[f"hold_out_{hold_out:.0%}"] = [int(bool(planted)), int(kept)]
    dataset = Dataset.of(views, SplitParams(hold_out=0))
    searched = permuted(dataset, number, POWER_PERMUTATIONS)
    planted = [f for f in searched if simulation.planted_in(f.redescription)]
    kept = any(
        f.p_search is not None and f.p_search.family <= ALPHA + _ROUNDING for f in planted
    )
    nulls = [
        target.search.p_value.value <= ALPHA + _ROUNDING
        for target in searched.targets
        if target.search is not None and not simulation.carries_signal(target.attribute)
    ]
    return row | {
        "permutations": [int(bool(planted)), int(kept)],
        "null_targets": [sum(nulls), len(nulls)],
    }


def permuted(dataset: Dataset, seed: int, n_permutations: int) -> AssessedSet:
    """The findings of one view's attributes, with their p under permutation."""
    params = MineParams(targets=(OWN,), search=SEARCH, seed=seed)
    found = mine(dataset, params)
    nulls = search_null(dataset, params, n_permutations=n_permutations)
    return with_search_p(assess(select(found), dataset), found, nulls)


def _untied(held_out: Sequence[Agreement], number: int) -> Floats:
    """P(X > k) + u P(X = k), u uniform: uniform itself if P(X >= k) is right."""
    reached, beyond = (
        np.array(
            [
                10 ** log10_p(one.sizes, one.support + more, one.n_entities, _TEST)
                if one.support + more <= min(one.sizes)
                else 0.0
                for one in held_out
            ]
        )
        for more in (0, 1)
    )
    u = np.random.default_rng([number, 1]).random(len(held_out))
    untied: Floats = beyond + u * (reached - beyond)
    return untied


def _covered(assessed: AssessedSet, simulation: Simulation, number: int) -> list[int]:
    """How many intervals hold the Jaccard among many more entities, of how many."""
    many = replace(simulation, n_entities=N_POPULATION).views(_POPULATION_SEED + number)
    population = Dataset.of(many, SplitParams(hold_out=0))
    covered = []
    for finding in assessed:
        tested = _tested(finding)
        if tested.jaccard_low is None or tested.jaccard_high is None:
            continue
        jaccard = evaluate(finding.redescription, population).jaccard
        covered.append(tested.jaccard_low <= jaccard <= tested.jaccard_high)
    return [sum(covered), len(covered)]


def _tested(finding: Finding) -> Assessment:
    """The assessment of a finding, which it has where the split has a hold-out."""
    if finding.assessment is None:
        em = f"{finding.id} was not tested: the split has no hold-out."
        raise ValueError(em)
    return finding.assessment


def _counts(kept: Mask, nulls: Mask) -> list[int]:
    """How many nulls, and how many findings, are kept."""
    return [int((kept & nulls).sum()), int(kept.sum())]


STUDIES = (
    Study("hold_out", hold_out_row, 1000),
    Study("power", power_row, 30 * len(POWER_CELLS)),
    Study("permutations", permutation_row, 300),
)
