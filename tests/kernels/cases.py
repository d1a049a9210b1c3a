"""Random inputs of the kernels, and their forms as arrays and as Python values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from hypothesis import strategies as st

from redescribe.core.support import n_words, pack, unpack

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.kernels.naive import Literal, Term

    from redescribe._typing import AnyArray, Codes, Int32s, Ints, Mask, Words

SIZES = (1, 2, 3, 5, 9, 17, 30, 63, 64, 65, 128, 130)
seeds = st.integers(0, 2**32 - 1)
sizes = st.sampled_from(SIZES)


def words(members: Iterable[int], n_entities: int) -> Words:
    mask = np.zeros(n_entities, np.bool_)
    mask[list(members)] = True
    return pack(mask)


def members(packed: Words, n_entities: int) -> set[int]:
    """The entities of one set of words; its padding bits must be zero."""
    everything = unpack(packed, 64 * packed.size)
    assert not everything[n_entities:].any()
    return set(np.flatnonzero(everything).tolist())


def random_sets(rng: np.random.Generator, n_sets: int, n_entities: int) -> list[set[int]]:
    shares = rng.choice([0.0, 0.1, 0.5, 0.9, 1.0], n_sets, p=[0.05, 0.3, 0.3, 0.3, 0.05])
    masks = rng.random((n_sets, n_entities)) < shares[:, None]
    return [set(np.flatnonzero(mask).tolist()) for mask in masks]


def stacked(sets: list[set[int]], n_entities: int) -> Words:
    packed = np.zeros((len(sets), n_words(n_entities)), np.uint64)
    for row, chosen in zip(packed, sets, strict=True):
        row[:] = words(chosen, n_entities)
    return packed


@dataclass(frozen=True)
class Table:
    """A view as codes, with numeric and nominal attributes and missing values."""

    codes: Codes
    n_bins: Ints
    nominal: Mask

    @property
    def n_entities(self) -> int:
        return int(self.codes.shape[1])

    @property
    def missing(self) -> int:
        return int(np.iinfo(self.codes.dtype).max)

    @property
    def rows(self) -> list[list[int]]:
        return [[int(code) for code in column] for column in self.codes.T]


def random_table(
    rng: np.random.Generator,
    n_entities: int,
    *,
    n_attributes: int = 3,
    max_bins: int = 5,
    missing_share: float = 0.0,
    wide: bool = False,
) -> Table:
    n_bins = rng.integers(1, max_bins + 1, n_attributes)
    drawn = rng.integers(0, n_bins[:, None], (n_attributes, n_entities))
    codes: Codes = drawn.astype(np.uint16) if wide else drawn.astype(np.uint8)
    codes[rng.random(codes.shape) < missing_share] = np.iinfo(codes.dtype).max
    return Table(codes, n_bins.astype(np.int64), rng.random(n_attributes) < 0.3)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    rng = np.random.default_rng(draw(seeds))
    return random_table(
        rng,
        draw(sizes),
        missing_share=draw(st.sampled_from([0.0, 0.0, 0.2])),
        wide=draw(st.booleans()),
    )


def random_literal(rng: np.random.Generator, table: Table) -> Literal:
    attribute = int(rng.integers(table.n_bins.size))
    n = int(table.n_bins[attribute])
    if table.nominal[attribute]:
        code = int(rng.integers(n))
        return attribute, code, code, int(rng.integers(2))
    first, last = sorted(rng.integers(0, n, 2).tolist())
    return attribute, first, last, 1


def random_terms(rng: np.random.Generator, table: Table, lengths: list[int]) -> list[Term]:
    """One literal per attribute and term, as rules have."""
    terms: list[Term] = []
    for length in lengths:
        literals = {x[0]: x for x in (random_literal(rng, table) for _ in range(length))}
        terms.append((list(literals.values()), bool(rng.integers(2))))
    return terms


def coded(terms: list[Term]) -> tuple[Int32s, Int32s, Mask]:
    """Literals, the term of each, and which terms are negated."""
    literals = [literal for term in terms for literal in term[0]]
    numbers = [i for i, term in enumerate(terms) for _ in term[0]]
    return (
        np.array(literals, np.int32).reshape(-1, 4),
        np.array(numbers, np.int32),
        np.array([negated for _, negated in terms], np.bool_),
    )


def decoded(literals: Int32s, numbers: Int32s, negated: Mask, kept: Mask) -> list[Term]:
    """The terms that keep some literal."""
    terms: list[Term] = []
    for term, sign in enumerate(negated.tolist()):
        rows = literals[kept & (numbers == term)].tolist()
        if rows:
            terms.append(([(r[0], r[1], r[2], r[3]) for r in rows], sign))
    return terms


def padded(targets: AnyArray) -> AnyArray:
    """0/1 targets, (n_entities, n_targets), with zero columns up to a multiple of 8."""
    width = 8 * -(-targets.shape[1] // 8)
    out = np.zeros((targets.shape[0], width), np.uint8)
    out[:, : targets.shape[1]] = targets
    return out
