"""Counts of many simulated data sets -> levels, false discoveries and power."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks.calibration_studies import (
    ALPHA,
    CELLS,
    HOLD_OUTS,
    LEVELS,
    MIN_JACCARD,
    N_PERMUTATIONS,
    N_PLANTED,
    N_POPULATION,
    PERMUTED,
    POWER_CELLS,
    POWER_PERMUTATIONS,
    SEARCH_LEVELS,
)
from benchmarks.monte_carlo import mean, percent, ratio, share
from benchmarks.simulated import Simulation
from redescribe.significance.params import AssessParams, Correction

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from benchmarks.calibration_studies import Row
    from benchmarks.monte_carlo import Estimate

Summary = dict[str, Any]
"""What JSON holds."""
PLANTED_SHARE = Simulation(n_entities=0, n_attributes=0).share
"""How often the signal of the power study is on."""
FEW = 10
"""Findings of a data set below which it says little."""
FACTORS: dict[str, Callable[[int], str]] = {
    "entities × attributes": lambda i: "{} × {}".format(*_cell(i)[0]),
    "support": lambda i: percent(_cell(i)[1]),
    "missing": lambda i: percent(_cell(i)[2]),
}
"""By what the hold-out study is broken down, from the number of a data set."""
TESTS = (*(f"hold_out_{hold_out:.0%}" for hold_out in HOLD_OUTS), "permutations")


def summary(rows: Mapping[str, Sequence[Row]]) -> dict[str, Summary]:
    """The summary of each study, by its name."""
    return {
        "hold_out": hold_out_summary(rows["hold_out"]),
        "permutations": permutation_summary(rows["permutations"]),
        "power": power_summary(rows["power"]),
    }


def hold_out_summary(rows: Sequence[Row]) -> Summary:
    """Levels of null findings, realised false discovery rates, falsely confirmed ones."""
    n_nulls = [row["null"][0] for row in rows]
    n_findings = [row["null"][1] for row in rows]
    confirmed = [row["confirmed"] for row in rows]
    return {
        "n_data_sets": len(rows),
        "n_planted": N_PLANTED,
        "min_jaccard": MIN_JACCARD,
        "n_findings": sum(n_findings),
        "n_null": sum(n_nulls),
        "n_empty": n_findings.count(0),
        "n_few": sum(n < FEW for n in n_findings),
        "p_values": [
            {
                "level": level,
                **ratio([row["hits"][k] for row in rows], n_nulls),
                "untied": ratio([row["untied"][k] for row in rows], n_nulls),
            }
            for k, level in enumerate(LEVELS)
        ],
        "p_values_by": {
            factor: _by(rows, of_number) for factor, of_number in FACTORS.items()
        },
        "level": ALPHA,
        "false_discovery_rate": {
            correction.value: {
                **mean([false_share(*row[correction.value]) for row in rows]),
                "kept": sum(row[correction.value][1] for row in rows),
            }
            for correction in Correction
        },
        "any_false": {
            correction.value: share(
                sum(row[correction.value][0] > 0 for row in rows), len(rows)
            )
            for correction in Correction
        },
        "n_population": N_POPULATION,
        "covered": ratio(*_columns([row["covered"] for row in rows])),
        "confirmed": {
            "alpha": AssessParams().alpha,
            "n": sum(n for _, n in confirmed),
            "n_false": sum(n for n, _ in confirmed),
            **ratio(*_columns(confirmed)),
        },
    }


def false_share(n_false: int, n_kept: int) -> float:
    """The share of false ones among what is kept; 0 where nothing is."""
    return n_false / max(n_kept, 1)


def permutation_summary(rows: Sequence[Row]) -> Summary:
    """How often p is small where the views are unrelated: per target, for any target."""
    n_targets = [row["targets"][0] for row in rows]
    return {
        "n_data_sets": len(rows),
        "n_entities": PERMUTED.n_entities,
        "n_attributes": PERMUTED.n_attributes,
        "n_permutations": N_PERMUTATIONS,
        "n_targets": sum(n_targets),
        "mean_candidates": sum(row["candidates"][0] for row in rows) / len(rows),
        "levels": [
            {
                "level": level,
                "target": ratio([row["own"][k] for row in rows], n_targets),
                "family": share(sum(row["family"][k] for row in rows), len(rows)),
            }
            for k, level in enumerate(SEARCH_LEVELS)
        ],
    }


def power_summary(rows: Sequence[Row]) -> Summary:
    """The share of planted findings that each test finds and keeps, by size and noise."""
    cells = []
    for number, (n_entities, noise) in enumerate(POWER_CELLS):
        of_cell = rows[number :: len(POWER_CELLS)]
        tests = {
            test: {
                "found": sum(row[test][0] for row in of_cell) / len(of_cell),
                **share(sum(row[test][1] for row in of_cell), len(of_cell)),
            }
            for test in TESTS
        }
        cells.append(
            {
                "n_entities": n_entities,
                "noise": noise,
                "jaccard": planted_jaccard(noise),
                "n": len(of_cell),
                "tests": tests,
            }
        )
    null_targets = [row["null_targets"] for row in rows]
    return {
        "n_data_sets": len(rows),
        "share": PLANTED_SHARE,
        "null_targets": ratio(*_columns(null_targets)),
        "level": ALPHA,
        "n_permutations": POWER_PERMUTATIONS,
        "cells": cells,
    }


def planted_jaccard(noise: float) -> float:
    """The Jaccard of a planted pair among endlessly many entities."""
    both = PLANTED_SHARE * (1 - noise) ** 2 + (1 - PLANTED_SHARE) * noise**2
    one = PLANTED_SHARE * (1 - noise) + (1 - PLANTED_SHARE) * noise
    return both / (2 * one - both)


def _by(rows: Sequence[Row], of_number: Callable[[int], str]) -> dict[str, Estimate]:
    """P(p <= ALPHA) of null findings in each group of data sets."""
    groups: dict[str, list[Row]] = {}
    for number, row in enumerate(rows):
        groups.setdefault(of_number(number), []).append(row)
    place = LEVELS.index(ALPHA)
    return {
        name: ratio([row["hits"][place] for row in some], [row["null"][0] for row in some])
        for name, some in groups.items()
    }


def _columns(pairs: Sequence[list[int]]) -> tuple[list[int], list[int]]:
    """The first and the second count of each data set."""
    return [first for first, _ in pairs], [second for _, second in pairs]


def _cell(number: int) -> tuple[tuple[int, int], float, float]:
    return CELLS[number % len(CELLS)]
