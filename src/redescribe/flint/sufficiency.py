"""Predictions from the N best attributes alone: how many of them suffice."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from redescribe.errors import ParameterError
from redescribe.flint._torch import torch
from redescribe.flint.conciseness import SufficiencyCurve
from redescribe.flint.explanations import explanations_of
from redescribe.flint.heads import best_contributions
from redescribe.flint.metrics import accuracy, fidelity
from redescribe.flint.params import Task

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redescribe.flint.evaluation import Evaluation

COUNTS = (1, 2, 3, 5, 8, 16, 32, 64, 128)


def with_best(
    evaluation: Evaluation, n: int, *, numbers: Sequence[int] | None = None
) -> Evaluation:
    """Return what g predicts from N attributes alone; all measures take it.

    Of each entity the N attributes with the largest |r| for its class stay (of each label
    or value its own N), as in its explanation; the others are set to 0.

    Parameters
    ----------
    evaluation
        Of all attributes.
    n
        N, 1 and more.
    numbers
        Only these attributes may stay, such as `best_attributes` gives them for a smaller
        dictionary.

    Raises
    ------
    ParameterError
        If N or a number is none.

    References
    ----------
    Parekh et al. (2025), VisCoIN, for predictions from the N best attributes; the ranking
    is this package's.

    Examples
    --------
    >>> from torch import nn
    >>> from redescribe.flint import FLINT, evaluate
    >>> net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))
    >>> found = evaluate(FLINT(net, ["1"], 5, 3), np.eye(4))
    >>> np.allclose(with_best(found, 5).logits_g, found.logits_g)
    True
    """
    alpha = evaluation.contributions
    if numbers is not None:
        chosen = _among(numbers, alpha.shape[1])
        alpha = np.where(chosen[:, None], alpha, 0.0)
    offsets = torch.from_numpy(evaluation.offsets)
    limited = best_contributions(
        torch.from_numpy(alpha),
        offsets,
        n,
        per_class=evaluation.task is not Task.MULTICLASS,
    ).numpy()
    stays = (limited != 0).any(axis=2)
    return replace(
        evaluation,
        contributions=limited,
        logits_g=limited.sum(axis=1) + evaluation.offsets,
        attributes=np.where(stays, evaluation.attributes, 0.0),
    )


def best_attributes(evaluation: Evaluation, n: int) -> tuple[int, ...]:
    """Return the N attributes of the dictionary that count most, the strongest first.

    Those with the largest mean |r| over all predictions. Choose them on other entities than
    those on which `with_best` measures them.

    Parameters
    ----------
    evaluation
        Of any task.
    n
        N, 1 and more.

    Raises
    ------
    ParameterError
        If N is none.

    Examples
    --------
    >>> from torch import nn
    >>> from redescribe.flint import FLINT, evaluate
    >>> net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))
    >>> len(best_attributes(evaluate(FLINT(net, ["1"], 5, 3), np.eye(4)), 2))
    2
    """
    if n < 1:
        em = f"At least one attribute is needed. Got n={n}."
        raise ParameterError(em)
    strength = np.abs(explanations_of(evaluation).relevance).sum(axis=0)
    return tuple(np.argsort(-strength, kind="stable")[:n].tolist())


def sufficiency_curve(
    evaluation: Evaluation, counts: Sequence[int] = COUNTS
) -> SufficiencyCurve:
    """Return how good predictions from the N best attributes of each entity are.

    Parameters
    ----------
    evaluation
        Of a task of classes or labels.
    counts
        N, 1 and more; those above J are left out.

    Raises
    ------
    ParameterError
        If a number is none, or the task is regression.

    Examples
    --------
    >>> from torch import nn
    >>> from redescribe.flint import FLINT, evaluate
    >>> net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))
    >>> sufficiency_curve(evaluate(FLINT(net, ["1"], 5, 3), np.eye(4))).counts
    (1, 2, 3, 5)
    """
    n_attributes = evaluation.attributes.shape[1]
    kept = tuple(int(n) for n in counts if n <= n_attributes)
    each = [with_best(evaluation, n) for n in kept]
    known = evaluation.labels is not None
    return SufficiencyCurve(
        kept,
        tuple(fidelity(one) for one in each),
        tuple(accuracy(one, "g") for one in each) if known else (),
    )


def _among(numbers: Sequence[int], n_attributes: int) -> np.ndarray:
    chosen = np.zeros(n_attributes, np.bool_)
    for j in numbers:
        if not 0 <= j < n_attributes:
            em = f"Attributes are numbers from 0 to {n_attributes - 1}. Got {j}."
            raise ParameterError(em)
        chosen[j] = True
    return chosen
