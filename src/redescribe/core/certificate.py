"""What is proven about the best description that a language has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from redescribe.core.query import Query


@dataclass(frozen=True, slots=True)
class LengthBound:
    """What is proven for queries of at most some length.

    Attributes
    ----------
    length
        Literals of the partner's query at most.
    best
        Value of the best admissible pair found; None where none was.
    bound
        No admissible pair of the language has a larger value.
    complete
        Whether the search ended by itself, so that nothing is better than `best`.
    """

    length: int
    best: float | None
    bound: float
    complete: bool


@dataclass(frozen=True, slots=True)
class Certificate:
    """The best pair of a stated language for one target and partner view, and its proof.

    The language: one literal of the target, a conjunction of at most `max_length` literals
    over the partner view; literals are one-sided cuts and categories, or all but one. All
    numbers are of the mining part.

    Attributes
    ----------
    partner
        Name of the partner view.
    objective
        What is maximised.
    n_own, n_literals
        Literals of the target, and of the partner view.
    all_cuts
        Whether there is a cut at every distinct value on both sides.
    left, right
        The best admissible pair, the target's query first; None where none is admissible.
    jaccard, support, union
        Of this pair; None without one.
    by_length
        What is proven for each length, the longest last.
    n_nodes
        Queries whose extensions were counted.
    pool
        Hash of the literals of both sides, by the entities that satisfy them.
    """

    partner: str
    objective: str
    n_own: int
    n_literals: int
    all_cuts: bool
    left: Query | None
    right: Query | None
    jaccard: float | None
    support: int | None
    union: int | None
    by_length: tuple[LengthBound, ...]
    n_nodes: int
    pool: str

    @property
    def best(self) -> float | None:
        """Value of the best admissible pair; None where none was found."""
        return self.by_length[-1].best

    @property
    def bound(self) -> float:
        """No admissible pair of the language has a larger value."""
        return self.by_length[-1].bound

    @property
    def max_length(self) -> int:
        """Literals of the partner's query at most."""
        return self.by_length[-1].length

    @property
    def complete(self) -> bool:
        """Whether the search ended by itself."""
        return self.by_length[-1].complete
