"""Attributes that died in training begin anew."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

from redescribe.errors import ParameterError
from redescribe.flint._torch import nn, torch
from redescribe.flint.attributes import AttributeNet

if TYPE_CHECKING:
    from torch import Tensor

    from redescribe.flint.model import FLINT

BIAS = 0.1
"""Where the bias of an attribute begins that is to be alive."""
LAST_SHARE = 2 / 3
"""No attribute begins anew after this share of training: it could not learn any more."""


@torch.no_grad()
def revive(flint: FLINT, optimiser: torch.optim.Optimizer, dead: Tensor) -> int:
    """Draw the last layer of dead attributes anew, with a bias of 0.1.

    What the optimiser remembers of them is forgotten.

    Parameters
    ----------
    flint
        With an automatic attribute network.
    optimiser
        Of its parameters.
    dead
        Which attributes, Boolean, shape (J,).

    Returns
    -------
    n
        How many began anew.

    Raises
    ------
    ParameterError
        If the attribute network is a module of the user.

    Examples
    --------
    >>> net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))
    >>> from redescribe.flint import FLINT
    >>> flint = FLINT(net, ["1"], 2, 3, example_input=torch.ones(1, 4))
    >>> adam = torch.optim.Adam(flint.learned)
    >>> revive(flint, adam, torch.tensor([False, True]))
    1
    >>> flint.attribute_net.last.bias[1].item()
    0.1
    """
    last = last_layer(flint)
    rows = dead.nonzero().flatten().to(last.weight.device)
    if not len(rows):
        return 0
    reach = 1 / sqrt(last.weight[0].numel())
    shape = (len(rows), *last.weight.shape[1:])
    drawn = nn.init.uniform_(last.weight.new_empty(shape), -reach, reach)
    last.weight[rows] = drawn
    last.bias[rows] = BIAS  # type: ignore[index]  # it always has one
    for parameter in last.parameters():
        for value in optimiser.state.get(parameter, {}).values():
            if isinstance(value, torch.Tensor) and value.shape == parameter.shape:
                value[rows] = 0
    return len(rows)


def last_layer(flint: FLINT) -> nn.Linear | nn.Conv2d:
    """Return the last layer of an automatic attribute network.

    Raises
    ------
    ParameterError
        If it is a module of the user.
    """
    net = flint.attribute_net
    if not isinstance(net, AttributeNet):
        em = (
            "Attributes begin anew (revive=True) in an automatic attribute network only; "
            f"this one is a {type(net).__name__}."
        )
        raise ParameterError(em)
    return net.last
