"""Sums of all targets per bin of one attribute, over the entities of one node.

Eight 0/1 targets share a 64-bit word, one byte each, so that one addition counts eight; a
byte holds up to 255, so it is flushed to a wide row every 128 entities.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from redescribe._kernels._jit import kernel

if TYPE_CHECKING:
    from redescribe._typing import AnyArray, Int32s, Words

FLUSH_EVERY = 128
_FLUSH_MASK = FLUSH_EVERY - 1
_ONE = np.uint64(1)
_SIX, _LOW_SIX = np.uint64(6), np.uint64(63)


@kernel
def sum_by_bin(
    codes: AnyArray,
    order: AnyArray,
    start: int,
    end: int,
    target_words: Words,
    sum_words: Words,
    sum_bytes: AnyArray,
    wide: Int32s,
    counts: Int32s,
    present: Words,
    missing: int,
) -> int:
    """Sum the targets of the entities order[start:end] by bin; return how many are known.

    `target_words` has shape (n_entities, n_targets / 8); `sum_words`, of shape
    (n_bins, n_targets / 8), and `sum_bytes` (n_bins, n_targets) are the same memory. The
    sum of a bin is its bytes, plus its row of `wide` where its count exceeds `FLUSH_EVERY`.
    A bin is cleared at its first entity, so small nodes touch few bins. `counts` (n_bins,)
    and `present` (one bit per bin) must be zero. Indices are unsigned: signed ones cost a
    test for wrap-around.
    """
    n_target_words = target_words.shape[1]
    n_known = 0
    for i in range(start, end):
        entity = order[i]
        code = codes[entity]
        if code == missing:
            continue
        n_known += 1
        count = counts[code]
        counts[code] = count + 1
        if count & _FLUSH_MASK:
            for q in range(n_target_words):
                sum_words[code, q] += target_words[entity, q]
            continue
        if count == 0:
            wide_code = np.uint64(code)
            present[wide_code >> _SIX] |= _ONE << (wide_code & _LOW_SIX)
        elif count == FLUSH_EVERY:
            for t in range(sum_bytes.shape[1]):
                wide[code, t] = sum_bytes[code, t]
        else:
            for t in range(sum_bytes.shape[1]):
                wide[code, t] += sum_bytes[code, t]
        for q in range(n_target_words):
            sum_words[code, q] = target_words[entity, q]
    return n_known
