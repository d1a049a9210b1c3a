"""One training under way: its steps, and what they add up to in an epoch."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sized
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from redescribe.errors import ParameterError, TrainingError
from redescribe.flint._torch import nn, torch
from redescribe.flint.batches import parts_of, placed
from redescribe.flint.feature_cache import Remembered
from redescribe.flint.history import Epoch
from redescribe.flint.params import Task

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor

    from redescribe.flint.losses import FlintLoss, LossTerms
    from redescribe.flint.model import FLINT
    from redescribe.flint.outputs import FlintOutput
    from redescribe.flint.schedule import Schedule


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a training is.

    Attributes
    ----------
    n_steps
        Batches in all.
    """

    n_steps: int

    @classmethod
    def of(cls, epochs: int | None, steps: int | None, batches: object) -> Limits:
        """Return the number of steps that either of the two stands for.

        Raises
        ------
        ParameterError
            If both or none are given, or nobody knows how many batches an epoch has.

        Examples
        --------
        >>> Limits.of(3, None, [0, 1])
        Limits(n_steps=6)
        """
        if (epochs is None) == (steps is None):
            em = f"Give epochs or steps. Got epochs={epochs} and steps={steps}."
            raise ParameterError(em)
        if steps is None:
            if not isinstance(batches, Sized):
                em = "The loader does not say how many batches it has. Give steps."
                raise ParameterError(em)
            steps = (epochs or 0) * len(batches)
        if steps < 1:
            em = "There is no step to train: epochs or steps are 0, or there is no batch."
            raise ParameterError(em)
        return cls(steps)

    def settings(self) -> int:
        """Return it as JSON can hold it."""
        return self.n_steps


