"""What happens if an attribute is made stronger or weaker, also as a view."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from redescribe.core.entities import EntityIndex
from redescribe.core.view import Attribute, View
from redescribe.errors import ParameterError
from redescribe.flint._torch import torch
from redescribe.flint.batches import Data, batches_in_order, parts_of, placed
from redescribe.flint.evaluation import BATCH_SIZE, evaluating
from redescribe.flint.outputs import logits_in
from redescribe.flint.params import Task
from redescribe.flint.visualize import check_attribute, decoded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor

    from redescribe._typing import AnyArray, Floats
    from redescribe.flint.model import FLINT

FACTORS = (0.0, 1.0, 2.0, 3.0, 4.0)


@dataclass(frozen=True, slots=True, eq=False)
class Intervention:
    """What φ_k ← λ φ_k does.

    Attributes
    ----------
    factors
        The λ.
    change_g
        Of the probabilities of g, ndarray of float64, shape (n_factors, n, C).
    change_f
        Of those of the network for the decoded input, against those for the decoded Φ(x);
        None without a decoder.
    decoded
        The decoded inputs, shape (n_factors, n, …); None without a decoder. They may be
        unlike any real input.
    """

    factors: tuple[float, ...]
    change_g: Floats
    change_f: Floats | None
    decoded: AnyArray | None


def intervene(
    flint: FLINT, data: Data, k: int, *, factors: Sequence[float] = FACTORS
) -> Intervention:
    """Multiply an attribute by factors and see what g and f then say.

    Parameters
    ----------
    flint
        Of a task of classes or labels.
    data
        Inputs, (inputs, labels) or batches.
    k
        Number of the attribute.
    factors
        The λ, 0 and more.

    Raises
    ------
    ParameterError
        If there is no such attribute, or the task is regression.

    References
    ----------
    The form is this package's; VisCoIN (Parekh et al. 2025) amplifies concepts so.

    Examples
    --------
    >>> from torch import nn
    >>> from redescribe.flint import FLINT
    >>> net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))
    >>> found = intervene(FLINT(net, ["1"], 5, 3), np.ones((2, 4)), 0)
    >>> found.change_g.shape, float(np.abs(found.change_g[1]).max())
    ((5, 2, 3), 0.0)
    """
    check_attribute(flint, k)
    parts = [_changed(flint, phi, k, factors) for phi in _attributes(flint, data)]
    joined: list[Any] = [
        None if any(part[place] is None for part in parts)
        else np.concatenate([part[place] for part in parts], axis=1)
        for place in range(3)
    ]  # fmt: skip
    return Intervention(tuple(map(float, factors)), *joined)


def intervention_view(
    flint: FLINT,
    data: Data,
    *,
    factors: Sequence[float] = (0.0, 2.0),
    which: str = "g",
    name: str = "interventions",
    entities: EntityIndex | None = None,
) -> View:
    """Return what each factor of each attribute changes, as a view.

    Parameters
    ----------
    flint, data
        As in `intervene`.
    factors
        The λ; one column per attribute and factor.
    which
        Whose probability of the class that g predicts without a change: g, or f of the
        decoded inputs.
    name
        Of the view.
    entities
        None: numbered.

    Returns
    -------
    view
        Columns Δ_kλ, called `attribute k × λ`.

    Raises
    ------
    ParameterError
        If the task is not one of classes, or f is asked for without a decoder.
    """
    if which not in {"f", "g"}:
        em = f"which is 'f' (the network) or 'g' (the interpreter). Got {which!r}."
        raise ParameterError(em)
    if flint.params.task is not Task.MULTICLASS:
        em = (
            f"The view is of one class per entity. The task is {flint.params.task.value!r}."
        )
        raise ParameterError(em)
    columns: list[AnyArray] = []
    names: list[Attribute] = []
    classes = np.concatenate(
        [_p_g(flint, phi).argmax(1).cpu().numpy() for phi in _attributes(flint, data)]
    )
    rows = np.arange(len(classes))
    for k in range(flint.n_attributes):
        found = intervene(flint, data, k, factors=factors)
        change = found.change_g if which == "g" else found.change_f
        if change is None:
            em = "The network sees decoded inputs, and this FLINT has no decoder. Use 'g'."
            raise ParameterError(em)
        for factor, of_factor in zip(found.factors, change, strict=True):
            columns.append(of_factor[rows, classes])
            names.append(Attribute(f"attribute {k} × {factor:g}"))
    index = EntityIndex.numbered(len(classes)) if entities is None else entities
    return View(name, index, tuple(names), np.array(columns))


def _attributes(flint: FLINT, data: Data) -> list[Tensor]:
    if flint.params.task is Task.REGRESSION:
        em = "Interventions change probabilities; regression has none."
        raise ParameterError(em)
    with evaluating(flint):
        return [
            flint(placed(parts_of(batch)[0], flint.model)).attributes
            for batch in batches_in_order(data, BATCH_SIZE)
        ]


def _changed(
    flint: FLINT, phi: Tensor, k: int, factors: Sequence[float]
) -> tuple[AnyArray, AnyArray | None, AnyArray | None]:
    """Changes of g and f and decoded inputs of one batch, factors first."""
    of_g, of_f, inputs = [], [], []
    with evaluating(flint):
        usual_g = _p_g(flint, phi)
        usual_f = None if flint.decoder is None else _p_f(flint, decoded(flint, phi))
        for factor in factors:
            other = phi.clone()
            other[:, k] *= factor
            of_g.append((_p_g(flint, other) - usual_g).double().cpu().numpy())
            if usual_f is not None:
                x = decoded(flint, other)
                inputs.append(x.cpu().numpy())
                of_f.append((_p_f(flint, x) - usual_f).double().cpu().numpy())
    if usual_f is None:
        return np.array(of_g), None, None
    return np.array(of_g), np.array(of_f), np.array(inputs)


def _p_g(flint: FLINT, phi: Tensor) -> Tensor:
    with evaluating(flint):
        return _probabilities(flint, flint.head(phi))


def _p_f(flint: FLINT, inputs: Tensor) -> Tensor:
    return _probabilities(flint, logits_in(flint.model(inputs), flint.params))


def _probabilities(flint: FLINT, logits: Tensor) -> Tensor:
    labels = flint.params.task is Task.MULTILABEL
    return torch.sigmoid(logits) if labels else torch.softmax(logits, 1)
