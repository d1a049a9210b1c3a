"""Jaccard under missing values against all ways to complete them."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redescribe.core.measures import (
    adjusted_jaccard,
    cautious_jaccard,
    contingency,
    expected_jaccard,
    intersection_size,
    jaccard,
    union_size,
)
from redescribe.core.missing import MissingPolicy
from redescribe.core.support import Support
from redescribe.errors import EntityMismatchError

Column = list[bool | None]
truths = st.sampled_from([True, True, False, None])
KNOWN, REJECTIVE, PESSIMISTIC, OPTIMISTIC = MissingPolicy


@st.composite
def columns(draw: st.DrawFn, max_entities: int = 4) -> list[Column]:
    n, k = draw(st.integers(1, max_entities)), draw(st.integers(2, 3))
    return [draw(st.lists(truths, min_size=n, max_size=n)) for _ in range(k)]


def supports_of(found: list[Column]) -> list[Support]:
    return [
        Support.from_mask(
            np.array([value is True for value in column]),
            unknown=np.array([value is None for value in column]),
        )
        for column in found
    ]


def completions(found: list[Column]) -> list[float]:
    """The Jaccard of every way to decide the unknown values."""
    flat = [value for column in found for value in column]
    unknown = [i for i, value in enumerate(flat) if value is None]
    n = len(found[0])
    values = []
    for choice in product([False, True], repeat=len(unknown)):
        decided = dict(zip(unknown, choice, strict=True))
        full = [bool(decided.get(i, value)) for i, value in enumerate(flat)]
        rows = list(zip(*(full[i : i + n] for i in range(0, len(full), n)), strict=True))
        union = sum(map(any, rows))
        values.append(sum(map(all, rows)) / union if union else 0.0)
    return values


@given(found=columns())
def test_pessimistic_and_optimistic_are_the_extremes(found: list[Column]) -> None:
    supports, every = supports_of(found), completions(found)
    assert jaccard(supports, PESSIMISTIC) == pytest.approx(min(every))
    assert jaccard(supports, OPTIMISTIC) == pytest.approx(max(every))


@given(found=columns(max_entities=70))
def test_the_policies_are_ordered_and_symmetric(found: list[Column]) -> None:
    supports = supports_of(found)
    pessimistic, known, rejective, optimistic = (
        jaccard(supports, p) for p in (PESSIMISTIC, KNOWN, REJECTIVE, OPTIMISTIC)
    )
    assert 0 <= pessimistic <= known <= min(rejective, optimistic) <= 1
    for policy in MissingPolicy:
        assert jaccard(supports, policy) == jaccard(supports[::-1], policy)
    if all(support.n_unknown == 0 for support in supports):
        assert pessimistic == optimistic


@given(found=columns(max_entities=70))
def test_one_means_equal_and_not_empty(found: list[Column]) -> None:
    supports = supports_of(found)
    equal = len({support.satisfied.tobytes() for support in supports}) == 1
    assert (jaccard(supports) == 1) == (equal and len(supports[0]) > 0)
    assert intersection_size(supports) <= union_size(supports)


def test_an_empty_union_gives_zero() -> None:
    nothing = ~Support.everything(65)
    for policy in MissingPolicy:
        assert jaccard([nothing, nothing], policy) == 0.0


def test_other_entities_are_an_error() -> None:
    with pytest.raises(EntityMismatchError, match="cover 3 and 4 entities"):
        jaccard([Support.everything(3), Support.everything(4)])


@given(found=columns(max_entities=70))
def test_four_cells_cover_the_known_entities(found: list[Column]) -> None:
    left, right = supports_of(found)[:2]
    cells = contingency(left, right)
    rows = list(zip(found[0], found[1], strict=True))
    assert cells.both == rows.count((True, True))
    assert cells.left_only == rows.count((True, False))
    assert cells.right_only == rows.count((False, True))
    assert cells.neither == rows.count((False, False))
    assert cells.n_known == sum(None not in row for row in rows)


@given(sizes=st.lists(st.integers(0, 100), min_size=2, max_size=4))
def test_expected_jaccard_is_a_jaccard(sizes: list[int]) -> None:
    value = expected_jaccard(sizes, 100)
    assert 0 <= value <= 1
    assert value == pytest.approx(expected_jaccard(sizes[::-1], 100))
    if len(sizes) == 2 and any(sizes):
        p, q = (size / 100 for size in sizes)
        assert value == pytest.approx(p * q / (p + q - p * q))


def test_expected_jaccard_of_nothing() -> None:
    assert expected_jaccard([0, 0], 10) == 0.0
    assert expected_jaccard([0, 0], 0) == 0.0
    assert expected_jaccard([10, 10], 10) == 1.0


def test_adjusted_jaccard() -> None:
    assert adjusted_jaccard(1.0, 0.3) == 1.0
    assert adjusted_jaccard(0.3, 0.3) == 0.0
    assert adjusted_jaccard(0.1, 0.3) < 0
    assert adjusted_jaccard(1.0, 1.0) == 0.0


jaccards = st.floats(0, 1)
unions = st.integers(1, 10_000)
literals = st.integers(1, 30)


@given(value=jaccards, union=unions, n_literals=literals)
def test_cautious_jaccard_is_below_the_jaccard(
    value: float, union: int, n_literals: int
) -> None:
    found = cautious_jaccard(value, union, n_literals)
    assert 0 <= found <= value
    # Wilson: the Jaccard lies z standard deviations above its bound.
    z2 = 4 * math.log(2) * n_literals
    assert (value - found) ** 2 == pytest.approx(z2 * found * (1 - found) / union)


@given(
    values=st.tuples(jaccards, jaccards),
    sizes=st.tuples(unions, unions),
    lengths=st.tuples(literals, literals),
)
def test_cautious_jaccard_is_monotone(
    values: tuple[float, float], sizes: tuple[int, int], lengths: tuple[int, int]
) -> None:
    (low, high), (few, many) = sorted(values), sorted(sizes)
    short, long = sorted(lengths)
    rounding = 1e-12
    found = cautious_jaccard(high, many, short)
    assert cautious_jaccard(low, many, short) <= found + rounding
    assert cautious_jaccard(high, few, short) <= found + rounding
    assert cautious_jaccard(high, many, long) <= found + rounding


def test_cautious_jaccard_at_the_ends() -> None:
    assert cautious_jaccard(0.0, 0, 2) == cautious_jaccard(0.0, 50, 2) == 0
    assert cautious_jaccard(1.0, 50, 2) < 1
    assert cautious_jaccard(0.7, 50, 0) == pytest.approx(0.7)
    assert cautious_jaccard(0.7, 10**9, 2) == pytest.approx(0.7, abs=1e-3)
    steps = [cautious_jaccard(0.8, 100, n) for n in range(1, 9)]
    assert steps == sorted(steps, reverse=True)
    assert len(set(steps)) == 8
