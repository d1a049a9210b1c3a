"""Binned views with numeric and nominal attributes and missing values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from redescribe.core.entities import EntityIndex
from redescribe.core.view import Attribute, AttributeKind, View
from redescribe.discretize.quantile import bin_view
from redescribe.trees.tree import Targets

if TYPE_CHECKING:
    from redescribe.core.binned import BinnedView

COLOURS = Attribute("colour", AttributeKind.NOMINAL, ("red", "green", "blue", "grey"))


def mixed_view(seed: int, n_entities: int, *, missing_share: float = 0.0) -> View:
    """Three numeric attributes, one of few values, and a nominal one."""
    rng = np.random.default_rng(seed)
    numbers = rng.normal(size=(3, n_entities))
    numbers[2] = np.round(numbers[2])
    values = np.vstack([numbers, rng.integers(0, 4, n_entities)])
    values[rng.random(values.shape) < missing_share] = np.nan
    attributes = (*(Attribute(name) for name in "abc"), COLOURS)
    return View("x", EntityIndex.numbered(n_entities), attributes, values)


def binned(seed: int, n_entities: int, *, missing_share: float = 0.0) -> BinnedView:
    return bin_view(mixed_view(seed, n_entities, missing_share=missing_share))


def targets(seed: int, n_entities: int, n_targets: int = 3) -> Targets:
    rng = np.random.default_rng(seed + 77)
    return Targets.binary(rng.random((n_targets, n_entities)) < 0.4)
