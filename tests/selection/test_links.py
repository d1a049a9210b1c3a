"""Near duplicates are linked to what they gave way to, if that is reported."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.selection import naive
from tests.selection.examples import family, query, random_redescriptions, redescription
from tests.selection.test_duplicates import MASK

from redescribe.selection.params import SelectParams, Strategy
from redescribe.selection.select import select

if TYPE_CHECKING:
    import random

    from redescribe.core.redescription import RedescriptionSet

Problem = tuple["RedescriptionSet", SelectParams]


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    found = random_redescriptions(
        draw(st.integers(0, 10_000)),
        n=draw(st.integers(0, 25)),
        n_targets=draw(st.integers(1, 2)),
    )
    params = SelectParams(
        select=draw(st.sampled_from(list(Strategy))),
        max_per_target=draw(st.integers(1, 4)),
        near_duplicate=draw(st.sampled_from([0.5, 0.9, 0.95])),
        keep_equal_support=draw(st.booleans()),
    )
    return family(found), params


@given(problems())
def test_what_gave_way_to_the_reported_is_linked(problem: Problem) -> None:
    mined, params = problem
    same = params.keep_equal_support
    chosen = select(mined, params)
    distinct = naive.without_duplicates(list(mined), keep_equal_support=same)
    links = dict(naive.links(distinct, params.near_duplicate, same_attributes=same))
    expected = {
        one: [(other.key, other.queries, other.mined.jaccard) for other in links[one]]
        for one in chosen
        if params.select is not Strategy.ALL and links[one]
    }
    assert {
        one: [(near.key, near.queries, near.jaccard_mined) for near in linked]
        for one, linked in chosen.near_duplicates.items()
    } == expected


@given(problems())
def test_the_supports_are_as_near_as_they_say(problem: Problem) -> None:
    mined, params = problem
    for one, linked in select(mined, params).near_duplicates.items():
        for near in linked:
            assert near.support_jaccard_mined >= params.near_duplicate
            assert near.support_jaccard_mined in {
                naive.jaccard(naive.entities(one), naive.entities(other))
                for other in mined
                if other.queries == near.queries
            }


@given(problems(), st.randoms())
def test_no_order_matters(problem: Problem, generator: random.Random) -> None:
    mined, params = problem
    shuffled = list(mined)
    generator.shuffle(shuffled)
    again = select(replace(mined, redescriptions=tuple(shuffled)), params)
    assert again.near_duplicates == select(mined, params).near_duplicates


@pytest.mark.parametrize("rows", [(), ("jaccard=1", "coverage=1")])
def test_a_later_selection_keeps_the_links_of_what_it_keeps(rows: tuple[str, ...]) -> None:
    n_links = 0
    for seed in range(10):
        mined = family(random_redescriptions(seed, n=40))
        first = select(mined, SelectParams(max_per_target=5, preferences=rows))
        second = select(first, SelectParams(max_per_target=2))
        assert second.near_duplicates == {
            one: linked
            for one, linked in first.near_duplicates.items()
            if one in set(second)
        }
        n_links += len(second.near_duplicates)
    assert n_links


def test_a_later_selection_adds_links() -> None:
    """Of 40, 39 and 30 entities: the second is near at .95, the third at .7."""
    own = query("x", ["a"], 0.0)
    found = [
        redescription(own, query("y", ["b"], bound), (mask, mask))
        for bound, mask in ((0.0, MASK), (1.0, MASK.cumsum() * MASK > 1))
    ]
    third = MASK.cumsum() * MASK > 10
    found.append(redescription(own, query("y", ["c"], 0.0), (third, third)))
    first = select(family(found), SelectParams())
    assert first.redescriptions == (found[0], found[2])
    assert [near.key for near in first.near_duplicates[found[0]]] == [found[1].key]
    second = select(first, SelectParams(near_duplicate=0.7))
    (near, far) = second.near_duplicates[found[0]]
    assert (near.key, near.support_jaccard_mined) == (found[1].key, 39 / 40)
    assert (far.key, far.support_jaccard_mined) == (found[2].key, 30 / 40)
    assert str(far) == str(found[2])
