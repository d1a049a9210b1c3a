"""Greedy cover: reliable rules class by class, then replaced and dropped until stable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from redescribe.core.measures import adjusted_jaccard, expected_jaccard

if TYPE_CHECKING:
    from collections.abc import Callable

    from redescribe._typing import Floats, Ints
    from redescribe.core.query import Conjunction
    from redescribe.rules.columns import Columns
    from redescribe.rules.params import RuleParams

_ROUNDS = 10


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Conjunctions that each speak for one class, with what their choice goes by.

    Attributes
    ----------
    columns
        One conjunction per candidate.
    labels
        ndarray of int64: the class of each.
    n_correct
        ndarray of int64: covered entities of the class.
    precision
        ndarray of float64.
    adjusted
        ndarray of float64: chance-corrected Jaccard of the conjunction and the class.
    order
        ndarray of int64: the place of each among equals, by precision, entities, brevity
        and text.
    """

    columns: Columns
    labels: Ints
    n_correct: Ints
    precision: Floats
    adjusted: Floats
    order: Ints

    @classmethod
    def of(cls, columns: Columns, codes: Ints, n_classes: int) -> Candidates:
        """Return each conjunction as a candidate for its majority class."""
        columns = columns.distinct()
        members = codes[:, None] == np.arange(n_classes)
        counts = columns.holds.astype(np.int64) @ members.astype(np.int64)
        labels = counts.argmax(axis=1)
        n_correct = np.take_along_axis(counts, labels[:, None], axis=1)[:, 0]
        sizes = columns.sizes
        class_sizes = members.sum(axis=0)[labels]
        union = np.maximum(sizes + class_sizes - n_correct, 1)
        adjusted = [
            adjusted_jaccard(
                correct / whole, expected_jaccard((int(size), int(of_class)), codes.size)
            )
            for correct, whole, size, of_class in zip(
                n_correct.tolist(),
                union.tolist(),
                sizes.tolist(),
                class_sizes.tolist(),
                strict=True,
            )
        ]
        precision = n_correct / np.maximum(sizes, 1)
        order = _order(columns, precision, sizes)
        return cls(columns, labels, n_correct, precision, np.array(adjusted), order)

    def __len__(self) -> int:
        return len(self.columns)

    def usable(self, params: RuleParams) -> Candidates:
        """Return those that are short, reliable and frequent enough."""
        short = self.columns.lengths <= min(params.max_length, params.max_literals)
        reliable = self.precision >= params.min_precision
        kept = short & reliable & (self.n_correct >= params.min_cover)
        return Candidates(
            self.columns.at(kept),
            self.labels[kept],
            self.n_correct[kept],
            self.precision[kept],
            self.adjusted[kept],
            self.order[kept],
        )


@dataclass(frozen=True, slots=True)
class Chosen:
    """Conjunctions chosen for classes.

    Attributes
    ----------
    terms
        The conjunctions.
    labels
        The class of each.
    """

    terms: tuple[Conjunction, ...]
    labels: tuple[int, ...]


def cover(
    found: Candidates,
    codes: Ints,
    *,
    params: RuleParams,
    agreement: Callable[[Chosen], float],
) -> Chosen:
    """Choose rules that cover the classes.

    Each step takes the candidate with the largest (gain + adjusted Jaccard + 2 precision) /
    4, where the gain is the share of its class that it newly covers; ties by precision,
    entities, brevity and text. Entities of other classes never count as covered. Then
    rules are replaced by candidates that cover more and are no worse, and dropped where the
    agreement does not fall.

    Parameters
    ----------
    found
        The candidates.
    codes
        The class of each entity.
    params
        The literals allowed.
    agreement
        Share of the entities on which chosen rules answer as the network.

    References
    ----------
    Specification of redescription mining, section 9, ours, 2 to 4.
    """
    chosen = _improved(_greedy(found, codes, params.max_literals), found, params)
    return _pruned(_as_chosen(chosen, found), agreement)


def _greedy(found: Candidates, codes: Ints, room: int) -> list[int]:
    """Take the best candidate that covers something new, until none is left or fits."""
    correct = found.columns.holds & (codes[None, :] == found.labels[:, None])
    sizes = np.maximum(
        np.bincount(codes, minlength=int(found.labels.max(initial=0)) + 1), 1
    )
    of_class = sizes[found.labels]
    chosen: list[int] = []
    lengths = found.columns.lengths
    n_new = np.count_nonzero(correct, axis=1)
    while True:
        usable = (n_new > 0) & (lengths <= room)
        if not usable.any():
            return chosen
        score = (n_new / of_class + found.adjusted + 2 * found.precision) / 4
        best = int(np.lexsort((found.order, -np.where(usable, score, -np.inf)))[0])
        chosen.append(best)
        room -= int(lengths[best])
        newly = correct[best].copy()
        n_new -= np.count_nonzero(correct[:, newly], axis=1)
        correct[:, newly] = False


def _improved(chosen: list[int], found: Candidates, params: RuleParams) -> list[int]:
    """Replace rules by candidates that cover a superset and are no worse, until stable."""
    holds, lengths = found.columns.holds, found.columns.lengths
    for _ in range(_ROUNDS):
        changed = False
        for place, old in enumerate(chosen):
            room = params.max_literals - sum(int(lengths[i]) for i in chosen)
            wider = (
                (found.labels == found.labels[old])
                & ~(holds[old] & ~holds).any(axis=1)
                & (found.precision >= found.precision[old])
                & (found.adjusted >= found.adjusted[old])
                & (lengths - lengths[old] <= room)
            )
            wider[chosen] = False
            better = np.flatnonzero(wider)
            if better.size:
                sizes = found.columns.sizes[better]
                chosen[place] = int(better[np.lexsort((better, -sizes))[0]])
                changed = True
        if not changed:
            break
    return chosen


def _pruned(chosen: Chosen, agreement: Callable[[Chosen], float]) -> Chosen:
    """Drop the rules without which the agreement does not fall, the longest first."""
    best = agreement(chosen)
    order = sorted(chosen.terms, key=lambda term: (-len(term), str(term)))
    for term in order:
        place = chosen.terms.index(term)
        shorter = Chosen(
            chosen.terms[:place] + chosen.terms[place + 1 :],
            chosen.labels[:place] + chosen.labels[place + 1 :],
        )
        reached = agreement(shorter)
        if reached >= best:
            chosen, best = shorter, reached
    return chosen


def _as_chosen(rows: list[int], found: Candidates) -> Chosen:
    return Chosen(
        tuple(found.columns.terms[row] for row in rows),
        tuple(int(found.labels[row]) for row in rows),
    )


def _order(columns: Columns, precision: Floats, sizes: Ints) -> Ints:
    """The place of each candidate among equals."""
    ranked = sorted(
        range(len(columns)),
        key=lambda i: (
            -precision[i],
            -sizes[i],
            len(columns.terms[i]),
            str(columns.terms[i]),
        ),
    )
    places = np.empty(len(columns), np.int64)
    places[ranked] = np.arange(len(columns))
    return places
