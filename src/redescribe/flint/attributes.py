"""The attribute network Ψ: what the tapped layers give -> J attributes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redescribe.errors import ParameterError
from redescribe.flint._torch import functional, nn, torch
from redescribe.flint.params import Activation, AttributeParams, SpatialPool, TokenPool

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor

SLOPE = 0.01
_LARGE = 7
"""Maps of this many pixels get more maps and a finer grid."""


class AttributeNet(nn.Module):
    """Attributes of vectors, tokens and maps, before their activation.

    Maps are averaged to the size of the smallest one and pass a convolution each; several
    are mixed by another one; a grid of their means is what attributes are linear in.
    Vectors and tokens pass a linear layer each and join it.

    Spatial attributes are linear in what there is at each position.

    Parameters
    ----------
    shapes
        Shape of what each tapped layer gives, without the batch.
    n_attributes
        J.
    params
        Widths, pooling, options.

    Raises
    ------
    ParameterError
        If attributes are to be spatial and layers have no common positions.

    References
    ----------
    Parekh, Mozharovskyi, d'Alché-Buc (2021), section 3.1 and supplement.

    Examples
    --------
    >>> net = AttributeNet([(32, 4, 4), (8,)], 5)
    >>> tuple(net([torch.ones(2, 32, 4, 4), torch.ones(2, 8)]).shape)
    (2, 5)
    """

    def __init__(
        self,
        shapes: Sequence[tuple[int, ...]],
        n_attributes: int,
        params: AttributeParams | None = None,
    ) -> None:
        super().__init__()
        self.params = params or AttributeParams()
        self._side = _smallest([shape[1:] for shape in shapes if len(shape) == 3])
        large = self._side is not None and min(self._side) >= _LARGE
        width = self.params.width or (64 if large else 32)
        self._grid = self.params.pool or (3 if large else 2)
        self.branches = nn.ModuleList(_branch(shape, width) for shape in shapes)
        n_maps = sum(len(shape) == 3 for shape in shapes)
        self.mix: nn.Module = nn.Identity()
        if n_maps > 1:
            mixing = nn.Conv2d(n_maps * width, width, 3, padding=1)
            self.mix = nn.Sequential(mixing, nn.ReLU())
        n_vectors = len(shapes) - n_maps
        if self.params.spatial:
            _check_positions(shapes)
        n_inputs = n_vectors * width + (width * self._grid**2 if n_maps else 0)
        self.attention = self._attention(width, n_vectors)
        self.last: nn.Conv2d | nn.Linear = (
            nn.Conv2d(width, n_attributes, 1)
            if self.params.spatial and n_maps
            else nn.Linear(n_inputs, n_attributes)
        )
        if self.params.bias is not None:
            nn.init.constant_(self.last.bias, self.params.bias)  # type: ignore[arg-type]  # there is one

    def forward(self, features: Sequence[Tensor]) -> Tensor:
        """Return values of shape (n, J); spatial ones (n, J, s, s) or (n, J, n_tokens)."""
        maps: list[Tensor] = []
        vectors: list[Tensor] = []
        for feature, branch in zip(features, self.branches, strict=True):
            if feature.ndim == 4:
                maps.append(branch(_resized(feature, self._side)))
            else:
                vectors.append(self._one_vector(branch(feature), len(vectors)))
        if not maps:
            joined = torch.cat(vectors, dim=-1)
            return self._spatial(joined) if joined.ndim == 3 else self._attributes(joined)
        grid = functional.adaptive_avg_pool2d(self.mix(torch.cat(maps, 1)), self._grid)
        if self.params.spatial:
            return self._spatial(grid)
        return self._attributes(torch.cat([grid.flatten(1), *vectors], dim=1))

    def _attributes(self, values: Tensor) -> Tensor:
        result: Tensor = self.last(values)
        return result

    def _attention(self, width: int, n_vectors: int) -> nn.ModuleList:
        """Layers that give weights to tokens or positions; none without attention."""
        p = self.params
        if p.spatial and p.spatial_pool is SpatialPool.ATTENTION:
            if n_vectors:
                return nn.ModuleList([nn.Linear(n_vectors * width, 1)])
            return nn.ModuleList([nn.Conv2d(width, 1, 1)])
        if p.tokens is TokenPool.ATTENTION and not p.spatial:
            return nn.ModuleList(nn.Linear(width, 1) for _ in range(n_vectors))
        return nn.ModuleList()

    def _spatial(self, positions: Tensor) -> Tensor:
        """Attributes at each position: of maps, or of tokens, whose units stand last."""
        values = self._attributes(positions)
        weights: Tensor | None = self.attention[0](positions) if self.attention else None
        if positions.ndim == 3:
            values = values.transpose(1, 2)
            weights = None if weights is None else weights.transpose(1, 2)
        if weights is None:
            return values
        return values * weights.flatten(2).softmax(2).reshape(weights.shape)

    def _one_vector(self, values: Tensor, number: int) -> Tensor:
        how = self.params.tokens
        if values.ndim == 2 or self.params.spatial:
            return values
        if how is TokenPool.CLS:
            return values[:, 0]
        if how is TokenPool.MAX:
            return values.amax(dim=1)
        if how is TokenPool.ATTENTION:
            weights: Tensor = self.attention[number](values).softmax(dim=1)
            return (weights * values).sum(dim=1)
        return values.mean(dim=1)


def activated(
    values: Tensor,
    activation: Activation,
    top_k: int,
    pool: SpatialPool = SpatialPool.MAX,
) -> Tensor:
    """Return attributes, shape (n, J), of what an attribute network gives.

    Parameters
    ----------
    values
        Shape (n, J), or with the positions of spatial attributes behind.
    activation
        What keeps them from becoming (much) smaller than 0.
    top_k
        How many an entity may have with `topk`.
    pool
        Whether the largest value of the positions counts or, where they have weights, the
        sum.

    Examples
    --------
    >>> activated(torch.tensor([[-1.0, 2.0]]), Activation.LEAKY_RELU, 1).tolist()
    [[-0.01, 2.0]]
    >>> activated(torch.tensor([[3.0, 2.0, -1.0]]), Activation.TOPK, 1).tolist()
    [[3.0, 0.0, 0.0]]
    """
    if values.ndim > 2:
        flat = values.flatten(2)
        values = flat.amax(dim=2) if pool is SpatialPool.MAX else flat.sum(dim=2)
    positive = elementwise(values, activation)
    if activation is not Activation.TOPK:
        return positive
    kept = positive.topk(min(top_k, positive.shape[1]), dim=1)
    return torch.zeros_like(positive).scatter(1, kept.indices, kept.values)


def elementwise(values: Tensor, activation: Activation) -> Tensor:
    """Return the activation of each value on its own.

    >>> elementwise(torch.tensor([-1.0, 2.0]), Activation.RELU).tolist()
    [0.0, 2.0]
    """
    if activation is Activation.LEAKY_RELU:
        return functional.leaky_relu(values, SLOPE)
    if activation is Activation.SOFTPLUS:
        return functional.softplus(values)
    return torch.relu(values)


def _check_positions(shapes: Sequence[tuple[int, ...]]) -> None:
    """Check that all layers have the same kind of positions."""
    maps = all(len(shape) == 3 for shape in shapes)
    tokens = all(len(shape) == 2 and shape[0] == shapes[0][0] for shape in shapes)
    if not (maps or tokens):
        em = (
            "Spatial attributes need layers that all give maps (channels, rows, columns), "
            "or all tokens (tokens, units), as many each. Got layers of the shapes "
            f"{[tuple(shape) for shape in shapes]}."
        )
        raise ParameterError(em)


def _branch(shape: tuple[int, ...], width: int) -> nn.Module:
    if len(shape) == 3:
        return nn.Sequential(nn.Conv2d(shape[0], width, 3, padding=1), nn.ReLU())
    return nn.Sequential(nn.Linear(shape[-1], width), nn.ReLU())


def _smallest(sides: Sequence[tuple[int, ...]]) -> tuple[int, int] | None:
    if not sides:
        return None
    return min(side[0] for side in sides), min(side[1] for side in sides)


def _resized(maps: Tensor, side: tuple[int, int] | None) -> Tensor:
    if side is None or tuple(maps.shape[2:]) == side:
        return maps
    return functional.adaptive_avg_pool2d(maps, side)
