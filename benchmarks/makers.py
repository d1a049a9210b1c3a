"""Attribute makers: seconds and memory for texts and images.

The inputs are made here: texts of the length of news, words as frequent as in a language,
and noise as images. `REDESCRIBE_TEXTS` (a table with a column `text`) and
`REDESCRIBE_IMAGES` (a NPY file, or FILE.npz:ARRAY) take others.
"""

from __future__ import annotations

import os
import tracemalloc
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.measure import Cell, cpu_seconds, print_table
from redescribe.readers.image_arrays import read_image_array
from redescribe.readers.images import image_attributes
from redescribe.readers.text import text_attributes
from redescribe.readers.text_tables import read_texts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from redescribe.core.view import View

TEXTS, IMAGES = "REDESCRIBE_TEXTS", "REDESCRIBE_IMAGES"
N_TEXTS, N_MANY, N_IMAGES = 3_000, 100_000, 7_000
PATTERNS = {"year": r"\b(19|20)\d\d\b"}
_N_WORDS, _MEAN_LENGTH, _SIDE = 40_000, 39, 32
_REPEATS = 3

Array = np.ndarray[Any, np.dtype[np.uint8]]


def made_texts(n_texts: int) -> list[str | None]:
    """Texts of 39 words on average, the r-th most frequent word 1 / r as often."""
    generator = np.random.default_rng(0)
    letters = np.array(list("etaoinshrdlucmfwypvbgk"))
    lengths = generator.integers(2, 10, _N_WORDS)
    words = ["".join(generator.choice(letters, length)) for length in lengths]
    shares = 1 / np.arange(1, _N_WORDS + 1)
    sizes = generator.poisson(_MEAN_LENGTH, n_texts)
    drawn = generator.choice(_N_WORDS, sizes.sum(), p=shares / shares.sum())
    ends = np.cumsum(sizes)
    return [
        " ".join(words[i] for i in drawn[end - size : end]).capitalize() + "."
        for end, size in zip(ends, sizes, strict=True)
    ]


def made_images(n_images: int) -> Array:
    """Colour images of 32 × 32 pixels."""
    shape = (n_images, _SIDE, _SIDE, 3)
    return np.random.default_rng(0).integers(0, 256, shape, np.uint8)


def given_texts() -> list[str | None]:
    """The first texts of the table that the environment names, or made ones."""
    path = os.environ.get(TEXTS)
    return read_texts(path, "text")[0][:N_TEXTS] if path else made_texts(N_TEXTS)


def given_images() -> Array:
    """The first images of the file that the environment names, or made ones."""
    path = os.environ.get(IMAGES)
    if not path:
        return made_images(N_IMAGES)
    file, _, array = path.partition(":")
    return read_image_array(file, array)[:N_IMAGES]


def row(what: str, n: int, make: Callable[[], View], repeats: int = _REPEATS) -> list[Cell]:
    """Seconds of one call, and MB that it takes beyond the view that it returns."""
    seconds = cpu_seconds(make, repeats)
    tracemalloc.start()
    view = make()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    held = view.values.nbytes
    size = len(view.attributes)
    return [what, n, size, seconds, held / 2**20, (peak - held) / 2**20]


def rows() -> list[Sequence[Cell]]:
    """All rows of the table."""
    texts, images = given_texts(), given_images()
    many = (texts * (N_MANY // len(texts) + 1))[:N_MANY]
    return [
        row("texts", len(texts), lambda: text_attributes(texts, patterns=PATTERNS)),
        row("texts", len(many), lambda: text_attributes(many, patterns=PATTERNS), 1),
        row("images", len(images), lambda: image_attributes(images)),
        row(
            "images, 8 × 8 pixels", len(images), lambda: image_attributes(images, pooled=8)
        ),
    ]


def report() -> None:
    """Print the table."""
    print_table(
        "Attribute makers",
        ["input", "entities", "attributes", "CPU s", "view, MB", "more at peak, MB"],
        rows(),
    )
