"""Rules for the views of a dataset: made on the mining part, measured on the hold-out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from redescribe.errors import EntityMismatchError, ParameterError
from redescribe.rules.fidelity import codes_in
from redescribe.rules.imitate import HeldOut, imitate, imitate_and_test
from redescribe.rules.outputs import Outputs, outputs_of
from redescribe.rules.params import RuleParams, Task

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redescribe._typing import Ints
    from redescribe.core.assessed import AssessedSet
    from redescribe.core.dataset import Dataset
    from redescribe.core.query import Query
    from redescribe.core.view import View
    from redescribe.rules.ruleset import RuleSet
    from redescribe.rules.sample import Network


NO_CLASS = -2
"""Code of a class that the rules do not know."""


@dataclass(frozen=True, slots=True, eq=False)
class Imitation:
    """Rules with what they imitate.

    Attributes
    ----------
    rules
        The rules.
    answers
        ndarray of int64, shape (n_entities,): position among the classes of the rules of
        what the network answers, mined and held out; -2 for a class they do not know.
    true
        The same of the true class; None where these are not known.
    """

    rules: RuleSet
    answers: Ints
    true: Ints | None


def imitate_on(  # noqa: PLR0913 - what `imitate` takes, by the names of views
    dataset: Dataset,
    outputs: object,
    params: RuleParams | None = None,
    *,
    inputs: str = "",
    layers: Sequence[str] = (),
    labels: str = "",
    task: Task | str = Task.AUTO,
    classes: Sequence[str] = (),
    queries: Sequence[Query] = (),
    network: Network | None = None,
) -> dict[str, Imitation]:
    """Return rules for each output, with what they reach on the hold-out and imitate.

    Parameters
    ----------
    dataset
        Inputs and, for decompositional rules, layers; its split is kept.
    outputs
        What the network answers for all entities, as `outputs_of` takes it. Bins of numbers
        are made on the mining part.
    params
        How rules are sought.
    inputs
        View of the inputs; empty: the only one without neurons that is no single label.
    layers
        Views of the hidden layers, the one nearest the inputs first; none: those whose
        attributes are neurons, in order.
    labels
        VIEW:ATTRIBUTE of the true classes; empty: no accuracy.
    task, classes
        What the outputs are, and the names of the classes of probabilities and logits.
    queries, network
        As for `imitate`.

    Returns
    -------
    dict
        Rules for each label; of just one output, some called "".

    Raises
    ------
    RedescribeError
        If a view is missing, or the outputs do not fit.

    Examples
    --------
    >>> from redescribe.core.dataset import Dataset
    >>> from redescribe.core.view import View
    >>> values = np.random.default_rng(0).normal(size=(300, 2))
    >>> views = [View.of("x", values), View.of("h", values[:, :1])]
    >>> rules = imitate_on(Dataset.of(views), values[:, 0] > 0.5, inputs="x")[""].rules
    >>> rules.hold_out.n_entities, rules.hold_out.fidelity > 0.95
    (90, True)
    """
    params = params or RuleParams()
    view = input_view(dataset, inputs)
    hidden = [dataset.view(name) for name in layers] or _layers(dataset, view)
    mined, held_out = dataset.split.mined, dataset.split.held_out
    true = _texts(dataset, labels)
    found = {}
    for name, one in _read(
        outputs, dataset, task=task, n_bins=params.n_bins, classes=classes
    ).items():
        made_on = (view.take(mined), one.take(mined))
        further: dict[str, Any] = {
            "layers": [layer.take(mined) for layer in hidden],
            "queries": queries,
            "network": network,
            "task": Task(task),
        }
        if held_out.size:
            others = [true[i] for i in held_out.tolist()] if true else ()
            rest = HeldOut(view.take(held_out), one.take(held_out), others)
            rules = imitate_and_test(*made_on, rest, params, **further)
        else:
            rules = imitate(*made_on, params, **further)
        where = {label: code for code, label in enumerate(rules.classes)}
        codes = [where.get(label, NO_CLASS) for label in true] if true else None
        found[name] = Imitation(
            rules,
            codes_in(one, rules.classes),
            None if codes is None else np.array(codes, np.int64),
        )
    return found


def confirmed_queries(found: AssessedSet) -> list[Query]:
    """Return the queries of the confirmed findings; of all, where nothing was held out."""
    kept = (one for one in found if one.assessment is None or one.assessment.confirmed)
    return [query for one in kept for query in one.redescription.queries]


def input_view(dataset: Dataset, name: str = "") -> View:
    """Return the view of this name; without a name the only one that can be the inputs.

    Raises
    ------
    ParameterError
        If it cannot be told.
    UnknownNameError
        If there is no such view.
    """
    if name:
        return dataset.view(name)
    possible = [
        view
        for view in dataset.views
        if not any(attribute.neuron for attribute in view.attributes)
        and not (len(view.attributes) == 1 and not view.attributes[0].is_numeric)
    ]
    if len(possible) != 1:
        names = ", ".join(view.name for view in possible or dataset.views)
        em = f"Which view holds the inputs of the network? Choose of {names} (inputs=…)."
        raise ParameterError(em)
    return possible[0]


def _layers(dataset: Dataset, inputs: View) -> list[View]:
    return [
        view
        for view in dataset.views
        if view is not inputs and all(attribute.neuron for attribute in view.attributes)
    ]


def _texts(dataset: Dataset, labels: str) -> list[str]:
    """The true classes of all entities as texts; none where they are not asked for."""
    if not labels:
        return []
    view_name, _, name = labels.partition(":")
    view = dataset.view(view_name)
    attribute = view.attributes[view.position(name)]
    values = view.column(name).tolist()
    if attribute.is_numeric:
        return [f"{value:g}" for value in values]
    missing = "(missing)"
    return [
        missing if value != value else attribute.categories[int(value)]  # noqa: PLR0124
        for value in values
    ]


def _read(
    outputs: object,
    dataset: Dataset,
    *,
    task: Task | str,
    n_bins: int,
    classes: Sequence[str],
) -> dict[str, Outputs]:
    """The outputs for all entities; bins of numbers are those of the mining part."""
    mined = dataset.split.mined
    if task == Task.NUMBERS:
        made = outputs_of(_taken(outputs, mined), task=task, n_bins=n_bins)
        parts = outputs if isinstance(outputs, Mapping) else {"": outputs}
        found = {
            name: made[str(name)].alike(one, Task.NUMBERS) for name, one in parts.items()
        }
        found = {str(name): one for name, one in found.items()}
    elif classes:
        found = {"": Outputs.of(outputs, task=task, classes=classes)}
    else:
        found = outputs_of(outputs, task=task)
    for one in found.values():
        if len(one) != dataset.n_entities:
            em = (
                f"Got outputs for {len(one)} entities; the dataset has "
                f"{dataset.n_entities}, mined and held out together."
            )
            raise EntityMismatchError(em)
    return found


def _taken(outputs: object, positions: Ints) -> Any:  # noqa: ANN401 - as it was given
    if isinstance(outputs, Mapping):
        return {name: _taken(one, positions) for name, one in outputs.items()}
    values = np.asarray(outputs)
    if len(values) <= int(positions.max(initial=0)):
        em = f"Got outputs for {len(values)} entities; the dataset has more."
        raise EntityMismatchError(em)
    return values[positions]
