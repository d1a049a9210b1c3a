"""FLINT: a network, and an interpreter that looks at its layers and imitates it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from redescribe.capture.modes import in_evaluation_mode
from redescribe.errors import CaptureError, ParameterError
from redescribe.flint._torch import nn, torch
from redescribe.flint.attributes import AttributeNet, activated
from redescribe.flint.batches import as_tensors, placed
from redescribe.flint.decoders import made_decoder
from redescribe.flint.heads import LinearHead, best_contributions
from redescribe.flint.outputs import FlintOutput, logits_in
from redescribe.flint.params import (
    Activation,
    AttributeParams,
    FlintParams,
    Mode,
    Task,
)
from redescribe.flint.parts import check_network, check_word, decoder_kind, freeze
from redescribe.flint.taps import LayerTaps

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from torch import Tensor

    from redescribe.capture.layers import Choice
    from redescribe.flint.batches import Inputs


class FLINT(nn.Module):
    """A network f and an interpreter g = h ∘ Ψ of what its tapped layers give.

    Parameters
    ----------
    model
        Any `torch.nn.Module` that gives logits: a tensor, the first of a tuple, or the
        `logits` of an object. Of two classes, it may give one logit.
    layers
        Which layers are tapped: names, globs, regular expressions, as in `capture`.
    n_attributes
        J, small: 24 to 36 for ten classes.
    n_classes
        C classes; labels or values with other tasks.
    attribute_net
        Ψ: `"auto"`, parameters of the automatic one, or a module that takes a list of
        what the layers give and returns values of shape (n, J), before the activation.
    head
        h: `"linear"`, or a module as `redescribe.flint.heads.Head` describes.
    head_bias
        Whether the linear head has a bias.
    decoder
        d: `"auto"`, `"mlp"`, `"conv"`, `"nmf"` (atoms of the training inputs, which stay
        as they are), None, or a module from (n, J) to inputs, such as a
        `redescribe.flint.DictionaryDecoder`.
    example_input
        A batch of inputs that shows the shapes; without one, the interpreter is built at
        the first forward pass or by `fit`.
    activation
        Of the attributes: leaky_relu, softplus, relu or topk.
    task
        multiclass, multilabel or regression.
    mode
        by_design: the network learns, too. post_hoc: see `FLINT.post_hoc`.
    seed
        Of the first parameters of Ψ, h and d.

    Raises
    ------
    UnknownNameError
        If the network has no such layer, or there is no such option.
    ParameterError, CaptureError
        If the parts do not fit each other.

    References
    ----------
    Parekh, Mozharovskyi, d'Alché-Buc (2021): A Framework to Learn with Interpretation,
    arXiv 2010.09345.

    Examples
    --------
    >>> net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))
    >>> flint = FLINT(net, ["1"], n_attributes=5, n_classes=3)
    >>> output = flint(torch.ones(2, 4))
    >>> tuple(output.attributes.shape), tuple(output.logits_g.shape)
    ((2, 5), (2, 3))
    """

    def __init__(  # noqa: PLR0913 - the parts of one whole
        self,
        model: nn.Module,
        layers: Choice | Sequence[Choice],
        n_attributes: int,
        n_classes: int,
        *,
        attribute_net: str | AttributeParams | nn.Module = "auto",
        head: str | nn.Module = "linear",
        head_bias: bool = True,
        decoder: str | nn.Module | None = "auto",
        example_input: Any = None,  # noqa: ANN401 - array-like, or several by name
        activation: str = Activation.LEAKY_RELU,
        task: str = Task.MULTICLASS,
        mode: str = Mode.BY_DESIGN,
        seed: int = 0,
    ) -> None:
        super().__init__()
        check_network(model)
        self.model = model
        self._taps = LayerTaps(model, layers)
        parts = {"attribute_net": attribute_net, "head": head, "decoder": decoder}
        given = {name: part for name, part in parts.items() if isinstance(part, nn.Module)}
        is_params = isinstance(attribute_net, AttributeParams)
        check_word("attribute_net", attribute_net, "auto", ok=is_params)
        check_word("head", head, "linear", ok=False)
        self.params = FlintParams(
            layers=self._taps.layers,
            n_attributes=n_attributes,
            n_classes=n_classes,
            attributes=attribute_net
            if isinstance(attribute_net, AttributeParams)
            else AttributeParams(),
            head_bias=head_bias,
            decoder=decoder_kind(decoder),
            activation=activation,  # type: ignore[arg-type]  # checked there
            task=task,  # type: ignore[arg-type]  # checked there
            mode=mode,  # type: ignore[arg-type]  # checked there
            given=tuple(given),
            seed=seed,
        )
        self.attribute_net: nn.Module | None = given.get("attribute_net")
        self.head: Any = given.get("head")  # a Head, which has more methods than a module
        self.decoder: nn.Module | None = given.get("decoder")
        self.input_shape: tuple[int, ...] = ()
        self.feature_shapes: tuple[tuple[int, ...], ...] = ()
        if self.is_post_hoc:
            freeze(model)
        if example_input is not None:
            self.build(example_input)

    @classmethod
    def post_hoc(
        cls,
        model: nn.Module,
        layers: Choice | Sequence[Choice],
        n_attributes: int,
        n_classes: int,
        **options: Any,  # noqa: ANN401 - those of the class
    ) -> FLINT:
        """Return a FLINT of a trained network, which is frozen and stays as it is.

        Its parameters need no gradient any more and it stays in evaluation mode: batch
        normalisation and dropout are fixed. Only Ψ, h and d learn.

        Parameters
        ----------
        model, layers, n_attributes, n_classes
            As in the class.
        options
            Further parameters of the class.

        Warns
        -----
        UserWarning
            If the network is in training mode, which is left.

        Examples
        --------
        >>> net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3)).eval()
        >>> flint = FLINT.post_hoc(net, ["1"], n_attributes=5, n_classes=3)
        >>> any(weight.requires_grad for weight in net.parameters())
        False
        """
        return cls(model, layers, n_attributes, n_classes, mode=Mode.POST_HOC, **options)

    @property
    def layers(self) -> tuple[str, ...]:
        """Names of the tapped layers."""
        return self.params.layers

    @property
    def n_attributes(self) -> int:
        """J."""
        return self.params.n_attributes

    @property
    def is_post_hoc(self) -> bool:
        """Whether the network is frozen."""
        return self.params.mode is Mode.POST_HOC

    @property
    def is_built(self) -> bool:
        """Whether the interpreter knows the shapes of its inputs."""
        return bool(self.feature_shapes)

    @property
    def learned(self) -> list[nn.Parameter]:
        """Parameters that training changes."""
        return [weight for weight in self.parameters() if weight.requires_grad]

    def build(self, inputs: Any) -> FLINT:  # noqa: ANN401 - array-like, or several by name
        """Make what is not given of the interpreter, for inputs of this kind; once.

        Raises
        ------
        CaptureError
            If the network gives other outputs than `n_classes` says.
        ParameterError
            If a part does not fit.
        """
        if self.is_built:
            return self
        example = placed(as_tensors(inputs), self.model)
        # Batch normalisation is to learn nothing from the example.
        with in_evaluation_mode(self.model), torch.no_grad():
            raw, features = self._taps.run(example)
        logits_in(raw, self.params)
        shapes = tuple(tuple(feature.shape[1:]) for feature in features.values())
        one = isinstance(example, torch.Tensor) and example.is_floating_point()
        self.make_parts(shapes, tuple(example.shape[1:]) if one else ())  # type: ignore[union-attr]
        like = next(iter(features.values()))
        for part in (self.attribute_net, self.head, self.decoder):
            if part is not None:
                part.to(like.device, like.dtype)
        with in_evaluation_mode(self), torch.no_grad():
            self._check(self.explain(logits_in(raw, self.params), features))
        return self

    def make_parts(
        self, shapes: tuple[tuple[int, ...], ...], input_shape: tuple[int, ...]
    ) -> None:
        """Make the parts that are not given.

        Parameters
        ----------
        shapes
            Of what the layers give, without the batch.
        input_shape
            Of an input without the batch; empty where it cannot be reconstructed.
        """
        p = self.params
        with torch.random.fork_rng(devices=[]):
            torch.default_generator.manual_seed(p.seed)  # not those of devices
            if "attribute_net" not in p.given:
                self.attribute_net = AttributeNet(shapes, p.n_attributes, p.attributes)
            if "head" not in p.given:
                self.head = LinearHead(p.n_attributes, p.n_classes, bias=p.head_bias)
            if "decoder" not in p.given:
                self.decoder = made_decoder(p.decoder, p.n_attributes, input_shape)
        self.feature_shapes, self.input_shape = shapes, input_shape
        self.train(self.training)

    def forward(self, inputs: Inputs) -> FlintOutput:
        """Return logits of f and g, attributes, reconstruction and features.

        Raises
        ------
        CaptureError
            If a frozen network was put into training mode.
        """
        self.build(inputs)
        if self.is_post_hoc and self.model.training:
            em = (
                "The frozen network is in training mode: dropout and batch normalisation "
                "would change what is explained. Call flint.model.eval()."
            )
            raise CaptureError(em)
        with torch.set_grad_enabled(torch.is_grad_enabled() and not self.is_post_hoc):
            raw, features = self._taps.run(inputs)
        return self.explain(logits_in(raw, self.params), features)

    def explain(self, logits_f: Tensor, features: Mapping[str, Tensor]) -> FlintOutput:
        """Return the same of logits and features that are known already."""
        attributes = self.attributes_of(features)
        return FlintOutput(
            logits_f,
            self.head(attributes),
            attributes,
            None if self.decoder is None else self.decoder(attributes),
            features,
        )

    def attributes_of(self, features: Mapping[str, Tensor]) -> Tensor:
        """Return Φ, shape (n, J), of what the tapped layers give."""
        values = self.attribute_values(features)
        p = self.params.attributes
        return activated(values, self.params.activation, p.top_k, p.spatial_pool)

    def attribute_values(self, features: Mapping[str, Tensor]) -> Tensor:
        """Return what the attribute network gives, before activation and maximum.

        Shape (n, J), or (n, J, s, s) and (n, J, n_tokens) for spatial attributes.
        """
        net = self.attribute_net
        if net is None:
            em = "This FLINT has not been built. Give it example_input, or call build(x)."
            raise CaptureError(em)
        values: Tensor = net(list(features.values()))
        return values

    @torch.no_grad()
    def predict_proba(
        self,
        inputs: Any,  # noqa: ANN401
        *,
        which: str = "g",
        n_best: int | None = None,
    ) -> Tensor:
        """Return probabilities of classes (or of labels), shape (n, C).

        Parameters
        ----------
        inputs
            A batch.
        which
            f, the network, or g, the interpreter.
        n_best
            g predicts from so many attributes only, those with the largest |r|; see
            `redescribe.flint.sufficiency`.

        Raises
        ------
        ParameterError
            If the task is regression, there is no such predictor, or f is to have the
            best attributes.
        """
        if self.params.task is Task.REGRESSION:
            em = "Regression has no probabilities. Use predict."
            raise ParameterError(em)
        logits = self._of(inputs, which, n_best)
        if self.params.task is Task.MULTILABEL:
            return logits.sigmoid()
        return logits.softmax(1)

    @torch.no_grad()
    def predict(
        self,
        inputs: Any,  # noqa: ANN401
        *,
        which: str = "g",
        n_best: int | None = None,
    ) -> Tensor:
        """Return classes (n,), labels (n, C) as bool, or values (n, C).

        The parameters are as in `predict_proba`.
        """
        logits = self._of(inputs, which, n_best)
        if self.params.task is Task.REGRESSION:
            return logits
        if self.params.task is Task.MULTILABEL:
            return logits > 0
        return logits.argmax(1)

    def train(self, mode: bool = True) -> FLINT:  # noqa: FBT001, FBT002 - torch's form
        """Put it into training mode; a frozen network stays in evaluation mode."""
        super().train(mode)
        if self.is_post_hoc:
            self.model.eval()
        return self

    def _of(self, inputs: Any, which: str, n_best: int | None) -> Tensor:  # noqa: ANN401
        if which not in {"f", "g"}:
            em = f"which is 'f' (the network) or 'g' (the interpreter). Got {which!r}."
            raise ParameterError(em)
        output = self(placed(as_tensors(inputs), self.model))
        if n_best is not None:
            if which == "f":
                em = "n_best is of the interpreter: the network has no attributes."
                raise ParameterError(em)
            alpha, offsets = self.head.contributions(output.attributes), self.head.offsets()
            per_class = self.params.task is not Task.MULTICLASS
            best = best_contributions(alpha, offsets, n_best, per_class=per_class)
            limited: Tensor = best.sum(dim=1) + offsets
            return limited
        logits: Tensor = output.logits_f if which == "f" else output.logits_g
        return logits

    def _check(self, output: FlintOutput) -> None:
        """Check that given parts return what they should."""
        n = len(output.logits_f)
        wanted: dict[str, tuple[Tensor, tuple[int, ...]]] = {
            "attribute network": (output.attributes, (n, self.params.n_attributes)),
            "head": (output.logits_g, (n, self.params.n_classes)),
        }
        if output.reconstruction is not None and self.input_shape:
            wanted["decoder"] = (output.reconstruction, (n, *self.input_shape))
        for name, (value, shape) in wanted.items():
            if tuple(value.shape) != shape:
                self.feature_shapes = ()
                em = f"The {name} gives the shape {tuple(value.shape)}; {shape} is needed."
                raise ParameterError(em)
