"""What is to be explained of each entity, and how much each attribute counts for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from redescribe.flint.params import Task

if TYPE_CHECKING:
    from redescribe._typing import Floats, Ints, Mask
    from redescribe.flint.evaluation import Evaluation


@dataclass(frozen=True, slots=True, eq=False)
class Explanations:
    """One row per prediction that attributes explain.

    Of classes there is one per entity; of labels one for each that is predicted; of
    values (regression) one for each.

    Attributes
    ----------
    entities, classes
        Which entity, and which class, label or value; ndarrays of int64, shape (m,).
    agree
        Whether f and g predict the same there, shape (m,); True for values.
    contributions
        α, ndarray of float64, shape (m, J).
    """

    entities: Ints
    classes: Ints
    agree: Mask
    contributions: Floats

    @property
    def relevance(self) -> Floats:
        """Each α divided by max |α| of its row, shape (m, J); 0 where all α are 0."""
        largest = np.abs(self.contributions).max(axis=1, keepdims=True)
        scaled: Floats = self.contributions / np.where(largest > 0, largest, 1.0)
        return scaled


def explanations_of(evaluation: Evaluation, *, cls_from: str = "g") -> Explanations:
    """Return what attributes contribute to all that is predicted.

    Parameters
    ----------
    evaluation
        Of any task.
    cls_from
        Whose classes or labels: those of g or of f.

    Examples
    --------
    >>> from torch import nn
    >>> from redescribe.flint import FLINT, evaluate
    >>> net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))
    >>> found = evaluate(FLINT(net, ["1"], 5, 3), np.eye(4))
    >>> explanations_of(found).relevance.shape
    (4, 5)
    """
    if evaluation.task is Task.REGRESSION:
        chosen = np.ones(evaluation.logits_g.shape, np.bool_)
        agree = chosen
    else:
        chosen = evaluation.predicted(cls_from)
        agree = evaluation.predicted("f") == evaluation.predicted("g")
    entities, classes = np.nonzero(chosen)
    return Explanations(
        entities,
        classes,
        agree[entities, classes],
        evaluation.contributions[entities, :, classes],
    )
