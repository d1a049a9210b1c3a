"""The best test on one attribute, from its sums by bin.

The gain of a test is the weighted reduction of the sums of squared deviations
(specification, section 4). Weights and sums are integers, so it is exact up to the last
three divisions and does not depend on the order of the entities.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from redescribe._kernels._jit import kernel
from redescribe._kernels.bitset import lowest_bit
from redescribe._kernels.histogram import FLUSH_EVERY

if TYPE_CHECKING:
    from redescribe._typing import AnyArray, Int32s, Ints, Words

_ONE = np.uint64(1)
_WORD = 64
# Below this share of the node's own sum of squares a gain is rounding of three divisions.
_ROUNDING = 1e-12


@kernel
def best_test(
    sum_bytes: AnyArray,
    wide: Int32s,
    counts: Int32s,
    present: Words,
    n_known: int,
    nominal: bool,
    min_leaf: int,
    weights: Ints,
    total: Ints,
    weighted_total: Ints,
    yes: Int32s,
) -> tuple[float, int]:
    """Return (gain, code) of the best test; (0, -1) if no test is allowed.

    Numeric: "code > c", tried from high to low; nominal: "code == c". The first strict
    maximum wins. `total` holds the sums of the known entities; `weighted_total` and `yes`
    (int32) are work space, all of shape (n_targets,). `counts` and `present` are cleared.
    """
    squares_total = np.int64(0)
    for t in range(weights.size):
        weighted_total[t] = weights[t] * total[t]
        squares_total += weighted_total[t] * total[t]
        yes[t] = 0
    parent = squares_total / n_known if n_known else 0.0
    best_gain, best_code = _ROUNDING * parent, -1
    n_yes = 0
    squares_yes, cross = np.int64(0), np.int64(0)
    for word in range(present.size - 1, -1, -1):
        bits = present[word]
        present[word] = 0
        last = np.uint64(_WORD * word + _WORD - 1)
        while bits:
            code = last - lowest_bit(bits)
            bits &= bits - _ONE
            n_code = counts[code]
            counts[code] = 0
            if not nominal:
                # `yes` holds the codes above this one: the test "code > this".
                gain = _gain(
                    squares_total, squares_yes, cross, n_known, n_yes, min_leaf, parent
                )
                if gain > best_gain:
                    best_gain, best_code = gain, int(np.int64(code))
            elif n_yes:
                n_yes = 0
                yes[:] = 0
            n_yes += n_code
            if n_code > FLUSH_EVERY:
                for t in range(yes.size):
                    yes[t] += wide[code, t]
            # Two loops, written out here: so the compiler makes vectors of both.
            for t in range(yes.size):
                yes[t] += sum_bytes[code, t]
            squares_yes, cross = np.int64(0), np.int64(0)
            for t in range(yes.size):
                squares_yes += weights[t] * (np.int64(yes[t]) * np.int64(yes[t]))
                cross += weighted_total[t] * yes[t]
            if nominal:
                gain = _gain(
                    squares_total, squares_yes, cross, n_known, n_yes, min_leaf, parent
                )
                if gain > best_gain:
                    best_gain, best_code = gain, int(np.int64(code))
    if best_code < 0:
        return 0.0, -1
    return best_gain, best_code


@kernel
def sum_present(
    sum_bytes: AnyArray, wide: Int32s, counts: Int32s, present: Words, total: Ints
) -> None:
    """Sum the targets over all bins that are present, into `total`."""
    total[:] = 0
    for word in range(present.size):
        bits = present[word]
        last = np.uint64(_WORD * word + _WORD - 1)
        while bits:
            code = last - lowest_bit(bits)
            bits &= bits - _ONE
            for t in range(total.size):
                total[t] += sum_bytes[code, t]
            if counts[code] > FLUSH_EVERY:
                for t in range(total.size):
                    total[t] += wide[code, t]


@kernel
def _gain(
    squares_total: np.int64,
    squares_yes: np.int64,
    cross: np.int64,
    n_known: int,
    n_yes: int,
    min_leaf: int,
    parent: float,
) -> float:
    """Σ w yes² / n_yes + Σ w no² / n_no - Σ w total² / n; 0 if a child is too small."""
    n_no = n_known - n_yes
    if n_yes < min_leaf or n_no < min_leaf:
        return 0.0
    squares_no = squares_total - 2 * cross + squares_yes
    return squares_yes / n_yes + squares_no / n_no - parent
