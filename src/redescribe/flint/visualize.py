"""What an attribute looks like: inputs that activate it, made, found or contrasted."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
from annotated_types import Interval

from redescribe._validation import Count, PositiveCount, Share, check_bounds
from redescribe.errors import ParameterError
from redescribe.flint._torch import torch
from redescribe.flint.batches import Data, as_tensors, placed
from redescribe.flint.evaluation import evaluate, evaluating
from redescribe.flint.guided import guided as guided_relus
from redescribe.flint.taps import LayerTaps

if TYPE_CHECKING:
    from torch import Tensor

    from redescribe._typing import AnyArray, Floats, Ints
    from redescribe.flint.model import FLINT

Weight = Annotated[float, Interval(ge=0)]


@dataclass(frozen=True, slots=True, kw_only=True)
class MaximisationParams:
    """How an input is changed until it activates an attribute.

    The defaults are those of the paper for grey images of 28 × 28 pixels.

    Parameters
    ----------
    rho
        The start is this share of the given input.
    strength
        K, the weight of the attribute.
    tv
        Weight of the total variation; of images only.
    bound
        Weight of what lies outside of `value_range`.
    l1
        Weight of the mean absolute value.
    value_range
        Lowest and highest usual value: numbers, or arrays of the shape of an input, such
        as `quantile_range` gives for tables.
    rounds, steps
        Rounds, and steps of Adam in each; every round begins anew.
    lr, decay
        Learning rate of the first round; of the next ones, times `decay` each.
    jitter
        Images are shifted by up to so many pixels in each step.
    seed
        Of the shifts.

    Raises
    ------
    ParameterError
        If a value is out of its bounds.

    References
    ----------
    Parekh, Mozharovskyi, d'Alché-Buc (2021), section 3.3.2 and supplement.

    Examples
    --------
    >>> MaximisationParams(rho=0.4, tv=20, bound=20, value_range=(-2.5, 2.5)).rounds
    12
    """

    rho: Share = 0.3
    strength: Weight = 2.0
    tv: Weight = 6.0
    bound: Weight = 10.0
    l1: Weight = 0.0
    value_range: tuple[Any, Any] = (0.0, 1.0)
    rounds: PositiveCount = 12
    steps: PositiveCount = 50
    lr: Annotated[float, Interval(gt=0)] = 0.05
    decay: Annotated[float, Interval(gt=0, le=1)] = 0.5
    jitter: Count = 0
    seed: Count = 0

    def __post_init__(self) -> None:
        check_bounds(self)


@dataclass(frozen=True, slots=True, eq=False)
class Maximised:
    """Inputs that were changed to activate an attribute.

    Attributes
    ----------
    starts, inputs
        Given and changed inputs, shape (n, …).
    before, after
        The attribute of both, shape (n,).
    """

    starts: AnyArray
    inputs: AnyArray
    before: Floats
    after: Floats

    @property
    def changes(self) -> AnyArray:
        """By how much each feature or pixel was changed, shape (n, …)."""
        return self.inputs - self.starts


def am_pi(
    flint: FLINT,
    j: int,
    x0: Any,  # noqa: ANN401 - array-like
    params: MaximisationParams | None = None,
) -> Maximised:
    """Return inputs near given ones that activate an attribute strongly.

    Activation maximisation with partial initialisation: from ρ x0,
    maximise K φ_j(x) - λ_tv TV(x) - λ_bo BO(x) - λ_1 mean |x|.

    Parameters
    ----------
    flint
        The FLINT; nothing of it is changed.
    j
        Number of the attribute.
    x0
        Inputs, shape (n, …): images (n, channels, rows, columns), or rows of a table,
        of which the total variation is left out.
    params
        Weights and steps.

    Raises
    ------
    ParameterError
        If there is no such attribute, or the inputs are no real numbers.

    References
    ----------
    Parekh, Mozharovskyi, d'Alché-Buc (2021), section 3.3.2.

    Examples
    --------
    >>> from torch import nn
    >>> from redescribe.flint import FLINT
    >>> net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))
    >>> flint = FLINT(net, ["1"], 5, 3, activation="softplus")
    >>> found = am_pi(flint, 0, np.ones((1, 4)), MaximisationParams(rounds=2, steps=5))
    >>> bool(found.after[0] > found.before[0])
    True
    """
    p = params or MaximisationParams()
    start = _one_input(flint, x0)
    with evaluating(flint), torch.enable_grad():
        phi_of = _attribute_of(flint, j, start)
        generator = torch.Generator().manual_seed(p.seed)
        low, high = (torch.as_tensor(v).to(start) for v in p.value_range)
        x = (p.rho * start).requires_grad_()
        for k in range(p.rounds):
            optimiser = torch.optim.Adam([x], lr=p.lr * p.decay**k)
            for _ in range(p.steps):
                loss = _objective(
                    x, phi_of(_shifted(x, p.jitter, generator)), p, (low, high)
                )
                (x.grad,) = torch.autograd.grad(loss, [x])
                optimiser.step()
        before, after = phi_of(start), phi_of(x)
    arrays = (value.detach().cpu().numpy() for value in (start, x))
    numbers = (value.detach().double().cpu().numpy() for value in (before, after))
    return Maximised(*arrays, *numbers)


def quantile_range(data: AnyArray, share: float = 0.01) -> tuple[Floats, Floats]:
    """Return the usual range of each feature: without a share of the values at each end.

    Parameters
    ----------
    data
        Shape (n, …).
    share
        Below and above.

    Examples
    --------
    >>> quantile_range(np.arange(101.0)[:, None], 0.1)
    (array([10.]), array([90.]))
    """
    low, high = np.quantile(np.asarray(data, dtype=np.float64), [share, 1 - share], axis=0)
    return low, high


@dataclass(frozen=True, slots=True, eq=False)
class MostActivating:
    """Entities that activate an attribute most.

    Attributes
    ----------
    positions
        Of the entities in the data, the strongest first.
    values
        Of the attribute.
    """

    positions: Ints
    values: Floats


def mas(
    flint: FLINT,
    data: Data,
    j: int,
    *,
    cls: int | None = None,
    k: int = 3,
    label: str = "true",
) -> MostActivating:
    """Return the k entities, of a class or of all, with the largest φ_j.

    Parameters
    ----------
    flint, data
        As in `redescribe.flint.evaluate`; labels are needed for `label="true"`.
    j
        Number of the attribute.
    cls
        Of which class or label; None: of all.
    k
        How many, fewer where the class has fewer.
    label
        Whether the class is the true one, or that of g.

    Raises
    ------
    ParameterError
        If there is no such attribute or class, labels are needed, or the task is
        regression.

    References
    ----------
    Parekh, Mozharovskyi, d'Alché-Buc (2021), section 3.3.2.
    """
    if label not in {"true", "g"}:
        em = f"label is 'true' or 'g'. Got {label!r}."
        raise ParameterError(em)
    found = evaluate(flint, data)
    check_attribute(flint, j)
    rows = np.arange(len(found))
    if cls is not None:
        n_classes = flint.params.n_classes
        if not 0 <= cls < n_classes:
            em = f"Classes are numbers from 0 to {n_classes - 1}. Got {cls}."
            raise ParameterError(em)
        member = found.predicted("g") if label == "g" else found.labelled()
        rows = np.flatnonzero(member[:, cls])
    values = found.attributes[rows, j]
    order = np.argsort(-values, kind="stable")[:k]
    return MostActivating(rows[order], values[order])


def attribution(
    flint: FLINT,
    data: Any,  # noqa: ANN401 - array-like
    j: int,
    *,
    guided: bool = False,
) -> AnyArray:
    """Return the gradient of φ_j with respect to the inputs, shape (n, …).

    Parameters
    ----------
    flint
        The FLINT.
    data
        Inputs, shape (n, …).
    j
        Number of the attribute.
    guided
        Whether only what makes the attribute larger passes back through each ReLU (guided
        back-propagation), which is clearer for deep networks.

    Raises
    ------
    ParameterError
        If there is no such attribute, the inputs are no real numbers, or there is no ReLU
        to guide.
    """
    x = _one_input(flint, data)
    flint.build(x)
    x.requires_grad_()
    hooks = guided_relus(flint) if guided else nullcontext()
    with evaluating(flint), hooks, torch.enable_grad():
        (gradient,) = torch.autograd.grad(_attribute_of(flint, j, x)(x).sum(), [x])
    found: AnyArray = gradient.cpu().numpy()
    return found


def decoder_contrast(
    flint: FLINT,
    data: Any,  # noqa: ANN401 - array-like
    j: int,
) -> tuple[AnyArray, AnyArray]:
    """Return what the decoder makes of Φ(x), and of Φ(x) without attribute j.

    Parameters
    ----------
    flint
        With a decoder.
    data
        Inputs, shape (n, …).
    j
        Number of the attribute.

    Raises
    ------
    ParameterError
        If there is no decoder or no such attribute.
    """
    check_attribute(flint, j)
    with evaluating(flint):
        phi = flint(_one_input(flint, data)).attributes
        without = phi.clone()
        without[:, j] = 0
        both = [decoded(flint, values) for values in (phi, without)]
    return both[0].cpu().numpy(), both[1].cpu().numpy()


def decoded(flint: FLINT, attributes: Tensor) -> Tensor:
    """Return what the decoder makes of attributes.

    Raises
    ------
    ParameterError
        If there is no decoder.
    """
    if flint.decoder is None:
        em = "This needs a decoder, and this FLINT has none (decoder=None)."
        raise ParameterError(em)
    inputs: Tensor = flint.decoder(attributes)
    return inputs


def check_attribute(flint: FLINT, j: int) -> None:
    """Check that there is an attribute of a number.

    Raises
    ------
    ParameterError
        If there is none.
    """
    if not 0 <= j < flint.n_attributes:
        em = f"Attributes are numbers from 0 to {flint.n_attributes - 1}. Got {j}."
        raise ParameterError(em)


def _one_input(flint: FLINT, data: Any) -> Tensor:  # noqa: ANN401
    inputs = placed(as_tensors(data), flint.model)
    if not isinstance(inputs, torch.Tensor) or not inputs.is_floating_point():
        em = "Inputs must be one array of real numbers to be changed or differentiated."
        raise ParameterError(em)
    return inputs.detach().clone()


def _attribute_of(flint: FLINT, j: int, example: Tensor) -> Any:  # noqa: ANN401 - a function
    """Inputs -> φ_j, with a gradient also where the network is frozen."""
    check_attribute(flint, j)
    flint.build(example.detach())
    taps = LayerTaps(flint.model, flint.layers)

    def phi(x: Tensor) -> Tensor:
        return flint.attributes_of(taps.run(x)[1])[:, j]

    return phi


def _objective(
    x: Tensor, phi: Tensor, p: MaximisationParams, usual: tuple[Tensor, Tensor]
) -> Tensor:
    """What is made small; the sum over the inputs, which do not touch each other."""
    axes = tuple(range(1, x.ndim))
    low, high = usual
    outside = x.abs() * ((x > high) | (x < low))
    loss = p.bound * outside.mean(axes) + p.l1 * x.abs().mean(axes) - p.strength * phi
    if x.ndim == 4 and p.tv:
        rows = (x[:, :, 1:] - x[:, :, :-1]).abs().mean(axes)
        columns = (x[..., 1:] - x[..., :-1]).abs().mean(axes)
        loss = loss + p.tv * (rows + columns)
    return loss.sum()


def _shifted(x: Tensor, jitter: int, generator: torch.Generator) -> Tensor:
    if not jitter or x.ndim != 4:
        return x
    shift = torch.randint(-jitter, jitter + 1, (2,), generator=generator).tolist()
    return torch.roll(x, shift, dims=(2, 3))
