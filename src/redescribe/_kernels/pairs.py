"""Intersections of all pairs of two lists of sets; sizes rule some pairs out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from redescribe._kernels._jit import kernel
from redescribe._kernels.bitset import popcount

if TYPE_CHECKING:
    from redescribe._typing import Int32s, Words

_BLOCK = 32


@kernel
def intersections(
    left: Words,
    left_sizes: Int32s,
    right: Words,
    right_sizes: Int32s,
    min_jaccard: float,
    out: Int32s,
) -> int:
    """|A_i ∩ B_j| into `out`, shape (n_left, n_right); return the number of pairs counted.

    A pair whose sizes alone keep its Jaccard below `min_jaccard` (min / max of the sizes)
    gets -1. Blocks keep both lists in the cache.
    """
    n_left, n_words = left.shape
    n_right = right.shape[0]
    n_counted = 0
    for block_start in range(0, n_right, _BLOCK):
        block_end = min(block_start + _BLOCK, n_right)
        for i in range(n_left):
            for j in range(block_start, block_end):
                smaller = min(left_sizes[i], right_sizes[j])
                larger = max(left_sizes[i], right_sizes[j])
                if smaller < min_jaccard * larger:
                    out[i, j] = -1
                    continue
                total = np.uint64(0)
                for k in range(n_words):
                    total += popcount(left[i, k] & right[j, k])
                out[i, j] = np.int32(total)
                n_counted += 1
    return n_counted
