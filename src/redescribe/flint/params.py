"""How a FLINT is built, as values: its task, its mode and its parts."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from math import isfinite

from redescribe._validation import Count, PositiveCount, check_bounds, choose
from redescribe.errors import ParameterError


class Activation(StrEnum):
    """What keeps attributes from becoming (much) smaller than 0."""

    LEAKY_RELU = "leaky_relu"
    SOFTPLUS = "softplus"
    RELU = "relu"
    TOPK = "topk"


class Task(StrEnum):
    """What the outputs of the network are."""

    MULTICLASS = "multiclass"
    MULTILABEL = "multilabel"
    REGRESSION = "regression"


class Mode(StrEnum):
    """Whether the network learns with its interpreter, or is given and frozen."""

    BY_DESIGN = "by_design"
    POST_HOC = "post_hoc"


class TokenPool(StrEnum):
    """How the tokens of a layer become one vector."""

    MEAN = "mean"
    CLS = "cls"
    MAX = "max"
    ATTENTION = "attention"


class SpatialPool(StrEnum):
    """How an attribute that has a value at each position becomes one number."""

    MAX = "max"
    ATTENTION = "attention"


class DecoderKind(StrEnum):
    """The network that makes inputs of attributes."""

    AUTO = "auto"
    MLP = "mlp"
    CONV = "conv"
    NMF = "nmf"
    NONE = "none"
    GIVEN = "given"


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeParams:
    """The attribute network that is made for the layers it looks at.

    Parameters
    ----------
    width
        Maps or units per tapped layer; 0: 64 for maps of 7 pixels and more, else 32.
    pool
        Maps are averaged to this many rows and columns; 0: 3 for maps of 7 pixels and
        more, else 2.
    tokens
        How the tokens of a text become one vector: their mean, the first one (cls), the
        largest values (max), or a mean with weights that are learned (attention).
    spatial
        Whether each attribute has a value at each position, of which it is made: `pool` ×
        `pool` ones where all layers give maps, one per token where all give tokens.
    spatial_pool
        Of spatial attributes: the largest value (max), or the sum of the values times
        weights of the positions that are learned (attention).
    top_k
        How many attributes an entity may have with the activation `topk`.
    bias
        Where the biases of the attributes begin, such as 0.1, which keeps them alive; None:
        near 0, at random.

    Raises
    ------
    ParameterError, UnknownNameError
        If a value is out of its bounds.

    References
    ----------
    Parekh, Mozharovskyi, d'Alché-Buc (2021): A Framework to Learn with Interpretation,
    section 3. Parekh et al. (2025), VisCoIN, for spatial attributes; Parekh et al. (2022),
    L2I, for attention.

    Examples
    --------
    >>> AttributeParams(spatial=True).tokens
    <TokenPool.MEAN: 'mean'>
    """

    width: Count = 0
    pool: Count = 0
    tokens: TokenPool = TokenPool.MEAN
    spatial: bool = False
    spatial_pool: SpatialPool = SpatialPool.MAX
    top_k: PositiveCount = 3
    bias: float | None = None

    def __post_init__(self) -> None:
        check_bounds(self)
        options: tuple[tuple[str, type[StrEnum]], ...] = (
            ("tokens", TokenPool),
            ("spatial_pool", SpatialPool),
        )
        for name, kind in options:
            chosen = choose(kind, getattr(self, name), parameter=name)
            object.__setattr__(self, name, chosen)
        if self.bias is not None and not _is_finite(self.bias):
            em = f"The bias of attributes is a number, or None. Got {self.bias!r}."
            raise ParameterError(em)
        if self.spatial_pool is not SpatialPool.MAX and not self.spatial:
            em = "spatial_pool is of spatial attributes. Set spatial=True, or leave it out."
            raise ParameterError(em)
        if self.tokens is not TokenPool.MEAN and self.spatial:
            em = "Spatial attributes have a value per token. Use spatial_pool, not tokens."
            raise ParameterError(em)


def _is_finite(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return isfinite(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlintParams:
    """All that says how a FLINT is built, apart from networks.

    Parameters
    ----------
    layers
        Names of the tapped layers.
    n_attributes, n_classes
        J attributes; C classes, labels or regressed values.
    attributes
        The attribute network.
    head_bias
        Whether the head has a bias, which relevances leave out.
    decoder
        The kind of the decoder.
    activation, task, mode
        As the names say.
    given
        Parts that are modules of the user: attribute_net, head, decoder.
    seed
        Of the parameters of the three networks.

    Raises
    ------
    ParameterError, UnknownNameError
        If a value is out of its bounds.

    Examples
    --------
    >>> FlintParams(layers=("fc",), n_attributes=8, n_classes=2).mode
    <Mode.BY_DESIGN: 'by_design'>
    """

    layers: tuple[str, ...]
    n_attributes: PositiveCount
    n_classes: PositiveCount
    attributes: AttributeParams = field(default_factory=AttributeParams)
    head_bias: bool = True
    decoder: DecoderKind = DecoderKind.AUTO
    activation: Activation = Activation.LEAKY_RELU
    task: Task = Task.MULTICLASS
    mode: Mode = Mode.BY_DESIGN
    given: tuple[str, ...] = ()
    seed: Count = 0

    def __post_init__(self) -> None:
        check_bounds(self)
        options: tuple[tuple[str, type[StrEnum]], ...] = (
            ("decoder", DecoderKind),
            ("activation", Activation),
            ("task", Task),
            ("mode", Mode),
        )
        for name, kind in options:
            chosen = choose(kind, getattr(self, name), parameter=name)
            object.__setattr__(self, name, chosen)
