"""Intersections of all pairs of sets against BLAS and numpy's own bit count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.measure import Cell, cpu_seconds, print_table
from redescribe._kernels.bitset import set_sizes
from redescribe._kernels.pairs import intersections
from redescribe.core.support import pack

if TYPE_CHECKING:
    from redescribe._typing import Int32s, Mask, Words


@dataclass(frozen=True)
class PairCase:
    """Two lists of equally many sets of entities."""

    n_sets: int
    n_entities: int
    repeats: int

    def __str__(self) -> str:
        return f"{self.n_sets} × {self.n_sets} sets of {self.n_entities} entities"

    def masks(self) -> tuple[Mask, Mask]:
        """Sets of a twentieth to nineteen twentieths of the entities."""
        rng = np.random.default_rng(0)
        shares = rng.uniform(0.05, 0.95, (2, self.n_sets, 1))
        left, right = rng.random((2, self.n_sets, self.n_entities), np.float32) < shares
        return left, right


CASES = (PairCase(2_000, 20_000, repeats=1), PairCase(2_000, 171, repeats=5))


def counted(left: Words, right: Words, min_jaccard: float) -> tuple[Int32s, int]:
    """Our intersections, and how many pairs were not ruled out by their sizes."""
    sizes = np.empty((2, len(left)), np.int32)
    set_sizes(left, sizes[0])
    set_sizes(right, sizes[1])
    out = np.empty((len(left), len(right)), np.int32)
    return out, intersections(left, sizes[0], right, sizes[1], min_jaccard, out)


def by_numpy(left: Words, right: Words) -> Int32s:
    """The same, row by row, with `np.bitwise_count`."""
    rows = [np.bitwise_count(row & right).sum(axis=1, dtype=np.int32) for row in left]
    return np.array(rows)


def compare(case: PairCase) -> list[Cell]:
    """One row of the table: millions of pairs per CPU second."""
    masks = case.masks()
    words = [pack(mask) for mask in masks]
    floats = [mask.astype(np.float32) for mask in masks]
    ours, _ = counted(words[0], words[1], 0.0)
    np.testing.assert_array_equal(ours, floats[0] @ floats[1].T)
    np.testing.assert_array_equal(ours[:20], by_numpy(words[0][:20], words[1]))
    _, n_counted = counted(words[0], words[1], 0.5)
    seconds = [
        cpu_seconds(lambda: counted(words[0], words[1], 0.0), case.repeats),
        cpu_seconds(lambda: counted(words[0], words[1], 0.5), case.repeats),
        cpu_seconds(lambda: floats[0] @ floats[1].T, case.repeats),
        cpu_seconds(lambda: by_numpy(words[0], words[1]), case.repeats),
    ]
    n_pairs = case.n_sets**2
    return [str(case), *(n_pairs / s / 1e6 for s in seconds), n_counted / n_pairs]


def report() -> None:
    """Print the comparison."""
    print_table(
        "Pairs: millions of pairs per CPU second, one thread",
        [
            "sets",
            "intersections",
            "Jaccard >= 0.5",
            "BLAS float32",
            "np.bitwise_count",
            "share not ruled out",
        ],
        [compare(case) for case in CASES],
    )
