"""The terms of FLINT's loss, as pure functions, and their weighted sum."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

from annotated_types import Interval

from redescribe._validation import check_bounds, choose
from redescribe.errors import ParameterError
from redescribe.flint._torch import functional, torch
from redescribe.flint.params import Task

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor

    from redescribe.flint.outputs import FlintOutput


Distance: TypeAlias = Callable[[Any, Any], Any]
"""Of two tensors, a reconstruction and an input: one number, as a tensor."""
Weight = Annotated[float, Interval(ge=0)]


class Term(StrEnum):
    """The terms of the loss; l_pred, l_of, l_if, l_ent and l_1 of the paper."""

    PREDICTION = "prediction"
    OUTPUT_FIDELITY = "output_fidelity"
    INPUT_FIDELITY = "input_fidelity"
    ENTROPY = "entropy"
    L1 = "l1"
    ORTHOGONALITY = "orthogonality"


class Direction(StrEnum):
    """Which of f and g teaches: as computed by the authors, or as printed."""

    DISTIL = "distil"
    PRINTED = "printed"


class Diversity(StrEnum):
    """What is to be spread over a batch: FLINT's form, or mutual information."""

    FLINT = "flint"
    MI = "mi"


class EntropyOn(StrEnum):
    """What makes a distribution of attributes: a softmax, or division by their sum."""

    SOFTMAX = "softmax"
    NORMALISED = "normalised"


class Target(StrEnum):
    """Whom the interpreter imitates: the network, or the labels."""

    F = "f"
    LABELS = "labels"


@dataclass(frozen=True, slots=True, eq=False)
class LossTerms:
    """Every term of one batch, before and after weighting.

    Attributes
    ----------
    raw
        The terms themselves, by name; those that do not apply are left out.
    weighted
        The same, times weight and schedule.
    """

    raw: Mapping[Term, Tensor]
    weighted: Mapping[Term, Tensor]

    @property
    def total(self) -> Tensor:
        """The sum of the weighted terms."""
        return torch.stack(list(self.weighted.values())).sum()


def prediction(logits: Tensor, labels: Tensor, task: Task = Task.MULTICLASS) -> Tensor:
    """Return the loss of predictions: cross-entropy, binary cross-entropy or MSE.

    >>> prediction(torch.zeros(1, 2), torch.tensor([1])).item()
    0.6931
    """
    if task is Task.MULTICLASS:
        return functional.cross_entropy(logits.float(), labels)
    wanted = labels.reshape(logits.shape).to(torch.float32)
    if task is Task.MULTILABEL:
        return functional.binary_cross_entropy_with_logits(logits.float(), wanted)
    return functional.mse_loss(logits.float(), wanted)


def output_fidelity(
    logits_f: Tensor,
    logits_g: Tensor,
    *,
    task: Task = Task.MULTICLASS,
    direction: Direction = Direction.DISTIL,
    temperature: float = 1.0,
) -> Tensor:
    """Return how far g is from f: cross-entropy with f as the teacher, per entity.

    No gradient flows into the logits of f, except in the `printed` direction, which is for
    study only: it sharpens f and ruins g.

    >>> zero = torch.zeros(1, 2)
    >>> output_fidelity(zero, zero).item()
    0.6931

    Raises
    ------
    ParameterError
        If the direction is `printed` and the task is not one of classes, or values have
        a temperature.
    """
    f, g = logits_f.float() / temperature, logits_g.float() / temperature
    scale = temperature**2
    if direction is Direction.PRINTED:
        if task is not Task.MULTICLASS:
            em = f"of_direction='printed' is for classes. The task is {task.value!r}."
            raise ParameterError(em)
        return -(g.softmax(1) * f.log_softmax(1)).sum(1).mean() * scale
    f = f.detach()
    if task is Task.REGRESSION:
        if temperature != 1:
            em = f"of_temperature is for classes and labels, not values. Got {temperature}."
            raise ParameterError(em)
        return functional.mse_loss(g, f)
    if task is Task.MULTILABEL:
        each = functional.binary_cross_entropy_with_logits(g, f.sigmoid(), reduction="none")
        return each.sum(1).mean() * scale
    return -(f.softmax(1) * g.log_softmax(1)).sum(1).mean() * scale


