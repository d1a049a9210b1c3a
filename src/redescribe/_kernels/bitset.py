"""Set sizes and four-cell counts on packed words.

Bit e % 64 of word e // 64 stands for entity e; padding bits are zero.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from redescribe._kernels._jit import kernel

if TYPE_CHECKING:
    from redescribe._typing import Int32s, Words

_PAIRS = np.uint64(0x5555555555555555)
_NIBBLE_HALVES = np.uint64(0x3333333333333333)
_NIBBLES = np.uint64(0x0F0F0F0F0F0F0F0F)
_BYTES = np.uint64(0x0101010101010101)
_ONE, _TWO, _FOUR, _LAST_BYTE = np.uint64(1), np.uint64(2), np.uint64(4), np.uint64(56)


@kernel
def popcount(word: np.uint64) -> np.uint64:
    """Number of set bits. LLVM turns this form into the processor's own instruction."""
    word = word - ((word >> _ONE) & _PAIRS)
    word = (word & _NIBBLE_HALVES) + ((word >> _TWO) & _NIBBLE_HALVES)
    word = (word + (word >> _FOUR)) & _NIBBLES
    return (word * _BYTES) >> _LAST_BYTE


@kernel
def lowest_bit(word: np.uint64) -> np.uint64:
    """The number of the lowest set bit of a word that is not zero."""
    return popcount((word & (~word + _ONE)) - _ONE)


@kernel
def set_size(words: Words) -> int:
    """|A|."""
    total = np.uint64(0)
    for i in range(words.size):
        total += popcount(words[i])
    return int(np.int64(total))


@kernel
def intersection_size(a: Words, b: Words) -> int:
    """|A ∩ B|. `a` and `b` have the same length."""
    total = np.uint64(0)
    for i in range(a.size):
        total += popcount(a[i] & b[i])
    return int(np.int64(total))


@kernel
def union_size(a: Words, b: Words) -> int:
    """|A ∪ B|. `a` and `b` have the same length."""
    total = np.uint64(0)
    for i in range(a.size):
        total += popcount(a[i] | b[i])
    return int(np.int64(total))


@kernel
def set_sizes(sets: Words, out: Int32s) -> None:
    """|A_i| of each row of `sets`, shape (n_sets, n_words), into `out`."""
    for i in range(sets.shape[0]):
        out[i] = set_size(sets[i])


@kernel
def is_subset(a: Words, b: Words) -> bool:
    """Whether A ⊆ B; stops at the first word that says no."""
    for i in range(a.size):  # noqa: SIM110 - numba compiles no generator expressions
        if a[i] & ~b[i]:
            return False
    return True
