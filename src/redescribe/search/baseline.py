"""The best pair of one literal each, which every search must at least reach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from redescribe._kernels import gates as kernels
from redescribe._kernels.interval import best_literals
from redescribe.core.binned import Bins
from redescribe.search.coded import CodedQuery
from redescribe.search.literals import literal_sizes

if TYPE_CHECKING:
    from redescribe._typing import Floats, Int32s, Values, Words
    from redescribe.search.base import Task


@dataclass(frozen=True, slots=True, eq=False)
class Baseline:
    """The outcome of the one-literal search of one target against one partner view.

    Attributes
    ----------
    pair
        The pair with the largest admissible Jaccard, unknown values counting as false;
        None if no pair is admissible.
    jaccard
        Of the pair, under the policy for missing values; meaningless without one.
    adjusted_jaccard, log_p
        The best value of each over all pairs; meaningless without a pair.
    n_pairs
        Pairs scored.
    """

    pair: tuple[CodedQuery, CodedQuery] | None
    jaccard: float
    adjusted_jaccard: float
    log_p: float
    n_pairs: int


def one_literal_baseline(task: Task) -> Baseline:
    """Score the target's bins, unions, cuts and complements with every partner literal.

    For each literal of the target and each partner attribute the best one-sided cut and the
    best interval are found on the codes of both, exactly where each value has a code.

    References
    ----------
    Specification of redescription mining, sections 8.2 and 8.3.
    """
    grid, partner, thresholds = task.grid, task.partner, task.params.thresholds
    low, high = task.support_bounds
    ranges = _ranges(task)
    labels = grid.codes[0].astype(np.int64)
    labels[labels == grid.missing_code] = -1
    counts = literal_sizes(labels, ranges)
    kept = (counts >= low) & (counts <= high)
    if not task.params.language.of(task.view.name).negation:
        kept &= ranges[:, 2] == 1
    ranges, sizes = ranges[kept], counts[kept].astype(np.int32)
    best_pair, best_values = np.empty(5, np.int32), np.empty(3)
    n_pairs = best_literals(
        grid.codes[0],
        grid.missing_code,
        ranges,
        sizes,
        partner.codes,
        partner.missing_code,
        partner.is_nominal,
        partner.n_bins,
        np.array(task.support_bounds, np.int32),
        np.array([thresholds.log_max_p_mined, thresholds.min_work]),
        task.log_factorials,
        best_pair,
        best_values,
    )
    pair = None
    if best_pair[0] >= 0:
        first, last, inside = ranges[best_pair[0]].tolist()
        own = np.array([[0, first, last, 1]], np.int32)
        other = best_pair[None, 1:5].copy()
        pair = (
            CodedQuery.of(grid, [[own]], [not inside]),
            CodedQuery.of(partner, [[other]], [False]),
        )
    jaccard, adjusted_jaccard, log_p = best_values.tolist()
    if pair is not None:
        # The scan counts unknown values as false; findings may be judged otherwise.
        jaccard = task.others([pair[1]]).jaccard(pair[0])
    return Baseline(pair, jaccard, adjusted_jaccard, log_p, int(n_pairs))


def best_cut(task: Task, other: Words) -> tuple[CodedQuery | None, int]:
    """Return the one-sided cut of the target that agrees best with a set of entities.

    Parameters
    ----------
    task
        Its grid has the cuts that are tried; a nominal target has none.
    other
        The set, packed.

    Returns
    -------
    CodedQuery or None
        None where no cut is within the support bounds.
    int
        Cuts scored.
    """
    grid = task.grid
    n_codes = len(grid.bins[0])
    if grid.is_nominal[0] or n_codes < 2:
        return None, 0
    low, high = task.support_bounds
    n_cuts = 2 * (n_codes - 1)
    best, _, _ = kernels.best_cut(
        grid.codes[0], grid.missing_code, n_codes, other, low, high
    )
    if best < 0:
        return None, n_cuts
    code = best % (n_codes - 1)
    ends = (0, code) if best < n_codes - 1 else (code + 1, n_codes - 1)
    literal = np.array([[0, *ends, 1]], np.int32)
    return CodedQuery.of(grid, [[literal]], [False]), n_cuts


def baseline_grid(values: Values, coarse: Bins, fine: Bins, max_cuts: int) -> Bins:
    """Return bins whose boundaries are those of the target's bins and its further cuts.

    Cuts at the ends of the fine bins are thinned to `max_cuts`, evenly in rank.
    """
    cuts = fine.upper
    if cuts.size > max_cuts:
        cuts = cuts[np.linspace(0, cuts.size - 1, max_cuts).round().astype(np.int64)]
    upper = np.union1d(cuts, coarse.upper)
    observed: Floats = np.sort(values[~np.isnan(values)].astype(np.float64))
    ends = np.searchsorted(observed, upper, side="right")
    starts = np.concatenate(([0], ends[:-1]))
    filled = ends > starts
    return Bins(observed[starts[filled]], observed[ends[filled] - 1])


def _ranges(task: Task) -> Int32s:
    """Bins, unions of bins and one-sided cuts on the grid, and inner complements."""
    grid, own = task.grid.bins[0], task.own.bins[0]
    if not task.own.attributes[0].is_numeric:
        runs = np.repeat(np.arange(len(own))[:, None], 2, axis=1)
        inner = runs if len(own) > 2 else runs[:0]
    else:
        last_codes = np.searchsorted(grid.upper, own.upper)
        first_codes = np.concatenate(([0], last_codes[:-1] + 1))
        firsts, lasts = np.meshgrid(first_codes, last_codes, indexing="ij")
        unions = np.stack([firsts.ravel(), lasts.ravel()], axis=1)
        cuts = np.arange(len(grid) - 1)
        below = np.stack([np.zeros_like(cuts), cuts], axis=1)
        above = np.stack([cuts + 1, np.full_like(cuts, len(grid) - 1)], axis=1)
        runs = np.concatenate([unions, below, above])
        runs = np.unique(runs[runs[:, 0] <= runs[:, 1]], axis=0)
        runs = runs[(runs[:, 0] > 0) | (runs[:, 1] < len(grid) - 1)]
        inner = runs[(runs[:, 0] > 0) & (runs[:, 1] < len(grid) - 1)]
    marked = [
        np.concatenate([part, np.full((len(part), 1), inside)], axis=1)
        for part, inside in ((runs, 1), (inner, 0))
    ]
    return np.concatenate(marked).astype(np.int32)
