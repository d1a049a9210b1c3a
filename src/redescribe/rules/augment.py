"""Perturbed inputs on which a network is asked for more answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from redescribe.core.entities import EntityIndex
from redescribe.core.view import View

if TYPE_CHECKING:
    from redescribe._typing import AnyArray, Floats
    from redescribe.core.view import Attribute


def perturbed(view: View, times: int, noise: float, seed: int) -> View:
    """Return each entity several times, with noise.

    Numbers get normal noise; of categories a share of `noise` / 2 is drawn anew from those
    of all entities. What is missing stays missing.

    Parameters
    ----------
    view
        Inputs of the network.
    times
        Copies of each entity; copy k of entity i stands at position k n_entities + i.
    noise
        Standard deviation of the noise, in that of each attribute.
    seed
        Of the noise.

    Examples
    --------
    >>> view = View.of("x", [[0.0, 5.0], [2.0, 5.0]])
    >>> perturbed(view, 3, 0.3, seed=0).values[1]  # a constant has no deviation
    array([5., 5., 5., 5., 5., 5.])
    """
    generator = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(2,)))
    values = np.tile(view.values.astype(np.float64), times)
    for row, attribute in enumerate(view.attributes):
        before = values[row]
        missing = np.isnan(before)
        known = before[~missing]
        if not known.size:
            continue
        if attribute.is_numeric:
            values[row] += generator.normal(size=before.size) * noise * known.std()
        else:
            drawn = generator.choice(known, before.size)
            changed = (generator.random(before.size) < noise / 2) & ~missing
            values[row, changed] = drawn[changed]
    return View(view.name, EntityIndex.numbered(values.shape[1]), view.attributes, values)


def rows_of(view: View) -> Floats:
    """Return the inputs as a network takes them: one row per entity."""
    rows: Floats = view.values.T.astype(np.float64)
    return rows


def view_of_rows(rows: AnyArray, attributes: tuple[Attribute, ...], name: str) -> View:
    """Return rows of inputs, one per entity, as a view with these attributes.

    Examples
    --------
    >>> view = View.of("x", [[1.0, 2.0]])
    >>> view_of_rows(np.array([[3.0, 4.0]]), view.attributes, "x").column("x1")
    array([4.])
    """
    values = np.ascontiguousarray(np.asarray(rows, np.float64).T)
    return View(name, EntityIndex.numbered(values.shape[1]), attributes, values)


def stacked(first: View, second: View) -> View:
    """Return the entities of both views, numbered anew."""
    values = np.concatenate([first.values, second.values], axis=1)
    entities = EntityIndex.numbered(values.shape[1])
    return View(first.name, entities, first.attributes, values)
