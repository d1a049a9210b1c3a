"""Kernels on packed sets against Python sets and one entity at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.kernels import naive
from tests.kernels.cases import (
    Table,
    members,
    random_sets,
    seeds,
    sizes,
    stacked,
    tables,
    words,
)

from redescribe._kernels import bitset, kleene
from redescribe._kernels.apply import literal_words, members_to_words
from redescribe._kernels.pairs import intersections
from redescribe.core.support import n_words

if TYPE_CHECKING:
    from redescribe._typing import Words

truths = st.sampled_from([True, False, None])


@st.composite
def pairs_of_sets(draw: st.DrawFn) -> tuple[set[int], set[int], int]:
    n_entities = draw(sizes)
    a, b = random_sets(np.random.default_rng(draw(seeds)), 2, n_entities)
    if draw(st.booleans()):
        a &= b
    return a, b, n_entities


@st.composite
def pairs_of_truths(
    draw: st.DrawFn,
) -> tuple[list[naive.Truth], list[naive.Truth]]:
    n_entities = draw(sizes)
    both = st.lists(truths, min_size=n_entities, max_size=n_entities)
    return draw(both), draw(both)


def as_words(values: list[naive.Truth]) -> tuple[Words, Words]:
    n = len(values)
    satisfied = [e for e, value in enumerate(values) if value]
    unknown = [e for e, value in enumerate(values) if value is None]
    return words(satisfied, n), words(unknown, n)


def as_truths(satisfied: Words, unknown: Words, n_entities: int) -> list[naive.Truth]:
    true, open_ = members(satisfied, n_entities), members(unknown, n_entities)
    assert not true & open_
    return [True if e in true else None if e in open_ else False for e in range(n_entities)]


@given(word=st.integers(0, 2**64 - 1))
@example(word=0)
@example(word=2**64 - 1)
def test_popcount_counts_the_bits(word: int) -> None:
    assert int(bitset.popcount(np.uint64(word))) == word.bit_count()


@pytest.mark.parametrize("name", ["intersection_size", "union_size", "is_subset"])
@given(pair=pairs_of_sets())
def test_pairs_of_sets_agree_with_naive(
    name: str, pair: tuple[set[int], set[int], int]
) -> None:
    a, b, n_entities = pair
    got = getattr(bitset, name)(words(a, n_entities), words(b, n_entities))
    assert got == getattr(naive, name)(a, b)


@given(seed=seeds, n_entities=sizes, n_sets=st.integers(0, 5))
def test_set_sizes_agree_with_naive(seed: int, n_entities: int, n_sets: int) -> None:
    sets = random_sets(np.random.default_rng(seed), n_sets, n_entities)
    packed = stacked(sets, n_entities)
    out = np.full(n_sets, -1, np.int32)
    bitset.set_sizes(packed, out)
    assert out.tolist() == [naive.set_size(s) for s in sets]
    assert [bitset.set_size(row) for row in packed] == out.tolist()


@pytest.mark.parametrize(
    ("kernel", "twin"),
    [(kleene.and_into, naive.all_true), (kleene.or_into, naive.any_true)],
)
@given(pair=pairs_of_truths())
def test_and_or_follow_kleene(
    kernel: object, twin: object, pair: tuple[list[naive.Truth], list[naive.Truth]]
) -> None:
    assert callable(kernel)
    assert callable(twin)
    left, right = pair
    satisfied, unknown = as_words(left)
    kernel(satisfied, unknown, *as_words(right))
    want = [twin(both) for both in zip(left, right, strict=True)]
    assert as_truths(satisfied, unknown, len(left)) == want


@given(pair=pairs_of_truths())
def test_not_follows_kleene_and_keeps_the_padding_zero(
    pair: tuple[list[naive.Truth], list[naive.Truth]],
) -> None:
    values = pair[0]
    satisfied, unknown = as_words(values)
    kleene.not_into(satisfied, unknown, len(values))
    assert as_truths(satisfied, unknown, len(values)) == list(map(naive.not_true, values))


@given(n_entities=sizes)
def test_clear_padding_leaves_the_entities(n_entities: int) -> None:
    full = np.full(n_words(n_entities), np.iinfo(np.uint64).max, np.uint64)
    kleene.clear_padding(full, n_entities)
    assert members(full, n_entities) == set(range(n_entities))


def test_clear_padding_of_nothing() -> None:
    nothing = np.empty(0, np.uint64)
    kleene.clear_padding(nothing, 0)
    assert bitset.set_size(nothing) == 0


@given(
    seed=seeds,
    n_entities=sizes,
    shape=st.tuples(st.integers(1, 4), st.integers(1, 70)),
    min_jaccard=st.sampled_from([0.0, 0.3, 0.5, 1.0]),
)
def test_intersections_agree_with_naive(
    seed: int, n_entities: int, shape: tuple[int, int], min_jaccard: float
) -> None:
    rng = np.random.default_rng(seed)
    left, right = (random_sets(rng, n, n_entities) for n in shape)
    packed = [stacked(sets, n_entities) for sets in (left, right)]
    counts = [np.array([len(s) for s in sets], np.int32) for sets in (left, right)]
    out = np.full(shape, -2, np.int32)
    n_counted = intersections(packed[0], counts[0], packed[1], counts[1], min_jaccard, out)
    assert n_counted == np.count_nonzero(out >= 0)
    for i, a in enumerate(left):
        for j, b in enumerate(right):
            if out[i, j] == -1:
                assert min(len(a), len(b)) < min_jaccard * max(len(a), len(b))
                assert naive.jaccard(a, b) < min_jaccard
            else:
                assert out[i, j] == len(a & b)


def test_pairs_that_sizes_rule_out_are_skipped() -> None:
    left, right = [set(range(4))], [set(range(8)), set(range(9)), set()]
    out = np.empty((1, 3), np.int32)
    sizes_left, sizes_right = np.array([4], np.int32), np.array([8, 9, 0], np.int32)
    n_counted = intersections(
        stacked(left, 10), sizes_left, stacked(right, 10), sizes_right, 0.5, out
    )
    assert (out.tolist(), n_counted) == ([[4, -1, -1]], 1)


@given(seed=seeds, n_entities=sizes)
def test_members_of_ranges_become_words(seed: int, n_entities: int) -> None:
    rng = np.random.default_rng(seed)
    order = rng.permutation(n_entities).astype(np.uint32)
    nodes = np.zeros((4, 7), np.int32)
    nodes[:, 5:] = np.sort(rng.integers(0, n_entities + 1, (4, 2)), axis=1)
    packed = np.zeros((4, n_words(n_entities)), np.uint64)
    members_to_words(order, nodes, packed)
    for row, (start, end) in zip(packed, nodes[:, 5:].tolist(), strict=True):
        assert members(row, n_entities) == set(order[start:end].tolist())


@given(table=tables(), seed=seeds)
def test_literals_become_words(table: Table, seed: int) -> None:
    rng = np.random.default_rng(seed)
    first, last = np.sort(rng.integers(0, table.n_bins[0], 2)).tolist()
    n = table.n_entities
    for inside in (True, False):
        satisfied = np.zeros(n_words(n), np.uint64)
        unknown = np.zeros_like(satisfied)
        literal_words(
            table.codes[0],
            first,
            last,
            inside,
            table.missing,
            satisfied,
            unknown,
        )
        literal = (0, first, last, int(inside))
        assert as_truths(satisfied, unknown, n) == [
            naive.literal_truth(row[0], literal, table.missing) for row in table.rows
        ]