def entropy(values: Tensor, on: EntropyOn = EntropyOn.SOFTMAX) -> Tensor:
    """Return the entropy of the distribution that each row stands for, shape (n,).

    >>> entropy(torch.zeros(1, 4)).item()
    1.3863
    """
    if on is EntropyOn.SOFTMAX:  # by logarithms: stable however large the values are
        return -(values.softmax(1) * values.log_softmax(1)).sum(1)
    return _entropy_of(_distribution(values, on))


def conciseness(
    attributes: Tensor,
    *,
    diversity: Diversity = Diversity.FLINT,
    on: EntropyOn = EntropyOn.SOFTMAX,
) -> Tensor:
    """Return the mean entropy of |Φ(x)| less the entropy over the batch.

    Low where each entity has few attributes and the batch has many. One entity alone has
    no diversity: then it is the entropy.

    >>> conciseness(torch.tensor([[9.0, 0.0], [0.0, 9.0]])).item() < 0
    True
    """
    strengths = attributes.float().abs()
    few = entropy(strengths, on).mean()
    if len(attributes) < 2:
        return few
    if diversity is Diversity.MI:
        p = _distribution(strengths, on)
        return few - _entropy_of(p.mean(0, keepdim=True))[0]
    return few - entropy(strengths.mean(0, keepdim=True), on)[0]


def orthogonality(weight: Tensor) -> Tensor:
    """Return ‖K̂K̂ᵀ - I‖² / J², K̂ the rows of a weight at length 1.

    >>> orthogonality(torch.eye(3)).item()
    0.0
    """
    rows = functional.normalize(weight.flatten(1).float(), dim=1)
    n = len(rows)
    return (rows @ rows.T - torch.eye(n, device=rows.device)).square().sum() / n**2


