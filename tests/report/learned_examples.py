"""A run with a learned dictionary, and what its training left, without a network."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
from tests.report import examples

from redescribe.core.dataset import Dataset
from redescribe.core.entities import EntityIndex, SplitParams
from redescribe.core.query import Interval, Membership
from redescribe.core.redescription import RedescriptionSet, TargetReport, TargetState
from redescribe.core.view import Attribute, AttributeKind, View
from redescribe.flint.conciseness import ConcisenessCurve, Convention, SufficiencyCurve
from redescribe.flint.detectors import ClassMatch
from redescribe.flint.interpretation import ConceptPicture, Fit, Interpretation
from redescribe.significance.assess import assess

if TYPE_CHECKING:
    from pathlib import Path

    from redescribe.core.assessed import AssessedSet

CLASSES = ("cat", "dog", "bird")
N = 120
PIXEL = bytes.fromhex(
    "524946461a000000574542505650384c0d0000002f00000010071011118888fe0700"
)
"""The smallest WebP: one pixel."""


def dataset(*, hold_out: float = 0.3, aspects: bool = False) -> Dataset:
    """Attributes 0 to 3 of five: like a number, a neuron, a class, nothing.

    With aspects, the position of 0 and 1 scaled have columns too.
    """
    generator = np.random.default_rng(2)
    entities = EntityIndex.numbered(N)
    phi = np.abs(generator.normal(size=(4, N)))
    codes = (phi[2] > 0.7).astype(np.float64)
    names = [f"flint@attributes:{j}" for j in range(4)]
    values = phi
    if aspects:
        names += [*(f"{names[0]}|row", f"{names[0]}|column"), f"{names[1]}|scaled"]
        place = np.where(phi[:1] > 0.2, (phi[:1] > 0.7) * 0.5, np.nan)
        values = np.concatenate([phi, place, 1 - place, phi[1:2] / 3])
    learned = tuple(Attribute(name, neuron=True) for name in names)
    label = Attribute("class", AttributeKind.NOMINAL, ("cat", "dog"))
    return Dataset.of(
        [
            View("learned", entities, learned, values),
            View("measured", entities, (Attribute("width"),), 3 * phi[:1]),
            View("net", entities, (Attribute("net@fc:7", neuron=True),), phi[1:2] + 1),
            View("labels", entities, (label,), codes[None]),
        ],
        SplitParams(hold_out=hold_out, seed=3),
    )


def assessed(data: Dataset) -> AssessedSet:
    """One finding for each attribute but the last one, and one of two attributes."""

    def on(j: int) -> Interval:
        return Interval(f"flint@attributes:{j}", 0.7)

    query = examples.query
    pairs = (
        (query("learned", on(0)), query("measured", Interval("width", 2.1))),
        (query("learned", on(1)), query("net", Interval("net@fc:7", 1.7))),
        (query("learned", on(2)), query("labels", Membership("class", ("dog",)))),
        (query("learned", on(3), on(0)), query("measured", Interval("width", 2.5))),
    )
    found = tuple(examples.redescription(data, own, partner) for own, partner in pairs)
    reports = tuple(
        TargetReport(
            "learned",
            f"flint@attributes:{j}",
            f"flint@attributes:{j}",
            TargetState.DESCRIBED,
            "",
            2,
            0.8,
            None,
            9,
        )
        for j in range(4)
    )
    n_mined = data.split.mined.size
    return assess(RedescriptionSet(found, reports, data.names, n_mined, 1.0, 0.5), data)


def interpretation() -> Interpretation:
    """2 is a class detector, 4 is dead, `bird` is predicted for none."""
    relevance = np.array(
        [
            *([0.9, 0.1, np.nan], [-0.6, 0.7, np.nan]),
            *([0.0, 1.0, np.nan], [0.2, 0.3, np.nan], [0.0, 0.0, np.nan]),
        ]
    )
    likeness = ((0, 0, 0.5), (1, 1, 0.6), (2, 1, 0.97), (3, 0, 0.2), (4, 0, 0.0))
    pictures = (
        ConceptPicture(2, 1, "pictures/a.webp", (3, 4), (1.0, 2.0), (5.0, 6.0)),
        ConceptPicture(0, 0, "pictures/b.webp", (5,), (0.5,), (2.5,)),
    )
    return Interpretation(
        n_entities=N,
        layers=("fc",),
        classes=CLASSES,
        entities_of_class=(70, 48, 0),
        tau=2.0,
        relevance=relevance,
        maxima=(2.0, 2.5, 3.0, 1.5, 0.0),
        dead=(4,),
        used=(0, 1, 2),
        matches=tuple(ClassMatch(*one) for one in likeness),
        fit=Fit(0.98, 2, 0.95, 0.94, 0.96, 0.5),
        conciseness=ConcisenessCurve(
            (1.5, 2.0, 3.0), (1.0, 1.2, 1.6), (0.1, 0.05, 0.0), Convention.SIGNED
        ),
        sufficiency=SufficiencyCurve((1, 2, 5), (0.8, 0.9, 0.98), (0.79, 0.88, 0.94)),
        pictures=pictures,
    )


def trained(folder: Path) -> Path:
    """The folder of a training: interpretation, history, pictures."""
    folder.mkdir()
    (folder / "pictures").mkdir()
    for name in ("a", "b"):
        (folder / "pictures" / f"{name}.webp").write_bytes(PIXEL)
    epochs = [
        {
            "epoch": i + 1,
            "step": 10 * (i + 1),
            "raw": {"prediction": 1.0 / (i + 1), "entropy": 0.3},
            "weighted": {"prediction": 1.0 / (i + 1), "entropy": 0.1 * (i > 1)},
            "fidelity": 0.5 + 0.1 * i,
            "validation": {},
        }
        for i in range(4)
    ]
    (folder / "history.json").write_text(json.dumps({"epochs": epochs, "best_epoch": None}))
    return interpretation().save(folder)
