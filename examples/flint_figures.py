"""The figures of `flint_images`: one picture per data set, as WebP."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot as plt
from PIL import Image

import redescribe as rd
from redescribe.flint import figures, visualize

if TYPE_CHECKING:
    from pathlib import Path

    from examples.flint_experiments import Experiment, Images

N_CONCEPTS = 5
_QUALITY = 70


def draw(
    path: Path,
    experiment: Experiment,
    images: Images,
    *,
    flint: rd.flint.FLINT,
    study: rd.Study,
) -> None:
    """Draw relevances, concepts, the reasons for one prediction, and what explains all."""
    mpl.use("agg")
    inputs = experiment.inputs(images.shown)
    data = (inputs, images.shown_labels)
    whole = rd.flint.global_interpretation(flint, data)
    pairs = sorted(whole.pairs(), key=lambda pair: -pair[2])
    figure = plt.figure(figsize=(10, 8.2), layout="constrained")
    parts: Any = figure.subfigures(3, 1, height_ratios=[1.25, 0.85, 1])
    above, middle, below = parts
    heat = figures.relevance_heat_map(whole, classes=images.names, ax=above.subplots())
    heat.set_title("Relevance of attributes for classes", fontsize=10)
    strips = middle.subplots(1, N_CONCEPTS, squeeze=False)[0]
    for axes in strips:
        axes.set_axis_off()
    for axes, (cls, j, _) in zip(strips, _distinct(pairs), strict=False):
        found = visualize.mas(flint, data, j, cls=cls)
        made = visualize.am_pi(
            flint, j, inputs[found.positions.copy()], experiment.maximisation
        )
        both = (experiment.pixels(one) for one in (made.starts, made.inputs))
        axes.set_axis_on()
        figures.concept(*both, title=f"φ{j}, class {images.names[cls]}", ax=axes)
        if axes is not strips[0]:
            axes.set_yticks([])
    _reasons(below, experiment, images, flint=flint, study=study)
    _save(figure, path)


def _reasons(
    panel: Any,  # noqa: ANN401 - matplotlib's
    experiment: Experiment,
    images: Images,
    *,
    flint: rd.flint.FLINT,
    study: rd.Study,
) -> None:
    """One image, why it is of its class, and what explains the whole dictionary."""
    picture, bars, explained = panel.subplots(1, 3, width_ratios=[0.5, 1, 1])
    inputs = experiment.inputs(images.shown)
    told = rd.flint.local_interpretation(flint, inputs[:200])
    chosen = next(
        i
        for i, one in enumerate(told)
        if one.agrees and one.cls == images.shown_labels[i] and len(one.attributes) > 1
    )
    image = experiment.pixels(inputs[chosen : chosen + 1].numpy())[0]
    picture.imshow(image[0] if len(image) == 1 else np.moveaxis(image, 0, -1), cmap="gray")
    picture.set_axis_off()
    picture.set_title(f"says {images.names[told[chosen].cls]}", fontsize=10)
    r = rd.flint.relevance(flint, inputs[chosen : chosen + 1])[0]
    figures.local_bars(r, top=6, ax=bars)
    found = rd.explained_dictionary(
        study.found, study.dataset, labels=["labels", "predictions"]
    )
    figures.explained_dictionary(found, ax=explained)
    explained.set_title("What explains the dictionary", fontsize=10)


def _distinct(pairs: list[tuple[int, int, float]]) -> list[tuple[int, int, float]]:
    """One pair per attribute and class, the most relevant ones, by class."""
    classes: set[int] = set()
    attributes: set[int] = set()
    found = []
    for pair in pairs:
        if pair[0] not in classes and pair[1] not in attributes:
            found.append(pair)
            classes.add(pair[0])
            attributes.add(pair[1])
    return sorted(found[:N_CONCEPTS])


def _save(figure: Any, path: Path) -> None:  # noqa: ANN401 - matplotlib's
    buffer = BytesIO()
    figure.savefig(buffer, dpi=90, format="png")
    plt.close(figure)
    path.parent.mkdir(parents=True, exist_ok=True)
    with Image.open(buffer) as picture:
        picture.convert("RGB").save(path, "WEBP", quality=_QUALITY, method=6)
