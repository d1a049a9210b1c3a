"""What the network does, as views: its tapped neurons, and its predictions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from redescribe.core.neuron import NeuronId
from redescribe.core.view import BOOLEAN_CATEGORIES, Attribute, AttributeKind
from redescribe.errors import ParameterError
from redescribe.flint.batches import Data, batches_in_order, parts_of, placed
from redescribe.flint.evaluation import BATCH_SIZE, evaluating
from redescribe.flint.learned_view import Kind, LearnedRecord, LearnedView, entities_for
from redescribe.flint.metrics import fidelity
from redescribe.flint.params import Task

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from redescribe.core.entities import EntityIndex
    from redescribe.flint._torch import torch
    from redescribe.flint.evaluation import Evaluation
    from redescribe.flint.model import FLINT

POOLS = ("mean", "max")


def view_of_neurons(
    flint: FLINT,
    data: Data,
    name: str,
    *,
    model_name: str,
    entities: EntityIndex | None,
    drop_dead: bool,
    pool: Sequence[str],
) -> LearnedView:
    """Return what the tapped layers give, maps and tokens as one number per unit.

    The parameters are those of `redescribe.flint.to_view`.

    Raises
    ------
    ParameterError
        If there is no such way to pool, or no neuron ever changes.
    """
    unknown = [how for how in pool if how not in POOLS]
    if unknown or not pool:
        em = f"pool is some of {', '.join(POOLS)}. Got {list(pool)}."
        raise ParameterError(em)
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
    index = entities_for(entities, values.shape[1])
    record = _record(flint, Kind.NEURONS, None)
    return LearnedView(name, index, attributes, values[kept], record)


def view_of_predictions(
    flint: FLINT, evaluation: Evaluation, name: str, *, entities: EntityIndex | None
) -> LearnedView:
    """Return what f and g predict, where they differ, and where f is wrong.

    Of classes one column each; of labels one each per label; of values numbers, and how far
    they are apart.

    Parameters
    ----------
    flint, name, entities
        As in `redescribe.flint.to_view`.
    evaluation
        With labels, if it is to be known where f is wrong.
    """
    of_task = {
        Task.MULTICLASS: _of_classes,
        Task.MULTILABEL: _of_labels,
        Task.REGRESSION: _of_values,
    }
    rows = list(of_task[evaluation.task](evaluation))
    values = np.array([row for _, row in rows], dtype=np.float64)
    share = None if evaluation.task is Task.REGRESSION else fidelity(evaluation)
    record = _record(flint, Kind.PREDICTIONS, share)
    index = entities_for(entities, len(evaluation))
    return LearnedView(name, index, tuple(one for one, _ in rows), values, record)


def _record(flint: FLINT, kind: Kind, share: float | None) -> LearnedRecord:
    return LearnedRecord(
        kind=kind,
        numbers=(),
        aspects=(),
        n_attributes=flint.n_attributes,
        layers=flint.layers,
        thresholds=(),
        scales=(),
        fidelity=share,
        profile=None,
    )


def _pooled(feature: torch.Tensor, pool: Sequence[str]) -> list[tuple[str, torch.Tensor]]:
    """Values per entity and unit, by reducer; vectors need none."""
    if feature.ndim == 2:
        return [("", feature)]
    # Units stand second in maps, and last in tokens.
    flat = feature.flatten(2) if feature.ndim == 4 else feature.transpose(1, 2)
    found = {"mean": flat.mean(2), "max": flat.amax(2)}
    return [(how, found[how]) for how in pool]


def _of_classes(evaluation: Evaluation) -> Iterator[tuple[Attribute, Any]]:
    classes_f, classes_g = evaluation.classes_f, evaluation.classes_g
    categories = tuple(str(c) for c in range(evaluation.logits_g.shape[1]))
    yield Attribute("class_f", AttributeKind.NOMINAL, categories), classes_f
    yield Attribute("class_g", AttributeKind.NOMINAL, categories), classes_g
    yield _flag("f_and_g_differ"), classes_f != classes_g
    if evaluation.labels is not None:
        yield _flag("f_is_wrong"), evaluation.labels.reshape(-1) != classes_f


def _of_labels(evaluation: Evaluation) -> Iterator[tuple[Attribute, Any]]:
    of_f, of_g = evaluation.predicted("f"), evaluation.predicted("g")
    truth = None if evaluation.labels is None else evaluation.labelled()
    for c in range(of_g.shape[1]):
        yield _flag(f"label_{c}_f"), of_f[:, c]
        yield _flag(f"label_{c}_g"), of_g[:, c]
        yield _flag(f"label_{c}_f_and_g_differ"), of_f[:, c] != of_g[:, c]
        if truth is not None:
            yield _flag(f"label_{c}_f_is_wrong"), of_f[:, c] != truth[:, c]


def _of_values(evaluation: Evaluation) -> Iterator[tuple[Attribute, Any]]:
    of_f, of_g = evaluation.logits_f, evaluation.logits_g
    labels = evaluation.labels
    for c in range(of_g.shape[1]):
        yield Attribute(f"value_{c}_f"), of_f[:, c]
        yield Attribute(f"value_{c}_g"), of_g[:, c]
        yield Attribute(f"value_{c}_difference"), np.abs(of_f[:, c] - of_g[:, c])
        if labels is not None:
            truth = labels.reshape(of_f.shape)
            yield Attribute(f"value_{c}_error_of_f"), np.abs(of_f[:, c] - truth[:, c])


def _flag(name: str) -> Attribute:
    return Attribute(name, AttributeKind.BOOLEAN, BOOLEAN_CATEGORIES)
