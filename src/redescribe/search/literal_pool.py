"""The literals of a view as packed sets, for searches over literals."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from redescribe._kernels.bitset import set_sizes
from redescribe._kernels.cuts import cut_words
from redescribe.core.support import n_words, pack

if TYPE_CHECKING:
    from redescribe._typing import Int32s, Ints, Mask, Words
    from redescribe.core.binned import BinnedView


@dataclass(frozen=True, slots=True, eq=False)
class LiteralPool:
    """One-sided cuts of numeric attributes, categories and their complements.

    Literals are true where known values say so: a missing value satisfies none.

    Attributes
    ----------
    view
        The view whose codes the literals compare.
    literals
        ndarray of int32, shape (n_literals, 4): attribute, first code, last code, inside.
        Attributes in order; of a numeric one first "at most", then "above", the widest
        first.
    runs
        ndarray of int32, shape (n_literals,): literals of one run contain those that follow
        in it; a category is a run of its own.
    opposites
        ndarray of int32, shape (n_literals,): the complement of each among known values; -1
        where it is not in the pool.
    satisfied
        ndarray of uint64, shape (n_literals, n_words).
    sizes
        ndarray of int32, shape (n_literals,).
    known
        ndarray of uint64, shape (n_attributes, n_words): entities whose value is known; no
        rows if no value of the view is missing.
    """

    view: BinnedView
    literals: Int32s
    runs: Int32s
    opposites: Int32s
    satisfied: Words
    sizes: Int32s
    known: Words
    # Found once: every target's certificate names it.
    _digest: str | None = field(default=None, init=False, repr=False)

    @classmethod
    def of(cls, view: BinnedView, max_cuts: int | None = None) -> LiteralPool:
        """Return the literals of a view; `max_cuts` thins the cuts of each attribute.

        What is left of the cuts is spread evenly over the codes, so that a value that many
        entities share counts once.
        """
        literals: list[Int32s] = [np.empty((0, 4), np.int32)]
        satisfied = [np.empty((0, n_words(view.n_entities)), np.uint64)]
        runs: list[Int32s] = [np.empty(0, np.int32)]
        opposites: list[Int32s] = [np.empty(0, np.int32)]
        n_runs, n_found = 0, 0
        for row, nominal in enumerate(view.is_nominal.tolist()):
            n_codes = int(view.n_bins[row])
            if n_codes < 2:
                continue
            if nominal:
                found, words = _categories(view, row, n_codes)
                numbers = np.arange(len(found), dtype=np.int32)
            else:
                found, words = _cuts(view, row, _thinned(n_codes - 1, max_cuts))
                numbers = np.repeat(np.arange(2, dtype=np.int32), len(found) // 2)
            # "At most" runs from the last cut down, "above" from the first one up.
            order = np.arange(len(found), dtype=np.int32)
            opposite = np.roll(order, len(found) // 2) if nominal else order[::-1]
            opposites.append(opposite + np.int32(n_found))
            n_found += len(found)
            literals.append(found)
            satisfied.append(words)
            runs.append(numbers + np.int32(n_runs))
            n_runs += int(numbers[-1]) + 1
        words = np.concatenate(satisfied)
        sizes = np.empty(len(words), np.int32)
        set_sizes(words, sizes)
        known = pack(view.codes != view.missing_code) if view.has_missing else words[:0]
        return cls(
            view,
            np.concatenate(literals),
            np.concatenate(runs),
            np.concatenate(opposites),
            words,
            sizes,
            known,
        )

    def __len__(self) -> int:
        return int(self.sizes.size)

    def about(self, rows: Ints) -> LiteralPool:
        """Return the literals of some attributes only, named by their rows."""
        return self.at(self.mentions(rows))

    def at(self, kept: Mask) -> LiteralPool:
        """Return the literals where a mask is true."""
        if kept.all():
            return self
        numbers = np.cumsum(kept, dtype=np.int32) - np.int32(1)
        opposites = self.opposites[kept]
        lost = (opposites < 0) | ~kept[opposites]
        _, runs = np.unique(self.runs[kept], return_inverse=True)
        return replace(
            self,
            literals=self.literals[kept],
            runs=runs.astype(np.int32),
            opposites=np.where(lost, np.int32(-1), numbers[opposites]),
            satisfied=self.satisfied[kept],
            sizes=self.sizes[kept],
        )

    def mentions(self, rows: Ints) -> Mask:
        """Return which literals speak about attributes of these rows."""
        return np.isin(self.literals[:, 0], rows)

    def digest(self) -> str:
        """Return a hash of the literals by the entities that satisfy them."""
        if self._digest is None:
            found = hashlib.sha256(self.satisfied.tobytes()).hexdigest()
            object.__setattr__(self, "_digest", found)
        return str(self._digest)


def _thinned(n_cuts: int, max_cuts: int | None) -> Int32s:
    """The last codes of the cuts, ascending."""
    if max_cuts is None or n_cuts <= max_cuts:
        return np.arange(n_cuts, dtype=np.int32)
    return np.linspace(0, n_cuts - 1, max_cuts).round().astype(np.int32)


def _cuts(view: BinnedView, row: int, cuts: Int32s) -> tuple[Int32s, Words]:
    """The literals "code <= c", then "code > c", and the entities that satisfy them."""
    words = np.zeros((2 * cuts.size, n_words(view.n_entities)), np.uint64)
    cut_words(view.codes[row], view.missing_code, cuts, words)
    literals = np.ones((2 * cuts.size, 4), np.int32)
    literals[:, 0] = row
    literals[: cuts.size, 1], literals[: cuts.size, 2] = 0, cuts[::-1]
    literals[cuts.size :, 1], literals[cuts.size :, 2] = cuts + 1, view.n_bins[row] - 1
    return literals, words


def _categories(view: BinnedView, row: int, n_codes: int) -> tuple[Int32s, Words]:
    """Each category and, of three or more, all but each."""
    codes = view.codes[row].astype(np.int64)
    known = codes != view.missing_code
    equal = codes == np.arange(n_codes)[:, None]
    masks = equal if n_codes == 2 else np.concatenate([equal, ~equal & known])
    literals = np.empty((len(masks), 4), np.int32)
    literals[:, 0] = row
    literals[:, 1] = literals[:, 2] = np.resize(np.arange(n_codes), len(masks))
    literals[:, 3] = np.arange(len(masks)) < n_codes
    return literals, pack(masks)
