"""How queries divide the entities, against a count entity by entity."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redescribe.core.breakdown import Breakdown
from redescribe.core.measures import contingency, jaccard
from redescribe.core.missing import MissingPolicy
from redescribe.core.support import Support
from redescribe.errors import EntityMismatchError

truths = st.sampled_from([True, False, None])


@st.composite
def supports(draw: st.DrawFn, *, complete: bool = False) -> tuple[Support, ...]:
    n_queries, n_entities = draw(st.integers(2, 5)), draw(st.integers(1, 70))
    value = st.booleans() if complete else truths
    rows = draw(
        st.lists(
            st.lists(value, min_size=n_entities, max_size=n_entities),
            min_size=n_queries,
            max_size=n_queries,
        )
    )
    return tuple(
        Support.from_mask(
            np.array([v is True for v in row]), unknown=np.array([v is None for v in row])
        )
        for row in rows
    )


@given(found=supports())
def test_combinations_are_those_of_a_count(found: tuple[Support, ...]) -> None:
    breakdown = Breakdown.of(found)
    want: dict[tuple[bool, ...], int] = {}
    n_unknown = 0
    for entity in range(found[0].n_entities):
        if any(support.unknown_mask[entity] for support in found):
            n_unknown += 1
            continue
        holds = tuple(bool(support.mask[entity]) for support in found)
        want[holds] = want.get(holds, 0) + 1
    assert dict(breakdown.combinations) == want
    assert breakdown.n_unknown == n_unknown
    sizes = [sum(holds) for holds, _ in breakdown.combinations]
    assert sizes == sorted(sizes, reverse=True)
    assert len(breakdown.combinations) <= 2 ** len(found)


@given(found=supports(), missing=st.sampled_from(MissingPolicy))
def test_pairs_and_policies(found: tuple[Support, ...], missing: MissingPolicy) -> None:
    breakdown = Breakdown.of(found, missing)
    n_queries = len(found)
    assert len(breakdown.pairs) == n_queries * (n_queries - 1) // 2
    for pair in breakdown.pairs:
        two = [found[pair.first], found[pair.second]]
        is_empty = not any(len(support) for support in two)
        assert pair.jaccard == (None if is_empty else jaccard(two, missing))
    assert breakdown.jaccards[missing] == breakdown.agreement.jaccard
    low, high = MissingPolicy.PESSIMISTIC, MissingPolicy.OPTIMISTIC
    assert breakdown.jaccards[low] <= breakdown.agreement.jaccard
    assert breakdown.jaccards[low] <= breakdown.jaccards[high]


@given(found=supports(complete=True))
def test_without_missing_values_everything_agrees(found: tuple[Support, ...]) -> None:
    breakdown = Breakdown.of(found)
    assert breakdown.n_unknown == 0
    assert len(set(breakdown.jaccards.values())) == 1
    counts = dict(breakdown.combinations)
    n_all = counts.get((True,) * len(found), 0)
    n_none = counts.get((False,) * len(found), 0)
    assert n_all == breakdown.agreement.support
    assert found[0].n_entities - n_none == breakdown.agreement.union
    if len(found) == 2:
        cells = contingency(*found)
        assert n_all == cells.both
        assert counts.get((True, False), 0) == cells.left_only


def test_other_entities_are_refused() -> None:
    with pytest.raises(EntityMismatchError, match="3 and 4 entities"):
        Breakdown.of((Support.everything(3), Support.everything(4)))
