"""The slow obvious twin of branch and bound: all pairs, one after another."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from tests.kernels.naive import Entities, log_tail, pair_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Gates(NamedTuple):
    """What a pair must reach; the largest log p."""

    min_support: int
    min_jaccard: float
    min_work: float
    max_log_p: float


def is_admissible(
    own: Entities, query: Entities, n_entities: int, gates: Gates, *, negated: bool
) -> bool:
    support, union = len(own & query), len(own | query)
    if support < gates.min_support:
        return False
    jaccard = support / union
    without = 0.0 if negated else len(query) / n_entities
    return (
        jaccard >= gates.min_jaccard
        and jaccard - without > max(gates.min_work, 1 / union)
        and log_tail(support, n_entities, len(own), len(query)) <= gates.max_log_p
    )


def conjunctions(
    literals: Sequence[Entities], length: int, n_entities: int
) -> Iterator[Entities]:
    """All that 1 to `length` literals have in common."""
    for size in range(1, length + 1):
        for chosen in combinations(literals, size):
            yield set(range(n_entities)).intersection(*chosen)


def best_value(
    objective: str,
    owns: Sequence[tuple[Entities, bool]],
    literals: Sequence[Entities],
    length: int,
    n_entities: int,
    gates: Gates,
) -> float:
    """The largest value above 0 of an admissible pair; 0 where there is none."""
    best = 0.0
    for query in conjunctions(literals, length, n_entities):
        for own, negated in owns:
            if is_admissible(own, query, n_entities, gates, negated=negated):
                best = max(best, pair_value(objective, own, query, n_entities))
    return best
