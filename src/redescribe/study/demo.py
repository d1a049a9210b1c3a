"""The demo's networks and views: two small networks, trained on half of WDBC."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from redescribe.capture.capture import capture
from redescribe.datasets.wdbc import train_mlp, wdbc_halves, wdbc_views
from redescribe.rules.on_dataset import confirmed_queries, imitate_on
from redescribe.rules.params import RuleParams, Task
from redescribe.rules.run_rules import RunRules, write_run_rules

if TYPE_CHECKING:
    from torch.nn import Module

    from redescribe._typing import Values
    from redescribe.core.view import View
    from redescribe.rules.ruleset import RuleSet
    from redescribe.store.run import RunFolder

EXPLAINED_LAYER, NAMES = "hidden2", ("a", "b")


@dataclass(frozen=True, slots=True, eq=False)
class Demo:
    """What the demo explains, on the half of the data that the networks never saw.

    Attributes
    ----------
    views
        Networks `a` and `b` (32 penultimate units each), `attributes` (30), `labels`.
    logits
        What each network gives for the explained half; positive is malignant.
    accuracies
        Share of the explained half that each network classifies correctly.
    """

    views: tuple[View, View, View, View]
    logits: tuple[Values, Values]
    accuracies: tuple[float, float]


def make_demo(seed: int = 0) -> Demo:
    """Train two networks (30-512-128-32-1) with different seeds and capture them.

    Raises
    ------
    MissingExtraError
        If torch is not installed.
    """
    attributes, labels = wdbc_views()
    explained, malignant = wdbc_halves(seed)[1], labels.values[0]
    shown_inputs = demo_inputs(seed)
    entities = attributes.entities.take(explained)
    views, given, accuracies = [], [], []
    for name in NAMES:
        network = demo_network(name, seed)
        views.append(
            capture(
                network, shown_inputs, layers=EXPLAINED_LAYER, ids=entities, model_name=name
            )
        )
        logits = capture(network, shown_inputs, layers="output", ids=entities).values[0]
        given.append(logits)
        accuracies.append(float(((logits > 0) == malignant[explained]).mean()))
    return Demo(
        (views[0], views[1], attributes.take(explained), labels.take(explained)),
        (given[0], given[1]),
        (accuracies[0], accuracies[1]),
    )


def keep_demo_rules(made: Demo, run: RunFolder, seed: int = 0) -> RuleSet:
    """Keep rules that answer as network `a` does in the run of the demo, and return them.

    Raises
    ------
    StoreError
        If the run is not finished, or the file system refuses.
    """
    labels = made.views[3]
    found = imitate_on(
        run.dataset(),
        made.logits[0],
        RuleParams(seed=seed),
        inputs=made.views[2].name,
        labels=f"{labels.name}:{labels.names[0]}",
        task=Task.LOGITS,
        classes=labels.attributes[0].categories,
        queries=confirmed_queries(run.read_assessed()),
    )[""]
    about = ("the answer of network a", f"{labels.name}:{labels.names[0]}")
    write_run_rules(run.path, RunRules("network a", *about, found))
    return found.rules


def demo_network(name: str = "a", seed: int = 0) -> Module:
    """Train one of the demo's networks, `a` or `b`: the same as in the demo of this seed.

    Raises
    ------
    MissingExtraError
        If torch is not installed.
    """
    attributes, labels = wdbc_views()
    trained = wdbc_halves(seed)[0]
    inputs, malignant = attributes.values.T[trained], labels.values[0][trained]
    return train_mlp(inputs, malignant, seed=2 * seed + NAMES.index(name))


def demo_inputs(seed: int = 0) -> Values:
    """Return what the networks of the demo take: float32, shape (285, 30).

    >>> demo_inputs().shape
    (285, 30)
    """
    explained = wdbc_halves(seed)[1]
    shown: Values = wdbc_views()[0].values.T[explained].astype(np.float32)
    return shown
