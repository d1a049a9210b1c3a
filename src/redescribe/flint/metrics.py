"""How well an interpreter imitates its network, and how short its reasons are."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

import numpy as np

from redescribe._validation import choose
from redescribe.errors import EntityMismatchError, ParameterError
from redescribe.flint.conciseness import ConcisenessCurve, Convention
from redescribe.flint.explanations import explanations_of
from redescribe.flint.interpret import check_tau
from redescribe.flint.params import Task

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redescribe._typing import Floats
    from redescribe.flint.evaluation import Evaluation

TAUS = (1.5, 2.0, 2.5, 3.0, 4.0, 5.0)
DEAD = 1e-3


def accuracy(evaluation: Evaluation, which: str = "g") -> float:
    """Return the share of entities (or of their labels) that f or g predicts right.

    Parameters
    ----------
    evaluation
        With labels.
    which
        f or g.

    Raises
    ------
    ParameterError
        If there are no labels, the task is regression, or `which` is neither.
    """
    if which not in {"f", "g"}:
        em = f"which is 'f' (the network) or 'g' (the interpreter). Got {which!r}."
        raise ParameterError(em)
    labels = evaluation.known_labels()
    logits = evaluation.logits_f if which == "f" else evaluation.logits_g
    if evaluation.task is Task.REGRESSION:
        em = "Regression has no accuracy. Compare predictions with the labels."
        raise ParameterError(em)
    if evaluation.task is Task.MULTILABEL:
        return float(((logits > 0) == (labels > 0)).mean())
    return float((logits.argmax(axis=1) == labels.reshape(-1)).mean())


def fidelity(evaluation: Evaluation, top_k: int = 1) -> float:
    """Return the share of entities on which g predicts what f predicts.

    Parameters
    ----------
    evaluation
        Of a task of classes or labels (then the share of labels).
    top_k
        With classes: f's class is among the k best of g.

    Raises
    ------
    ParameterError
        If the task is regression; see `output_error`.

    References
    ----------
    Parekh, Mozharovskyi, d'Alché-Buc (2021), section 4.2.
    """
    f, g = evaluation.logits_f, evaluation.logits_g
    if evaluation.task is Task.REGRESSION:
        em = "Regression has no classes to agree on. Use output_error."
        raise ParameterError(em)
    if evaluation.task is Task.MULTILABEL:
        return float(((f > 0) == (g > 0)).mean())
    best = np.argsort(-g, axis=1, kind="stable")[:, :top_k]
    return float((best == f.argmax(axis=1)[:, None]).any(axis=1).mean())


def output_error(evaluation: Evaluation) -> float:
    """Return the mean squared difference of the outputs of f and g."""
    return float(np.square(evaluation.logits_f - evaluation.logits_g).mean())


def cns_curve(
    evaluation: Evaluation,
    taus: Sequence[float] = TAUS,
    *,
    convention: str = Convention.SIGNED,
) -> ConcisenessCurve:
    """Return the conciseness CNS_g(τ): the mean over all predictions.

    Parameters
    ----------
    evaluation
        Of any task; each label that g predicts, and each value, is explained on its own.
    taus
        Each above 1.
    convention
        signed, abs or code.

    Raises
    ------
    ParameterError, UnknownNameError
        If a τ or the convention is none, or nothing is predicted.

    References
    ----------
    Parekh, Mozharovskyi, d'Alché-Buc (2021), section 4.2.
    """
    for tau in taus:
        check_tau(tau)
    chosen = choose(Convention, convention, parameter="convention")
    explained = explanations_of(evaluation)
    if not len(explained.entities):
        em = "Nothing is predicted: g gives no entity a label. Train it longer."
        raise ParameterError(em)
    r = explained.relevance
    if chosen is Convention.ABS:
        r = np.abs(r)
    if chosen is Convention.CODE:
        alpha = explained.contributions
        largest = alpha.max(axis=1, keepdims=True)
        counts = [(alpha > largest / tau).sum(axis=1) for tau in taus]
    else:
        counts = [(r > 1 / tau).sum(axis=1) for tau in taus]
    return ConcisenessCurve(
        tuple(map(float, taus)),
        tuple(float(count.mean()) for count in counts),
        tuple(float((count == 0).mean()) for count in counts),
        chosen,
    )


@dataclass(frozen=True, slots=True)
class Usage:
    """Which attributes do anything.

    Attributes
    ----------
    dead
        Numbers of the attributes that stay below 0.001.
    used
        Numbers of those that are relevant (r > 1/τ) for some prediction.
    """

    dead: tuple[int, ...]
    used: tuple[int, ...]


def usage(evaluation: Evaluation, *, tau: float = 2.0) -> Usage:
    """Return dead and used attributes.

    Parameters
    ----------
    evaluation
        Of any task.
    tau
        Above 1.

    Raises
    ------
    ParameterError
        If τ is not above 1.
    """
    check_tau(tau)
    dead = np.flatnonzero(evaluation.attributes.max(axis=0) < DEAD)
    relevant = explanations_of(evaluation).relevance > 1 / tau
    used = np.flatnonzero(relevant.any(axis=0))
    return Usage(tuple(dead.tolist()), tuple(used.tolist()))


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Entities on which f and g part: a reason to doubt f.

    With several labels, each label of each entity counts on its own.

    Attributes
    ----------
    n, share
        How many, of all.
    accuracy_where_agreed, accuracy_where_not
        Of f; None without labels, or where there is no such entity.
    """

    n: int
    share: float
    accuracy_where_agreed: float | None
    accuracy_where_not: float | None


