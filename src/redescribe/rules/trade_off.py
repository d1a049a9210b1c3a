"""What shorter and longer rule sets reach: the size is chosen by cross-validation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redescribe._typing import Ints

_STEPS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48)
_GROWTH = 1.5


@dataclass(frozen=True, slots=True)
class TradeOff:
    """What sets of a length reach on folds of the mining part that they were not made from.

    Attributes
    ----------
    max_literals
        Literals allowed.
    fidelity
        Mean over the folds.
    fidelity_sd
        Standard deviation over the folds.
    chosen
        Whether this length was chosen, by the folds.
    n_rules, n_literals
        Size of the set that was made on the whole mining part; None where none was.
    hold_out, hold_out_accuracy
        Fidelity and accuracy of this set on the hold-out, which chose nothing; None without
        a hold-out or true classes.
    """

    max_literals: int
    fidelity: float
    fidelity_sd: float
    chosen: bool = False
    n_rules: int | None = None
    n_literals: int | None = None
    hold_out: float | None = None
    hold_out_accuracy: float | None = None


def lengths_to_try(max_literals: int) -> list[int]:
    """Return numbers of literals from 1 to the largest, further and further apart.

    Examples
    --------
    >>> lengths_to_try(20)
    [1, 2, 3, 4, 6, 8, 12, 16, 20]
    """
    steps = [step for step in _STEPS if step < max_literals]
    while steps and steps[-1] >= _STEPS[-1] and steps[-1] * _GROWTH < max_literals:
        steps.append(int(steps[-1] * _GROWTH))
    return [*steps, max_literals]


def chosen_length(
    lengths: Sequence[int],
    fidelities: np.ndarray[tuple[int, int], np.dtype[np.float64]],
    max_loss: float,
) -> tuple[TradeOff, ...]:
    """Return the trade-off, with the shortest length that loses little.

    Parameters
    ----------
    lengths
        Literals allowed, ascending.
    fidelities
        Shape (n_folds, n_lengths).
    max_loss
        Fidelity that may be lost against the best length.

    Examples
    --------
    >>> found = chosen_length([1, 2, 4], np.array([[0.8, 0.91, 0.92]]), 0.02)
    >>> [one.max_literals for one in found if one.chosen]
    [2]
    """
    means = fidelities.mean(axis=0)
    best = int(np.flatnonzero(means >= means.max() - max_loss - 1e-12)[0])
    spreads = fidelities.std(axis=0)
    return tuple(
        TradeOff(length, float(means[i]), float(spreads[i]), chosen=i == best)
        for i, length in enumerate(lengths)
    )


def stratified_folds(codes: Ints, n_folds: int, seed: np.random.SeedSequence) -> Ints:
    """Return the fold of each entity: classes are spread evenly, drawn at random.

    Parameters
    ----------
    codes
        The class of each entity.
    n_folds
        Number of folds.
    seed
        Of the draw.

    Examples
    --------
    >>> folds = stratified_folds(np.array([0, 0, 1, 1]), 2, np.random.SeedSequence(0))
    >>> sorted(folds[:2].tolist()), sorted(folds[2:].tolist())
    ([0, 1], [0, 1])
    """
    generator = np.random.default_rng(seed)
    folds = np.empty(codes.size, np.int64)
    first = 0
    for code in np.unique(codes):
        members = generator.permutation(np.flatnonzero(codes == code))
        folds[members] = (first + np.arange(members.size)) % n_folds
        first += members.size  # small classes do not all start with the first fold
    return folds
