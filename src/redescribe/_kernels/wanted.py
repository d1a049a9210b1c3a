r"""Which pairs a search wants: the least shared support that passes and is worth more.

T is the target's literal, n1 = |T| of n entities; a query q has tp = |q ∩ T| and
fp = |q \ T|. All objectives and all gates are monotone: more tp or less fp never hurts
(docs/explanation/exact.md has the proofs). So for each fp there is a least tp that passes,
and a search compares integers only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from redescribe._kernels._jit import kernel
from redescribe._kernels.objective import JACCARD, pair_value
from redescribe._kernels.tails import log_hypergeometric_tail

if TYPE_CHECKING:
    from redescribe._typing import Floats, Int32s

_ROUNDING = 1e-9
"""Values of two pairs that differ by less, relatively beyond 1, count as equal."""


@kernel
def passes(
    tp: int,
    fp: int,
    n1: int,
    n: int,
    negated: bool,
    gates: Floats,
    log_factorials: Floats,
) -> bool:
    """Whether a pair is admissible, where T is, and q is not everything.

    `gates` has the smallest support, Jaccard and work, and the largest log p; `negated`
    tells that T is written with NOT, so that its query is nothing without the literal,
    instead of everything.
    """
    n2, union = tp + fp, n1 + fp
    jaccard = tp / union
    if tp < gates[0] or jaccard < gates[1]:
        return False
    work = jaccard if negated else jaccard - n2 / n
    if work <= max(gates[2], 1.0 / union):
        return False
    log_p = log_hypergeometric_tail(tp, n, min(n1, n2), max(n1, n2), log_factorials)
    return bool(log_p <= gates[3])


@kernel
def admissible_from(
    n1: int, n: int, negated: bool, gates: Floats, log_factorials: Floats, least: Int32s
) -> None:
    """The least tp of an admissible pair for each fp; n1 + 1 where there is none.

    `least` has shape (n + 1,).
    """
    tp = 1
    least[:] = n1 + 1
    for fp in range(n - n1 + 1):
        while tp <= n1 and not passes(tp, fp, n1, n, negated, gates, log_factorials):
            tp += 1
        if tp > n1:
            return
        least[fp] = tp


@kernel
def better_from(
    objective: int,
    n1: int,
    n: int,
    value: float,
    best_tp: int,
    best_union: int,
    admissible: Int32s,
    log_factorials: Floats,
    least: Int32s,
) -> None:
    """The least tp of an admissible pair with a larger value, for each fp.

    Parameters
    ----------
    value
        What is to be exceeded, by more than rounding; at least 0.
    best_tp, best_union
        For J, which is compared exactly: their ratio is to be exceeded.
    admissible
        From `admissible_from`.
    least
        Out, (n + 1,): n1 + 1 where there is no such pair.
    """
    tp = 1
    least[:] = n1 + 1
    threshold = value + _ROUNDING * max(1.0, value)
    for fp in range(n - n1 + 1):
        tp = max(tp, int(admissible[fp]))
        if objective == JACCARD:
            tp = max(tp, best_tp * (n1 + fp) // best_union + 1)
        else:
            while tp <= n1:
                found = pair_value(objective, tp, tp + fp, n1, n, log_factorials)
                if found > threshold:
                    break
                tp += 1
        if tp > n1:
            return
        least[fp] = tp
