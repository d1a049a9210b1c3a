"""Null distributions -> p-values, counted one by one."""

from __future__ import annotations

import numpy as np
import pytest
from tests.significance import examples

from redescribe.core.null_table import NullTable
from redescribe.core.redescription import Kind
from redescribe.core.resampling import Statistic
from redescribe.errors import ParameterError
from redescribe.significance.assess import assess
from redescribe.significance.permutation import search_p_values, with_search_p
from redescribe.significance.resample_params import ResampleParams

DATA = examples.dataset(200, 60)
PAIRS = (("a > 0", "c > 0"), ("a > 0", "d > 0"))
FAMILY = examples.family(DATA, *PAIRS)
KINDS = (Kind.INDIVIDUAL, Kind.INTERACTION)


def nulls(*maxima: tuple[float, float, float]) -> NullTable:
    """Targets x:a and x:b; of each permutation: individual x:a, interaction x:a, x:b."""
    values = np.zeros((len(maxima), 2, 2, 3))
    for row, (alone, together, other) in zip(values, maxima, strict=True):
        row[0, 0], row[0, 1], row[1, 0] = alone, together, other
    return NullTable(("x:a", "x:b"), KINDS, values)


def test_ties_count_against_the_finding() -> None:
    null = np.array([[0.5], [0.4], [0.5], [0.6]])
    assert search_p_values(np.array([0.5]), null).tolist() == [4 / 5]
    assert search_p_values(np.array([0.61]), null).tolist() == [1 / 5]


@pytest.mark.parametrize(("statistic", "place"), [(s, i) for i, s in enumerate(Statistic)])
def test_findings_and_targets(statistic: Statistic, place: int) -> None:
    mined = [found.mined for found in FAMILY]
    values = [
        (m.adjusted_jaccard, m.jaccard, -r.log10_p_mined)[place]
        for m, r in zip(mined, FAMILY, strict=True)
    ]
    best = max(values)
    null = nulls(
        (best, 0.0, 0.0),  # reaches the best
        (best / 2, 0.0, best),  # another target does
        (0.0, 2 * best, 0.0),  # interactions do
        (0.0, 0.0, 0.0),
    )
    assessed = with_search_p(assess(FAMILY, DATA), FAMILY, null, statistic=statistic)
    strongest = next(f for f in assessed if f.redescription == FAMILY.redescriptions[0])
    assert strongest.p_search is not None
    assert strongest.p_search.value == 2 / 5
    assert strongest.p_search.family == 3 / 5
    (target,) = assessed.targets
    assert target.search is not None
    assert target.search.best == best
    assert target.search.p_value.value == 3 / 5
    assert target.search.p_value.family == 4 / 5
    mean = (best + best / 2 + 2 * best) / 4
    assert target.search.null_mean == pytest.approx(mean)
    if statistic is Statistic.LOG_P:
        assert target.search.corrected is None
    else:
        assert target.search.corrected == pytest.approx((best - mean) / (1 - mean))
    resampling = assessed.evidence.resampling
    assert (resampling.n_permutations, resampling.statistic) == (4, statistic.value)


def test_nothing_found_has_a_p_of_one() -> None:
    empty = examples.family(DATA)
    assessed = with_search_p(assess(empty, DATA), empty, nulls((0, 0, 0), (0.5, 0, 0)))
    (target,) = assessed.targets
    assert target.search is not None
    assert target.search.best == 0.0
    assert target.search.p_value.value == 1.0


def test_columns_are_there_when_asked_for() -> None:
    plain = assess(FAMILY, DATA)
    tested = with_search_p(plain, FAMILY, nulls((0.1, 0.0, 0.0)), within="y:d")
    assert "p_search" not in plain.columns
    assert "p_search" not in plain.target_rows()[0]
    place = tested.columns.index("p_search")
    assert tested.columns[place - 1 : place + 3] == (
        *("confirmed", "p_search", "p_search_family", "log10_p_mined"),
    )
    assert {row["p_search"] for row in tested.rows()} <= {0.5, 1.0}
    assert tested.target_rows()[0]["p_search"] == 0.5
    assert "1 searches of entities permuted within y:d" in tested.caveat
    assert "p_search" not in plain.caveat


def test_a_null_distribution_of_other_targets_is_an_error() -> None:
    other = NullTable(("x:b",), KINDS, np.zeros((2, 1, 2, 3)))
    with pytest.raises(ParameterError, match="has no target 'x:a', of which"):
        with_search_p(assess(FAMILY, DATA), FAMILY, other)


def test_in_sample_findings_have_evidence_with_permutations() -> None:
    data = examples.dataset(100, 0)
    family = examples.family(data, *PAIRS)
    plain = assess(family, data)
    tested = with_search_p(plain, family, nulls((0.1, 0.0, 0.0)))
    assert "no evidence" in plain.caveat
    assert "no evidence" not in tested.caveat
    assert "p_search compares with 1 searches" in tested.caveat


def test_what_is_asked_for() -> None:
    assert not ResampleParams(permute_within="x:a", networks=["x"]).asked  # type: ignore[arg-type]
    assert ResampleParams(permutations=3).asked
    assert ResampleParams(rotations=3).asked
    assert ResampleParams(bootstrap=3).asked
    assert ResampleParams(recovery=3).asked
