"""How the cost of a search grows with the entities and with the neurons."""

from __future__ import annotations

from itertools import product

import numpy as np

from benchmarks.measure import Cell, in_fresh_process, print_table
from benchmarks.mining import HEADER, Mined
from benchmarks.networks import LAYER, lenet, mnist_images, train_classifier
from redescribe.core.dataset import Dataset
from redescribe.core.view import View
from redescribe.mining.params import MineParams
from redescribe.mining.warm_up import warm_up

N_ENTITIES, N_NEURONS = (1_000, 2_000, 5_000), (16, 64, 128)
BLOCK = 4


def lenet_views() -> tuple[View, View]:
    """All 128 units of a LeNet and 49 means of 4 × 4 pixels, on 5,000 images in any order.

    The network learned half of the images; here only the cost counts.
    """
    from redescribe.capture.torch import capture  # noqa: PLC0415 - needs torch

    images = mnist_images()
    order = np.random.default_rng(0).permutation(len(images))
    model = train_classifier(lenet, images, order[: len(order) // 2])
    neurons = capture(model, images.inputs(), layers=LAYER, model_name="neurons")
    n_blocks = images.pixels.shape[1] // BLOCK
    blocks = images.pixels.reshape(-1, n_blocks, BLOCK, n_blocks, BLOCK).mean(axis=(2, 4))
    pixels = View.of("blocks", blocks.reshape(len(images), -1))
    return neurons.take(order), pixels.take(order)


def first_of(view: View, n_attributes: int, n_entities: int) -> View:
    """Return the first attributes of a view on its first entities."""
    part = view.take(np.arange(n_entities))
    attributes, values = part.attributes[:n_attributes], part.values[:n_attributes]
    return View(view.name, part.entities, attributes, values)


def exponents(seconds: dict[tuple[int, int], float]) -> tuple[float, float]:
    """Return e and f of the power law entities^e · neurons^f nearest to all cells."""
    sizes = np.log(np.array(list(seconds), np.float64))
    terms = np.column_stack([sizes, np.ones(len(sizes))])
    fitted = np.linalg.lstsq(terms, np.log(list(seconds.values())), rcond=None)[0]
    return float(fitted[0]), float(fitted[1])


def report() -> None:
    """Print the cost of every number of entities and neurons, and its power law."""
    neurons, blocks = in_fresh_process(lenet_views)
    n_blocks = len(blocks.attributes)
    warm_up(MineParams().search.search)
    rows: list[list[Cell]] = []
    seconds: dict[tuple[int, int], float] = {}
    for n_entities, n_neurons in product(N_ENTITIES, N_NEURONS):
        targets = first_of(neurons, n_neurons, n_entities)
        dataset = Dataset.of([targets, first_of(blocks, n_blocks, n_entities)])
        mined = Mined.of(dataset, MineParams(targets=(neurons.name,)))
        seconds[n_entities, n_neurons] = mined.cpu
        rows.append([n_entities, n_neurons, *mined.row(dataset)])
    print_table(
        f"Scaling: units of a LeNet by {n_blocks} means of {BLOCK} × {BLOCK} pixels, 30 % "
        "held out;\none thread; memory is the peak of the process so far",
        ["entities", "neurons", *HEADER],
        rows,
    )
    largest = product(N_ENTITIES[1:], N_NEURONS[1:])
    fits = {"all rows": seconds, "the four largest": {s: seconds[s] for s in largest}}
    for rows_used, fitted in fits.items():
        by_entities, by_neurons = exponents(fitted)
        law = f"entities^{by_entities:.2f} · neurons^{by_neurons:.2f}"
        print(f"  CPU grows with {law}, fitted to {rows_used}.")
