"""The Jaccard that chance gives, against all random sets."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redescribe.core.measures import expected_jaccard
from redescribe.significance.chance import exact_expected_jaccard


@pytest.mark.parametrize("n1", range(1, 6))
@pytest.mark.parametrize("n2", range(1, 6))
def test_exact_value_is_the_mean_over_all_sets(n1: int, n2: int) -> None:
    fixed = set(range(n1))
    others = [set(chosen) for chosen in combinations(range(5), n2)]
    mean = sum(len(fixed & other) / len(fixed | other) for other in others) / len(others)
    assert exact_expected_jaccard(n1, n2, 5) == pytest.approx(mean)


@given(data=st.data(), n=st.integers(1, 300))
def test_plug_in_value_is_a_lower_bound(data: st.DataObject, n: int) -> None:
    n1, n2 = data.draw(st.tuples(st.integers(0, n), st.integers(0, n)))
    exact = exact_expected_jaccard(n1, n2, n)
    assert expected_jaccard((n1, n2), n) <= exact + 1e-10
    assert 0 <= exact <= 1 + 1e-10


def test_gap_falls_with_the_number_of_entities() -> None:
    gaps = [
        exact_expected_jaccard(8 * n, 8 * n, 10 * n) - expected_jaccard((8, 8), 10)
        for n in (10, 100, 1_000)
    ]
    assert gaps[0] == pytest.approx(10 * gaps[1], rel=0.1)
    assert gaps[1] == pytest.approx(10 * gaps[2], rel=0.1)


def test_empty_sets_have_no_overlap() -> None:
    assert exact_expected_jaccard(0, 0, 10) == exact_expected_jaccard(0, 4, 10) == 0
