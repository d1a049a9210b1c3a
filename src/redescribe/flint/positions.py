"""Where in an entity spatial attributes are active."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from redescribe._validation import choose
from redescribe.core.neuron import POSITIONS
from redescribe.errors import EntityMismatchError, ParameterError
from redescribe.flint._torch import torch
from redescribe.flint.attributes import elementwise
from redescribe.flint.batches import Data, batches_in_order, parts_of, placed
from redescribe.flint.evaluation import BATCH_SIZE, evaluating

if TYPE_CHECKING:
    from torch import Tensor

    from redescribe._typing import Floats
    from redescribe.flint.model import FLINT

OFF = 1e-3
"""An attribute below has no position."""
AXES = {1: POSITIONS[2:], 2: POSITIONS[:2]}
"""What the coordinates are called: of tokens, of maps."""


class Position(StrEnum):
    """Which point stands for the places where an attribute is active."""

    MAX = "max"
    """Where the attribute is largest."""
    CENTRE = "centre"
    """The centre of mass of what is above 0."""


def positions(flint: FLINT, data: Data, *, how: str = Position.MAX) -> Floats:
    """Return where each attribute is active.

    Parameters
    ----------
    flint
        With spatial attributes (`AttributeParams(spatial=True)`).
    data
        Inputs, (inputs, labels) or batches.
    how
        max, the middle of the cell with the largest value; or centre, the centre of mass of
        the values above 0.

    Returns
    -------
    positions
        ndarray of float64, shape (n, J, 2): row and column as shares of height and width,
        from the top left, 0 to 1; of tokens shape (n, J, 1). NaN where the attribute is
        below 0.001, as it is nowhere then.

    Raises
    ------
    ParameterError
        If the attributes are not spatial.

    References
    ----------
    Parekh et al. (2025), VisCoIN, for spatial attributes; the coordinates are this
    package's.

    Examples
    --------
    >>> from torch import nn
    >>> from redescribe.flint import FLINT, AttributeParams
    >>> net = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(144, 2))
    >>> spatial = AttributeParams(spatial=True)
    >>> flint = FLINT(net, ["1"], 3, 2, attribute_net=spatial, activation="softplus")
    >>> positions(flint, torch.ones(5, 1, 8, 8)).shape
    (5, 3, 2)
    """
    chosen = choose(Position, how, parameter="position")
    found = []
    with evaluating(flint):
        for batch in batches_in_order(data, BATCH_SIZE):
            output = flint(placed(parts_of(batch)[0], flint.model))
            values = flint.attribute_values(output.features)
            if values.ndim not in {3, 4}:
                em = (
                    "Only spatial attributes have positions. Train with "
                    "attribute_net=AttributeParams(spatial=True)."
                )
                raise ParameterError(em)
            of_batch = _points(flint, values, chosen)
            of_batch[output.attributes < OFF] = torch.nan
            found.append(of_batch.cpu().numpy())
    return np.concatenate(found)


def part_agreement(found: Floats, parts: Floats, *, tolerance: float = 0.1) -> Floats:
    """Return how often attributes are where annotated parts of the entities are.

    Parameters
    ----------
    found
        Of `positions`, shape (n, J, 2) or (n, J, 1).
    parts
        Where each part is, in the same coordinates, shape (n, P, 2) or (n, P, 1); NaN where
        it cannot be seen.
    tolerance
        The distance up to which both are at the same place.

    Returns
    -------
    agreement
        ndarray of float64, shape (J, P): of the entities with both the attribute and the
        part, the share in which they are at the same place; NaN where there is none.

    Raises
    ------
    EntityMismatchError
        If these are of other entities.
    ParameterError
        If the coordinates or the tolerance are none.

    References
    ----------
    The measure is this package's; VisCoIN (Parekh et al. 2025) has a similar one.

    Examples
    --------
    >>> beak = np.array([[[0.2, 0.2]], [[0.5, 0.5]]])
    >>> part_agreement(np.array([[[0.25, 0.2]], [[0.9, 0.9]]]), beak)
    array([[0.5]])
    """
    if len(found) != len(parts):
        em = f"There are positions of {len(found)} entities and parts of {len(parts)}."
        raise EntityMismatchError(em)
    if found.ndim != 3 or parts.ndim != 3 or found.shape[2] != parts.shape[2]:
        em = (
            "Positions and parts need as many coordinates each. Got the shapes "
            f"{found.shape} and {parts.shape}."
        )
        raise ParameterError(em)
    if not tolerance >= 0:
        em = f"tolerance is a distance, 0 and more. Got {tolerance}."
        raise ParameterError(em)
    columns = []
    for part in range(parts.shape[1]):
        distances = np.linalg.norm(found - parts[:, part, None], axis=2)
        n_both = (~np.isnan(distances)).sum(axis=0)
        near = (distances <= tolerance).sum(axis=0)  # never where it is NaN
        columns.append(np.where(n_both > 0, near / np.maximum(n_both, 1), np.nan))
    return np.array(columns).reshape(-1, found.shape[1]).T


def _points(flint: FLINT, values: Tensor, how: Position) -> Tensor:
    """Coordinates of each attribute, shape (n, J, n_axes), double."""
    sides = values.shape[2:]
    steps = [(torch.arange(side).double() + 0.5) / side for side in sides]
    grid = torch.stack(torch.meshgrid(*steps, indexing="ij"), dim=-1)
    places = grid.reshape(-1, len(sides)).to(values.device)
    flat = values.flatten(2).double()
    if how is Position.MAX:
        return places[flat.argmax(dim=2)]
    mass = elementwise(flat, flint.params.activation).clamp_min(0)
    total = mass.sum(dim=2, keepdim=True)
    return (mass @ places) / total  # NaN where nothing is above 0
