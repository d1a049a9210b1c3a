"""What a FLINT gives for all entities, as arrays: the ground of all that is measured."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from redescribe.capture.modes import in_evaluation_mode
from redescribe.errors import CaptureError, ParameterError
from redescribe.flint._torch import torch
from redescribe.flint.batches import Data, batches_in_order, parts_of, placed, rows_joined
from redescribe.flint.params import Task

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor

    from redescribe._typing import AnyArray, Floats, Ints, Mask
    from redescribe.flint.batches import Inputs
    from redescribe.flint.model import FLINT

BATCH_SIZE = 256


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """Outputs for n entities, in evaluation mode.

    Attributes
    ----------
    task
        What the logits are.
    labels
        As they were given, shape (n,) or (n, C); None without labels.
    logits_f, logits_g
        ndarray of float64, shape (n, C).
    attributes
        Φ, ndarray of float64, shape (n, J).
    contributions
        α, ndarray of float64, shape (n, J, C): what each attribute adds to each logit.
    offsets
        What a logit of g is without attributes, ndarray of float64, shape (C,).
    reconstruction_error
        Mean squared error of the decoder, shape (n,); None without one.
    """

    task: Task
    labels: AnyArray | None
    logits_f: Floats
    logits_g: Floats
    attributes: Floats
    contributions: Floats
    offsets: Floats
    reconstruction_error: Floats | None

    def __len__(self) -> int:
        return len(self.logits_f)

    @property
    def classes_f(self) -> Ints:
        """Class that the network predicts, shape (n,).

        Raises
        ------
        ParameterError
            If the task is not one of classes.
        """
        return self._classes(self.logits_f)

    @property
    def classes_g(self) -> Ints:
        """Class that the interpreter predicts; as `classes_f`."""
        return self._classes(self.logits_g)

    def predicted(self, which: str = "g") -> Mask:
        """Return which classes or labels f or g predicts, Boolean, shape (n, C).

        Raises
        ------
        ParameterError
            If the task is regression, or `which` is neither.
        """
        if which not in {"f", "g"}:
            em = f"which is 'f' (the network) or 'g' (the interpreter). Got {which!r}."
            raise ParameterError(em)
        logits = self.logits_f if which == "f" else self.logits_g
        chosen: Mask = logits > 0
        if self.task is not Task.MULTILABEL:
            chosen = self._classes(logits)[:, None] == np.arange(logits.shape[1])
        return chosen

    def labelled(self) -> Mask:
        """Return which classes or labels the entities have, Boolean, shape (n, C).

        Raises
        ------
        ParameterError
            If there are no labels, or the task is regression.
        """
        labels, n_classes = self.known_labels(), self.logits_g.shape[1]
        if self.task is Task.REGRESSION:
            em = "Values (regression) are no classes."
            raise ParameterError(em)
        if self.task is Task.MULTILABEL:
            member: Mask = labels.reshape(-1, n_classes) > 0
        else:
            member = labels.reshape(-1, 1) == np.arange(n_classes)
        return member

    def known_labels(self) -> AnyArray:
        """Return the labels.

        Raises
        ------
        ParameterError
            If there are none.
        """
        if self.labels is None:
            em = "Labels are needed. Give (inputs, labels), or batches of these."
            raise ParameterError(em)
        return self.labels

    def _classes(self, logits: Floats) -> Ints:
        if self.task is not Task.MULTICLASS:
            em = f"One class per entity is needed. The task is {self.task.value!r}."
            raise ParameterError(em)
        classes: Ints = logits.argmax(axis=1)
        return classes


def evaluate(flint: FLINT, data: Data, *, batch_size: int = BATCH_SIZE) -> Evaluation:
    """Return what a FLINT gives for all entities; its modes are left as they were.

    Parameters
    ----------
    flint
        The FLINT.
    data
        Inputs, a tuple (inputs, labels), or batches in order.
    batch_size
        Entities per forward pass, where arrays are given.

    Raises
    ------
    CaptureError
        If there is no entity, or an output is not finite.

    Examples
    --------
    >>> from torch import nn
    >>> from redescribe.flint import FLINT
    >>> net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))
    >>> found = evaluate(FLINT(net, ["1"], 5, 3), np.ones((2, 4)))
    >>> found.attributes.shape, found.contributions.shape
    ((2, 5), (2, 5, 3))
    """
    columns: dict[str, list[Tensor]] = {}
    with evaluating(flint):
        for batch in batches_in_order(data, batch_size):
            inputs, labels = parts_of(batch)
            inputs = placed(inputs, flint.model)
            output = flint(inputs)
            found = {
                "logits_f": output.logits_f,
                "logits_g": output.logits_g,
                "attributes": output.attributes,
                "contributions": flint.head.contributions(output.attributes),
            }
            if output.reconstruction is not None and not isinstance(inputs, dict):
                error = (output.reconstruction - inputs).square().flatten(1).mean(1)
                found["reconstruction_error"] = error
            if labels is not None:
                found["labels"] = labels
            for name, value in found.items():
                columns.setdefault(name, []).append(value.cpu())
        if not columns:
            em = "There are no entities to evaluate: the data give no batch."
            raise CaptureError(em)
        offsets = flint.head.offsets().double().cpu().numpy()
    arrays = {name: torch.cat(values).numpy() for name, values in columns.items()}
    labels_of = arrays.pop("labels", None)
    floats = {name: value.astype(np.float64) for name, value in arrays.items()}
    _check_finite(floats)
    return Evaluation(
        flint.params.task,
        labels_of,
        offsets=offsets,
        **{"reconstruction_error": None, **floats},  # type: ignore[arg-type]  # by name
    )


@contextmanager
def evaluating(flint: FLINT) -> Iterator[None]:
    """Evaluation mode without gradients; every module gets its mode back."""
    with in_evaluation_mode(flint), torch.no_grad():
        yield


def joined_inputs(data: Data, *, batch_size: int = BATCH_SIZE) -> Inputs:
    """Return all inputs of the data as one tensor, or one by name."""
    parts = [parts_of(batch)[0] for batch in batches_in_order(data, batch_size)]
    return rows_joined(parts)


def _check_finite(arrays: dict[str, Floats]) -> None:
    for name, values in arrays.items():
        n_bad = int(values.size - np.isfinite(values).sum())
        if n_bad:
            em = f"{n_bad} values of {name} are NaN or infinite. Check inputs and weights."
            raise CaptureError(em)
