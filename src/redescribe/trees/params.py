"""How trees are grown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from annotated_types import Interval, doc

from redescribe._validation import Count, PositiveCount, check_bounds


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeParams:
    """How trees are grown.

    References
    ----------
    Specification of redescription mining, section 4.

    Examples
    --------
    >>> TreeParams().max_depth
    8
    """

    max_depth: Annotated[PositiveCount, doc("tests per rule at most")] = 8
    min_leaf: Annotated[PositiveCount, doc("entities per child at least")] = 2
    targets_per_tree: Annotated[PositiveCount, doc("0/1 targets of one tree at most")] = 100
    n_subspace_trees: Annotated[
        Count, doc("further trees per target, on random subsets of the attributes")
    ] = 2
    max_bins: Annotated[
        int,
        Interval(ge=2, le=65_535),
        doc("bins per attribute; exact up to this many values"),
    ] = 255

    def __post_init__(self) -> None:
        check_bounds(self)
