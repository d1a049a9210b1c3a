"""The head h: attributes -> logits of the interpreter, and what each one contributes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from redescribe.errors import ParameterError
from redescribe.flint._torch import nn, torch

if TYPE_CHECKING:
    from torch import Tensor

DROPOUT = 0.01


class Head(Protocol):
    """What a head must have: a module with two methods."""

    def __call__(self, attributes: Tensor) -> Tensor:
        """Return logits, shape (n, C)."""

    def contributions(self, attributes: Tensor) -> Tensor:
        """Return how much each attribute adds to each logit, shape (n, J, C)."""

    def offsets(self) -> Tensor:
        """Return what a logit is without any attribute, shape (C,)."""


class LinearHead(nn.Module):
    """Logits z = Wᵀ Φ + b.

    Parameters
    ----------
    n_attributes, n_classes
        J and C.
    bias
        Whether there is a b. Without it no prediction can be explained by b alone.

    References
    ----------
    Parekh, Mozharovskyi, d'Alché-Buc (2021), sections 3.1 and 3.3.1.

    Examples
    --------
    >>> head = LinearHead(3, 2).eval()
    >>> phi = torch.ones(1, 3)
    >>> torch.allclose(head.contributions(phi).sum(1) + head.offsets(), head(phi))
    True
    """

    def __init__(self, n_attributes: int, n_classes: int, *, bias: bool = True) -> None:
        super().__init__()
        self.dropout = nn.Dropout(DROPOUT)
        self.linear = nn.Linear(n_attributes, n_classes, bias=bias)

    def forward(self, attributes: Tensor) -> Tensor:
        """Return logits, shape (n, C)."""
        logits: Tensor = self.linear(self.dropout(attributes))
        return logits

    def contributions(self, attributes: Tensor) -> Tensor:
        """Return α, shape (n, J, C): α_jc = φ_j · w_jc."""
        return attributes.unsqueeze(2) * self.linear.weight.T

    def offsets(self) -> Tensor:
        """Return b, shape (C,); zeros without a bias."""
        bias: Tensor | None = self.linear.bias
        return torch.zeros_like(self.linear.weight[:, 0]) if bias is None else bias


def best_contributions(
    contributions: Tensor, offsets: Tensor, n_best: int, *, per_class: bool
) -> Tensor:
    """Return contributions of the n attributes that count most; 0 of the others.

    Parameters
    ----------
    contributions, offsets
        As a head gives them, shapes (n, J, C) and (C,).
    n_best
        How many stay.
    per_class
        Whether each output has its own n attributes; otherwise those with the largest |α|
        for the class that all together predict.

    Raises
    ------
    ParameterError
        If less than one is to stay.

    Examples
    --------
    >>> alpha = torch.tensor([[[3.0, 0.0], [-1.0, 0.5], [2.0, 9.0]]])
    >>> best_contributions(alpha, torch.zeros(2), 1, per_class=False)[0].tolist()
    [[0.0, 0.0], [0.0, 0.0], [2.0, 9.0]]
    >>> best_contributions(alpha, torch.zeros(2), 1, per_class=True)[0].tolist()
    [[3.0, 0.0], [0.0, 0.0], [0.0, 9.0]]
    """
    if n_best < 1:
        em = f"At least one attribute is needed to predict. Got {n_best}."
        raise ParameterError(em)
    sizes = contributions.abs()
    if not per_class:
        predicted = (contributions.sum(dim=1) + offsets).argmax(dim=1)
        sizes = sizes[torch.arange(len(sizes)), :, predicted].unsqueeze(2)
    places = sizes.argsort(dim=1, descending=True, stable=True).argsort(dim=1)
    return contributions * (places < n_best)
