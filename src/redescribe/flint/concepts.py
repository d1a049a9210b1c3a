"""Pictures of attributes as files: what activates them most, and what makes it stronger."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from redescribe._lazy import require
from redescribe.errors import ParameterError
from redescribe.flint.evaluation import evaluate, joined_inputs
from redescribe.flint.interpretation import PICTURES, ConceptPicture, Interpretation
from redescribe.flint.strip import concept_strip
from redescribe.flint.visualize import MaximisationParams, am_pi
from redescribe.store.atomic import replacing

if TYPE_CHECKING:
    from collections.abc import Callable
    from os import PathLike

    from redescribe._typing import AnyArray, Floats, Ints
    from redescribe.flint.batches import Data
    from redescribe.flint.model import FLINT
    from redescribe.flint.visualize import Maximised

N_ENTITIES, MOST = 3, 60
LONGEST = 96
"""Pixels of the longest side of one image at most."""


def draw_concepts(
    flint: FLINT,
    data: Data,
    interpretation: Interpretation,
    path: str | PathLike[str],
    *,
    k: int = N_ENTITIES,
    most: int = MOST,
    params: MaximisationParams | None = None,
    as_pixels: Callable[[AnyArray], AnyArray] | None = None,
) -> Interpretation:
    """Draw each pair of class and relevant attribute into a folder; return it with these.

    Each picture has the k entities of the class with the largest φ_j in its upper row, and
    what they are changed into so that φ_j grows (`am_pi`) in the lower one. Classes are the
    labels, where there are any, else what g predicts. The interpretation is saved too.

    Parameters
    ----------
    flint
        Of images.
    data
        Images, or (images, labels), of shape (n, channels, rows, columns).
    interpretation
        Of `redescribe.flint.describe`; its pairs are drawn, the most relevant first.
    path
        Of the folder: that of the training.
    k, most
        Entities of a picture; pictures at most.
    params
        Weights and steps of the maximisation.
    as_pixels
        From inputs, shape (n, channels, rows, columns), to values from 0 to 1; None: what
        is black and white is `value_range` of `params`.

    Raises
    ------
    ParameterError
        If the inputs are no images of one or three channels.
    StoreError
        If the file system refuses.
    """
    inputs = np.asarray(joined_inputs(data))
    if inputs.ndim != 4 or inputs.shape[1] not in {1, 3}:
        em = (
            "Only images can be drawn, of shape (n, channels, rows, columns) with one or "
            f"three channels. Got the shape {inputs.shape}."
        )
        raise ParameterError(em)
    chosen = params or MaximisationParams()
    found = evaluate(flint, data)
    member = found.predicted("g") if found.labels is None else found.labelled()
    folder = Path(path)
    shown = as_pixels or (lambda images: _scaled(images, chosen))
    by_relevance = sorted(interpretation.pairs(), key=lambda pair: -pair[2])[:most]
    pictures: list[ConceptPicture] = []
    for j, of_attribute in _by_attribute(by_relevance).items():
        values = found.attributes[:, j]
        rows = {cls: _strongest(values, member[:, cls], k) for cls in of_attribute}
        every = np.concatenate(list(rows.values()))
        if every.size:
            # All classes of an attribute at once: inputs do not touch each other.
            made = am_pi(flint, j, inputs[every], chosen)
            pictures += _written(folder, j, rows=rows, made=made, shown=shown)
    drawn = interpretation.with_pictures(tuple(pictures))
    drawn.save(folder)
    return drawn


def _written(
    folder: Path,
    j: int,
    *,
    rows: dict[int, Ints],
    made: Maximised,
    shown: Callable[[AnyArray], AnyArray],
) -> list[ConceptPicture]:
    """One picture of each class that has entities."""
    pictures = []
    start = 0
    for cls, entities in rows.items():
        part = slice(start, start + len(entities))
        start = part.stop
        if not len(entities):
            continue
        file = f"{PICTURES}/attribute-{j}-class-{cls}.webp"
        strip = concept_strip(shown(made.starts[part]), shown(made.inputs[part]))
        _write(folder / file, strip, len(entities))
        before, after = (
            tuple(values[part].tolist()) for values in (made.before, made.after)
        )
        found = ConceptPicture(j, cls, file, tuple(entities.tolist()), before, after)
        pictures.append(found)
    return pictures


def _by_attribute(pairs: list[tuple[int, int, float]]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for cls, j, _ in pairs:
        found.setdefault(j, []).append(cls)
    return found


def _strongest(values: Floats, member: AnyArray, k: int) -> Ints:
    rows = np.flatnonzero(member)
    return rows[np.argsort(-values[rows], kind="stable")[:k]]


def _scaled(images: AnyArray, params: MaximisationParams) -> AnyArray:
    low, high = (np.asarray(value, np.float64) for value in params.value_range)
    scaled: AnyArray = ((images - low) / (high - low)).clip(0, 1)
    return scaled


def _write(path: Path, strip: AnyArray, n_columns: int) -> None:
    """Write WebP: without loss, which is smallest for few pixels."""
    pillow = require("PIL.Image", extra="images", purpose="Drawing pictures")
    pixels = np.rint(np.nan_to_num(strip) * 255).astype(np.uint8)
    picture = pillow.fromarray(pixels[..., 0] if pixels.shape[2] == 1 else pixels)
    picture.thumbnail((n_columns * LONGEST, 2 * LONGEST))
    with replacing(path) as temporary:
        picture.save(temporary, "WEBP", lossless=True, quality=100, method=4)
