"""Node membership and literals -> packed words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from redescribe._kernels._jit import kernel

if TYPE_CHECKING:
    from redescribe._typing import AnyArray, Int32s, Words

_ONE = np.uint64(1)
_SIX, _LOW_SIX = np.uint64(6), np.uint64(63)


@kernel
def members_to_words(order: AnyArray, nodes: Int32s, words: Words) -> None:
    """Set the bits of the entities order[start:end] of each node.

    `nodes` has shape (n_nodes, 7) as `grow` writes it; `words` (n_nodes, n_words) is zero.
    """
    for node in range(nodes.shape[0]):
        for i in range(nodes[node, 5], nodes[node, 6]):
            entity = np.uint64(order[i])
            words[node, entity >> _SIX] |= _ONE << (entity & _LOW_SIX)


@kernel
def literal_words(
    codes: AnyArray,
    first: int,
    last: int,
    inside: bool,
    missing: int,
    satisfied: Words,
    unknown: Words,
) -> None:
    """Entities whose code is (not) in first … last; those with a missing code are unknown.

    `codes` has shape (n_entities,); both outputs must be zero.
    """
    for entity in range(codes.size):
        code = np.int64(codes[entity])
        bit = _ONE << np.uint64(entity & 63)
        if code == missing:
            unknown[entity >> 6] |= bit
        elif (first <= code <= last) == inside:
            satisfied[entity >> 6] |= bit
