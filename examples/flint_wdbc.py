"""Attributes of a network that tells tumours apart, and what they mean: FLINT and rules.

Run: python examples/flint_wdbc.py FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

import redescribe as rd
from redescribe.datasets.wdbc import train_mlp, wdbc_halves, wdbc_views

LAYERS = ["hidden1", "hidden2"]


def main(folder: Path) -> None:
    """Explain the network of the demo post hoc and mine its attributes."""
    attributes, labels = wdbc_views()
    trained, explained = wdbc_halves()
    x = attributes.values.T.astype(np.float32)
    y = labels.values[0].astype(np.int64)
    network = train_mlp(x[trained], y[trained], seed=0)

    # Raw measurements differ by orders of magnitude: they are not reconstructed.
    flint = rd.flint.FLINT.post_hoc(network, LAYERS, 8, 2, decoder=None)
    rd.flint.fit(flint, rd.flint.Batches(x[trained], y[trained], 48), epochs=100, lr=2e-3)
    found = rd.flint.evaluate(flint, (x[explained], y[explained]))
    print(f"fidelity {rd.flint.metrics.fidelity(found):.1%} on {len(found)} tumours")
    curve = rd.flint.metrics.cns_curve(found)
    print(f"attributes per explanation at τ = 2: {curve.values[1]:.2f}")

    measurements = attributes.take(explained)
    learned = rd.flint.to_view(flint, x[explained], entities=measurements.entities)
    study = rd.Study({"learned": learned, "attributes": measurements}, folder=folder)
    mined = study.mine(target="learned", partners=["attributes"])
    for finding in mined.findings[:5]:
        print(" <=> ".join(map(str, finding.redescription.queries)))
    print(study.report())


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "flint-wdbc"))
