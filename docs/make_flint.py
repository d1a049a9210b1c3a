"""Writes docs/flint.md: what FLINT gives on small data, and what its attributes mean.

Run it from the root of the repository: python -m docs.make_flint. It trains nothing: the
tables are made of files in docs/data/: flint.json of `python -m benchmarks.flint`, and
flint_*.json, which `python -m examples.flint_images` writes with --json.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

FOLDER = Path(__file__).parent
PAGE = FOLDER / "flint.md"
EXAMPLES = ("digits", "mnist", "cifar")

OPENING = """\
# FLINT: measured, and three networks explained

<!-- Written by docs/make_flint.py; do not edit. -->

How to use it: [how-to](how-to/flint.md). The reference is a separate implementation of the
same specification on the same data; seeds and splits differ.
"""

MEASURES = """\
## Beside the reference

Means of {seeds} seeds on the test part (`python -m benchmarks.flint`). Fidelity is how
often the interpreter says what the network says; dead attributes never exceed 0.001;
CNS(2) is the number of attributes with a relevance above 1/2 per explanation. In brackets:
the reference.
"""

PICTURES = """\
## What the attributes mean

`python -m examples.flint_images --data digits`, `mnist` or `cifar10.npz` trains the network
by design, measures it on other images, draws what activates its attributes, and mines these
against attributes measured on the picture, neurons of the tapped layers, labels and
predictions. An attribute is explained by the first of these with a confirmed finding about
it alone whose held-out J is at least 0.6. The figures: relevance of attributes for classes;
images that activate an attribute most, above what they are changed into to activate it more
(AM+PI); the reasons for one prediction; what explains the dictionary.
"""

DATA = {"digits": "Digits", "wdbc": "WDBC", "wine": "Wine"}


def page() -> str:
    """Return the page."""
    measured = _read("flint")
    parts = [OPENING, MEASURES.format(seeds=measured["seeds"])]
    parts += ["\n".join(_tables(measured)), _targets(measured), PICTURES]
    for name in EXAMPLES:
        if (FOLDER / "data" / f"flint_{name}.json").exists():
            parts.append("\n".join(_example(name, _read(f"flint_{name}"))))
    return "\n".join(parts)


def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / "data" / f"{name}.json").read_text())
    return found


def _tables(measured: dict[str, Any]) -> Iterator[str]:
    head = ("", "accuracy f", "accuracy g", "fidelity", "dead", "CNS(2)", "CNS(5)")
    for name, title in DATA.items():
        rows = measured["tables"][name]
        yield f"### {title}\n"
        yield _table(
            head,
            [
                _row(variant, row, measured["references"].get(variant, {}).get(name, ""))
                for variant, row in rows.items()
            ],
        )


def _row(variant: str, row: dict[str, float], reference: str) -> tuple[str, ...]:
    """Numbers, with accuracy, fidelity, dead and CNS(2) of the reference behind them."""
    if "fidelity" not in row:
        return (variant, f"{row['accuracy f']:.1f}", "", "", "", "", "")
    known = dict(
        zip(("accuracy f", "fidelity", "dead", "CNS(2)"), reference.split(), strict=False)
    )
    forms = {"CNS(2)": ".2f", "CNS(5)": ".2f"}
    names = ("accuracy f", "accuracy g", "fidelity", "dead", "CNS(2)", "CNS(5)")
    return variant, *(
        format(row[name], forms.get(name, ".1f"))
        + (f" ({known[name]})" if name in known else "")
        for name in names
    )


def _targets(measured: dict[str, Any]) -> str:
    mnist = measured["mnist"]
    rows = [
        (
            "MNIST, 4,000 images, LeNet: accuracy f less that of the network alone",
            f"{mnist['accuracy f'] - mnist['base']:+.1f} points",
            "at least -1",
        ),
        ("MNIST: fidelity", f"{mnist['fidelity'] / 100:.3f}", "at least .97"),
        ("MNIST: CNS(2)", f"{mnist['CNS(2)']:.2f}", "at most 1.3"),
        (
            "post hoc on the network of the demo (WDBC)",
            f"{measured['post_hoc_seconds']:.1f} s",
            "below 20 s",
        ),
        (
            "a step by design, beside a plain one (digits)",
            f"{measured['step_cost']:.2f} ×",
            "at most 2 ×",
        ),
    ]
    return "### What was aimed at\n\n" + _table(("", "measured", "aim"), rows)


def _example(name: str, told: dict[str, Any]) -> Iterator[str]:
    study = told["study"]
    yield f"### {told['title']}\n"
    yield f"![Relevances, concepts, reasons and explanations](images/flint_{name}.webp)\n"
    yield (
        f"Trained on {told['n_trained']:,} images for {told['epochs']} epochs, J = "
        f"{told['n_attributes']}; on {told['n_shown']:,} others: accuracy "
        f"{told['accuracy_f']:.1%}, interpreter {told['accuracy_g']:.1%}, fidelity "
        f"{told['fidelity']:.1%}, CNS(2) {told['conciseness']['2.0']:.2f}, {told['dead']} "
        f"dead, {told['detectors']} class detectors. The network is right on "
        f"{_share(told['accuracy_where_agreed'])} of the images on which both agree, and "
        f"on {_share(told['accuracy_where_not'])} of the {told['disagreements']} others.\n"
    )
    if told["note"]:
        yield f"{told['note']}\n"
    sources = ", ".join(f"{source} {n}" for source, n in study["explained"].items())
    yield (
        f"{study['replicated']} of {study['kept']} findings are confirmed on "
        f"{study['n_hold_out']} held-out images. Attributes explained by: {sources}.\n"
    )
    if study["best"]:
        lines = [f"J {one['jaccard']:.2f}  {one['redescription']}" for one in study["best"]]
        yield "\n".join(["```text", *lines, "```\n"])


def _share(share: float | None) -> str:
    return "none" if share is None else f"{share:.0%}"


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    cells = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "\n".join(f"| {' | '.join(map(str, row))} |" for row in cells) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