class Training:
    """Steps of an optimiser on the loss of a FLINT.

    Attributes
    ----------
    step
        Steps that are done.
    n_epochs
        Epochs that are done or begun.
    """

    def __init__(
        self,
        flint: FLINT,
        loss: FlintLoss,
        schedule: Schedule,
        *,
        optimiser: Callable[[], torch.optim.Optimizer],
        limits: Limits,
        amp: bool = False,
        grad_clip: float | None = None,
    ) -> None:
        self.flint = flint
        self.optimiser = optimiser()
        self.limits = limits
        self.step = 0
        self.n_epochs = 0
        self._new_optimiser = optimiser
        self._lr_factor = 1.0
        self._loss = loss
        self._schedule = schedule
        self._amp = amp
        self._grad_clip = grad_clip
        self._largest: Tensor | None = None
        self._n_of_class = torch.zeros(flint.params.n_classes, dtype=torch.long)

    def take_up(self, step: int, n_epochs: int, optimiser: dict[str, Any]) -> None:
        """Go on after some steps, with the optimiser as it then was."""
        self.step, self.n_epochs = step, n_epochs
        self.optimiser.load_state_dict(optimiser)
        self._lr_factor = self._schedule.lr_factor(max(step - 1, 0), self.limits.n_steps)

    def epoch(self, batches: Any, advance: Callable[[int], None]) -> Epoch:  # noqa: ANN401
        """Train on all batches once, or until the last step.

        Raises
        ------
        TrainingError
            If a loss is not finite, or labels do not fit.
        """
        self.flint.train()
        self.n_epochs += 1
        self._largest = None
        sums: dict[str, Tensor] = {}
        n_agree, n = torch.zeros(()), 0
        for batch in batches:
            output, terms = self._one_step(batch)
            self._add(sums, terms)
            agree = _agreement(output, self.flint.params.task)
            n_agree, n = n_agree + agree.sum().cpu(), n + agree.numel()
            advance(1)
            if self.step == self.limits.n_steps:
                break
        means = {name: float(value) for name, value in sums.items()}
        counts = {name: value for name, value in means.items() if name.startswith("n/")}
        raw, weighted = (
            {
                name.removeprefix(kind): value / counts[f"n/{name.removeprefix(kind)}"]
                for name, value in means.items()
                if name.startswith(kind)
            }
            for kind in ("raw/", "weighted/")
        )
        values = self.flint.params.task is Task.REGRESSION
        share = None if values else float(n_agree / n)
        return Epoch(self.n_epochs, self.step, raw, weighted, share)

    def dead(self, limit: float) -> Tensor:
        """Return which attributes stayed below a limit in the last epoch, shape (J,)."""
        if self._largest is None:
            return torch.zeros(self.flint.n_attributes, dtype=torch.bool)
        return self._largest < limit

    def warn_of_absent_classes(self) -> None:
        """Warn of classes that no label of the first epoch names."""
        flint = self.flint
        absent = (self._n_of_class == 0).nonzero().flatten().tolist()
        if flint.params.task is Task.REGRESSION or not int(self._n_of_class.sum()):
            return
        if absent:
            message = (
                f"No training entity is of class {', '.join(map(str, absent))} (of "
                f"{flint.params.n_classes}, from 0). Check labels and n_classes."
            )
            warnings.warn(message, stacklevel=4)

    def _one_step(self, batch: Any) -> tuple[FlintOutput, LossTerms]:  # noqa: ANN401
        flint = self.flint
        self._drop_lr()
        known = isinstance(batch, Remembered)
        inputs, labels = (batch.inputs, batch.labels) if known else parts_of(batch)
        inputs = placed(inputs, flint)
        labels = self._labels(labels)
        device = next(flint.parameters()).device
        with torch.autocast(device.type, torch.bfloat16, enabled=self._amp):
            if known:
                output = flint.explain(batch.logits_f, batch.features)
            else:
                output = flint(inputs)
        terms = self._loss(
            output,
            None if isinstance(inputs, Mapping) else inputs,
            None if labels is None else labels.to(device),
            task=flint.params.task,
            factors=self._schedule.factors(self.step, self.limits.n_steps),
            weight=last_weight(flint),
        )
        self._check(terms)
        self.optimiser.zero_grad(set_to_none=True)
        torch.autograd.backward(terms.total)
        if self._grad_clip is not None:
            nn.utils.clip_grad_norm_(flint.learned, self._grad_clip)
        self.optimiser.step()
        self.step += 1
        largest = output.attributes.detach().amax(0)
        before = self._largest
        self._largest = largest if before is None else torch.maximum(before, largest)
        return output, terms

    def _drop_lr(self) -> None:
        """Begin with a fresh optimiser where the schedule changes the learning rate."""
        factor = self._schedule.lr_factor(self.step, self.limits.n_steps)
        if factor == self._lr_factor:
            return
        self._lr_factor = factor
        self.optimiser = self._new_optimiser()
        for group in self.optimiser.param_groups:
            group["lr"] *= factor

    def _labels(self, labels: Tensor | None) -> Tensor | None:
        """Labels of a batch, checked and counted."""
        params = self.flint.params
        if labels is None:
            if not self.flint.is_post_hoc:
                em = "FLINT by design needs labels: give batches of (inputs, labels)."
                raise TrainingError(em)
            return None
        if params.task is not Task.MULTICLASS:
            self._check_columns(labels)
        if params.task is Task.REGRESSION:
            return labels
        if params.task is Task.MULTILABEL:
            self._n_of_class += (labels.cpu() > 0).reshape(len(labels), -1).sum(0)
            return labels
        classes = labels.reshape(-1).long()
        low, high = int(classes.min()), int(classes.max())
        if low < 0 or high >= params.n_classes:
            em = (
                f"Labels are classes from 0 to {params.n_classes - 1} "
                f"(n_classes={params.n_classes}). Got {low} to {high}."
            )
            raise TrainingError(em)
        self._n_of_class += torch.bincount(classes.cpu(), minlength=params.n_classes)
        return classes

    def _check_columns(self, labels: Tensor) -> None:
        """Check that there are labels, 0 to 1, or values, for all that is predicted."""
        params = self.flint.params
        several = params.task is Task.MULTILABEL
        shape = tuple(labels.shape)
        fits = shape[1:] == (params.n_classes,) or (len(shape) == params.n_classes == 1)
        if not fits:
            kind = "0 or 1 for each label" if several else "a number for each value"
            em = (
                f"Labels of the task {params.task.value!r} are {kind}: (batch, "
                f"{params.n_classes}). Got the shape {shape}."
            )
            raise TrainingError(em)
        if several and not bool(((labels >= 0) & (labels <= 1)).all()):
            em = (
                "Labels of the task 'multilabel' are 0 or 1. Got "
                f"{float(labels.min()):g} to {float(labels.max()):g}."
            )
            raise TrainingError(em)

    def _check(self, terms: LossTerms) -> None:
        if bool(torch.isfinite(terms.total)):
            return
        bad = [name for name, value in terms.raw.items() if not torch.isfinite(value)]
        em = (
            f"The loss is not finite at step {self.step} of {self.limits.n_steps} (epoch "
            f"{self.n_epochs}): {', '.join(bad) or 'its sum'}. Check the inputs for NaN, "
            "lower lr, or set grad_clip."
        )
        raise TrainingError(em)

    @staticmethod
    def _add(sums: dict[str, Tensor], terms: LossTerms) -> None:
        for kind, values in (("raw/", terms.raw), ("weighted/", terms.weighted)):
            for name, value in values.items():
                key = f"{kind}{name.value}"
                sums[key] = sums.get(key, torch.zeros(())) + value.detach().cpu()
        for name in terms.raw:
            key = f"n/{name.value}"
            sums[key] = sums.get(key, torch.zeros(())) + 1


def _agreement(output: FlintOutput, task: Task) -> Tensor:
    """Where f and g predict the same: per entity, or per label of each."""
    if task is Task.MULTILABEL:
        return (output.logits_f > 0) == (output.logits_g > 0)
    return output.logits_f.argmax(1) == output.logits_g.argmax(1)


def last_weight(flint: FLINT) -> Tensor | None:
    """Return the weight of the last layer of Ψ, one row per attribute, if it is known."""
    weights = [w for w in flint.attribute_net.parameters() if w.ndim > 1]  # type: ignore[union-attr]
    return weights[-1] if weights and len(weights[-1]) == flint.n_attributes else None
