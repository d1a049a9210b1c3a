"""Small datasets with something to find."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from redescribe.core.dataset import Dataset
from redescribe.core.entities import EntityIndex, Split, SplitParams
from redescribe.core.view import Attribute, AttributeKind, View

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redescribe._typing import Floats, Ints

COLOURS = ("blue", "green", "red")


def view(name: str, columns: dict[str, Floats], kinds: dict[str, AttributeKind]) -> View:
    """A view of these columns, numeric where no kind is named."""
    categories = {
        AttributeKind.NUMERIC: (),
        AttributeKind.NOMINAL: COLOURS,
        AttributeKind.BOOLEAN: ("false", "true"),
    }
    attributes = tuple(
        Attribute(column, kind, categories[kind])
        for column in columns
        for kind in [kinds.get(column, AttributeKind.NUMERIC)]
    )
    values = np.array(list(columns.values()), np.float64)
    return View(name, EntityIndex.numbered(values.shape[1]), attributes, values)


def mixed_views(
    n_entities: int = 120, *, seed: int = 0, missing_share: float = 0.0
) -> tuple[View, View, View]:
    """Views x, y, z whose attributes follow one another more or less."""
    rng = np.random.default_rng(seed)
    hidden = rng.normal(size=(3, n_entities))

    def follow(i: int, noise: float) -> Floats:
        values: Floats = hidden[i] + noise * rng.normal(size=n_entities)
        values[rng.random(n_entities) < missing_share] = np.nan
        return values

    colour = np.digitize(hidden[1], [-0.5, 0.5]).astype(np.float64)
    flag = (hidden[0] > 0).astype(np.float64)
    kinds = {"colour": AttributeKind.NOMINAL, "flag": AttributeKind.BOOLEAN}
    return (
        view("x", {"a": follow(0, 0), "b": np.maximum(follow(1, 0), 0)}, kinds),
        view("y", {"c": follow(0, 0.2), "d": follow(2, 0), "colour": colour}, kinds),
        view("z", {"e": follow(1, 0.2), "flag": flag}, kinds),
    )


def dataset(views: Sequence[View], *, hold_out: float = 0.0) -> Dataset:
    return Dataset.of(views, SplitParams(hold_out=hold_out))


def permuted(data: Dataset, order: Ints) -> Dataset:
    """The same entities in another order, all of them mined."""
    everything = np.arange(order.size)
    split = Split(everything, everything[:0], SplitParams(hold_out=0))
    return Dataset(tuple(view.take(order) for view in data.views), split)


def following(
    n_views: int, n_entities: int = 120, *, seed: int = 0, missing_share: float = 0.0
) -> list[View]:
    """Views x, y, z, … whose attributes a and b each follow a hidden value; c is noise."""
    rng = np.random.default_rng(seed)
    hidden = rng.normal(size=(2, n_entities))
    views = []
    for name in "xyzuv"[:n_views]:
        a, b = hidden + 0.5 * rng.normal(size=hidden.shape)
        columns = {"a": a, "b": b, "c": rng.normal(size=n_entities)}
        for values in columns.values():
            values[rng.random(n_entities) < missing_share] = np.nan
        views.append(view(name, columns, {}))
    return views
