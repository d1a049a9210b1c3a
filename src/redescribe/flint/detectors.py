"""Attributes that are on for the entities of one class, and for hardly any other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from redescribe.errors import ParameterError
from redescribe.flint.thresholds import otsu

if TYPE_CHECKING:
    from redescribe.flint.evaluation import Evaluation

LIMIT = 0.9
"""Jaccard above which an attribute says little more than its class."""


@dataclass(frozen=True, slots=True)
class ClassMatch:
    """The class that an attribute is most like.

    Attributes
    ----------
    attribute, cls
        Numbers of both.
    jaccard
        Of the entities for which the attribute is on, above Otsu's threshold, and those
        that g predicts to be of the class; 0 where it is on for none.
    """

    attribute: int
    cls: int
    jaccard: float


def class_matches(evaluation: Evaluation) -> tuple[ClassMatch, ...]:
    """Return the class that each attribute is most like.

    Parameters
    ----------
    evaluation
        Of a task of classes or labels.

    Raises
    ------
    ParameterError
        If the task is regression.

    Examples
    --------
    >>> from torch import nn
    >>> from redescribe.flint import FLINT, evaluate
    >>> net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))
    >>> len(class_matches(evaluate(FLINT(net, ["1"], 5, 3), np.eye(4))))
    5
    """
    phi = evaluation.attributes
    on = phi > np.array([otsu(column) for column in phi.T])
    member = evaluation.predicted("g")
    both = on.T.astype(np.int64) @ member
    union = on.sum(axis=0)[:, None] + member.sum(axis=0) - both
    jaccards = both / np.maximum(union, 1)
    best = jaccards.argmax(axis=1)
    return tuple(
        ClassMatch(j, int(cls), float(jaccards[j, cls])) for j, cls in enumerate(best)
    )


def class_detectors(
    evaluation: Evaluation, *, limit: float = LIMIT
) -> tuple[ClassMatch, ...]:
    """Return the attributes that are hardly more than a class.

    Mined against anything, they only describe classes: leave them out, or mine within the
    class.

    Parameters
    ----------
    evaluation
        Of a task of classes or labels.
    limit
        Jaccard above which an attribute is a detector, 0 to 1.

    Raises
    ------
    ParameterError
        If the limit is no share, or the task is regression.

    Examples
    --------
    >>> from torch import nn
    >>> from redescribe.flint import FLINT, evaluate
    >>> net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))
    >>> class_detectors(evaluate(FLINT(net, ["1"], 5, 3), np.ones((2, 4))), limit=1.0)
    ()
    """
    if not 0 <= limit <= 1:
        em = f"limit is a Jaccard, 0 to 1. Got {limit}."
        raise ParameterError(em)
    return tuple(match for match in class_matches(evaluation) if match.jaccard > limit)
