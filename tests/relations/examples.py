"""A dataset with classes, numbers, missing values and predictions, and findings on it."""

from __future__ import annotations

import numpy as np

from redescribe.core.assessed import Finding
from redescribe.core.dataset import Dataset
from redescribe.core.entities import EntityIndex, Split, SplitParams
from redescribe.core.grammar import parse_query
from redescribe.core.redescription import Kind, Redescription
from redescribe.core.view import Attribute, AttributeKind, View

STAGES = ("I", "II", "III")
BOOLEAN = ("false", "true")


def dataset(n_entities: int = 90, n_held_out: int = 30, *, groups: bool = False) -> Dataset:
    """Views x (a, b), y (c, with missing values) and labels; the last ones are held out."""
    random = np.random.default_rng(5)
    a = random.normal(size=n_entities)
    b = random.normal(size=n_entities)
    c = a + random.normal(size=n_entities) / 3
    c[::11] = np.nan
    stage = np.digitize(a + random.normal(size=n_entities) / 2, [-0.5, 0.8]).astype(float)
    stage[::17] = np.nan
    ill = (a > 0).astype(float)
    guessed = np.where(random.random(n_entities) < 0.8, ill, 1 - ill)
    names = tuple(f"e{i:03d}" for i in range(n_entities))
    belongs = tuple(f"g{i // 2}" for i in range(n_entities)) if groups else ()
    entities = EntityIndex(names, belongs)
    labels = (
        Attribute("stage", AttributeKind.NOMINAL, STAGES),
        Attribute("ill", AttributeKind.BOOLEAN, BOOLEAN),
        Attribute("guessed", AttributeKind.NOMINAL, ("true", "false")),
    )
    views = (
        View.of("x", np.stack([a, b], axis=1), names=["a", "b"], entities=entities),
        View.of("y", c.reshape(-1, 1), names=["c"], entities=entities),
        View("labels", entities, labels, np.stack([stage, ill, 1 - guessed])),
    )
    mined, held_out = np.split(np.arange(n_entities), [n_entities - n_held_out])
    share = n_held_out / n_entities
    return Dataset(views, Split(mined, held_out, SplitParams(hold_out=share)))


def finding(data: Dataset, *queries: tuple[str, str], name: str = "R1") -> Finding:
    """Of queries as (view, text), the target's first; never assessed."""
    parsed = tuple(parse_query(text, view) for view, text in queries)
    part = data.mining_part
    supports = tuple(query.on(part.view(query.view)) for query in parsed)
    view, attribute = parsed[0].view, parsed[0].attributes[0]
    target = f"{view}:{attribute}"
    found = Redescription(
        view, attribute, target, Kind.INDIVIDUAL, parsed, supports, 0.1, -1.0
    )
    return Finding(name, found, None)


TWO = (("x", "a > 0"), ("y", "c > 0.1"))
THREE = (*TWO, ("labels", "ill"))
