"""A view as integer codes: what trees and searches read instead of values."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from redescribe.core.query import Interval, Membership
from redescribe.core.scratch import copied, take_columns

if TYPE_CHECKING:
    from collections.abc import Collection

    from redescribe._typing import Codes, Floats, Int32s, Ints, Mask
    from redescribe.core.query import Literal
    from redescribe.core.view import Attribute


@dataclass(frozen=True, slots=True, eq=False)
class Bins:
    """Consecutive, non-empty groups of observed values of one attribute.

    Bin b holds the values in (upper[b-1], upper[b]]; every observed value is in one bin.

    Attributes
    ----------
    lower, upper
        ndarray of float64, shape (n_bins,), ascending: smallest and largest observed value
        of each bin. For a nominal attribute both are the category codes 0, 1, ….
    """

    lower: Floats
    upper: Floats

    def __len__(self) -> int:
        return self.upper.size

    def threshold(self, code: int) -> float:
        """Return a bound between bin `code - 1` and bin `code`, midway, with few digits.

        It is the decimal with the fewest significant digits within the middle half of the
        gap between the two observed values, so that "x > bound" separates the two bins.

        >>> Bins(np.array([0.0, 2.0]), np.array([1.0, 3.0])).threshold(1)
        1.5
        """
        below, above = float(self.upper[code - 1]), float(self.lower[code])
        return _short_number_between(below, above)


@dataclass(frozen=True, slots=True, eq=False)
class BinnedView:
    """A view as bin codes, one row per attribute.

    Attributes
    ----------
    name
        The view's name.
    attributes
        The view's attributes, in row order of `codes`.
    bins
        One per attribute.
    codes
        ndarray of uint8 or uint16, shape (n_attributes, n_entities). The largest value of
        the dtype means missing.
    n_bins
        ndarray of int64, shape (n_attributes,): number of bins of each attribute.
    is_nominal
        ndarray of bool, shape (n_attributes,): whose codes are only compared for equality.
    missing_code
        The code that means missing.
    has_missing
        Whether it occurs.
    """

    name: str
    attributes: tuple[Attribute, ...]
    bins: tuple[Bins, ...]
    codes: Codes
    # Derived once: searches read them thousands of times.
    n_bins: Ints = field(init=False)
    is_nominal: Mask = field(init=False)
    missing_code: int = field(init=False)
    has_missing: bool = field(init=False)

    def __post_init__(self) -> None:
        missing = int(np.iinfo(self.codes.dtype).max)
        n_bins = np.array([len(bins) for bins in self.bins], dtype=np.int64)
        nominal = np.array([not attribute.is_numeric for attribute in self.attributes])
        object.__setattr__(self, "missing_code", missing)
        object.__setattr__(self, "n_bins", n_bins)
        object.__setattr__(self, "is_nominal", nominal)
        has_missing = any((row == missing).any() for row in self.codes)
        object.__setattr__(self, "has_missing", bool(has_missing))

    @property
    def n_entities(self) -> int:
        """Number of entities."""
        return int(self.codes.shape[1])

    def without(self, names: Collection[str]) -> BinnedView:
        """Return the view with one bin for each of these: queries cannot use them."""
        if not names:
            return self
        rows = [row for row, a in enumerate(self.attributes) if a.name in names]
        codes, bins = copied(self.codes), list(self.bins)
        codes[rows] = np.where(codes[rows] == self.missing_code, self.missing_code, 0)
        for row in rows:
            bins[row] = Bins(bins[row].lower[:1], bins[row].upper[-1:])
        return BinnedView(self.name, self.attributes, tuple(bins), codes)

    def take(self, positions: Ints) -> BinnedView:
        """Return the view of the entities at these positions, which may repeat."""
        codes: Codes = take_columns(self.codes, positions)
        return BinnedView(self.name, self.attributes, self.bins, codes)

    def describe(self, literals: Int32s) -> tuple[Literal, ...]:
        """Return coded literals of one conjunction as literals on values.

        Parameters
        ----------
        literals
            ndarray of int32, shape (n_literals, 4): attribute, first code, last code,
            inside (1: the code is in first … last; 0: it is known and not).

        Bounds of numeric literals lie midway between the neighbouring observed values and
        are open-ended at the extremes. Literals on one nominal attribute become one.
        """
        described: dict[int, Literal] = {}
        for attribute in dict.fromkeys(literals[:, 0].tolist()):
            rows = literals[literals[:, 0] == attribute]
            if self.attributes[attribute].is_numeric:
                described[attribute] = self._interval(
                    attribute, int(rows[0, 1]), int(rows[0, 2])
                )
            else:
                described[attribute] = self._membership(attribute, rows)
        return tuple(described.values())

    def _interval(self, attribute: int, first: int, last: int) -> Interval:
        bins = self.bins[attribute]
        low = bins.threshold(first) if first > 0 else -math.inf
        high = bins.threshold(last + 1) if last + 1 < len(bins) else math.inf
        return Interval(self.attributes[attribute].name, low, high)

    def _membership(self, attribute: int, rows: Int32s) -> Membership:
        described = self.attributes[attribute]
        allowed = set(range(len(described.categories)))
        for _, first, last, inside in rows.tolist():
            named = set(range(first, last + 1))
            allowed = allowed & named if inside else allowed - named
        return Membership(described.name, tuple(described.categories[i] for i in allowed))


def _short_number_between(below: float, above: float) -> float:
    """The shortest decimal in the middle half of the gap; `below` if doubles run out."""
    middle = below / 2 + above / 2
    quarter = above / 4 - below / 4
    for digits in range(1, 17):
        candidate = float(f"{middle:.{digits}g}")
        if middle - quarter <= candidate <= middle + quarter and below <= candidate < above:
            return candidate
    return middle if below <= middle < above else below
