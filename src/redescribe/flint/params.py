"""How a FLINT is built, as values: its task, its mode and its parts."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from redescribe._validation import Count, PositiveCount, check_bounds, choose


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


class DecoderKind(StrEnum):
    """The network that makes inputs of attributes."""

    AUTO = "auto"
    MLP = "mlp"
    CONV = "conv"
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
        How the tokens of a text become one vector: their mean, or the first one (cls).
    spatial
        Whether each attribute is a map of `pool` × `pool` values of which it is the
        largest; of layers that give maps only.
    top_k
        How many attributes an entity may have with the activation `topk`.

    Raises
    ------
    ParameterError, UnknownNameError
        If a value is out of its bounds.

    References
    ----------
    Parekh, Mozharovskyi, d'Alché-Buc (2021): A Framework to Learn with Interpretation,
    section 3. Parekh et al. (2025), VisCoIN, for spatial attributes.

    Examples
    --------
    >>> AttributeParams(spatial=True).tokens
    <TokenPool.MEAN: 'mean'>
    """

    width: Count = 0
    pool: Count = 0
    tokens: TokenPool = TokenPool.MEAN
    spatial: bool = False
    top_k: PositiveCount = 3

    def __post_init__(self) -> None:
        check_bounds(self)
        object.__setattr__(
            self, "tokens", choose(TokenPool, self.tokens, parameter="tokens")
        )


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
