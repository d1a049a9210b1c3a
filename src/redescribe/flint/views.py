"""What a FLINT learned, as a view for the miner."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np

from redescribe._validation import choose
from redescribe.core.entities import EntityIndex
from redescribe.core.neuron import LEARNED_LAYER, NeuronId
from redescribe.core.view import BOOLEAN_CATEGORIES, Attribute, AttributeKind, View
from redescribe.errors import EntityMismatchError, ParameterError
from redescribe.flint.batches import Data, batches_in_order, parts_of, placed
from redescribe.flint.detectors import class_detectors
from redescribe.flint.evaluation import BATCH_SIZE, evaluate, evaluating
from redescribe.flint.interpret import check_tau, global_of, relevance_of
from redescribe.flint.metrics import fidelity
from redescribe.flint.params import Task
from redescribe.flint.thresholds import otsu

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redescribe._typing import Floats
    from redescribe.flint._torch import torch
    from redescribe.flint.evaluation import Evaluation
    from redescribe.flint.model import FLINT

DEAD = 1e-3
QUANTILE = 0.75
_POOLS = ("mean", "max")


class Kind(StrEnum):
    """What the columns of a view are."""

    ATTRIBUTES = "attributes"
    RELEVANCE = "relevance"
    NEURONS = "neurons"
    PREDICTIONS = "predictions"


class Binarise(StrEnum):
    """Where the threshold lies above which an attribute is on."""

    OTSU = "otsu"
    QUANTILE = "quantile"
    RELEVANCE = "relevance"


@dataclass(frozen=True, slots=True, eq=False)
class LearnedRecord:
    """What leads from a mined rule back to its attribute.

    Attributes
    ----------
    kind
        What the columns are.
    numbers
        The attribute behind each column; empty for neurons and predictions.
    n_attributes, layers
        J and the tapped layers.
    thresholds
        Of binary columns: on where the value (or relevance) is above; empty otherwise.
    fidelity
        Of the interpreter on these entities; None for regression.
    profile
        r_jc of the columns, shape (n_columns, C), NaN for classes of no entity; None
        where there are no classes.
    """

    kind: Kind
    numbers: tuple[int, ...]
    n_attributes: int
    layers: tuple[str, ...]
    thresholds: tuple[float, ...]
    fidelity: float | None
    profile: Floats | None


@dataclass(frozen=True, slots=True, eq=False)
class LearnedView(View):
    """A view of a FLINT, and where its columns come from.

    Attributes
    ----------
    record
        Attributes, thresholds, fidelity and class profile.
    """

    record: LearnedRecord | None = None


def to_view(  # noqa: PLR0913 - the choices of a view
    flint: FLINT,
    data: Data,
    *,
    kind: str = Kind.ATTRIBUTES,
    binarise: str | None = None,
    tau: float = 2.0,
    name: str = "learned",
    model_name: str = "flint",
    names: Sequence[str] = (),
    entities: EntityIndex | None = None,
    drop_dead: bool = True,
    drop_detectors: bool = False,
    pool: Sequence[str] = _POOLS,
) -> LearnedView:
    """Return attributes, relevances, tapped neurons or predictions as a view.

    Parameters
    ----------
    flint
        The FLINT.
    data
        Inputs, (inputs, labels) or batches, in the order of the entities.
    kind
        attributes: max(0, φ_j); relevance: r_jx for g's class; neurons: what the tapped
        layers give; predictions: classes of f and g, and whether they differ.
    binarise
        None, or where an attribute is on: above otsu's threshold, above the 75 %
        quantile, or with a relevance above 1/τ.
    tau
        Of the relevance, above 1.
    name, model_name
        Of the view; in the names of attributes, `model@attributes:j`, and of neurons.
    names
        Other names of all J attributes.
    entities
        None: numbered.
    drop_dead
        Whether attributes and neurons that never change are left out.
    drop_detectors
        Whether attributes that are hardly more than one class are left out: mined, they
        only describe it (`redescribe.flint.detectors`). Of tasks of classes.
    pool
        For neurons of maps and tokens: mean, max or both.

    Returns
    -------
    view
        A view of float64 that knows where its columns come from (`record`).

    Raises
    ------
    ParameterError
        If options do not fit each other, or nothing is left.
    EntityMismatchError
        If there is not one entity for each input.

    Examples
    --------
    >>> from torch import nn
    >>> from redescribe.flint import FLINT
    >>> net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))
    >>> flint = FLINT(net, ["1"], n_attributes=2, n_classes=3, activation="softplus")
    >>> to_view(flint, np.eye(4)).names
    ('flint@attributes:0', 'flint@attributes:1')
    """
    chosen = choose(Kind, kind, parameter="kind of view")
    check_tau(tau)
    if chosen is Kind.NEURONS:
        called_so = (name, model_name)
        return _neurons(flint, data, called_so, entities, drop_dead=drop_dead, pool=pool)
    evaluation = evaluate(flint, data)
    index = _index(entities, len(evaluation))
    if chosen is Kind.PREDICTIONS:
        return _predictions(flint, evaluation, name, index)
    values, thresholds = _columns(evaluation, chosen, binarise, tau)
    called = _names(names, flint.n_attributes, model_name)
    kept = np.arange(flint.n_attributes)
    if drop_dead:
        alive = evaluation.attributes.max(axis=0) >= DEAD
        kept = np.flatnonzero(alive & (np.ptp(values, axis=0) > 0))
    if drop_detectors:
        kept = np.setdiff1d(kept, [one.attribute for one in class_detectors(evaluation)])
    if not kept.size:
        em = (
            "No attribute is left: all are dead or class detectors. Train it, or keep "
            "these (drop_dead, drop_detectors)."
        )
        raise ParameterError(em)
    binary = binarise is not None
    attributes = tuple(
        Attribute(called[j], AttributeKind.BOOLEAN, BOOLEAN_CATEGORIES, neuron=not names)
        if binary
        else Attribute(called[j], neuron=not names)
        for j in kept.tolist()
    )
    classes = evaluation.task is Task.MULTICLASS
    record = LearnedRecord(
        chosen,
        tuple(kept.tolist()),
        flint.n_attributes,
        flint.layers,
        tuple(thresholds[kept].tolist()) if binary else (),
        None if evaluation.task is Task.REGRESSION else fidelity(evaluation),
        global_of(evaluation).relevance[kept] if classes else None,
    )
    columns = np.ascontiguousarray(values[:, kept].T)
    return LearnedView(name, index, attributes, columns, record)


def _columns(
    evaluation: Evaluation, kind: Kind, binarise: str | None, tau: float
) -> tuple[Floats, Floats]:
    """Values of all attributes, shape (n, J), and thresholds, shape (J,)."""
    positive = np.maximum(evaluation.attributes, 0)
    values = positive if kind is Kind.ATTRIBUTES else _relevance(evaluation)
    if binarise is None:
        return values, np.empty(0)
    how = choose(Binarise, binarise, parameter="binarise")
    if how is Binarise.RELEVANCE:
        values = _relevance(evaluation)
        thresholds = np.full(values.shape[1], 1 / tau)
    elif how is Binarise.QUANTILE:
        thresholds = np.quantile(values, QUANTILE, axis=0)
    else:
        thresholds = np.array([otsu(column) for column in values.T])
    return (values > thresholds).astype(np.float64), thresholds


def _relevance(evaluation: Evaluation) -> Floats:
    if evaluation.task is Task.MULTILABEL:
        # Of the label for which it counts most; where g predicts none, nothing counts.
        values = relevance_of(evaluation)
        largest: Floats = np.nan_to_num(values, nan=-np.inf).max(axis=2).clip(min=0)
        return largest
    return relevance_of(evaluation)


def _neurons(
    flint: FLINT,
    data: Data,
    called: tuple[str, str],
    entities: EntityIndex | None,
    *,
    drop_dead: bool,
    pool: Sequence[str],
) -> LearnedView:
    unknown = [how for how in pool if how not in _POOLS]
    if unknown or not pool:
        em = f"pool is some of {', '.join(_POOLS)}. Got {list(pool)}."
        raise ParameterError(em)
    name, model_name = called
    columns: dict[NeuronId, list[Any]] = {}
    with evaluating(flint):
        for batch in batches_in_order(data, BATCH_SIZE):
            output = flint(placed(parts_of(batch)[0], flint.model))
            for layer, feature in output.features.items():
                for how, units in _pooled(feature, pool):
                    for unit, column in enumerate(units.double().cpu().numpy().T):
                        key = NeuronId(layer, unit, model_name, how)
                        columns.setdefault(key, []).append(column)
    values = np.array([np.concatenate(parts) for parts in columns.values()])
    kept = (
        np.flatnonzero(np.ptp(values, axis=1) > 0) if drop_dead else np.arange(len(values))
    )
    if not kept.size:
        em = "No tapped neuron ever changes: there is nothing to view."
        raise ParameterError(em)
    ids = list(columns)
    attributes = tuple(Attribute(str(ids[row]), neuron=True) for row in kept.tolist())
    record = LearnedRecord(
        Kind.NEURONS, (), flint.n_attributes, flint.layers, (), None, None
    )
    index = _index(entities, values.shape[1])
    return LearnedView(name, index, attributes, values[kept], record)


def _pooled(feature: torch.Tensor, pool: Sequence[str]) -> list[tuple[str, torch.Tensor]]:
    """Values per entity and unit, by reducer; vectors need none."""
    if feature.ndim == 2:
        return [("", feature)]
    # Units stand second in maps, and last in tokens.
    flat = feature.flatten(2) if feature.ndim == 4 else feature.transpose(1, 2)
    found = {"mean": flat.mean(2), "max": flat.amax(2)}
    return [(how, found[how]) for how in pool]


def _predictions(
    flint: FLINT, evaluation: Evaluation, name: str, index: EntityIndex
) -> LearnedView:
    classes_f, classes_g = evaluation.classes_f, evaluation.classes_g
    categories = tuple(str(c) for c in range(flint.params.n_classes))
    rows: list[tuple[Attribute, Any]] = [
        (Attribute("class_f", AttributeKind.NOMINAL, categories), classes_f),
        (Attribute("class_g", AttributeKind.NOMINAL, categories), classes_g),
        (_flag("f_and_g_differ"), classes_f != classes_g),
    ]
    if evaluation.labels is not None:
        wrong = evaluation.labels.reshape(-1) != classes_f
        rows.append((_flag("f_is_wrong"), wrong))
    values = np.array([row for _, row in rows], dtype=np.float64)
    share = fidelity(evaluation)
    kind = Kind.PREDICTIONS
    record = LearnedRecord(kind, (), flint.n_attributes, flint.layers, (), share, None)
    return LearnedView(name, index, tuple(one for one, _ in rows), values, record)


def _flag(name: str) -> Attribute:
    return Attribute(name, AttributeKind.BOOLEAN, BOOLEAN_CATEGORIES)


def _names(names: Sequence[str], n_attributes: int, model_name: str) -> list[str]:
    if names and len(names) != n_attributes:
        em = f"There are {len(names)} names for {n_attributes} attributes. Give one each."
        raise ParameterError(em)
    ids = (NeuronId(LEARNED_LAYER, j, model_name) for j in range(n_attributes))
    return list(names) or [str(one) for one in ids]


def _index(entities: EntityIndex | None, n: int) -> EntityIndex:
    index = EntityIndex.numbered(n) if entities is None else entities
    if len(index) != n:
        em = f"There are {len(index)} entities for {n} inputs. Give one for each."
        raise EntityMismatchError(em)
    return index
