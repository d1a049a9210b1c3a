"""Beam search at size: MNIST's pixels and units, and thousands of made-up units."""

from __future__ import annotations

import time

import numpy as np

from benchmarks.measure import Cell, in_fresh_process, peak_megabytes, print_table
from benchmarks.networks import LAYER, lenet, mnist_images, train_classifier
from redescribe.core.dataset import Dataset
from redescribe.core.redescription import TargetState
from redescribe.core.view import View
from redescribe.executors.joblib import JoblibExecutor
from redescribe.mining.miner import mine
from redescribe.mining.params import MineParams
from redescribe.mining.warm_up import warm_up
from redescribe.search.params import Budget, SearchParams

JOBS = 2
FEW_CUTS = 63
N_ENTITIES, N_UNITS, N_ATTRIBUTES, N_INPUTS = 20_000, 2_048, 300, 4


def mnist_views() -> tuple[View, View]:
    """5,000 images: the 128 units of a LeNet that learned half of them, and 784 pixels."""
    from redescribe.capture.capture import capture  # noqa: PLC0415 - needs torch

    images = mnist_images()
    half = np.random.default_rng(0).permutation(len(images))[: len(images) // 2]
    model = train_classifier(lenet, images, half)
    neurons = capture(model, images.inputs(), layers=LAYER, model_name="neurons")
    pixels = images.pixels.reshape(len(images), -1).astype(np.float64)
    return neurons, View.of("pixels", pixels)


def made_up_views() -> tuple[View, View]:
    """Rectified sums of four attributes each, and noise; the attributes are normal."""
    rng = np.random.default_rng(0)
    attributes = rng.normal(size=(N_ENTITIES, N_ATTRIBUTES))
    units = rng.normal(size=(N_ENTITIES, N_UNITS)) * 0.5
    for unit in range(N_UNITS):
        inputs = rng.choice(N_ATTRIBUTES, N_INPUTS, replace=False)
        units[:, unit] += attributes[:, inputs] @ (4.0 ** -np.arange(N_INPUTS))
    return View.of("units", np.maximum(units, 0)), View.of("attributes", attributes)


def mined(views: tuple[View, View], budget: Budget) -> list[Cell]:
    """Mine the units of a pair of views; sizes, cost and findings."""
    neurons, partner = views
    search = SearchParams(search="beam", budget=budget)
    params = MineParams(search=search, targets=(neurons.name,))
    warm_up(params.search.search)
    dataset = Dataset.of(views)
    loaded = peak_megabytes()
    wall, cpu = time.perf_counter(), time.process_time()
    found = mine(dataset, params, executor=JoblibExecutor(JOBS))
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    described = [t for t in found.targets if t.state is TargetState.DESCRIBED]
    best = [t.best_jaccard_mined or 0.0 for t in described]
    return [
        dataset.n_entities,
        budget.max_cuts,
        len(neurons.attributes),
        len(partner.attributes),
        wall,
        cpu,
        loaded,
        peak_megabytes(),
        len(described),
        float(np.mean(best)),
    ]


def of_mnist(views: tuple[View, View]) -> list[Cell]:
    """Mine the units of the LeNet."""
    return mined(views, Budget())


def of_made_up() -> list[Cell]:
    """Make the units, then mine them.

    The one-literal baseline, most of the work here, tries fewer cuts of each unit.
    """
    return mined(made_up_views(), Budget(max_cuts=FEW_CUTS))


def report() -> None:
    """Print wall and CPU seconds, memory and what was described."""
    header = (
        "entities", "max cuts", "units", "attributes", "wall s", "CPU s", "loaded MB",
        "peak MB", "described", "mean best J mined",
    )  # fmt: skip
    views = in_fresh_process(mnist_views)
    rows = [in_fresh_process(of_mnist, views), in_fresh_process(of_made_up)]
    print_table(f"Beam search, {JOBS} threads, 30 % held out", header, rows)
