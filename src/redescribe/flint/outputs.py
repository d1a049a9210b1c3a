"""What a FLINT gives for a batch, and the logits in what its network gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from redescribe.errors import CaptureError
from redescribe.flint._torch import torch
from redescribe.flint.params import FlintParams, Task

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor


@dataclass(frozen=True, slots=True, eq=False)
class FlintOutput:
    """What a FLINT gives for a batch.

    Attributes
    ----------
    logits_f, logits_g
        Of the network and of the interpreter, shape (n, C).
    attributes
        Φ(x), shape (n, J).
    reconstruction
        What the decoder makes of the attributes; None without one.
    features
        What the tapped layers give, by name.
    """

    logits_f: Tensor
    logits_g: Tensor
    attributes: Tensor
    reconstruction: Tensor | None
    features: Mapping[str, Tensor]


def logits_in(raw: Any, params: FlintParams) -> Tensor:  # noqa: ANN401
    """Return the logits in what a network gives, shape (n, C).

    One logit of two classes becomes two, of which the first is 0.

    Raises
    ------
    CaptureError
        If it gives no vector of C values.

    Examples
    --------
    >>> two = FlintParams(layers=("fc",), n_attributes=8, n_classes=2)
    >>> logits_in(torch.tensor([[3.0]]), two).tolist()
    [[0.0, 3.0]]
    """
    value = getattr(raw, "logits", raw)
    value = value[0] if isinstance(value, (tuple, list)) and value else value
    shape = tuple(getattr(value, "shape", ()))
    if len(shape) == 1:
        value, shape = value[:, None], (*shape, 1)
    n_classes = params.n_classes
    if params.task is Task.MULTICLASS and n_classes == 2 and shape[1:] == (1,):
        value, shape = torch.cat([torch.zeros_like(value), value], dim=1), (*shape[:1], 2)
    if len(shape) != 2 or shape[1] != n_classes:
        what = f"the shape {shape}" if shape else f"a {type(raw).__name__}"
        em = (
            f"The network gives {what}; (batch, {n_classes}) is needed for "
            f"n_classes={n_classes}."
        )
        raise CaptureError(em)
    logits: Tensor = value
    return logits