def disagreement(evaluation: Evaluation) -> Disagreement:
    """Return how often f and g differ, and how good f is where they do.

    Parameters
    ----------
    evaluation
        Of a task of classes or labels.

    Raises
    ------
    ParameterError
        If the task is regression.

    References
    ----------
    Parekh, Mozharovskyi, d'Alché-Buc (2021), section 4.2 and supplement.
    """
    labels = evaluation.labels
    if evaluation.task is Task.MULTILABEL:
        of_f = evaluation.predicted("f")
        differ = of_f != evaluation.predicted("g")
        right = None if labels is None else of_f == evaluation.labelled()
    else:
        differ = evaluation.classes_f != evaluation.classes_g
        right = None if labels is None else evaluation.classes_f == labels.reshape(-1)
    inside, outside = (
        None if right is None or not rows.any() else float(right[rows].mean())
        for rows in (~differ, differ)
    )
    return Disagreement(int(differ.sum()), float(differ.mean()), inside, outside)


def stability(one: Floats, other: Floats) -> float:
    """Return the mean |correlation| of the attributes of two FLINTs, matched one to one.

    Parameters
    ----------
    one, other
        Attributes of the same entities, shapes (n, J) and (n, K).

    Returns
    -------
    stability
        0 to 1, over the min(J, K) pairs; constant attributes correlate with nothing.

    Raises
    ------
    EntityMismatchError
        If they have other numbers of entities.

    Examples
    --------
    >>> phi = np.array([[0.0, 1.0], [1.0, 0.0], [2.0, 5.0]])
    >>> stability(phi, phi[:, ::-1])
    1.0
    """
    if len(one) != len(other):
        em = f"Attributes of {len(one)} and {len(other)} entities cannot be matched."
        raise EntityMismatchError(em)
    matching = import_module("scipy.optimize")  # slow to import
    correlations = np.abs(_standardised(one).T @ _standardised(other))
    rows, columns = matching.linear_sum_assignment(-correlations)
    return float(min(1.0, correlations[rows, columns].mean()))


def _standardised(values: Floats) -> Floats:
    """Columns of mean 0 and length 1; constants are 0."""
    centred = values - values.mean(axis=0)
    lengths = np.linalg.norm(centred, axis=0)
    scaled: Floats = centred / np.where(lengths > 0, lengths, 1.0)
    return scaled
