"""Three-valued AND, OR and NOT on pairs of words (satisfied, unknown).

The two sets of a pair are disjoint; an entity in neither violates the query.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from redescribe._kernels._jit import kernel

if TYPE_CHECKING:
    from redescribe._typing import Words

_SIXTY_FOUR = 64


@kernel
def and_into(
    satisfied: Words, unknown: Words, other_satisfied: Words, other_unknown: Words
) -> None:
    """(satisfied, unknown) becomes its conjunction with the other pair."""
    for i in range(satisfied.size):
        possible = (satisfied[i] | unknown[i]) & (other_satisfied[i] | other_unknown[i])
        satisfied[i] &= other_satisfied[i]
        unknown[i] = possible & ~satisfied[i]


@kernel
def or_into(
    satisfied: Words, unknown: Words, other_satisfied: Words, other_unknown: Words
) -> None:
    """(satisfied, unknown) becomes its disjunction with the other pair."""
    for i in range(satisfied.size):
        satisfied[i] |= other_satisfied[i]
        unknown[i] = (unknown[i] | other_unknown[i]) & ~satisfied[i]


@kernel
def not_into(satisfied: Words, unknown: Words, n_entities: int) -> None:
    """(satisfied, unknown) becomes its negation; unknown stays unknown."""
    for i in range(satisfied.size):
        satisfied[i] = ~(satisfied[i] | unknown[i])
    clear_padding(satisfied, n_entities)


@kernel
def clear_padding(words: Words, n_entities: int) -> None:
    """Set the bits beyond the last entity to zero."""
    used = n_entities - _SIXTY_FOUR * (words.size - 1)
    if words.size and used < _SIXTY_FOUR:
        words[words.size - 1] &= (np.uint64(1) << np.uint64(used)) - np.uint64(1)
