"""The demo's networks and views: two small networks, trained on half of WDBC."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from redescribe.capture.capture import capture
from redescribe.datasets.wdbc import train_mlp, wdbc_halves, wdbc_views

if TYPE_CHECKING:
    from redescribe.core.view import View

EXPLAINED_LAYER = "hidden2"


@dataclass(frozen=True, slots=True, eq=False)
class Demo:
    """What the demo explains, on the half of the data that the networks never saw.

    Attributes
    ----------
    views
        Networks `a` and `b` (32 penultimate units each), `attributes` (30), `labels`.
    accuracies
        Share of the explained half that each network classifies correctly.
    """

    views: tuple[View, View, View, View]
    accuracies: tuple[float, float]


def make_demo(seed: int = 0) -> Demo:
    """Train two networks (30-512-128-32-1) with different seeds and capture them.

    Raises
    ------
    MissingExtraError
        If torch is not installed.
    """
    attributes, labels = wdbc_views()
    trained, explained = wdbc_halves(seed)
    inputs, malignant = attributes.values.T, labels.values[0]
    shown_inputs = inputs[explained].astype(np.float32)
    entities = attributes.entities.take(explained)
    views, accuracies = [], []
    for number, name in enumerate(("a", "b")):
        network = train_mlp(inputs[trained], malignant[trained], seed=2 * seed + number)
        views.append(
            capture(
                network, shown_inputs, layers=EXPLAINED_LAYER, ids=entities, model_name=name
            )
        )
        logits = capture(network, shown_inputs, layers="output", ids=entities).values[0]
        accuracies.append(float(((logits > 0) == malignant[explained]).mean()))
    return Demo(
        (views[0], views[1], attributes.take(explained), labels.take(explained)),
        (accuracies[0], accuracies[1]),
    )
