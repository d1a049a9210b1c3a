"""Attributes learned with networks for images (FLINT), drawn and described by rules.

Trains the networks of the paper by design, on digits, MNIST or CIFAR-10, draws what
activates their attributes, and mines what the attributes mean:

    python -m examples.flint_images --data digits
    python -m examples.flint_images --data mnist
    python -m examples.flint_images --data cifar10.npz

An NPZ file has X_train, y_train, X_test, y_test (uint8 images, shape (n, 32, 32, 3)) and
class_names. The attributes are explained on images that were not trained on.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from examples.flint_experiments import EXPERIMENTS, Experiment, Images, load

import redescribe as rd
from redescribe.core.view import AttributeKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from redescribe.core.assessed import Finding

Row = dict[str, Any]

MIN_JACCARD = 0.3
"""Lower than usual: a class is a tenth of the images, and attributes part classes."""


def trained(
    experiment: Experiment, images: Images, folder: Path, *, seed: int
) -> rd.flint.FLINT:
    """Train into a folder, unless that is done."""
    flint = experiment.flint(len(images.names), seed)
    labels = torch.as_tensor(images.train_labels)
    inputs = experiment.inputs(images.train)
    history = rd.flint.fit(
        flint,
        rd.flint.Batches(inputs, labels, experiment.batch_size),
        epochs=experiment.epochs,
        lr=experiment.lr,
        loss=rd.flint.FlintLoss(**experiment.loss),
        schedule=experiment.schedule,
        seed=seed,
        amp=experiment.amp,
        checkpoint=folder / "checkpoint.pt",
        callbacks=[
            lambda epoch: print(f"epoch {epoch.epoch}: f and g {epoch.fidelity:.1%}")
        ],
    )
    rd.flint.save(flint, folder, history=history)
    return flint


def views_of(
    flint: rd.flint.FLINT, images: Images, inputs: torch.Tensor
) -> Mapping[str, rd.View]:
    """Return attributes, neurons and predictions, labels, and the pictures as measured."""
    entities = rd.EntityIndex.numbered(len(inputs))
    attribute = rd.Attribute("class", AttributeKind.NOMINAL, images.names)
    codes = images.shown_labels[None].astype(np.float64)
    bridge = rd.flint.bridge_views(flint, (inputs, images.shown_labels), entities=entities)
    return {
        **bridge,
        "picture": rd.image_attributes(images.shown),
        "labels": rd.View("labels", entities, (attribute,), codes),
    }


def figures_of(study: rd.Study, flint_folder: Path) -> Row:
    """Mine what the attributes mean; return what was found, and write the report."""
    # What an attribute is on for, without NOT and OR: a class is a tenth of the images.
    search = rd.SearchParams(
        thresholds=rd.Thresholds(min_jaccard=MIN_JACCARD, max_support=0.4),
        language=rd.QueryLanguage(negation=False, disjunction=False, max_literals=5),
    )
    params = rd.MineParams(search=search)
    started = time.perf_counter()
    found = study.mine(
        target="learned",
        partners=["picture", "neurons", "labels", "predictions"],
        params=params,
    )
    seconds = time.perf_counter() - started
    explained = rd.explained_dictionary(
        found, study.dataset, labels=["labels", "predictions"]
    )
    confirmed = [f for f in found if f.assessment is not None and f.assessment.confirmed]
    study.report(entity_noun="image", flint=flint_folder)
    return {
        **found.counts,
        "mine_seconds": round(seconds, 1),
        "n_hold_out": found.evidence.n_hold_out,
        "explained": {source.value: n for source, n in explained.counts().items()},
        "best": [_line(finding) for finding in _readable(confirmed)[:4]],
    }


def _readable(findings: list[Finding]) -> list[Finding]:
    """Findings in terms of the picture, one per attribute, the best ones first."""
    by_attribute: dict[str, Finding] = {}
    for finding in findings:
        if any(query.view == "picture" for query in finding.redescription.queries):
            by_attribute.setdefault(finding.redescription.attribute, finding)
    return list(by_attribute.values())


def _line(finding: Finding) -> Row:
    assert finding.assessment is not None
    hold_out = finding.assessment.hold_out
    return {"redescription": str(finding.redescription), "jaccard": hold_out.jaccard}


def measured(
    experiment: Experiment, images: Images, flint: rd.flint.FLINT, folder: Path
) -> Row:
    """Interpret and draw; return what was measured."""
    inputs = experiment.inputs(images.shown)
    data = (inputs, images.shown_labels)
    found = rd.flint.describe(flint, data, classes=images.names)
    found = rd.flint.draw_concepts(
        flint,
        data,
        found,
        folder,
        params=experiment.maximisation,
        as_pixels=experiment.pixels,
        most=experiment.n_pictures,
    )
    fit = found.fit
    return {
        "accuracy_f": fit.accuracy_f,
        "accuracy_g": fit.accuracy_g,
        "fidelity": fit.fidelity,
        "disagreements": fit.n_disagreements,
        "accuracy_where_agreed": fit.accuracy_where_agreed,
        "accuracy_where_not": fit.accuracy_where_not,
        "dead": len(found.dead),
        "detectors": len(found.detectors()),
        "conciseness": dict(
            zip(map(str, found.conciseness.taus), found.conciseness.values, strict=True)
        ),
    }


def main() -> None:
    """Train, interpret, draw, mine; print it, and write it as JSON and figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default="digits", help="digits, mnist, or an NPZ file")
    parser.add_argument("--epochs", type=int, help="as in flint_experiments without")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("-o", "--output", type=Path, default=Path("flint-images"))
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    parser.add_argument("--figure", type=Path, help="draw a figure into this WebP file")
    options = parser.parse_args()
    torch.set_num_threads(1)  # threads wait for each other over small batches
    name = options.data if options.data in EXPERIMENTS else "cifar"
    experiment = EXPERIMENTS[name]
    if options.epochs:
        experiment = replace(experiment, epochs=options.epochs)
    images = load(options.data)
    folder = options.output / name / "flint"
    figures: Row = {
        "title": experiment.title,
        "note": experiment.note,
        "n_trained": len(images.train),
        "n_shown": len(images.shown),
        "n_attributes": experiment.n_attributes,
        "epochs": experiment.epochs,
    }
    flint = trained(experiment, images, folder, seed=options.seed)
    figures |= measured(experiment, images, flint, folder)
    inputs = experiment.inputs(images.shown)
    study = rd.Study(
        views_of(flint, images, inputs), folder=options.output / name / "run", name=name
    )
    figures["study"] = figures_of(study, folder)
    print(json.dumps(figures, indent=1))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    if options.figure:
        from examples.flint_figures import draw  # noqa: PLC0415 - needs matplotlib

        draw(options.figure, experiment, images, flint=flint, study=study)


if __name__ == "__main__":
    main()
