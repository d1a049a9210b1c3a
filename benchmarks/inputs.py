"""What all search strategies are given: pairs of views, split in several ways."""

from __future__ import annotations

import os
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.measure import in_fresh_process
from benchmarks.mining import REFERENCE, wdbc_networks
from benchmarks.networks import digits_images, hidden_units, lenet, mnist_images, small_cnn
from redescribe.core.dataset import Dataset, align
from redescribe.core.entities import SplitParams
from redescribe.core.view import View
from redescribe.datasets.planted import PlantParams, Side, plant
from redescribe.readers.tables import read

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from torch.nn import Module

    from benchmarks.networks import Images

SEEDS = (0, 1, 2, 3)
"""Of the splits; the largest input is split once."""
NOISE, PLANTED_LENGTHS, PLANTED_SEEDS = 0.05, (1, 2, 3, 4), range(10)
DIAGNOSIS = "diagnosis"
"""The column of the reference's table that is no attribute of a tumour."""


@dataclass(frozen=True, eq=False)
class Case:
    """Two views with a split, and what is to be described.

    Attributes
    ----------
    name
        Stands before the names of targets that are not those of other cases.
    target_views
        Views whose attributes are described; each by the other view.
    attribute
        The only one that is; empty: all.
    """

    dataset: Dataset
    target_views: tuple[str, ...]
    attribute: str = ""
    name: str = ""

    @property
    def targets(self) -> tuple[str, ...]:
        """The targets as `MineParams` takes them."""
        if not self.attribute:
            return self.target_views
        return tuple(f"{view}:{self.attribute}" for view in self.target_views)

    def key(self, target: str) -> str:
        """What a target is called among those of all cases: the same unit, the same key."""
        return f"{self.name}{target}"


@dataclass(frozen=True)
class Input:
    """A name for the tables, what makes the cases, and strategies that are too slow."""

    name: str
    make: Callable[[], list[Case]]
    without: tuple[str, ...] = ()

    def cases(self) -> list[Case]:
        """The cases, made in a process of their own: networks leave much memory behind."""
        return in_fresh_process(self.make)


def has_reference() -> bool:
    """Whether the published activations are there."""
    return bool(os.environ.get(REFERENCE))


def wdbc_pair() -> list[Case]:
    """Network against network, both described."""
    if has_reference():
        folder = Path(os.environ[REFERENCE])
        first, second = (
            read(folder / f"mlp-s-{seed}.arff", name=f"network{seed}")
            for seed in (111, 112)
        )
    else:
        first, second, _ = wdbc_networks()
    return _splits((first, second), (first.name, second.name))


def wdbc_attributes() -> list[Case]:
    """Neurons of one network against the attributes of the tumours."""
    if not has_reference():
        neurons, _, attributes = wdbc_networks()
        return _splits((neurons, attributes), (neurons.name,))
    folder = Path(os.environ[REFERENCE])
    neurons = read(folder / "mlp-s-111.arff", name="network111")
    table = read(folder / "attributes.csv", name="attributes")
    columns = tuple(name for name in table.names if name != DIAGNOSIS)
    attributes = part_of(table, columns)
    (neurons, attributes), _ = align([neurons, attributes])
    return _splits((neurons, attributes), (neurons.name,))


def digits() -> list[Case]:
    """128 units of a small CNN against 64 pixels."""
    views = _units_and_pixels(small_cnn, digits_images())
    return _splits(views, ("neurons",))


def mnist() -> list[Case]:
    """128 units of a LeNet against 784 pixels; one split."""
    views = _units_and_pixels(lenet, mnist_images())
    return _splits(views, ("neurons",), SEEDS[:1])


def planted() -> list[Case]:
    """Data sets with one target each, described by one to four literals."""
    made = []
    for length, seed in product(PLANTED_LENGTHS, PLANTED_SEEDS):
        one = plant(PlantParams(partner=Side(length=length), noise=NOISE, seed=seed))
        view, attribute = one.queries[0].view, one.queries[0].attributes[0]
        name = f"length {length}, seed {seed}: "
        made.append(Case(one.dataset, (view,), attribute, name))
    return made


INPUTS = (
    Input("WDBC: network, network", wdbc_pair),
    Input("WDBC: neurons, attributes", wdbc_attributes),
    Input("digits: CNN, pixels", digits, without=("exact",)),
    Input("MNIST: LeNet, pixels", mnist, without=("exact",)),
    Input("planted", planted),
)


def part_of(view: View, names: Sequence[str]) -> View:
    """Return a view of some attributes only."""
    rows = [view.position(name) for name in names]
    attributes = tuple(view.attributes[row] for row in rows)
    return View(view.name, view.entities, attributes, view.values[rows])


def _splits(
    views: tuple[View, View], targets: tuple[str, ...], seeds: Sequence[int] = SEEDS
) -> list[Case]:
    return [Case(Dataset.of(views, SplitParams(seed=seed)), targets) for seed in seeds]


def _units_and_pixels(network: Callable[[], Module], images: Images) -> tuple[View, View]:
    side = range(images.pixels.shape[1])
    names = [f"r{y}c{x}" for y, x in product(side, side)]
    pixels = images.pixels.reshape(len(images), -1)
    return hidden_units(network, images), View.of("pixels", pixels, names=names)
