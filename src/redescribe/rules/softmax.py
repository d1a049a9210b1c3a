"""Weights of chosen columns, learned together: a ridge multinomial fit by Newton steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from redescribe._typing import Floats, Ints

_STEPS, _TOLERANCE = 12, 1e-4
_RIDGE_OF_BASE = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class Aim:
    """What a weighted set is fitted to.

    Attributes
    ----------
    probabilities
        ndarray of float64, shape (n_entities, n_classes): what the network answers.
    weights
        ndarray of float64, shape (n_entities,): how much each entity counts.
    ridge
        Pull of the weights of rules towards 0.
    """

    probabilities: Floats
    weights: Floats
    ridge: float

    @property
    def n_classes(self) -> int:
        """Number of classes."""
        return int(self.probabilities.shape[1])


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """Learned weights.

    Attributes
    ----------
    weights
        ndarray of float64, shape (n_columns,).
    base
        ndarray of float64, shape (n_classes,): scores without any column; the first is 0.
    loss
        Weighted cross-entropy with the penalty.
    shares
        ndarray of float64, shape (n_entities, n_classes): the fitted probabilities.
    """

    weights: Floats
    base: Floats
    loss: float
    shares: Floats


def fit(
    columns: Floats, labels: Ints, aim: Aim, start: tuple[Floats, Floats] | None = None
) -> Fit:
    """Return the weights that fit best.

    Parameters
    ----------
    columns
        Shape (n_entities, n_columns): 0 and 1.
    labels
        Shape (n_columns,): the class whose score each column raises.
    aim
        What is fitted.
    start
        Weights and base to start from; zeros without.

    Examples
    --------
    >>> aim = Aim(np.eye(2)[[0, 0, 1, 1]], np.ones(4), 0.1)
    >>> found = fit(np.array([[0.0], [0.0], [1.0], [1.0]]), np.array([1]), aim)
    >>> bool(found.weights[0] > 1), found.shares.argmax(axis=1)
    (True, array([0, 0, 1, 1]))
    """
    n_classes = aim.n_classes
    n_columns = labels.size
    design = np.concatenate([columns, np.ones((len(columns), n_classes - 1))], axis=1)
    classes = np.append(labels, np.arange(1, n_classes))
    ridge = np.append(np.full(n_columns, aim.ridge), np.full(n_classes - 1, _RIDGE_OF_BASE))
    together = classes[:, None] == classes[None, :]
    current = np.zeros(classes.size)
    if start is not None:
        current = np.append(start[0], start[1][1:])
    shares, loss = _state(design, classes, current, aim=aim, ridge=ridge)
    for _ in range(_STEPS):
        errors = (aim.probabilities - shares) * aim.weights[:, None]
        gradient = np.einsum("ij,ij->j", design, errors[:, classes]) - ridge * current
        lifted = design * shares[:, classes]
        weighted = lifted * aim.weights[:, None]
        if n_classes == 2:
            hessian = weighted.T @ (design - lifted)
        else:
            hessian = np.where(together, weighted.T @ design, 0.0) - weighted.T @ lifted
        hessian[np.diag_indices_from(hessian)] += ridge
        step = np.linalg.solve(hessian, gradient)
        moved, shares, loss = _shortened(
            current, step, (shares, loss), (design, classes, aim, ridge)
        )
        largest = float(np.abs(moved - current).max(initial=0.0))
        current = moved
        if largest < _TOLERANCE:
            break
    return Fit(current[:n_columns], np.append(0.0, current[n_columns:]), loss, shares)


def _shortened(
    current: Floats,
    step: Floats,
    before: tuple[Floats, float],
    problem: tuple[Floats, Ints, Aim, Floats],
) -> tuple[Floats, Floats, float]:
    """A Newton step, halved until the loss does not rise."""
    design, classes, aim, ridge = problem
    for halvings in range(6):
        moved = current + step / 2**halvings
        shares, loss = _state(design, classes, moved, aim=aim, ridge=ridge)
        if loss <= before[1]:
            return moved, shares, loss
    return current, *before


def _state(
    design: Floats, classes: Ints, current: Floats, *, aim: Aim, ridge: Floats
) -> tuple[Floats, float]:
    """Fitted probabilities, and the loss."""
    one_hot = (classes[:, None] == np.arange(aim.n_classes)) * current[:, None]
    scores = design @ one_hot
    scores -= scores.max(axis=1, keepdims=True)
    logs = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    entropy = -float(aim.weights @ (aim.probabilities * logs).sum(axis=1))
    return np.exp(logs), entropy + 0.5 * float(ridge @ current**2)
