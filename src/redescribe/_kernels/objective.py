"""What a pair of queries is worth: Jaccard, chance-corrected Jaccard, or -log p.

For a fixed query of the target, all three rise with the shared entities and fall with the
others that the partner's query lets pass (docs/explanation/exact.md has the proofs).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from redescribe._kernels._jit import kernel
from redescribe._kernels.tails import log_hypergeometric_tail

if TYPE_CHECKING:
    from redescribe._typing import Floats

JACCARD, ADJUSTED_JACCARD, LOG_P = 0, 1, 2
"""How kernels call the objectives."""


@kernel
def pair_value(
    objective: int, support: int, size: int, own_size: int, n: int, log_factorials: Floats
) -> float:
    """The value of two queries of `own_size` and `size` of n entities sharing `support`."""
    union = own_size + size - support
    if union <= 0:
        return -np.inf
    if objective == JACCARD:
        return support / union
    if objective == ADJUSTED_JACCARD:
        # Integers as floats: products of three sizes may pass 2**63.
        both, product = float(own_size + size), float(own_size) * float(size)
        room = n * both - 2.0 * product
        if room <= 0.0:
            return 0.0
        return both * (float(support) * n - product) / (union * room)
    return -log_hypergeometric_tail(support, n, own_size, size, log_factorials)


@kernel
def admissible_value(
    objective: int,
    support: int,
    size: int,
    own_size: int,
    own_inside: bool,
    n: int,
    gates: Floats,
    log_factorials: Floats,
) -> float:
    """The value of a pair, -inf where it passes not every gate.

    `gates` are the smallest and the largest support and the work that the target's literal
    must do (5.2): without a positive literal its query is TRUE.
    """
    if support < gates[0] or support > gates[1] or size >= n:
        return -np.inf
    union = own_size + size - support
    work = support / union - (size / n if own_inside else 0.0)
    if work <= max(gates[2], 1.0 / union):
        return -np.inf
    return pair_value(objective, support, size, own_size, n, log_factorials)
