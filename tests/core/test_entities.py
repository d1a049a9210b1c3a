"""Entities and their division into a mining part and a hold-out."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redescribe.core.entities import EntityIndex, Split, SplitParams, split_entities
from redescribe.errors import EntityMismatchError, ParameterError

shares = st.sampled_from([0.1, 0.3, 0.5, 0.8])


def test_ids_are_unique() -> None:
    with pytest.raises(EntityMismatchError, match="Entity id 'b' occurs 2 times"):
        EntityIndex(("a", "b", "b"))


def test_groups_are_one_per_entity() -> None:
    with pytest.raises(EntityMismatchError, match="Got 1 groups for 2 entities"):
        EntityIndex(("a", "b"), ("g",))


def test_entities_are_taken_in_order() -> None:
    index = EntityIndex(("a", "b", "c"), ("g", "g", "h"))
    taken = index.take(np.array([2, 0]))
    assert taken == EntityIndex(("c", "a"), ("h", "g"))
    assert EntityIndex(("a", "b")).take(np.array([1])).groups == ()


def check_parts(split: Split, n: int) -> None:
    both = np.concatenate([split.mined, split.held_out])
    assert sorted(both.tolist()) == list(range(n))
    for part in (split.mined, split.held_out):
        assert (np.diff(part) > 0).all()


@given(n=st.integers(2, 200), share=shares, seed=st.integers(0, 100))
def test_parts_are_disjoint_ascending_and_of_the_right_size(
    n: int, share: float, seed: int
) -> None:
    entities, params = EntityIndex.numbered(n), SplitParams(hold_out=share, seed=seed)
    # Half an entity is enough to be one.
    if math.floor(n * share + 0.5) in (0, n):
        with pytest.raises(ParameterError, match="leaves one part"):
            split_entities(entities, params)
        return
    split = split_entities(entities, params)
    check_parts(split, n)
    assert abs(split.held_out.size - n * share) <= 0.5 + 1e-9
    again = split_entities(entities, params)
    assert (again.held_out == split.held_out).all()


@given(
    counts=st.lists(st.integers(5, 40), min_size=2, max_size=5),
    share=shares,
    seed=st.integers(0, 100),
)
def test_strata_share_both_parts(counts: list[int], share: float, seed: int) -> None:
    labels = np.repeat(np.arange(len(counts)), counts)
    n = labels.size
    split = split_entities(
        EntityIndex.numbered(n),
        SplitParams(hold_out=share, seed=seed),
        strata=[int(label) for label in labels],
    )
    check_parts(split, n)
    for label, count in enumerate(counts):
        held_out = int((labels[split.held_out] == label).sum())
        # What one stratum cannot give, the next one does.
        assert abs(held_out - count * share) <= 1
    assert abs(split.held_out.size - n * share) <= 1


@given(
    sizes=st.lists(st.integers(1, 5), min_size=6, max_size=30),
    share=st.sampled_from([0.3, 0.5]),
    seed=st.integers(0, 100),
)
def test_groups_stay_together(sizes: list[int], share: float, seed: int) -> None:
    groups = tuple(f"g{i}" for i, size in enumerate(sizes) for _ in range(size))
    ids = tuple(map(str, range(len(groups))))
    index = EntityIndex(ids, groups)
    split = split_entities(index, SplitParams(hold_out=share, seed=seed))
    check_parts(split, len(groups))
    mined = {groups[i] for i in split.mined}
    assert not mined & {groups[i] for i in split.held_out}
    assert abs(split.held_out.size - share * len(groups)) <= max(sizes)


def test_the_seed_decides() -> None:
    index = EntityIndex.numbered(100)
    splits = [split_entities(index, SplitParams(seed=seed)).held_out for seed in (0, 1)]
    assert splits[0].tolist() != splits[1].tolist()


def test_labels_of_any_kind_are_strata() -> None:
    labels = [None, "a", 1.5, ("x", 2)] * 10
    split = split_entities(EntityIndex.numbered(40), SplitParams(), strata=labels)
    assert split.held_out.size == 12


def test_without_hold_out_everything_is_mined() -> None:
    split = split_entities(EntityIndex.numbered(5), SplitParams(hold_out=0))
    assert split.mined.tolist() == [0, 1, 2, 3, 4]
    assert split.held_out.size == 0
    assert split.n_entities == 5


def test_one_entity_cannot_be_divided() -> None:
    with pytest.raises(ParameterError, match="leaves one part of the 1 entities"):
        split_entities(EntityIndex.numbered(1), SplitParams())
    groups = EntityIndex(("a", "b", "c"), ("g", "g", "g"))
    with pytest.raises(ParameterError, match=r"\(1 groups\) empty"):
        split_entities(groups, SplitParams())


@pytest.mark.parametrize("hold_out", [-0.1, 1, 1.5])
def test_shares_have_bounds(hold_out: float) -> None:
    with pytest.raises(ParameterError, match=r"in the range \[0, 1\)"):
        SplitParams(hold_out=hold_out)
