"""Rules that imitate a network, with scikit-learn manners."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import (
    check_array,
    check_is_fitted,
    column_or_1d,
    validate_data,
)

from redescribe._validation import choose
from redescribe.core.view import View
from redescribe.errors import EntityMismatchError, ParameterError
from redescribe.rules.imitate import imitate
from redescribe.rules.outputs import Outputs, outputs_of
from redescribe.rules.params import RuleParams, Task

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import ArrayLike
    from sklearn.utils import Tags

    from redescribe._typing import AnyArray, Ints
    from redescribe.rules.ruleset import Explanation, RuleSet

VIEW = "X"


class RuleExtractor(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn is untyped
    """Rules over the inputs of a network that answer as it does.

    Fit it on inputs and on what the network answers for them, not on true labels.

    Parameters
    ----------
    kind, method, combination, max_literals, max_loss, max_length, max_cuts
        As in `RuleParams`.
    min_precision, min_cover, shrinkage, augment, noise, n_bins, default
        As in `RuleParams`.
    task
        What y is: "auto" (classes; or probabilities or logits, one column per class),
        "classes", "probabilities", "logits", "labels" (several, one column of 0 and 1 each)
        or "numbers".
    network
        A function of an array of inputs to outputs, asked where `augment` is above 0.
    random_state
        Seed, an int.

    Attributes
    ----------
    rules_ : RuleSet
        The rules; of several labels, those of the first.
    rule_sets_ : dict of str to RuleSet
        One per label; of one output, just one, called "".
    classes_ : ndarray
        The classes; of several labels, 0 and 1; of numbers, the numbers of the bins.
    n_features_in_ : int
        Columns of X.
    feature_names_in_ : ndarray of str
        Names of the columns of X, if it was a data frame with text names.

    Examples
    --------
    >>> X = np.random.default_rng(0).normal(size=(200, 2))
    >>> answers = np.where(X[:, 0] > 0.5, "yes", "no")  # of a network
    >>> extractor = RuleExtractor().fit(X, answers)
    >>> extractor.score(X, answers) > 0.95, extractor.predict([[2.0, 0.0]])
    (True, array(['yes'], dtype='<U3'))
    """

    def __init__(  # noqa: PLR0913 - one parameter per choice, as scikit-learn asks for
        self,
        *,
        kind: str = "pedagogical",
        method: str = "weighted",
        combination: str = "auto",
        max_literals: int = 24,
        max_loss: float = 0.005,
        max_length: int = 2,
        max_cuts: int = 9,
        min_precision: float = 0.9,
        min_cover: int = 2,
        shrinkage: float = 3.0,
        augment: int = 0,
        noise: float = 0.3,
        n_bins: int = 4,
        default: bool = True,
        task: str = "auto",
        network: Callable[[AnyArray], object] | None = None,
        random_state: int = 0,
    ) -> None:
        self.kind = kind
        self.method = method
        self.combination = combination
        self.max_literals = max_literals
        self.max_loss = max_loss
        self.max_length = max_length
        self.max_cuts = max_cuts
        self.min_precision = min_precision
        self.min_cover = min_cover
        self.shrinkage = shrinkage
        self.augment = augment
        self.noise = noise
        self.n_bins = n_bins
        self.default = default
        self.task = task
        self.network = network
        self.random_state = random_state

    def fit(
        self, X: ArrayLike, y: ArrayLike | None, *, layers: Sequence[ArrayLike] = ()
    ) -> RuleExtractor:
        """Make rules from inputs and what a network answers for them.

        Parameters
        ----------
        X
            Array or data frame of numbers, shape (n_samples, n_features); NaN means
            missing.
        y
            What the network answers, as `task` says.
        layers
            Activations of the hidden layers, shapes (n_samples, n_units), the one nearest
            the inputs first; for decompositional and eclectic rules.

        Raises
        ------
        RedescribeError
            If a parameter is out of its bounds, or there are no rules to be made.
        """
        params = self._params()
        view = self._view(X, reset=True)
        if y is None:
            em = "requires y to be passed, but the target y is None."
            raise ValueError(em)
        outputs = self._outputs(y, len(view.entities))
        hidden = [
            View.of(f"layer {i}", check_array(layer, ensure_all_finite="allow-nan"))
            for i, layer in enumerate(layers, start=1)
        ]
        task = choose(Task, self.task, parameter="task")
        self.rule_sets_: dict[str, RuleSet] = {}
        for place, (name, one) in enumerate(outputs.items()):
            network = self.network
            if network is not None and len(outputs) > 1:
                network = _column(network, place)
            self.rule_sets_[name] = imitate(
                view, one, params, layers=hidden, network=network, task=_of_one(task, one)
            )
        self.rules_: RuleSet = next(iter(self.rule_sets_.values()))
        return self

    def predict(self, X: ArrayLike) -> AnyArray:
        """Return what the rules answer.

        Returns
        -------
        ndarray
            Classes, shape (n_samples,); of several labels 0 and 1, shape (n_samples,
            n_labels); of numbers the mean output of the bin. Without a default, None (NaN
            for numbers) where no rule fires.
        """
        view = self._view(X, reset=False)
        if self.rules_.values:
            return self.rules_.predict_values(view)
        codes = [rules.codes(view) for rules in self.rule_sets_.values()]
        if self._n_labels_:
            return np.column_stack([self._named(column) for column in codes])
        return self._named(codes[0])

    def score(self, X: ArrayLike, y: ArrayLike) -> float:
        """Return the fidelity: the share of samples that get what the network answers.

        Parameters
        ----------
        X
            Inputs.
        y
            What the network answers for them, in the form of `fit`. Of several labels all
            must agree; of numbers, the bin counts.
        """
        view = self._view(X, reset=False)
        task = choose(Task, self.task, parameter="task")
        values = np.asarray(y)
        agree = np.ones(len(view.entities), np.bool_)
        for place, rules in enumerate(self.rule_sets_.values()):
            if rules.values:
                wanted = np.searchsorted(np.array(rules.edges), values.astype(float))
            elif values.ndim == 2 and not self._n_labels_:
                wanted = Outputs.of(values, task=task).codes
            else:
                column = values[:, place] if self._n_labels_ else values
                wanted = np.array([_position(self.classes_, one) for one in column])
            agree &= rules.codes(view) == wanted
        return float(agree.mean())

    def decision_path(self, X: ArrayLike) -> csr_matrix:
        """Return which rules hold: a sparse matrix of 0 and 1, (n_samples, n_rules).

        Of several labels, the rules of all, in order.
        """
        view = self._view(X, reset=False)
        fires = [rules.fires(view)[0] for rules in self.rule_sets_.values()]
        return csr_matrix(np.concatenate(fires).T.astype(np.int64))

    def explain(self, x: ArrayLike) -> Explanation | Mapping[str, Explanation]:
        """Return why the rules answer as they do for one sample; of several labels, each.

        Parameters
        ----------
        x
            The inputs of one sample, shape (n_features,) or (1, n_features).
        """
        row = x.reshape(1, -1) if isinstance(x, np.ndarray) and x.ndim == 1 else x
        if isinstance(row, (list, tuple)) and row and np.ndim(row[0]) == 0:
            row = [row]
        view = self._view(row, reset=False)
        found = {name: rules.explain(view, 0) for name, rules in self.rule_sets_.items()}
        return found if self._n_labels_ else found[""]

    def __sklearn_tags__(self) -> Tags:
        tags: Tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.classifier_tags.multi_label = self.task == Task.LABELS
        return tags

    def _params(self) -> RuleParams:
        return RuleParams(
            kind=self.kind,  # type: ignore[arg-type]  # RuleParams checks it
            method=self.method,  # type: ignore[arg-type]
            combination=self.combination,  # type: ignore[arg-type]
            max_literals=self.max_literals,
            max_loss=self.max_loss,
            max_length=self.max_length,
            max_cuts=self.max_cuts,
            min_precision=self.min_precision,
            min_cover=self.min_cover,
            shrinkage=self.shrinkage,
            augment=self.augment,
            noise=self.noise,
            n_bins=self.n_bins,
            default=self.default,
            seed=self.random_state,
        )

    def _outputs(self, y: ArrayLike, n_samples: int) -> dict[str, Outputs]:
        """Read y, and remember the classes in the form that they were given."""
        task = choose(Task, self.task, parameter="task")
        values = np.asarray(y)
        if len(values) != n_samples:
            em = (
                "Found input variables with inconsistent numbers of samples: "
                f"[{n_samples}, {len(values)}]"
            )
            raise EntityMismatchError(em)
        self._n_labels_ = values.shape[1] if task is Task.LABELS and values.ndim == 2 else 0
        if self._n_labels_:
            self.classes_ = np.array([0, 1])
            return outputs_of(values, task=task)
        scores = task not in {Task.AUTO, Task.CLASSES} or (
            values.ndim == 2 and values.shape[1] > 1 and values.dtype.kind == "f"
        )
        if scores:
            found = Outputs.of(values, task=task, n_bins=self.n_bins)
            self.classes_ = np.arange(len(found.classes))
            return {"": found}
        if values.ndim == 2 and values.shape[1] > 1:
            em = (
                f"y has the shape {values.shape}. Several labels are task='labels'; "
                "probabilities and logits are floats."
            )
            raise ParameterError(em)
        flat = check_array(
            column_or_1d(values, warn=True).reshape(-1, 1), dtype=None, input_name="y"
        ).ravel()
        check_classification_targets(flat)
        self.classes_, codes = np.unique(flat, return_inverse=True)
        names = tuple(str(value) for value in self.classes_.tolist())
        return {"": Outputs(names, codes, np.eye(len(names))[codes])}

    def _named(self, codes: Ints) -> AnyArray:
        if (codes >= 0).all():
            named: AnyArray = self.classes_[codes]
            return named
        return np.append(self.classes_.astype(object), [None])[codes]

    def _view(self, X: ArrayLike, *, reset: bool) -> View:
        """Check the inputs, remember or compare their columns, and name them."""
        if not reset:
            check_is_fitted(self, "rule_sets_")
        array = validate_data(
            self, X, reset=reset, ensure_all_finite="allow-nan", dtype="numeric"
        )
        columns: list[Any] = list(getattr(self, "feature_names_in_", []))
        return View.of(VIEW, array, names=[str(column) for column in columns])


def _position(classes: AnyArray, value: object) -> int:
    """The place of a class; one that was not seen in `fit` is never the answer."""
    found = np.flatnonzero(classes == value)
    return int(found[0]) if found.size else -2


def _of_one(task: Task, outputs: Outputs) -> Task:
    """What the outputs for one label are."""
    if outputs.values:
        return Task.NUMBERS
    return Task.CLASSES if task is Task.LABELS else task


def _column(
    network: Callable[[AnyArray], object], place: int
) -> Callable[[AnyArray], object]:
    def column(rows: AnyArray) -> object:
        return np.asarray(network(rows))[:, place].astype(np.int64)

    return column
