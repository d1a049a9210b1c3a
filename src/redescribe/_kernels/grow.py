"""Grows one multi-target predictive clustering tree on bin codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from redescribe._kernels._jit import kernel
from redescribe._kernels.histogram import has_several_bins, sum_by_bin
from redescribe._kernels.partition import partition
from redescribe._kernels.split import best_test, sum_present

if TYPE_CHECKING:
    from redescribe._typing import AnyArray, Int32s, Ints, Mask


@kernel
def grow(
    codes: AnyArray,
    nominal: Mask,
    attributes: Ints,
    targets: AnyArray,
    weights: Ints,
    order: AnyArray,
    max_depth: int,
    min_leaf: int,
    nodes: Int32s,
) -> int:
    """Grow a tree depth first, yes branch first; return the number of nodes.

    Parameters
    ----------
    codes
        (n_attributes, n_entities) of uint8 or uint16; the largest value means missing.
    nominal
        (n_attributes,): which attributes are compared for equality.
    attributes
        Attributes that may be tested, ascending.
    targets
        (n_entities, n_targets) of uint8, 0/1; the number of columns is a multiple of 8,
        padded with zeros.
    weights
        (n_targets,) of int64, 0 for padding; Σ w n² must stay below 2^62.
    order
        uint32, entities to grow on; reordered so that each node owns one range.
    max_depth, min_leaf
        Tests per rule at most; entities per child at least.
    nodes
        Out, shape (capacity, 7): attribute (leaf = -1), tested code, yes child, no child,
        depth, start and end of its range in `order`. Capacity 2 * order.size is enough,
        and so is 2^(max_depth + 1).
    """
    missing = 255 if codes.itemsize == 1 else 65535
    n_targets = targets.shape[1]
    target_words = targets.view(np.uint64)
    sum_bytes = np.empty((missing, n_targets), np.uint8)
    sum_words = sum_bytes.view(np.uint64)
    wide = np.empty((missing, n_targets), np.int32)
    counts = np.zeros(missing, np.int32)
    present = np.zeros((missing + 63) // 64, np.uint64)
    node_total, total = np.empty(n_targets, np.int64), np.empty(n_targets, np.int64)
    weighted_total, yes = np.empty(n_targets, np.int64), np.empty(n_targets, np.int32)
    buffer = np.empty(2 * order.size, np.uint32)
    stack = np.empty(max_depth + 2, np.int64)
    # Row d: the attributes that vary in the node of depth d on the way to the open one.
    # Depth first: the children of a node are closed before its row is written again.
    varying = np.empty((max_depth + 1, attributes.size), np.int64)
    n_varying = np.empty(max_depth + 1, np.int64)
    varying[0] = attributes
    n_varying[0] = attributes.size
    nodes[0, 0:4] = -1
    nodes[0, 4] = 0
    nodes[0, 5] = 0
    nodes[0, 6] = order.size
    n_nodes = 1
    stack[0] = 0
    n_open = 1
    while n_open:
        n_open -= 1
        node = stack[n_open]
        depth, start, end = nodes[node, 4], nodes[node, 5], nodes[node, 6]
        if depth >= max_depth or end - start < 2 * min_leaf:
            continue
        if _sum_targets(targets, order, start, end, node_total):
            continue
        best_gain, best_attribute, best_code = 0.0, -1, -1
        n_left = 0
        for attribute in varying[depth, : n_varying[depth]]:
            n_known = sum_by_bin(
                codes[attribute],
                order,
                start,
                end,
                target_words,
                sum_words,
                sum_bytes,
                wide,
                counts,
                present,
                missing,
            )
            if not has_several_bins(counts, present):
                continue
            varying[depth + 1, n_left] = attribute
            n_left += 1
            if n_known == end - start:
                total[:] = node_total
            else:
                sum_present(sum_bytes, wide, counts, present, total)
            gain, code = best_test(
                sum_bytes,
                wide,
                counts,
                present,
                n_known,
                nominal[attribute],
                min_leaf,
                weights,
                total,
                weighted_total,
                yes,
            )
            if gain > best_gain:
                best_gain, best_attribute, best_code = gain, attribute, code
        n_varying[depth + 1] = n_left
        if best_attribute < 0:
            continue
        yes_end, no_end = partition(
            codes[best_attribute],
            order,
            start,
            end,
            best_code,
            nominal[best_attribute],
            missing,
            buffer,
        )
        nodes[node, 0] = best_attribute
        nodes[node, 1] = best_code
        nodes[node, 2] = n_nodes
        nodes[node, 3] = n_nodes + 1
        for child in range(2):
            nodes[n_nodes, 0:4] = -1
            nodes[n_nodes, 4] = depth + 1
            nodes[n_nodes, 5] = start if child == 0 else yes_end
            nodes[n_nodes, 6] = yes_end if child == 0 else no_end
            n_nodes += 1
        stack[n_open] = n_nodes - 1
        stack[n_open + 1] = n_nodes - 2
        n_open += 2
    return n_nodes


@kernel
def _sum_targets(
    targets: AnyArray, order: AnyArray, start: int, end: int, total: Ints
) -> bool:
    """Sum the targets of a range; return whether all its entities have the same targets."""
    total[:] = 0
    for i in range(start, end):
        entity = order[i]
        for t in range(total.size):
            total[t] += targets[entity, t]
    size = end - start
    for t in range(total.size):  # noqa: SIM110 - numba compiles no generator expressions
        if total[t] != 0 and total[t] != size:
            return False
    return True
