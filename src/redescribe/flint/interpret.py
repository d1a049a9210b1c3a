"""Relevance of attributes: why one entity is of a class, and what a class is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from redescribe.errors import ParameterError
from redescribe.flint.evaluation import Evaluation, evaluate
from redescribe.flint.explanations import explanations_of
from redescribe.flint.params import Task

if TYPE_CHECKING:
    from redescribe._typing import Floats, Ints, Mask
    from redescribe.flint.batches import Data
    from redescribe.flint.model import FLINT

TAU = 2.0
_NORMALISATIONS = ("max_abs", "none")


def relevance(
    flint: FLINT,
    data: Data,
    *,
    cls: str | int | None = None,
    normalise: str = "max_abs",
    include_bias: bool = False,
) -> Floats:
    """Return how much each attribute counts for a class, relative to the strongest.

    r_jx = α_jcx / max_i |α_icx|, with α_jcx = φ_j(x) · w_jc; 0 for all attributes where
    all α are 0.

    Parameters
    ----------
    flint
        The FLINT.
    data
        Inputs, (inputs, labels) or batches.
    cls
        The class c: that of g (None or `"g"`), that of f (`"f"`), or a number. For
        multi-label tasks None gives all labels that g predicts; for regression it is the
        number of the value (0 where there is one).
    normalise
        max_abs, or none: then the contributions α themselves are returned.
    include_bias
        Whether the maximum is also over the bias of the class.

    Returns
    -------
    relevance
        ndarray of float64, shape (n, J), -1 to 1. For multi-label tasks without a class:
        shape (n, J, C), NaN for labels that g does not predict.

    Raises
    ------
    ParameterError
        If there is no such class, or the task needs a number.

    References
    ----------
    Parekh, Mozharovskyi, d'Alché-Buc (2021), section 3.3.1, with max |α| for max α.

    Examples
    --------
    >>> from torch import nn
    >>> from redescribe.flint import FLINT
    >>> net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))
    >>> r = relevance(FLINT(net, ["1"], 5, 3), np.ones((2, 4)))
    >>> r.shape, float(np.abs(r).max())
    ((2, 5), 1.0)
    """
    found = evaluate(flint, data)
    return relevance_of(found, cls=cls, normalise=normalise, include_bias=include_bias)


def relevance_of(
    evaluation: Evaluation,
    *,
    cls: str | int | None = None,
    normalise: str = "max_abs",
    include_bias: bool = False,
) -> Floats:
    """Return the same of outputs that are known; see `relevance`."""
    if normalise not in _NORMALISATIONS:
        em = f"normalise is one of {', '.join(_NORMALISATIONS)}. Got {normalise!r}."
        raise ParameterError(em)
    alpha, offsets = evaluation.contributions, evaluation.offsets
    if evaluation.task is Task.MULTILABEL and cls is None:
        scale = _scale(alpha, offsets if include_bias else None)
        values = alpha if normalise == "none" else alpha / scale
        positive: Mask = evaluation.logits_g > 0
        return np.where(positive[:, None, :], values, np.nan)
    chosen = classes_of(evaluation, cls)
    rows = np.arange(len(evaluation))
    of_class = alpha[rows, :, chosen]
    if normalise == "none":
        return of_class
    bias = offsets[chosen][:, None] if include_bias else None
    largest = np.abs(of_class).max(axis=1, keepdims=True)
    if bias is not None:
        largest = np.maximum(largest, np.abs(bias))
    return of_class / np.where(largest > 0, largest, 1.0)


def classes_of(evaluation: Evaluation, cls: str | int | None) -> Ints:
    """Return the class of each entity that is meant: of g, of f, or one number for all.

    Raises
    ------
    ParameterError
        If there is none.
    """
    n_classes = evaluation.logits_g.shape[1]
    if isinstance(cls, (int, np.integer)) and not isinstance(cls, bool):
        if not 0 <= cls < n_classes:
            em = f"Classes are numbers from 0 to {n_classes - 1}. Got {cls}."
            raise ParameterError(em)
        return np.full(len(evaluation), int(cls))
    if cls not in {None, "f", "g"}:
        em = f"A class is 'g', 'f' or a number from 0 to {n_classes - 1}. Got {cls!r}."
        raise ParameterError(em)
    if evaluation.task is Task.REGRESSION and n_classes == 1:
        return np.zeros(len(evaluation), np.int64)
    return evaluation.classes_f if cls == "f" else evaluation.classes_g


@dataclass(frozen=True, slots=True)
class LocalInterpretation:
    """Why one entity is of its class, has a label, or gets its value.

    Attributes
    ----------
    entity
        Position of the entity in the data.
    cls
        The class or label that g predicts, or the number of the value.
    agrees
        Whether f predicts it too; if not, the reasons are those of g alone. True for
        values.
    attributes, relevances
        Numbers of the attributes with r > 1/τ, the strongest first, and their relevances.
        None where the bias decides: none is above.
    """

    entity: int
    cls: int
    agrees: bool
    attributes: tuple[int, ...]
    relevances: tuple[float, ...]


def local_interpretation(
    flint: FLINT, data: Data, *, tau: float = TAU
) -> tuple[LocalInterpretation, ...]:
    """Return the relevant attributes of each prediction: those with r > 1/τ.

    Parameters
    ----------
    flint, data
        As in `relevance`.
    tau
        Above 1.

    Returns
    -------
    interpretations
        One per entity; of labels one for each that g predicts, of several values one for
        each, entity by entity.

    Raises
    ------
    ParameterError
        If tau is not above 1.

    References
    ----------
    Parekh, Mozharovskyi, d'Alché-Buc (2021), section 3.3.1.

    Examples
    --------
    >>> from torch import nn
    >>> from redescribe.flint import FLINT
    >>> net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))
    >>> [one] = local_interpretation(FLINT(net, ["1"], 5, 3), np.ones((1, 4)))
    >>> one.entity, one.cls in {0, 1, 2}
    (0, True)
    """
    check_tau(tau)
    explained = explanations_of(evaluate(flint, data))
    columns = zip(
        explained.entities.tolist(),
        explained.classes.tolist(),
        explained.agree.tolist(),
        explained.relevance,
        strict=True,
    )
    found = []
    for entity, cls, agrees, row in columns:
        order = np.argsort(-row, kind="stable")
        chosen = order[row[order] > 1 / tau]
        one = tuple(chosen.tolist()), tuple(row[chosen].tolist())
        found.append(LocalInterpretation(entity, cls, agrees, *one))
    return tuple(found)


@dataclass(frozen=True, slots=True, eq=False)
class GlobalInterpretation:
    """Which attributes stand for which classes.

    Attributes
    ----------
    relevance
        r_jc, ndarray of float64, shape (J, C); NaN for classes of no entity.
    counts
        Entities behind each class, ndarray of int64, shape (C,).
    n_left_out
        Predictions on which f and g disagree, which are not counted.
    tau
        The threshold 1/τ of `pairs`.
    """

    relevance: Floats
    counts: Ints
    n_left_out: int
    tau: float

    @property
    def empty_classes(self) -> tuple[int, ...]:
        """Classes of no entity."""
        return tuple(np.flatnonzero(self.counts == 0).tolist())

    def pairs(self) -> tuple[tuple[int, int, float], ...]:
        """Return (class, attribute, r) with r > 1/τ, by class, the strongest first."""
        found = []
        for cls, column in enumerate(self.relevance.T):
            for j in np.argsort(-column, kind="stable").tolist():
                if column[j] > 1 / self.tau:  # never where it is NaN
                    found.append((cls, j, float(column[j])))  # noqa: PERF401 - clearer
        return tuple(found)


def global_interpretation(
    flint: FLINT,
    data: Data,
    *,
    tau: float = TAU,
    cls_from: str = "g",
    require_agreement: bool = True,
    max_samples: int | None = None,
    seed: int = 0,
) -> GlobalInterpretation:
    """Return the mean relevance of each attribute over the entities of each class.

    Parameters
    ----------
    flint, data
        As in `relevance`. Labels are classes of which an entity may have several; of
        values (regression), all entities count for each.
    tau
        Above 1.
    cls_from
        Whose prediction says of which class an entity is: g or f.
    require_agreement
        Whether predictions on which f and g disagree are left out.
    max_samples
        A random part of so many entities; None: all.
    seed
        Of this part.

    Raises
    ------
    ParameterError
        If tau is not above 1, or a number is none.

    References
    ----------
    Parekh, Mozharovskyi, d'Alché-Buc (2021), section 3.3.1.

    Examples
    --------
    >>> from torch import nn
    >>> from redescribe.flint import FLINT
    >>> net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))
    >>> global_interpretation(FLINT(net, ["1"], 5, 3), np.ones((2, 4))).relevance.shape
    (5, 3)
    """
    evaluation = evaluate(flint, data)
    return global_of(
        evaluation,
        tau=tau,
        cls_from=cls_from,
        require_agreement=require_agreement,
        max_samples=max_samples,
        seed=seed,
    )


def global_of(
    evaluation: Evaluation,
    *,
    tau: float = TAU,
    cls_from: str = "g",
    require_agreement: bool = True,
    max_samples: int | None = None,
    seed: int = 0,
) -> GlobalInterpretation:
    """Return the same of outputs that are known; see `global_interpretation`."""
    check_tau(tau)
    explained = explanations_of(evaluation, cls_from=cls_from)
    chosen = _some(len(evaluation), max_samples, seed)[explained.entities]
    counted = chosen & explained.agree if require_agreement else chosen
    classes = np.arange(evaluation.logits_g.shape[1])
    belongs = (explained.classes[:, None] == classes) & counted[:, None]
    counts = belongs.sum(axis=0)
    with np.errstate(invalid="ignore"):  # a class of no entity has no mean
        means = (explained.relevance.T @ belongs) / counts
    n_left_out = int(chosen.sum() - counted.sum())
    return GlobalInterpretation(means, counts.astype(np.int64), n_left_out, tau)


def _some(n: int, n_chosen: int | None, seed: int) -> Mask:
    """A random part of the entities, Boolean, shape (n,); all for None."""
    if n_chosen is None:
        return np.ones(n, np.bool_)
    if n_chosen < 1:
        em = f"max_samples is a number of entities, 1 and more. Got {n_chosen}."
        raise ParameterError(em)
    chosen: Mask = np.random.default_rng(seed).permutation(n) < n_chosen
    return chosen


def check_tau(tau: float) -> None:
    """Check that a threshold 1/τ is below 1.

    Raises
    ------
    ParameterError
        If τ is not above 1.
    """
    if not tau > 1:
        em = f"tau must be above 1: attributes with r > 1/tau are relevant. Got {tau}."
        raise ParameterError(em)


def _scale(alpha: Floats, offsets: Any) -> Floats:  # noqa: ANN401 - an array or None
    """The largest |α| over the attributes, 1 where all are 0; shape (n, 1, C)."""
    largest: Floats = np.abs(alpha).max(axis=1, keepdims=True)
    if offsets is not None:
        largest = np.maximum(largest, np.abs(offsets))
    return np.where(largest > 0, largest, 1.0)
