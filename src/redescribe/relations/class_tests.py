"""Whether classes are distributed alike in a cohort and in the rest."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from redescribe.relations.tested import Method, Tested
from redescribe.significance.asymptotic import log10_chi_square_tail
from redescribe.significance.tails import log_factorials

if TYPE_CHECKING:
    from redescribe._typing import Floats, Ints

_FEW = 5
"""Expected count below which the limiting law is not trusted."""
_TOLERANCE = 1e-9
_BLOCK = 1_000_000


def g_statistic(cohort: Ints, totals: Ints) -> Floats:
    """Return G of cohorts against their complements.

    Parameters
    ----------
    cohort
        ndarray of int64, shape (..., n_classes): entities of each class in the cohort.
    totals
        Shape (n_classes,): in the cohort and in the rest together; none is 0.

    Returns
    -------
    ndarray of float64, shape (...)
        2 sum observed ln(observed / expected) over both rows; 0 for an empty side.

    References
    ----------
    Specification of redescription mining, section 7.7.

    Examples
    --------
    >>> round(float(g_statistic(np.array([10, 0]), np.array([10, 10]))), 3)  # 40 ln 2
    27.726
    """
    n_entities = totals.sum()
    size = cohort.sum(axis=-1, keepdims=True)
    both = (cohort, size), (totals - cohort, n_entities - size)
    parts = [_twice_o_ln_o_over_e(o, n * (totals / n_entities)) for o, n in both]
    return np.asarray(np.maximum(0.0, sum(part.sum(axis=-1) for part in parts)))


def reference_score(cohort: Ints, totals: Ints) -> float:
    """Return 2 sum observed ln(observed / expected) of the cohort's row alone.

    It is the score of the reference implementation; it has no law, so no p-value.

    >>> round(reference_score(np.array([10, 0]), np.array([10, 10])), 3)
    13.863
    """
    expected = cohort.sum() * (totals / totals.sum())
    return float(_twice_o_ln_o_over_e(cohort, expected).sum())


def g_test(
    cohort: Ints, totals: Ints, permutations: int, generator: np.random.Generator
) -> Tested | None:
    """Test whether a cohort of this size is a random part of the entities.

    Parameters
    ----------
    cohort, totals
        ndarray of int64, shape (n_classes,): entities of each class in the cohort, and in
        the cohort and the rest together.
    permutations
        Random divisions where some expected count is below 5 and there are more than two
        classes; two classes are then enumerated.
    generator
        Where the divisions come from.

    Returns
    -------
    Tested or None
        None where one side is empty or all entities are of one class.

    Notes
    -----
    Classes that do not occur are left out; the degrees of freedom are one less than those
    that do. A division keeps the size of the cohort and of every class, so its counts are
    multivariate hypergeometric: they are drawn, not the entities.

    References
    ----------
    Specification of redescription mining, section 7.7.

    Examples
    --------
    >>> generator = np.random.default_rng(0)
    >>> found = g_test(np.array([30, 20]), np.array([40, 60]), 999, generator)
    >>> found.method.value, round(found.log10_p, 2)
    ('chi_square', -4.5)
    """
    occurring = totals > 0
    cohort, totals = cohort[occurring], totals[occurring]
    size, n_entities = int(cohort.sum()), int(totals.sum())
    if totals.size < 2 or not 0 < size < n_entities:
        return None
    observed = float(g_statistic(cohort, totals))
    smallest = totals.min() * min(size, n_entities - size) / n_entities
    if smallest >= _FEW:
        log10_p = log10_chi_square_tail(observed, totals.size - 1)
        return Tested.alone(log10_p, Method.CHI_SQUARE)
    if totals.size == 2:
        return Tested.alone(_enumerated(observed, size, totals), Method.EXACT)
    n_reached, step = 0, max(1, _BLOCK // totals.size)
    for first in range(0, permutations, step):
        n_draws = min(step, permutations - first)
        drawn = generator.multivariate_hypergeometric(totals, size, size=n_draws)
        n_reached += int(np.count_nonzero(_reaches(g_statistic(drawn, totals), observed)))
    p = (1 + n_reached) / (1 + permutations)
    return Tested.alone(math.log10(p), Method.PERMUTATION)


def _enumerated(observed: float, size: int, totals: Ints) -> float:
    """log10 P(G >= observed) of two classes, over all cohorts of this size."""
    first, n_entities = int(totals[0]), int(totals.sum())
    lowest, highest = max(0, size - int(totals[1])), min(size, first)
    counts = np.arange(lowest, highest + 1)
    tables = np.stack([counts, size - counts], axis=-1)
    reached = counts[_reaches(g_statistic(tables, totals), observed)]
    logs = log_factorials(n_entities)

    def log_choices(n: int, k: Ints | int) -> Floats:
        return np.asarray(logs[n] - logs[k] - logs[n - k])

    log_p = log_choices(first, reached) + log_choices(n_entities - first, size - reached)
    largest = float(log_p.max())
    total = largest + math.log(float(np.exp(log_p - largest).sum()))
    return min(0.0, (total - float(log_choices(n_entities, size))) / math.log(10))


def _reaches(values: Floats, observed: float) -> np.ndarray:
    """Which values are as large, but for rounding."""
    return np.asarray(values >= observed - _TOLERANCE * max(1.0, observed))


def _twice_o_ln_o_over_e(observed: Ints, expected: Floats) -> Floats:
    terms = np.zeros(observed.shape)
    positive = observed > 0
    ratio = np.divide(observed, expected, out=np.ones(observed.shape), where=positive)
    np.log(ratio, out=terms)
    return np.asarray(2 * observed * terms)
