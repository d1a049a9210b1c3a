"""Small datasets and redescriptions for the tests of this package."""

from __future__ import annotations

import numpy as np

from redescribe.core.dataset import Dataset
from redescribe.core.entities import EntityIndex, Split, SplitParams
from redescribe.core.grammar import parse_query
from redescribe.core.redescription import (
    Kind,
    Redescription,
    RedescriptionSet,
    TargetReport,
    TargetState,
)
from redescribe.core.view import View


def dataset(n_entities: int, n_held_out: int, seed: int = 0) -> Dataset:
    """Views x (a, b) and y (c, d); c is a with noise; the last entities are held out."""
    generator = np.random.default_rng(seed)
    a, b, d, noise = generator.standard_normal((4, n_entities))
    entities = EntityIndex.numbered(n_entities)
    x = View.of("x", np.stack([a, b], axis=1), names=["a", "b"], entities=entities)
    y = View.of("y", np.stack([a + noise / 4, d], 1), names=["c", "d"], entities=entities)
    everything = np.arange(n_entities)
    mined, held_out = np.split(everything, [n_entities - n_held_out])
    return Dataset((x, y), Split(mined, held_out, SplitParams(hold_out=0.3, seed=7)))


def redescription(data: Dataset, own: str, partner: str) -> Redescription:
    """One with the target x:a, its supports taken on the mining part."""
    queries = (parse_query(own, "x"), parse_query(partner, "y"))
    part = data.mining_part
    supports = tuple(query.on(part.view(query.view)) for query in queries)
    return Redescription("x", "a", "x:a", Kind.INDIVIDUAL, queries, supports, 0.1, -1.0)


def family(
    data: Dataset, *pairs: tuple[str, str], min_jaccard: float = 0.5
) -> RedescriptionSet:
    """The redescriptions of these pairs of queries, with a report on x:a."""
    report = TargetReport("x", "a", "x:a", TargetState.DESCRIBED, "", 2, 0.5, None, 1_234)
    found = tuple(redescription(data, *pair) for pair in pairs)
    return RedescriptionSet(
        found, (report,), data.names, data.split.mined.size, 0.25, min_jaccard
    )
