"""Whether what the decoder makes of relevant attributes matters to the network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from redescribe.errors import ParameterError
from redescribe.flint._torch import torch
from redescribe.flint.batches import Data, batches_in_order, parts_of, placed
from redescribe.flint.evaluation import BATCH_SIZE, evaluating
from redescribe.flint.outputs import logits_in
from redescribe.flint.params import Task

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor

    from redescribe._typing import Floats
    from redescribe.flint.model import FLINT

LEVELS = (0.1, 0.2, 0.4)


@dataclass(frozen=True, slots=True)
class Faithfulness:
    """What the network loses when relevant attributes are left out of a decoded input.

    The decoded inputs may be unlike any real one: a network may then do anything.

    Attributes
    ----------
    levels
        Attributes with r above a level are left out.
    values
        Median fall of the probability of f's class.
    controls
        The same with as many attributes drawn at random.
    """

    levels: tuple[float, ...]
    values: tuple[float, ...]
    controls: tuple[float, ...]


def faithfulness(
    flint: FLINT, data: Data, levels: Sequence[float] = LEVELS, *, seed: int = 0
) -> Faithfulness:
    """Return the input-space faithfulness FF(τ), with a control.

    FF_x(τ) = p_ŷ(f(d(Φ))) - p_ŷ(f(d(Φ^τ))), where Φ^τ is Φ without the attributes with
    r_jx > τ, and ŷ the class that f predicts.

    Parameters
    ----------
    flint
        With a decoder, of a task of classes.
    data
        Inputs, (inputs, labels) or batches.
    levels
        The τ of the formula, 0 to 1.
    seed
        Of the control.

    Raises
    ------
    ParameterError
        If there is no decoder, or the task is not one of classes.

    References
    ----------
    The measure is this package's; VisCoIN (Parekh et al. 2025) has a similar one.
    """
    generator = np.random.default_rng(seed)
    falls: list[Floats] = []
    for phi, r, classes in _explained(flint, data):
        with evaluating(flint):
            full = _probability(flint, phi, classes)
            rows = []
            for level in levels:
                out = r > level
                drawn = _as_many(generator, out)
                both = (_probability(flint, phi * ~some, classes) for some in (out, drawn))
                rows.append([(full - one).double().cpu().numpy() for one in both])
        falls.append(np.array(rows))
    medians = np.median(np.concatenate(falls, axis=2), axis=2)
    values, controls = (tuple(column.tolist()) for column in medians.T)
    return Faithfulness(tuple(map(float, levels)), values, controls)


def insertion_auc(flint: FLINT, data: Data) -> float:
    """Return the area under f's probability as attributes are added, most relevant first.

    Attributes are added to none, decoded, and shown to the network; 0 to 1, high is good.
    As for `faithfulness`, decoded inputs may be unlike real ones.

    Parameters
    ----------
    flint, data
        As in `faithfulness`.

    Raises
    ------
    ParameterError
        If there is no decoder, or the task is not one of classes.
    """
    return _area(flint, data, inserting=True)


def deletion_auc(flint: FLINT, data: Data) -> float:
    """Return the same as attributes are removed from all, most relevant first: low is good.

    Parameters
    ----------
    flint, data
        As in `faithfulness`.

    Raises
    ------
    ParameterError
        If there is no decoder, or the task is not one of classes.
    """
    return _area(flint, data, inserting=False)


def _area(flint: FLINT, data: Data, *, inserting: bool) -> float:
    areas: list[Tensor] = []
    for phi, r, classes in _explained(flint, data):
        place = (-r).argsort(dim=1).argsort(dim=1)
        curve = []
        with evaluating(flint):
            for k in range(phi.shape[1] + 1):
                kept = place < k if inserting else place >= k
                curve.append(_probability(flint, phi * kept, classes))
        areas.append(torch.trapezoid(torch.stack(curve), dim=0) / phi.shape[1])
    return float(torch.cat(areas).mean())


def _explained(flint: FLINT, data: Data) -> list[tuple[Tensor, Tensor, Tensor]]:
    """Attributes, relevances for f's class, and that class, batch by batch."""
    if flint.params.task is not Task.MULTICLASS:
        em = f"Faithfulness is of classes. The task is {flint.params.task.value!r}."
        raise ParameterError(em)
    found = []
    with evaluating(flint):
        for batch in batches_in_order(data, BATCH_SIZE):
            output = flint(placed(parts_of(batch)[0], flint.model))
            if output.reconstruction is None:
                em = "Faithfulness decodes attributes. This FLINT has no decoder."
                raise ParameterError(em)
            classes = output.logits_f.argmax(1)
            phi = output.attributes
            alpha = flint.head.contributions(phi)
            of_class = alpha[torch.arange(len(phi)), :, classes]
            largest = of_class.abs().amax(1, keepdim=True)
            r = of_class / torch.where(largest > 0, largest, 1)
            found.append((phi, r, classes))
    return found


def _probability(flint: FLINT, phi: Tensor, classes: Tensor) -> Tensor:
    """Probability that f gives these classes for what the decoder makes of attributes."""
    decoder = flint.decoder
    if decoder is None:
        em = "Faithfulness decodes attributes. This FLINT has no decoder."
        raise ParameterError(em)
    logits = logits_in(flint.model(decoder(phi)), flint.params)
    return logits.softmax(1)[torch.arange(len(phi)), classes]


def _as_many(generator: np.random.Generator, out: Tensor) -> Tensor:
    """As many attributes of each entity as `out` has, drawn at random."""
    order = generator.random(tuple(out.shape)).argsort(axis=1).argsort(axis=1)
    place = torch.as_tensor(order, device=out.device)
    return place < out.sum(1, keepdim=True)
