"""A large run without a search, for the benchmark of its report."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from redescribe.core.dataset import Dataset
from redescribe.core.entities import EntityIndex, SplitParams
from redescribe.core.query import Conjunction, Interval, Query
from redescribe.core.redescription import (
    Kind,
    Redescription,
    RedescriptionSet,
    TargetReport,
    TargetState,
)
from redescribe.core.view import Attribute, AttributeKind, View
from redescribe.significance.assess import assess
from redescribe.store.run import RunFolder

if TYPE_CHECKING:
    from pathlib import Path

N_FINDINGS, N_ENTITIES, N_NEURONS, N_ATTRIBUTES = 5_000, 20_000, 400, 40


def large_run(folder: Path) -> RunFolder:
    """Neurons that follow attributes; each finding has a cut of its own."""
    generator = np.random.default_rng(0)
    attributes = generator.normal(size=(N_ATTRIBUTES, N_ENTITIES)).astype(np.float32)
    which = np.arange(N_NEURONS) % N_ATTRIBUTES
    noise = generator.normal(size=(N_NEURONS, N_ENTITIES)).astype(np.float32)
    neurons = attributes[which] + 0.25 * noise
    entities = EntityIndex.numbered(N_ENTITIES)
    classes = Attribute("class", AttributeKind.NOMINAL, ("a", "b", "c"))
    codes = np.digitize(attributes[:1], (-0.5, 0.5)).astype(np.float32)
    units = tuple(Attribute(f"net@fc:{i}", neuron=True) for i in range(N_NEURONS))
    names = tuple(Attribute(f"attribute_{i}") for i in range(N_ATTRIBUTES))
    views = [
        View("net", entities, units, neurons),
        View("attributes", entities, names, attributes),
        View("labels", entities, (classes,), codes),
    ]
    data = Dataset.of(views, SplitParams(hold_out=0.3))
    run = RunFolder.create(folder, data, {}, "key")
    run.write_assessed(assess(_family(data, which), data))
    return run


def _family(data: Dataset, which: np.ndarray) -> RedescriptionSet:
    part = data.mining_part
    cuts = np.linspace(0.6, 0.95, -(-N_FINDINGS // N_NEURONS))
    neurons, attributes = part.view("net"), part.view("attributes")
    found = []
    for unit, share in list(product(range(N_NEURONS), cuts))[:N_FINDINGS]:
        near = int(which[unit])
        other = (near + 1) % N_ATTRIBUTES
        bounds = [
            float(np.quantile(view.values[row], at))
            for view, row, at in (
                (neurons, unit, share),
                (attributes, near, share),
                (attributes, other, 0.02),
            )
        ]
        names = (f"net@fc:{unit}", f"attribute_{near}", f"attribute_{other}")
        own, first, second = (Interval(n, b) for n, b in zip(names, bounds, strict=True))
        queries = (
            Query("net", (Conjunction((own,)),)),
            Query("attributes", (Conjunction((first, second)),)),
        )
        supports = tuple(query.on(part.view(query.view)) for query in queries)
        found.append(
            Redescription(
                "net", names[0], names[0], Kind.INDIVIDUAL, queries, supports, 0.3, -50.0
            )
        )
    reports = tuple(
        TargetReport("net", name, name, TargetState.DESCRIBED, "", 2, 0.8, None, 100)
        for name in neurons.names
    )
    n = part.n_entities
    return RedescriptionSet(tuple(found), reports, data.names, n, 1.0, 0.5)
