"""Histograms, tests, partitions, grown trees and their paths against recursion on lists."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.kernels import naive
from tests.kernels.cases import Table, padded, random_table, seeds

from redescribe._kernels import split
from redescribe._kernels.grow import grow
from redescribe._kernels.histogram import sum_by_bin
from redescribe._kernels.partition import partition
from redescribe._kernels.paths import path_literals

if TYPE_CHECKING:
    from tests.kernels.naive import Growing, Node

    from redescribe._typing import AnyArray, Int32s, Ints

# Around the flush of a byte (128), its overflow (256), and a word of entities (64).
NODE_SIZES = (1, 2, 3, 7, 20, 63, 64, 65, 128, 129, 256, 257, 300, 520)
node_sizes = st.sampled_from(NODE_SIZES)


def growing(
    seed: int,
    n_entities: int,
    *,
    missing_share: float = 0.0,
    wide: bool = False,
    max_bins: int = 5,
) -> tuple[Table, Growing, AnyArray, Ints]:
    """A table, the same for the twin, and the padded targets and weights."""
    rng = np.random.default_rng(seed)
    table = random_table(
        rng, n_entities, missing_share=missing_share, wide=wide, max_bins=max_bins
    )
    n_targets = int(rng.integers(1, 11))
    targets = (rng.random((n_entities, n_targets)) < rng.random(n_targets)).astype(np.uint8)
    weights = rng.integers(0, 50, n_targets)
    data = naive.Growing(
        table.rows,
        table.nominal.tolist(),
        range(table.n_bins.size),
        targets.tolist(),
        weights.tolist(),
        table.missing,
        int(rng.integers(1, 4)),
    )
    zeros = np.zeros(-n_targets % 8, np.int64)
    return table, data, padded(targets), np.concatenate([weights, zeros])


class WorkSpace:
    """The arrays that a caller of the histogram kernels provides."""

    def __init__(self, n_targets: int, missing: int) -> None:
        # Rubbish everywhere that the kernels promise to clear themselves.
        self.sum_bytes = np.full((missing, n_targets), 7, np.uint8)
        self.wide = np.full((missing, n_targets), 7, np.int32)
        self.counts = np.zeros(missing, np.int32)
        self.present = np.zeros((missing + 63) // 64, np.uint64)
        self.total, self.weighted = (
            np.empty(n_targets, np.int64),
            np.empty(n_targets, np.int64),
        )
        self.yes = np.empty(n_targets, np.int32)

    def fill(self, table: Table, attribute: int, order: AnyArray, targets: AnyArray) -> int:
        return sum_by_bin(
            table.codes[attribute],
            order,
            0,
            order.size,
            targets.view(np.uint64),
            self.sum_bytes.view(np.uint64),
            self.sum_bytes,
            self.wide,
            self.counts,
            self.present,
            table.missing,
        )

    def best(
        self, table: Table, attribute: int, n_known: int, min_leaf: int, weights: Ints
    ) -> tuple[float, int]:
        split.sum_present(self.sum_bytes, self.wide, self.counts, self.present, self.total)
        return split.best_test(
            self.sum_bytes,
            self.wide,
            self.counts,
            self.present,
            n_known,
            bool(table.nominal[attribute]),
            min_leaf,
            weights,
            self.total,
            self.weighted,
            self.yes,
        )


@given(
    seed=seeds,
    n_entities=node_sizes,
    missing_share=st.sampled_from([0.0, 0.3]),
    max_bins=st.sampled_from([1, 2, 5]),
)
@example(seed=0, n_entities=520, missing_share=0.0, max_bins=1)
@example(seed=1, n_entities=129, missing_share=0.0, max_bins=1)
def test_sums_by_bin_agree_with_naive(
    seed: int, n_entities: int, missing_share: float, max_bins: int
) -> None:
    table, data, targets, _ = growing(
        seed, n_entities, missing_share=missing_share, max_bins=max_bins
    )
    rng = np.random.default_rng(seed)
    chosen = rng.permutation(n_entities)[: rng.integers(n_entities + 1)].astype(np.uint32)
    space = WorkSpace(targets.shape[1], table.missing)
    n_known = space.fill(table, 0, chosen, targets)
    by_code: dict[int, list[int]] = {}
    for entity in chosen.tolist():
        by_code.setdefault(data.rows[entity][0], []).append(entity)
    by_code.pop(table.missing, None)
    assert n_known == sum(map(len, by_code.values()))
    assert {c: int(space.counts[c]) for c in np.flatnonzero(space.counts)} == {
        c: len(entities) for c, entities in by_code.items()
    }
    for code, entities in by_code.items():
        sums = space.sum_bytes[code].astype(np.int64)
        if len(entities) > 128:
            sums += space.wide[code]
        assert sums.tolist() == targets[entities].sum(axis=0).tolist()
    split.sum_present(space.sum_bytes, space.wide, space.counts, space.present, space.total)
    known = [e for entities in by_code.values() for e in entities]
    assert space.total.tolist() == targets[known].sum(axis=0).tolist()


@given(
    seed=seeds,
    n_entities=node_sizes,
    missing_share=st.sampled_from([0.0, 0.3]),
    wide=st.booleans(),
)
def test_best_test_agrees_with_naive(
    *, seed: int, n_entities: int, missing_share: float, wide: bool
) -> None:
    table, data, targets, weights = growing(
        seed, n_entities, missing_share=missing_share, wide=wide
    )
    order = np.arange(n_entities, dtype=np.uint32)
    space = WorkSpace(targets.shape[1], table.missing)
    for attribute in data.attributes:
        n_known = space.fill(table, attribute, order, targets)
        found = space.best(table, attribute, n_known, data.min_leaf, weights)
        assert found == naive.best_test(data, range(n_entities), attribute)
        assert not space.counts.any()
        assert not space.present.any()


@given(seed=seeds, n_entities=st.sampled_from([5, 30, 65]))
def test_gain_is_the_reduction_of_squared_deviations(seed: int, n_entities: int) -> None:
    table, data, targets, weights = growing(seed, n_entities, missing_share=0.2)
    order = np.arange(n_entities, dtype=np.uint32)
    space = WorkSpace(targets.shape[1], table.missing)
    n_known = space.fill(table, 0, order, targets)
    gain, code = space.best(table, 0, n_known, data.min_leaf, weights)
    if code >= 0:
        yes, no, _ = naive.divide(data, range(n_entities), (0, code))
        before = naive.deviations(data, yes + no)
        after = naive.deviations(data, yes) + naive.deviations(data, no)
        assert gain == pytest.approx(before - after, rel=1e-9, abs=1e-9)


def test_of_equal_gains_the_highest_value_wins() -> None:
    # Codes 0, 1, 2, 3: both outer tests separate one 1 from the rest equally well.
    codes = np.repeat(np.arange(4, dtype=np.uint8), 2)[None, :]
    targets = padded(np.array([1, 1, 0, 0, 0, 0, 1, 1], np.uint8)[:, None])
    table = Table(codes, np.array([4]), np.array([False]))
    space = WorkSpace(8, 255)
    n_known = space.fill(table, 0, np.arange(8, dtype=np.uint32), targets)
    weights = np.array([1, 0, 0, 0, 0, 0, 0, 0])
    assert space.best(table, 0, n_known, 1, weights)[1] == 2


@given(seed=seeds, n_entities=node_sizes, missing_share=st.sampled_from([0.0, 0.3]))
def test_partition_agrees_with_naive(
    seed: int, n_entities: int, missing_share: float
) -> None:
    table, data, _, _ = growing(seed, n_entities, missing_share=missing_share)
    rng = np.random.default_rng(seed)
    order = rng.permutation(n_entities).astype(np.uint32)
    before = order.tolist()
    start, end = np.sort(rng.integers(0, n_entities + 1, 2)).tolist()
    tested = int(rng.integers(table.n_bins[0]))
    buffer = np.empty(2 * (end - start), np.uint32)
    nominal = bool(table.nominal[0])
    yes_end, no_end = partition(
        table.codes[0], order, start, end, tested, nominal, table.missing, buffer
    )
    parts = naive.divide(data, before[start:end], (0, tested))
    assert order.tolist() == [
        *before[:start],
        *parts[0],
        *parts[1],
        *parts[2],
        *before[end:],
    ]
    assert (yes_end - start, no_end - yes_end) == (len(parts[0]), len(parts[1]))


def as_node(nodes: Int32s, order: AnyArray, number: int = 0) -> Node:
    attribute, code, yes, no, _, start, end = nodes[number].tolist()
    members = frozenset(order[start:end].tolist())
    if attribute < 0:
        return naive.Node(members)
    children = (as_node(nodes, order, yes), as_node(nodes, order, no))
    return naive.Node(members, (attribute, code), children)


def grown(
    table: Table, data: Growing, targets: AnyArray, weights: Ints, max_depth: int
) -> tuple[Int32s, AnyArray]:
    order = np.arange(table.n_entities, dtype=np.uint32)
    nodes = np.full((2 * max(1, order.size), 7), -9, np.int32)
    n_nodes = grow(
        table.codes,
        table.nominal,
        np.array(data.attributes, np.int64),
        targets,
        weights,
        order,
        max_depth,
        data.min_leaf,
        nodes,
    )
    return nodes[:n_nodes], order


@given(
    seed=seeds,
    n_entities=node_sizes,
    max_depth=st.sampled_from([1, 2, 4, 20]),
    missing_share=st.sampled_from([0.0, 0.2]),
    wide=st.booleans(),
    subset=st.sampled_from([(0, 1, 2), (1,), (0, 2)]),
)
def test_grown_trees_agree_with_naive(
    *,
    seed: int,
    n_entities: int,
    max_depth: int,
    missing_share: float,
    wide: bool,
    subset: tuple[int, ...],
) -> None:
    table, data, targets, weights = growing(
        seed, n_entities, missing_share=missing_share, wide=wide
    )
    data = replace(data, attributes=subset)
    nodes, order = grown(table, data, targets, weights, max_depth)
    assert as_node(nodes, order) == naive.grow(data, range(n_entities), max_depth)
    assert sorted(order.tolist()) == list(range(n_entities))
    parents = np.flatnonzero(nodes[:, 0] >= 0)
    assert (nodes[parents, 2] > parents).all()
    assert nodes[:, 4].max() <= max_depth


def test_255_codes_and_a_bin_of_its_own_for_missing() -> None:
    n = 510
    codes = (np.arange(n) % 255).astype(np.uint8)[None, :]
    codes[0, 0] = 255
    targets = padded((codes[0] > 200).astype(np.uint8)[:, None])
    table = Table(codes, np.array([255]), np.array([False]))
    data = naive.Growing(table.rows, [False], [0], targets.tolist(), [1] * 8, 255, 2)
    weights = np.array([1, 0, 0, 0, 0, 0, 0, 0])
    nodes, order = grown(table, data, targets, weights, 8)
    assert nodes[0, :2].tolist() == [0, 200]
    assert 0 not in order[nodes[1, 5] : nodes[2, 6]]


@given(seed=seeds, n_entities=st.sampled_from([20, 65, 130]))
def test_paths_agree_with_naive(seed: int, n_entities: int) -> None:
    table, data, targets, weights = growing(seed, n_entities, missing_share=0.1)
    nodes, _ = grown(table, data, targets, weights, 20)
    depth = max(1, int(nodes[:, 4].max()))
    literals = np.empty((len(nodes), depth, 4), np.int32)
    lengths = np.zeros(len(nodes), np.int32)
    path_literals(nodes, table.nominal, table.n_bins, literals, lengths)
    paths: dict[int, list[tuple[naive.Test, bool]]] = {0: []}
    for number, (attribute, code, *children) in enumerate(nodes[:, :4].tolist()):
        if attribute >= 0:
            for child, yes in zip(children, (True, False), strict=True):
                paths[child] = [*paths[number], ((attribute, code), yes)]
    nominal, n_bins = table.nominal.tolist(), table.n_bins.tolist()
    for number, path in paths.items():
        rows = [tuple(row) for row in literals[number, : lengths[number]].tolist()]
        assert len(set(rows)) == len(rows)
        assert set(rows) == naive.path_literals(path, nominal, n_bins)
