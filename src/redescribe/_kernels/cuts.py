"""One-sided cuts of a column of codes as packed sets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from redescribe._kernels._jit import kernel

if TYPE_CHECKING:
    from redescribe._typing import AnyArray, Int32s, Words

_WORD, _BIT, _ONE = np.uint64(6), np.uint64(63), np.uint64(1)


@kernel
def cut_words(codes: AnyArray, missing: int, cuts: Int32s, out: Words) -> None:
    """Entities of each literal "code <= c", the widest first, then of each "code > c".

    Parameters
    ----------
    codes
        (n_entities,): `missing` marks values that satisfy no literal.
    cuts
        (n_cuts,): the codes c, ascending.
    out
        In zeros, out, (2 n_cuts, n_words).
    """
    n_cuts = cuts.size
    for entity in range(codes.size):
        code = np.int64(codes[entity])
        if code == missing:
            continue
        # The number of cuts below the code.
        low, high = 0, n_cuts
        while low < high:
            middle = (low + high) // 2
            if cuts[middle] < code:
                low = middle + 1
            else:
                high = middle
        word = np.int64(np.uint64(entity) >> _WORD)
        bit = _ONE << (np.uint64(entity) & _BIT)
        # Into the narrowest set of each direction; the wider ones follow.
        if low < n_cuts:
            out[n_cuts - 1 - low, word] |= bit
        if low > 0:
            out[n_cuts + low - 1, word] |= bit
    for i in range(n_cuts - 1, 0, -1):
        for k in range(out.shape[1]):
            out[i - 1, k] |= out[i, k]
            out[n_cuts + i - 1, k] |= out[n_cuts + i, k]
