"""Null networks -> means, excess and p, counted one by one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.significance import examples

from redescribe.core.network_null import NetworkNull, NullKind, NullSeries, null_shares
from redescribe.core.null_table import NullTable
from redescribe.core.redescription import Kind
from redescribe.core.resampling import Statistic
from redescribe.significance.assess import assess
from redescribe.significance.null_networks import with_null_networks
from redescribe.significance.permutation import statistics_of_found

DATA = examples.dataset(200, 60)
FAMILY = examples.family(DATA, ("a > 0", "c > 0"), ("a > 0", "d > 0"))
BEST = max(map(statistics_of_found, FAMILY))


def table(*values: float) -> NullTable:
    """Of each search, the value of x:a in all statistics; x:b has none."""
    maxima = np.zeros((len(values), 2, 1, 3))
    maxima[:, 0, 0] = np.array(values)[:, None]
    return NullTable(("x:a", "x:b"), (Kind.INDIVIDUAL,), maxima)


def series(null: NullKind, *values: float) -> NullSeries:
    return NullSeries(null, "y", table(*values))


@pytest.mark.parametrize(("statistic", "place"), [(s, i) for i, s in enumerate(Statistic)])
def test_targets_and_findings(statistic: Statistic, place: int) -> None:
    best = BEST[place]
    rotations = series(NullKind.ROTATED, best, best / 2, 0.0)
    fresh = series(NullKind.UNTRAINED, best / 2, 0.0, 0.0, 0.0, 0.0)
    assessed = with_null_networks(
        assess(FAMILY, DATA), FAMILY, [rotations, fresh], statistic=statistic
    )
    (target,) = assessed.targets
    (network,) = target.networks
    assert (network.adjusted_jaccard, network.jaccard) == BEST[:2]
    assert network.nulls == (
        NetworkNull(NullKind.ROTATED, "y", best, 3, network.nulls[0].mean, best, 2 / 4),
        NetworkNull(NullKind.UNTRAINED, "y", best, 5, best / 10, best / 2, 1 / 6),
    )
    assert network.nulls[0].mean == pytest.approx(best / 2)
    assert network.nulls[1].excess == pytest.approx(0.9 * best)
    assert "(5 networks): mean" in str(network.nulls[1])
    assert "p 0.17 (smallest possible 0.17)" in str(network.nulls[1])
    for finding in assessed:
        value = statistics_of_found(finding.redescription)[place]
        assert [null.value for null in finding.nulls] == [value, value]
        expected = (1 + sum(n >= value for n in (best, best / 2, 0.0))) / 4
        assert finding.nulls[0].p_value == expected
    rotated, untrained = null_shares(assessed.targets)
    assert (rotated.n_above, rotated.n_pairs, rotated.n_searches) == (0, 1, 3)
    assert (untrained.n_above, untrained.n_pairs, untrained.n_searches) == (1, 1, 5)
    resampling = assessed.evidence.resampling
    assert (resampling.n_rotations, resampling.n_untrained) == (3, 5)
    assert resampling.statistic == statistic.value


def test_tables_have_columns_for_what_was_asked_for() -> None:
    plain = assess(FAMILY, DATA)
    assert "p_rotated" not in plain.columns
    assert "network_partner" not in plain.target_rows()[0]
    assert "network_pairs" not in plain.counts
    found = with_null_networks(plain, FAMILY, [series(NullKind.ROTATED, 0.1, 0.2)])
    place = found.columns.index("p_rotated")
    assert found.columns[place - 1 : place + 2] == (
        "confirmed",
        "p_rotated",
        "log10_p_mined",
    )
    assert "p_untrained" not in found.columns
    row = found.target_rows()[0]
    assert row["network_partner"] == "y"
    assert row["network_adjusted_jaccard"] == BEST[0]
    assert (row["rotated_searches"], row["p_rotated"]) == (2, 1 / 3)
    assert row["rotated_mean"] == pytest.approx(0.15)
    assert row["rotated_excess"] == pytest.approx(BEST[0] - 0.15)
    assert (found.counts["network_pairs"], found.counts["above_rotated"]) == (1, 1)
    assert "p_rotated: neurons of one network" in found.caveat
    evidence = replace(found.evidence, n_hold_out=0)
    assert "these numbers are no evidence. p_rotated: neurons" in evidence.caveat


def test_permutations_stand_beside_them_where_there_are_two_views() -> None:
    rotations = [series(NullKind.ROTATED, 0.1)]
    permuted = NullTable(
        ("x:z", *table().targets), (Kind.INDIVIDUAL,), np.full((4, 3, 1, 3), 0.25)
    )
    found = with_null_networks(assess(FAMILY, DATA), FAMILY, rotations, permuted=permuted)
    (network,) = found.targets[0].networks
    assert [null.null for null in network.nulls] == [NullKind.PERMUTED, NullKind.ROTATED]
    assert (network.nulls[0].mean, network.nulls[0].n_searches) == (0.25, 4)
    assert "(4 permutations)" in str(network.nulls[0])
    # p_search is the column of permutations.
    assert "p_permuted" not in found.columns
    assert found.counts["above_permuted"] == 1


def test_of_several_networks_the_table_has_the_best() -> None:
    other = NullSeries(NullKind.ROTATED, "z", table(0.1))
    both = [other, series(NullKind.ROTATED, 0.3)]
    found = with_null_networks(assess(FAMILY, DATA), FAMILY, both)
    assert [one.partner for one in found.targets[0].networks] == ["z", "y"]
    assert found.targets[0].networks[0].jaccard == 0.0
    row = found.target_rows()[0]
    assert (row["network_partner"], row["rotated_mean"]) == ("y", 0.3)
    assert all(null.partner == "y" for finding in found for null in finding.nulls)
