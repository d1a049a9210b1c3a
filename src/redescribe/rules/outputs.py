"""What a network answers: classes, how sure it is of them, and what they stand for."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from redescribe._validation import choose
from redescribe.core.notation import format_number
from redescribe.discretize.quantile import quantile_bins
from redescribe.errors import ParameterError
from redescribe.rules.params import Task

if TYPE_CHECKING:
    from redescribe._typing import AnyArray, Floats, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Outputs:
    """The class that a network gives each entity, and the probabilities of all classes.

    Attributes
    ----------
    classes
        Names of the classes, in order.
    codes
        ndarray of int64, shape (n_entities,): position of the class of each entity.
    probabilities
        ndarray of float64, shape (n_entities, n_classes); 0 and 1 where only the class is
        known.
    edges
        Of a numeric output: the bounds between its bins, ascending; else empty.
    values
        Of a numeric output: the mean of each bin; else empty.

    Examples
    --------
    >>> Outputs.of(["no", "yes", "yes"]).codes
    array([0, 1, 1])
    >>> Outputs.of(np.array([[2.0, -1.0], [0.0, 1.0]]), task="logits").classes
    ('0', '1')
    """

    classes: tuple[str, ...]
    codes: Ints
    probabilities: Floats
    edges: tuple[float, ...] = ()
    values: tuple[float, ...] = ()

    @classmethod
    def of(
        cls,
        outputs: object,
        *,
        task: Task | str = Task.AUTO,
        classes: Sequence[str] = (),
        n_bins: int = 4,
    ) -> Outputs:
        """Read what a network gives.

        Parameters
        ----------
        outputs
            Classes, one per entity; or probabilities or logits: an array of one column per
            class, or of one number per entity for two classes; or numbers.
        task
            Which of these it is. `auto` tells classes, and of two dimensions probabilities
            and logits; whether one broken number per entity is a logit, a probability or a
            number cannot be seen.
        classes
            Names of the classes of probabilities and logits; without, "0", "1", ….
        n_bins
            Bins of nearly equal numbers of entities that numbers are divided into.

        Raises
        ------
        ParameterError
            If it is none of these, or a value is missing or infinite.
        """
        values: AnyArray = np.asarray(outputs)
        task = choose(Task, task, parameter="task")
        if task is Task.AUTO:
            task = _task_of(values)
        if task is Task.LABELS:
            em = "Several labels are read one by one: use `outputs_of`."
            raise ParameterError(em)
        if task is Task.CLASSES:
            return cls._of_classes(_one_column(values, task))
        numbers = _numbers(values, task)
        if task is Task.NUMBERS:
            return cls._of_numbers(_one_column(numbers, task), n_bins)
        return cls._of_scores(numbers, task, tuple(classes))

    def __len__(self) -> int:
        return int(self.codes.size)

    @property
    def names(self) -> list[str]:
        """The class of each entity."""
        return [self.classes[code] for code in self.codes.tolist()]

    def take(self, positions: Ints) -> Outputs:
        """Return the outputs for some entities only."""
        return Outputs(
            self.classes,
            self.codes[positions],
            self.probabilities[positions],
            self.edges,
            self.values,
        )

    def joined(self, others: Outputs) -> Outputs:
        """Return these outputs and those for further entities, of the same classes."""
        return Outputs(
            self.classes,
            np.concatenate([self.codes, others.codes]),
            np.concatenate([self.probabilities, others.probabilities]),
            self.edges,
            self.values,
        )

    def alike(self, outputs: object, task: Task) -> Outputs:
        """Read further outputs of the same network: the same classes, the same bins.

        Raises
        ------
        ParameterError
            If there is a class among them that is not known.
        """
        if self.edges or self.values:
            numbers = _one_column(_numbers(np.asarray(outputs), Task.NUMBERS), Task.NUMBERS)
            codes = np.searchsorted(np.array(self.edges), numbers, side="left")
            return Outputs(
                self.classes, codes, _one_hot(codes, self), self.edges, self.values
            )
        found = Outputs.of(
            outputs, task=task, classes=() if task is Task.CLASSES else self.classes
        )
        unknown = sorted(set(found.names) - set(self.classes))
        if unknown:
            em = (
                f"The network answers {unknown[0]!r}, which is none of the classes "
                f"{', '.join(self.classes)}."
            )
            raise ParameterError(em)
        where = np.array([self.classes.index(name) for name in found.classes])
        probabilities = np.zeros((len(found), len(self.classes)))
        probabilities[:, where] = found.probabilities
        return Outputs(self.classes, where[found.codes], probabilities)

    @classmethod
    def _of_classes(cls, values: AnyArray) -> Outputs:
        texts = [_class_name(value) for value in values.tolist()]
        classes = tuple(sorted(set(texts), key=_by_number))
        where = {name: code for code, name in enumerate(classes)}
        codes = np.array([where[text] for text in texts], np.int64)
        one_hot = np.eye(len(classes))[codes]
        return cls(classes, codes, one_hot)

    @classmethod
    def _of_scores(cls, values: Floats, task: Task, classes: tuple[str, ...]) -> Outputs:
        if values.ndim == 1 or values.shape[1] == 1:
            second = values.reshape(-1)
            probability = second if task is Task.PROBABILITIES else _sigmoid(second)
            probabilities = np.column_stack([1 - probability, probability])
        else:
            probabilities = values if task is Task.PROBABILITIES else _softmax(values)
        if task is Task.PROBABILITIES and not _are_probabilities(probabilities):
            em = "Probabilities must lie in [0, 1] and sum to 1. Is it task='logits'?"
            raise ParameterError(em)
        n_classes = probabilities.shape[1]
        names = classes or tuple(map(str, range(n_classes)))
        if len(names) != n_classes:
            em = f"Got {len(names)} names for outputs of {n_classes} classes."
            raise ParameterError(em)
        return cls(names, probabilities.argmax(axis=1), probabilities)

    @classmethod
    def _of_numbers(cls, values: Floats, n_bins: int) -> Outputs:
        bins = quantile_bins(values, n_bins)
        edges = tuple(bins.threshold(code) for code in range(1, len(bins)))
        codes = np.searchsorted(np.array(edges), values, side="left")
        means = tuple(float(values[codes == code].mean()) for code in range(len(bins)))
        names = _bin_names(edges)
        return cls(names, codes, np.eye(len(names))[codes], edges, means)


def outputs_of(
    outputs: object, *, task: Task | str = Task.AUTO, n_bins: int = 4
) -> dict[str, Outputs]:
    """Read several outputs by name: one of each label, or just one, called "".

    Parameters
    ----------
    outputs
        What `Outputs.of` takes; or, for `task="labels"`, a mapping from the name of a label
        to its classes, or an array of 0 and 1 with one column per label.
    task, n_bins
        As for `Outputs.of`.

    Raises
    ------
    ParameterError
        If it is none of these.

    Examples
    --------
    >>> list(outputs_of(np.array([[0, 1], [1, 1]]), task="labels"))
    ['label 0', 'label 1']
    """
    task = choose(Task, task, parameter="task")
    if isinstance(outputs, Mapping):
        inner = Task.AUTO if task is Task.LABELS else task
        found = {
            str(name): Outputs.of(one, task=inner, n_bins=n_bins)
            for name, one in outputs.items()
        }
        sizes = sorted({len(one) for one in found.values()})
        if len(sizes) != 1:
            em = f"Each label needs one value per entity. Got {sizes} values."
            raise ParameterError(em)
        return found
    if task is not Task.LABELS:
        return {"": Outputs.of(outputs, task=task, n_bins=n_bins)}
    values: AnyArray = np.asarray(outputs)
    if values.ndim != 2 or not np.isin(values, (0, 1)).all():
        em = (
            "Several labels are an array of 0 and 1, one column per label, or a mapping "
            f"from names to classes. Got an array of shape {values.shape}."
        )
        raise ParameterError(em)
    return {
        f"label {i}": Outputs.of(column.astype(np.int64), task=Task.CLASSES)
        for i, column in enumerate(values.T)
    }


def _task_of(values: AnyArray) -> Task:
    """What can be seen of an array: classes, or scores in columns."""
    if values.ndim == 2 and values.shape[1] > 1 and values.dtype.kind == "f":
        return Task.PROBABILITIES if _are_probabilities(values) else Task.LOGITS
    flat = values.reshape(-1)
    if flat.dtype.kind == "f" and np.any(np.mod(flat[np.isfinite(flat)], 1)):
        em = (
            "One broken number per entity can be a logit, a probability or a number: say "
            "which with task='logits', 'probabilities' or 'numbers'."
        )
        raise ParameterError(em)
    return Task.CLASSES


def _are_probabilities(values: AnyArray) -> bool:
    within = bool(np.all((values >= 0) & (values <= 1)))
    return within and bool(np.allclose(values.sum(axis=1), 1, atol=1e-3))


def _numbers(values: AnyArray, task: Task) -> Floats:
    try:
        numbers: Floats = values.astype(np.float64)
    except (TypeError, ValueError):
        em = f"task={task.value!r} needs numbers. Got {values.dtype}."
        raise ParameterError(em) from None
    if not np.isfinite(numbers).all():
        n_bad = int((~np.isfinite(numbers)).sum())
        em = (
            f"{n_bad} outputs of the network are missing or infinite. Leave these entities "
            "out."
        )
        raise ParameterError(em)
    if numbers.ndim not in {1, 2} or not numbers.size:
        em = f"Outputs need one or two dimensions. Got the shape {numbers.shape}."
        raise ParameterError(em)
    return numbers


def _one_column(values: Any, task: Task) -> Any:  # noqa: ANN401 - of any dtype
    if values.ndim == 2 and values.shape[1] == 1:
        values = values[:, 0]
    if values.ndim != 1 or not values.size:
        em = (
            f"task={task.value!r} needs one value per entity. Got the shape "
            f"{values.shape}; several labels are task='labels'."
        )
        raise ParameterError(em)
    return values


def _class_name(value: object) -> str:
    if value is None or value != value:  # noqa: PLR0124 - only NaN differs from itself
        em = "A class is missing. The network must answer for every entity."
        raise ParameterError(em)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(int(value)) if isinstance(value, float) else str(value)


def _by_number(text: str) -> tuple[float, str]:
    return (float(text), text) if text.lstrip("-").isdigit() else (np.inf, text)


def _bin_names(edges: tuple[float, ...]) -> tuple[str, ...]:
    """Bins as texts: "<= 1", "1 to 2", "> 2"; one bin is "any"."""
    if not edges:
        return ("any",)
    texts = [format_number(edge) for edge in edges]
    inner = [f"{low} to {high}" for low, high in itertools.pairwise(texts)]
    return (f"<= {texts[0]}", *inner, f"> {texts[-1]}")


def _one_hot(codes: Ints, outputs: Outputs) -> Floats:
    one_hot: Floats = np.eye(len(outputs.classes))[codes]
    return one_hot


def _sigmoid(values: Floats) -> Floats:
    positive: Floats = 0.5 * (1 + np.tanh(0.5 * values))
    return positive


def _softmax(values: Floats) -> Floats:
    shifted = np.exp(values - values.max(axis=1, keepdims=True))
    probabilities: Floats = shifted / shifted.sum(axis=1, keepdims=True)
    return probabilities
