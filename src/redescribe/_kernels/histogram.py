"""Sums of all targets per bin of one attribute, over the entities of one node.

Eight 0/1 targets share a 64-bit word, one byte each, so that one addition counts eight; a
byte holds up to 255, so it is flushed to a wide row every 128 entities.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from redescribe._kernels._jit import kernel
from redescribe._kernels.bitset import lowest_bit, popcount

if TYPE_CHECKING:
    from redescribe._typing import AnyArray, Int32s, Words

FLUSH_EVERY = 128
_FLUSH_MASK = FLUSH_EVERY - 1
_ONE = np.uint64(1)
_SIX, _LAST_BIT = np.uint64(6), np.uint64(63)
_WORD = 64


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

    `target_words` has shape (n_entities, n_targets / 8); `sum_words` (n_bins,
    n_targets / 8) and `sum_bytes` (n_bins, n_targets) are the same memory. The sum of a bin
    is its bytes, plus its row of `wide` where its count exceeds `FLUSH_EVERY`. `counts`
    (n_bins,) and `present` must be zero; bit 63 - c % 64 of word c // 64 of `present`
    stands for bin c, so that the highest code has the lowest bit. Indices are unsigned:
    signed ones cost a test for wrap-around.
    """
    n_target_words = target_words.shape[1]
    few = end - start < counts.size
    if not few:
        sum_words[:] = 0
    n_known = end - start
    for i in range(start, end):
        entity = order[i]
        code = codes[entity]
        if code == missing:
            n_known -= 1
            continue
        count = counts[code] + np.int32(1)
        counts[code] = count
        if few and count == 1:
            # A bin is cleared and marked at its first entity: small nodes touch few bins.
            position = np.uint64(code)
            present[position >> _SIX] |= _ONE << (_LAST_BIT - (position & _LAST_BIT))
            for q in range(n_target_words):
                sum_words[code, q] = target_words[entity, q]
        elif n_target_words == 1:
            sum_words[code, 0] += target_words[entity, 0]
        else:
            for q in range(n_target_words):
                sum_words[code, q] += target_words[entity, q]
        if count & _FLUSH_MASK == _FLUSH_MASK:
            _flush(code, count, sum_bytes, wide)
    if not few:
        _mark_counted(counts, present)
    return n_known


@kernel
def has_several_bins(counts: Int32s, present: Words) -> bool:
    """Whether two bins are present; if not, clear `counts` and `present`."""
    n_present, filled = np.uint64(0), 0
    for word in range(present.size):
        if present[word]:
            n_present += popcount(present[word])
            filled = word
    if n_present > _ONE:
        return True
    if n_present:
        counts[np.uint64(_WORD * filled) + _LAST_BIT - lowest_bit(present[filled])] = 0
        present[filled] = 0
    return False


@kernel
def _flush(code: int, count: int, sum_bytes: AnyArray, wide: Int32s) -> None:
    """Clear the wide row of a bin at its 127th entity; later move its bytes there."""
    if count < FLUSH_EVERY:
        for t in range(sum_bytes.shape[1]):
            wide[code, t] = 0
        return
    for t in range(sum_bytes.shape[1]):
        wide[code, t] += sum_bytes[code, t]
        sum_bytes[code, t] = 0


@kernel
def _mark_counted(counts: Int32s, present: Words) -> None:
    """Set the bits of the bins with a count."""
    for word in range(present.size):
        bits = np.uint64(0)
        for code in range(_WORD * word, _WORD * (word + 1)):
            bits <<= _ONE
            if code < counts.size and counts[code]:
                bits |= _ONE
        present[word] = bits