@dataclass(frozen=True, slots=True, kw_only=True)
class FlintLoss:
    """L = l_pred + β l_of + γ l_if + δ l_ent + δη l_1 (+ orthogonality).

    Parameters
    ----------
    beta, gamma, delta, eta
        β, γ, δ, η; the weight of l_1 is δη.
    entropy
        Whether l_ent is there; without it l_1 keeps its weight.
    recon
        Distance of inputs: mse, l1, or a function of (reconstruction, input).
    of_target
        Whom g imitates: f, or labels.
    of_direction
        distil, or printed (for study).
    of_temperature
        Divides both logits in l_of, which is multiplied by its square.
    diversity
        flint, or mi: then l_ent is less the mutual information of entity and attribute.
    entropy_on
        softmax, or normalised: |φ| divided by its sum.
    orthogonality
        Weight of what keeps the attributes from repeating each other.

    Raises
    ------
    ParameterError, UnknownNameError
        If a value is out of its bounds.

    References
    ----------
    Parekh, Mozharovskyi, d'Alché-Buc (2021), section 3.2, with means for sums as in their
    experiments.

    Examples
    --------
    >>> FlintLoss().weights[Term.L1]
    0.1
    """

    beta: Weight = 0.5
    gamma: Weight = 0.8
    delta: Weight = 0.2
    eta: Weight = 0.5
    entropy: bool = True
    recon: str | Distance = "mse"
    of_target: Target = Target.F
    of_direction: Direction = Direction.DISTIL
    of_temperature: Annotated[float, Interval(gt=0)] = 1.0
    diversity: Diversity = Diversity.FLINT
    entropy_on: EntropyOn = EntropyOn.SOFTMAX
    orthogonality: Weight = 0.0

    def __post_init__(self) -> None:
        check_bounds(self)
        options: tuple[tuple[str, type[StrEnum]], ...] = (
            ("of_target", Target),
            ("of_direction", Direction),
            ("diversity", Diversity),
            ("entropy_on", EntropyOn),
        )
        for name, kind in options:
            chosen = choose(kind, getattr(self, name), parameter=name)
            object.__setattr__(self, name, chosen)
        distils = self.of_direction is Direction.DISTIL and self.of_temperature == 1
        if self.of_target is Target.LABELS and not distils:
            em = (
                "of_target='labels' has no teacher: of_direction and of_temperature do "
                "nothing. Leave them out."
            )
            raise ParameterError(em)
        if not callable(self.recon) and self.recon not in _DISTANCES:
            em = f"recon is 'mse', 'l1' or a function of two tensors. Got {self.recon!r}."
            raise ParameterError(em)

    @property
    def weights(self) -> dict[Term, float]:
        """The weight of each term."""
        return {
            Term.PREDICTION: 1.0,
            Term.OUTPUT_FIDELITY: self.beta,
            Term.INPUT_FIDELITY: self.gamma,
            Term.ENTROPY: self.delta if self.entropy else 0.0,
            Term.L1: self.delta * self.eta,
            Term.ORTHOGONALITY: self.orthogonality,
        }

    def settings(self) -> dict[str, Any]:
        """Return it as JSON can hold it; a distance that is a function by its name."""
        found = {one.name: getattr(self, one.name) for one in fields(self)}
        return found | {"recon": name_of(self.recon)}

    def __call__(
        self,
        output: FlintOutput,
        inputs: Tensor | None,
        labels: Tensor | None,
        *,
        task: Task = Task.MULTICLASS,
        factors: Mapping[Term, float] | None = None,
        weight: Tensor | None = None,
    ) -> LossTerms:
        """Return the terms of a batch.

        Parameters
        ----------
        output
            What the FLINT gives.
        inputs
            What the decoder is to reconstruct.
        labels
            Of the entities; None after the fact, when l_pred does not count.
        task
            What the logits are.
        factors
            By what the schedule multiplies the terms; 1 where nothing is said.
        weight
            Of the last layer of the attribute network, for the orthogonality.
        """
        raw = self._raw(output, inputs, labels, task)
        if weight is not None and self.orthogonality:
            raw[Term.ORTHOGONALITY] = orthogonality(weight)
        factors, weights = factors or {}, self.weights
        return LossTerms(
            raw, {term: raw[term] * weights[term] * factors.get(term, 1.0) for term in raw}
        )

    def _raw(
        self, output: FlintOutput, inputs: Tensor | None, labels: Tensor | None, task: Task
    ) -> dict[Term, Tensor]:
        raw: dict[Term, Tensor] = {}
        if labels is not None and output.logits_f.requires_grad:
            raw[Term.PREDICTION] = prediction(output.logits_f, labels, task)
        if self.of_target is Target.LABELS:
            if labels is None:
                em = "of_target='labels' needs labels: batches of (inputs, labels)."
                raise ParameterError(em)
            # Summed over labels, as it is where f is imitated.
            n_summed = output.logits_g.shape[1] if task is Task.MULTILABEL else 1
            of_labels = prediction(output.logits_g, labels, task)
            raw[Term.OUTPUT_FIDELITY] = n_summed * of_labels
        else:
            raw[Term.OUTPUT_FIDELITY] = output_fidelity(
                output.logits_f,
                output.logits_g,
                task=task,
                direction=self.of_direction,
                temperature=self.of_temperature,
            )
        if output.reconstruction is not None and inputs is not None:
            distance = self.recon if callable(self.recon) else _DISTANCES[self.recon]
            raw[Term.INPUT_FIDELITY] = distance(output.reconstruction.float(), inputs)
        raw[Term.ENTROPY] = conciseness(
            output.attributes, diversity=self.diversity, on=self.entropy_on
        )
        raw[Term.L1] = output.attributes.float().abs().mean()
        return raw


def name_of(choice: str | Callable[..., Any]) -> str:
    """Return a name, or that of a function: the same in every process.

    >>> name_of("mse"), name_of(prediction)
    ('mse', 'prediction')
    """
    if isinstance(choice, str):
        return choice
    return str(getattr(choice, "__qualname__", type(choice).__qualname__))


def _distribution(values: Tensor, on: EntropyOn) -> Tensor:
    if on is EntropyOn.SOFTMAX:
        return values.softmax(1)
    total = values.sum(1, keepdim=True)
    tiny = torch.finfo(values.dtype).tiny
    return values / total.clamp_min(tiny)


def _entropy_of(p: Tensor) -> Tensor:
    # Clamped: where p is 0, the derivative of p log p is infinite.
    return -(p * p.clamp_min(torch.finfo(p.dtype).tiny).log()).sum(1)


_DISTANCES: dict[str, Distance] = {"mse": functional.mse_loss, "l1": functional.l1_loss}
