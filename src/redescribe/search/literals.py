"""The literals of a target: its bins, unions of adjacent bins and their complements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from redescribe.core.binned import BinnedView, Bins
from redescribe.core.support import pack
from redescribe.discretize.base import bin_labels

if TYPE_CHECKING:
    from redescribe._typing import Codes, Int32s, Ints, Values, Words
    from redescribe.core.view import Attribute
    from redescribe.search.params import SearchParams


@dataclass(frozen=True, slots=True, eq=False)
class OwnLiterals:
    """The admissible literals of a target, each alone on its side.

    Attributes
    ----------
    view
        The target's view reduced to the target, coded by its bins.
    ranges
        ndarray of int32, shape (n_literals, 3): first bin, last bin, inside (0: the
        complement).
    satisfied
        ndarray of uint64, shape (n_literals, n_words).
    sizes
        ndarray of int32, shape (n_literals,).
    """

    view: BinnedView
    ranges: Int32s
    satisfied: Words
    sizes: Int32s

    def __len__(self) -> int:
        return int(self.sizes.size)

    def literal(self, number: int) -> tuple[Int32s, bool]:
        """Return a coded literal and whether its term is negated."""
        first, last, inside = self.ranges[number].tolist()
        return np.array([[0, first, last, 1]], np.int32), not inside


def target_view(
    view_name: str, attribute: Attribute, values: Values, bins: Bins
) -> BinnedView:
    """Return one attribute as a binned view of its own, coded by the given bins."""
    labels = bin_labels(values, bins)
    row = labels[None, :]
    codes: Codes = row.astype(np.uint8) if len(bins) <= 255 else row.astype(np.uint16)
    codes[:, labels < 0] = np.iinfo(codes.dtype).max
    return BinnedView(view_name, (attribute,), (bins,), codes)


def own_literals(
    view: BinnedView, params: SearchParams, support_bounds: tuple[int, int]
) -> OwnLiterals:
    """Return the literals of a target whose support lies within the bounds.

    Parameters
    ----------
    view
        From `target_view`.
    params
        Without negation, complements, which are written with NOT, are no literals;
        `max_unions` limits the boundaries that unions use.
    support_bounds
        Inclusive bounds on the entities of a literal.
    """
    min_support, max_support = support_bounds
    labels = view.codes[0].astype(np.int64)
    n_bins = len(view.bins[0])
    labels[labels == view.missing_code] = -1
    nominal = not view.attributes[0].is_numeric
    ranges = (
        _categories(n_bins)
        if nominal
        else _ranges(labels, n_bins, params.budget.max_unions)
    )
    sizes = literal_sizes(labels, ranges)
    kept = (sizes >= min_support) & (sizes <= max_support)
    if not params.language.of(view.name).negation:
        kept &= ranges[:, 2] == 1
    ranges, sizes = ranges[kept], sizes[kept]
    first, last, inside = (ranges[:, i, None] for i in range(3))
    within = (labels >= first) & (labels <= last)
    satisfied = pack((within == (inside == 1)) & (labels >= 0))
    return OwnLiterals(view, ranges, satisfied, sizes.astype(np.int32))


def halved(view: BinnedView) -> BinnedView:
    """Return a numeric target in two bins that are as equal as its cuts allow.

    For targets whose own bins are all too rare or too frequent to be described.
    """
    codes, bins = view.codes[0], view.bins[0]
    known = codes[codes != view.missing_code]
    sizes = np.bincount(known, minlength=len(bins)).cumsum()
    cut = int(np.abs(2 * sizes[:-1] - sizes[-1]).argmin())
    two = Bins(bins.lower[[0, cut + 1]], bins.upper[[cut, -1]])
    halves = np.where(codes == view.missing_code, view.missing_code, codes > cut)
    return BinnedView(view.name, view.attributes, (two,), halves[None].astype(codes.dtype))


def literal_sizes(labels: Ints, ranges: Int32s) -> Ints:
    """Return the entities of each range of labels; complements leave label -1 out."""
    counts = np.bincount(
        labels[labels >= 0], minlength=int(ranges[:, :2].max(initial=0)) + 1
    )
    before = np.concatenate(([0], np.cumsum(counts)))
    within = before[ranges[:, 1] + 1] - before[ranges[:, 0]]
    return np.where(ranges[:, 2] == 1, within, before[-1] - within)


def _ranges(labels: Ints, n_bins: int, max_unions: int) -> Int32s:
    """Single bins, unions between the chosen boundaries, complements of inner unions."""
    counts = np.bincount(labels[labels >= 0], minlength=n_bins)
    boundaries = _thinned(np.cumsum(counts), n_bins, max_unions)
    firsts, lasts = np.meshgrid(boundaries[:-1], boundaries[1:] - 1, indexing="ij")
    runs = np.stack([firsts.ravel(), lasts.ravel()], axis=1)
    runs = runs[runs[:, 0] <= runs[:, 1]]
    singles = np.repeat(np.arange(n_bins)[:, None], 2, axis=1)
    runs = np.unique(np.concatenate([runs, singles]), axis=0)
    runs = runs[(runs[:, 0] > 0) | (runs[:, 1] < n_bins - 1)]
    # The complement of a run that touches an end is a run itself.
    inner = runs[(runs[:, 0] > 0) & (runs[:, 1] < n_bins - 1)]
    return np.concatenate([_marked(runs, inside=1), _marked(inner, inside=0)]).astype(
        np.int32
    )


def _thinned(cumulated: Ints, n_bins: int, max_unions: int) -> Ints:
    """Some `max_unions` bin boundaries at most, evenly spaced in entities, with ends."""
    if n_bins <= max_unions:
        return np.arange(n_bins + 1)
    wanted = np.linspace(0, cumulated[-1], max_unions + 1)[1:-1]
    inner = np.searchsorted(cumulated, wanted) + 1
    return np.unique(np.concatenate([[0], inner, [n_bins]]))


def _categories(n_bins: int) -> Int32s:
    singles = np.repeat(np.arange(n_bins)[:, None], 2, axis=1)
    both = [_marked(singles, inside=1)]
    if n_bins > 2:
        both.append(_marked(singles, inside=0))
    return np.concatenate(both).astype(np.int32)


def _marked(runs: Ints, *, inside: int) -> Ints:
    return np.concatenate([runs, np.full((len(runs), 1), inside)], axis=1)
