"""What a FLINT learned, as a view for the miner."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from redescribe.core.neuron import LEARNED_LAYER, NeuronId
from redescribe.core.view import BOOLEAN_CATEGORIES, Attribute, AttributeKind
from redescribe.errors import ParameterError
from redescribe.flint.detectors import class_detectors
from redescribe.flint.evaluation import evaluate
from redescribe.flint.interpret import global_of
from redescribe.flint.learned_view import Kind, LearnedRecord, LearnedView, entities_for
from redescribe.flint.metrics import DEAD, fidelity
from redescribe.flint.params import Task
from redescribe.flint.view_columns import ColumnParams, Columns, attribute_columns
from redescribe.flint.view_outcomes import POOLS, view_of_neurons, view_of_predictions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redescribe._typing import Mask
    from redescribe.core.entities import EntityIndex
    from redescribe.flint.batches import Data
    from redescribe.flint.evaluation import Evaluation
    from redescribe.flint.model import FLINT


def to_view(  # noqa: PLR0913 - the choices of a view
    flint: FLINT,
    data: Data,
    *,
    kind: str = Kind.ATTRIBUTES,
    binarise: str | None = None,
    tau: float = 2.0,
    scale: str | None = None,
    scale_from: Data = None,
    keep_raw: bool = False,
    positions: str | None = None,
    name: str = "learned",
    model_name: str = "flint",
    names: Sequence[str] = (),
    entities: EntityIndex | None = None,
    drop_dead: bool = True,
    drop_detectors: bool = False,
    pool: Sequence[str] = POOLS,
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
        layers give; predictions: of f and g, and whether they differ.
    binarise
        None, or where an attribute is on: above otsu's threshold, the first of two_bin, the
        75 % quantile, 0 (positive, where it is truly sparse), or with a relevance above
        1/τ.
    tau
        Of the relevance, above 1.
    scale
        None, or what becomes 1 in each attribute: its maximum (max) or its 99th percentile
        (p99). Such columns are called `model@attributes:j|scaled`.
    scale_from
        Data on which this is measured, those of the training; None: the same data.
    keep_raw
        Whether the columns as they were stand beside the scaled ones.
    positions
        None, or where an attribute is active, in columns beside it: at its largest value
        (max), or the centre of mass (centre). They are called `model@attributes:j|row` and
        `|column`, or `|token`, go from 0 to 1, and are missing where the attribute is off.
        Of spatial attributes.
    name, model_name
        Of the view; in the names of attributes, `model@attributes:j`, and of neurons.
    names
        Other names of all J attributes.
    entities
        None: numbered.
    drop_dead
        Whether attributes that stay below 0.001, attributes that are nearly constant, and
        neurons that never change are left out.
    drop_detectors
        Whether attributes that are hardly more than one class are left out: mined, they
        only describe it (`redescribe.flint.detectors`). Of tasks of classes and labels.
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
    >>> import torch
    >>> from torch import nn
    >>> from redescribe.flint import FLINT
    >>> _ = torch.manual_seed(0)
    >>> net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))
    >>> flint = FLINT(net, ["1"], n_attributes=2, n_classes=3, activation="softplus")
    >>> to_view(flint, np.eye(4)).names
    ('flint@attributes:0', 'flint@attributes:1')
    >>> to_view(flint, np.eye(4), scale="max").values.max(axis=1)
    array([1., 1.])
    """
    params = ColumnParams(
        kind=kind,  # type: ignore[arg-type]  # checked there
        binarise=binarise,  # type: ignore[arg-type]  # as above
        tau=tau,
        scale=scale,  # type: ignore[arg-type]  # as above
        keep_raw=keep_raw,
        positions=positions,  # type: ignore[arg-type]  # as above
    )
    if params.kind is Kind.NEURONS:
        return view_of_neurons(
            flint,
            data,
            name,
            model_name=model_name,
            entities=entities,
            drop_dead=drop_dead,
            pool=pool,
        )
    evaluation = evaluate(flint, data)
    if params.kind is Kind.PREDICTIONS:
        return view_of_predictions(flint, evaluation, name, entities=entities)
    columns = attribute_columns(flint, data, evaluation, params, scale_from=scale_from)
    stays = _alive(evaluation, drop_dead=drop_dead, drop_detectors=drop_detectors)
    left = stays[columns.numbers]
    columns = columns.where(left & columns.changing() if drop_dead else left)
    if not columns.numbers.size:
        em = (
            "No attribute is left: all are dead or class detectors. Train it, or keep "
            "these (drop_dead, drop_detectors)."
        )
        raise ParameterError(em)
    called = _names(names, flint.n_attributes, model_name)
    attributes = _attributes(columns, called, binary=binarise is not None, own=bool(names))
    values = evaluation.task is Task.REGRESSION
    record = LearnedRecord(
        kind=params.kind,
        numbers=tuple(columns.numbers.tolist()),
        aspects=columns.aspects,
        n_attributes=flint.n_attributes,
        layers=flint.layers,
        thresholds=() if binarise is None else tuple(columns.thresholds.tolist()),
        scales=() if scale is None else tuple(columns.scales.tolist()),
        fidelity=None if values else fidelity(evaluation),
        profile=None if values else global_of(evaluation).relevance[columns.numbers],
    )
    index = entities_for(entities, len(evaluation))
    return LearnedView(name, index, attributes, columns.values, record)


def _alive(evaluation: Evaluation, *, drop_dead: bool, drop_detectors: bool) -> Mask:
    """Which attributes stay, shape (J,)."""
    stays = np.ones(evaluation.attributes.shape[1], np.bool_)
    if drop_dead:
        stays = evaluation.attributes.max(axis=0) >= DEAD
    if drop_detectors:
        stays[[one.attribute for one in class_detectors(evaluation)]] = False
    return stays


def _attributes(
    columns: Columns, called: Sequence[str], *, binary: bool, own: bool
) -> tuple[Attribute, ...]:
    """Names and kinds; positions are numbers also where attributes are on or off."""
    found = []
    for j, aspect in zip(columns.numbers.tolist(), columns.aspects, strict=True):
        name = f"{called[j]}|{aspect}" if aspect else called[j]
        if binary and not aspect:
            kind, categories = AttributeKind.BOOLEAN, BOOLEAN_CATEGORIES
            found.append(Attribute(name, kind, categories, neuron=not own))
        else:
            found.append(Attribute(name, neuron=not own))
    return tuple(found)


def _names(names: Sequence[str], n_attributes: int, model_name: str) -> list[str]:
    if names and len(names) != n_attributes:
        em = f"There are {len(names)} names for {n_attributes} attributes. Give one each."
        raise ParameterError(em)
    ids = (NeuronId(LEARNED_LAYER, j, model_name) for j in range(n_attributes))
    return list(names) or [str(one) for one in ids]
