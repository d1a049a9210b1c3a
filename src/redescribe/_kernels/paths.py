"""The tests on the path to each node of a tree, as literals on codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redescribe._kernels._jit import kernel

if TYPE_CHECKING:
    from redescribe._typing import Int32s, Ints, Mask


@kernel
def path_literals(
    nodes: Int32s, nominal: Mask, n_bins: Ints, literals: Int32s, lengths: Int32s
) -> None:
    """Write the literals of each node; tests of one numeric attribute become one interval.

    `literals` has shape (n_nodes, max_depth, 4): attribute, first code, last code, inside
    (1 or 0); `lengths` (n_nodes,) tells how many there are. Children stand after their
    parents in `nodes`. A positive test of a nominal attribute replaces its negative ones.
    """
    lengths[0] = 0
    for node in range(nodes.shape[0]):
        attribute, code = nodes[node, 0], nodes[node, 1]
        if attribute < 0:
            continue
        for branch in range(2):
            child = nodes[node, 2 + branch]
            n = lengths[node]
            for i in range(n):
                literals[child, i, :] = literals[node, i, :]
            if nominal[attribute]:
                lengths[child] = _add_category(
                    literals[child], n, attribute, code, inside=branch == 0
                )
            else:
                first = code + 1 if branch == 0 else 0
                last = n_bins[attribute] - 1 if branch == 0 else code
                lengths[child] = _narrow(literals[child], n, attribute, first, last)


@kernel
def _narrow(literals: Int32s, n: int, attribute: int, first: int, last: int) -> int:
    for i in range(n):
        if literals[i, 0] == attribute:
            literals[i, 1] = max(literals[i, 1], first)
            literals[i, 2] = min(literals[i, 2], last)
            return n
    literals[n, 0] = attribute
    literals[n, 1] = first
    literals[n, 2] = last
    literals[n, 3] = 1
    return n + 1


@kernel
def _add_category(literals: Int32s, n: int, attribute: int, code: int, inside: bool) -> int:
    kept = 0
    for i in range(n):
        if inside and literals[i, 0] == attribute:
            continue
        literals[kept, :] = literals[i, :]
        kept += 1
    literals[kept, 0] = attribute
    literals[kept, 1] = code
    literals[kept, 2] = code
    literals[kept, 3] = 1 if inside else 0
    return kept + 1
