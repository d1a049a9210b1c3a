"""Which entities satisfy a query, and for which it is unknown: three-valued, packed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from redescribe._kernels import bitset, kleene
from redescribe.errors import EntityMismatchError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redescribe._typing import Mask, Words


_HASHED = 64
"""Words that count for the hash of a support."""


def pack(mask: Mask) -> Words:
    """Pack Booleans, shape (..., n_entities), into uint64 words, shape (..., n_words).

    >>> pack(np.array([True, False, True]))
    array([5], dtype=uint64)
    """
    n_entities = mask.shape[-1]
    n_bytes = 8 * n_words(n_entities)
    packed = np.packbits(mask, axis=-1, bitorder="little")
    padded = np.zeros((*mask.shape[:-1], n_bytes), np.uint8)
    padded[..., : packed.shape[-1]] = packed
    return padded.view("<u8").astype(np.uint64, copy=False)


def unpack(words: Words, n_entities: int) -> Mask:
    """Return the Booleans of packed words; the inverse of `pack`."""
    octets = np.ascontiguousarray(words.astype("<u8", copy=False)).view(np.uint8)
    bits = np.unpackbits(octets, axis=-1, count=n_entities, bitorder="little")
    return bits.astype(np.bool_)


def n_words(n_entities: int) -> int:
    """Return how many 64-bit words hold this many entities."""
    return -(-n_entities // 64)


@dataclass(frozen=True, slots=True, eq=False)
class Support:
    """The entities that satisfy a query and those for which it is unknown.

    `&`, `|` and `~` follow Kleene's three-valued logic; `len` counts satisfied entities.

    Parameters
    ----------
    n_entities
        How many entities there are.
    satisfied, unknown
        ndarray of uint64, shape (ceil(n_entities / 64),), disjoint, padding bits zero.

    Examples
    --------
    >>> a = Support.from_mask(np.array([True, True, False]))
    >>> b = Support.from_mask(
    ...     np.array([True, False, False]), unknown=np.array([False, True, True])
    ... )
    >>> len(a & b), (a & b).n_unknown, len(~b)
    (1, 1, 0)
    """

    n_entities: int
    satisfied: Words
    unknown: Words

    @classmethod
    def from_mask(cls, satisfied: Mask, *, unknown: Mask | None = None) -> Support:
        """Return the support of a Boolean array; `unknown` marks undecided entities."""
        satisfied = np.asarray(satisfied, dtype=np.bool_)
        hidden = (
            np.zeros_like(satisfied) if unknown is None else np.asarray(unknown, np.bool_)
        )
        return cls(satisfied.size, pack(satisfied & ~hidden), pack(hidden))

    @classmethod
    def everything(cls, n_entities: int) -> Support:
        """Return the support that every entity satisfies."""
        return cls.from_mask(np.ones(n_entities, np.bool_))

    def __len__(self) -> int:
        return int(bitset.set_size(self.satisfied))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Support):
            return NotImplemented
        return (
            self.n_entities == other.n_entities
            and bool(np.array_equal(self.satisfied, other.satisfied))
            and bool(np.array_equal(self.unknown, other.unknown))
        )

    def __hash__(self) -> int:
        # The first ones tell most apart, and others are compared: no need to read them all.
        return hash((self.n_entities, self.satisfied[:_HASHED].tobytes()))

    def __and__(self, other: Support) -> Support:
        return self._combined(kleene.and_into, other)

    def __or__(self, other: Support) -> Support:
        return self._combined(kleene.or_into, other)

    def __invert__(self) -> Support:
        satisfied, unknown = self.satisfied.copy(), self.unknown.copy()
        kleene.not_into(satisfied, unknown, self.n_entities)
        return Support(self.n_entities, satisfied, unknown)

    @property
    def n_unknown(self) -> int:
        """Number of entities for which the query is unknown."""
        return int(bitset.set_size(self.unknown))

    @property
    def mask(self) -> Mask:
        """Booleans, shape (n_entities,): which entities satisfy the query."""
        return unpack(self.satisfied, self.n_entities)

    @property
    def unknown_mask(self) -> Mask:
        """Booleans, shape (n_entities,): for which entities the query is unknown."""
        return unpack(self.unknown, self.n_entities)

    def _combined(self, operation: object, other: Support) -> Support:
        check_same_entities([self, other])
        satisfied, unknown = self.satisfied.copy(), self.unknown.copy()
        operation(satisfied, unknown, other.satisfied, other.unknown)  # type: ignore[operator]
        return Support(self.n_entities, satisfied, unknown)


def check_same_entities(supports: Sequence[Support]) -> None:
    """Check that supports cover equally many entities.

    Raises
    ------
    EntityMismatchError
        If they do not.
    """
    sizes = [support.n_entities for support in supports]
    if len(set(sizes)) > 1:
        em = (
            f"Supports cover {' and '.join(map(str, sizes))} entities; all sides of a "
            "redescription must describe the same entities."
        )
        raise EntityMismatchError(em)
