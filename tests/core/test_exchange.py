"""Permutations that leave groups and strata as they are."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redescribe.core.entities import EntityIndex
from redescribe.core.exchange import Exchange

labels = st.lists(st.sampled_from("pqrs"), min_size=1, max_size=25)


def index(groups: list[str]) -> EntityIndex:
    return EntityIndex(tuple(map(str, range(len(groups)))), tuple(groups))


@given(groups=labels, seed=st.integers(0, 99))
def test_whole_groups_take_the_places_of_groups_of_their_size(
    groups: list[str], seed: int
) -> None:
    order = Exchange.of(index(groups)).draw(np.random.default_rng(seed))
    assert sorted(order.tolist()) == list(range(len(groups)))
    named = np.array(groups)
    for group in set(groups):
        places = np.flatnonzero(named == group)
        taken = order[places]
        # One group, all of it, its members in order.
        assert len(set(named[taken].tolist())) == 1
        assert taken.tolist() == np.flatnonzero(named == named[taken[0]]).tolist()


@given(strata=labels, seed=st.integers(0, 99))
def test_strata_stay_where_they_are(strata: list[str], seed: int) -> None:
    entities = EntityIndex.numbered(len(strata))
    order = Exchange.of(entities, strata).draw(np.random.default_rng(seed))
    assert sorted(order.tolist()) == list(range(len(strata)))
    assert [strata[i] for i in order] == strata


@given(groups=labels, strata=labels, seed=st.integers(0, 99))
def test_groups_within_strata(groups: list[str], strata: list[str], seed: int) -> None:
    n = min(len(groups), len(strata))
    exchange = Exchange.of(index(groups[:n]), strata[:n])
    order = exchange.draw(np.random.default_rng(seed))
    assert [strata[i] for i in order] == strata[:n]
    pairs = set(zip(groups[:n], (groups[i] for i in order), strict=True))
    assert len(pairs) == len(set(groups[:n]))


def test_every_permutation_is_drawn_alike() -> None:
    exchange = Exchange.of(EntityIndex.numbered(3))
    generator = np.random.default_rng(0)
    drawn = [tuple(exchange.draw(generator).tolist()) for _ in range(6_000)]
    assert set(drawn) == set(permutations(range(3)))
    # Each of six: 1,000 expected, with a standard deviation of 29.
    assert all(drawn.count(order) == pytest.approx(1_000, abs=120) for order in set(drawn))


@pytest.mark.parametrize(
    ("groups", "strata", "expected"),
    [("", "", 24), ("ppqq", "", 2), ("pppq", "", 1), ("", "aabb", 4), ("ppqq", "abba", 1)],
)
def test_arrangements_are_counted(groups: str, strata: str, expected: int) -> None:
    entities = EntityIndex(tuple("wxyz"), tuple(groups))
    assert Exchange.of(entities, strata).n_arrangements == expected
