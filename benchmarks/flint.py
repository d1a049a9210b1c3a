"""FLINT on digits, WDBC, Wine and MNIST beside what a correct implementation gives.

`python -m benchmarks.flint docs/data/flint.json` also writes the numbers of docs/flint.md.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
import warnings
from collections import OrderedDict
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor
    from torch.nn import Module

SEEDS = (0, 1, 2)
LR, BATCH = 2e-3, 48
SCHEDULE = {"l1": 0.17, "output_fidelity": 0.17, "entropy": 0.34}


@dataclass(frozen=True, slots=True)
class Split:
    """Training and test part of a data set, as tensors."""

    x: Tensor
    y: Tensor
    x_test: Tensor
    y_test: Tensor


@dataclass(frozen=True, slots=True)
class Setting:
    """A data set, its network, and how long it is trained."""

    data: Callable[[], Split]
    network: Callable[[], Module]
    layers: list[str]
    n_attributes: int
    n_classes: int
    epochs: int


@dataclass(frozen=True, slots=True)
class Variant:
    """One row of the table, and what the reference gives (digits, WDBC)."""

    name: str
    reference: dict[str, str]
    options: dict[str, Any] = field(default_factory=dict)
    post_hoc: bool = False
    loss: dict[str, Any] = field(default_factory=dict)
    at_once: bool = False


VARIANTS = (
    Variant("by design", {"digits": "98.5 98.7 0.3 1.15", "wdbc": "95.7 99.4 0 1.04"}),
    Variant(
        "ReLU",
        {"digits": "98.4 97.2 9.7 1.08", "wdbc": "95.3 99.4 2.3 1.07"},
        {"activation": "relu"},
    ),
    Variant(
        "ReLU, no entropies",
        {"digits": "98.4 97.3 10.0 1.37", "wdbc": "95.5 99.6 2.3 1.08"},
        {"activation": "relu"},
        loss={"entropy": False},
    ),
    Variant(
        "ReLU, all at once",
        {"digits": "98.6 35.0 14.7 0.34", "wdbc": "95.7 99.4 5.7 0.79"},
        {"activation": "relu"},
        at_once=True,
    ),
    Variant("post hoc", {}, post_hoc=True),
    Variant(
        "post hoc, ReLU",
        {"digits": "98.5 97.2 8.7 1.33", "wdbc": "95.7 99.0 3.3 1.06"},
        {"activation": "relu"},
        post_hoc=True,
    ),
)


def split(name: str, *, image: bool = False) -> Split:
    """Return a data set of scikit-learn, 70 % of it for training, stratified."""
    import torch  # noqa: PLC0415 - other benchmarks run without it

    bunch = getattr(import_module("sklearn.datasets"), f"load_{name}")()
    x = bunch.images[:, None] / 16.0 if image else bunch.data
    divide = import_module("sklearn.model_selection").train_test_split
    parts = divide(x, bunch.target, test_size=0.3, stratify=bunch.target, random_state=0)
    x_train, x_test, y_train, y_test = parts
    if not image:
        mean, deviation = x_train.mean(0), x_train.std(0)
        x_train, x_test = (x_train - mean) / deviation, (x_test - mean) / deviation
    real = (torch.as_tensor(one, dtype=torch.float32) for one in (x_train, x_test))
    x_train, x_test = real
    return Split(x_train, torch.as_tensor(y_train), x_test, torch.as_tensor(y_test))


def digits_cnn() -> Module:
    """Return the network of the reference for 8 × 8 pixels; `block` is tapped."""
    from torch import nn  # noqa: PLC0415 - other benchmarks run without it

    maps = (nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.Conv2d(16, 32, 3, padding=1))
    block = nn.Sequential(*maps, nn.MaxPool2d(2), nn.ReLU())
    dense = (nn.Linear(512, 64), nn.ReLU(), nn.Dropout(0.25), nn.Linear(64, 10))
    return nn.Sequential(
        OrderedDict(block=block, flat=nn.Flatten(), dense=nn.Sequential(*dense))
    )


def small_mlp(n_inputs: int, n_classes: int) -> Module:
    """Return a perceptron with 32 and 16 hidden units, both of which are tapped."""
    from torch import nn  # noqa: PLC0415 - other benchmarks run without it

    return nn.Sequential(
        OrderedDict(
            hidden0=nn.Sequential(nn.Linear(n_inputs, 32), nn.ReLU()),
            hidden1=nn.Sequential(nn.Linear(32, 16), nn.ReLU()),
            output=nn.Linear(16, n_classes),
        )
    )


HIDDEN = ["hidden0", "hidden1"]
SETTINGS = {
    "digits": Setting(
        lambda: split("digits", image=True), digits_cnn, ["block"], 16, 10, 50
    ),
    "wdbc": Setting(
        lambda: split("breast_cancer"), lambda: small_mlp(30, 2), HIDDEN, 8, 2, 100
    ),
    "wine": Setting(lambda: split("wine"), lambda: small_mlp(13, 3), HIDDEN, 8, 3, 100),
}


def plain(setting: Setting, data: Split, seed: int) -> Module:
    """Return the network trained without FLINT: BASE-f, in evaluation mode."""
    import torch  # noqa: PLC0415 - other benchmarks run without it

    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed)
        model = setting.network().train()
        optimiser = torch.optim.Adam(model.parameters(), lr=LR)
        for _ in range(setting.epochs):
            for rows in torch.split(torch.randperm(len(data.x)), BATCH):
                optimiser.zero_grad()
                logits = model(data.x[rows])
                loss = torch.nn.functional.cross_entropy(logits, data.y[rows])
                torch.autograd.backward(loss)
                optimiser.step()
    return model.eval()


def right(model: Module, data: Split) -> float:
    """Return the accuracy of a network on the test part."""
    import torch  # noqa: PLC0415 - other benchmarks run without it

    with torch.no_grad():
        return float((model(data.x_test).argmax(1) == data.y_test).double().mean())


def measured(
    setting: Setting, data: Split, variant: Variant, *, seed: int, base: Module
) -> dict[str, float]:
    """Train one FLINT and return what is measured on the test part."""
    import torch  # noqa: PLC0415 - other benchmarks run without it

    import redescribe as rd  # noqa: PLC0415 - other benchmarks run without it

    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed)
        model = setting.network()
    make = rd.flint.FLINT.post_hoc if variant.post_hoc else rd.flint.FLINT
    flint = make(
        base if variant.post_hoc else model,
        setting.layers,
        setting.n_attributes,
        setting.n_classes,
        decoder="mlp",
        seed=seed,
        **variant.options,
    )
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*attributes are dead")
        rd.flint.fit(
            flint,
            rd.flint.Batches(data.x, data.y, BATCH),
            epochs=setting.epochs,
            lr=LR,
            loss=rd.flint.FlintLoss(**variant.loss),
            schedule="none" if variant.at_once else SCHEDULE,
            seed=seed,
        )
    found = rd.flint.evaluate(flint, (data.x_test, data.y_test))
    metrics = rd.flint.metrics
    known = found.reconstruction_error
    assert known is not None
    curve = metrics.cns_curve(found, (2.0, 5.0))
    return {
        "accuracy f": 100 * metrics.accuracy(found, "f"),
        "accuracy g": 100 * metrics.accuracy(found, "g"),
        "fidelity": 100 * metrics.fidelity(found),
        "dead": float(len(metrics.usage(found).dead)),
        "CNS(2)": curve.values[0],
        "CNS(5)": curve.values[1],
        "error": float(np.mean(known)),
    }


def table(name: str, seeds: tuple[int, ...] = SEEDS) -> dict[str, dict[str, float]]:
    """Print and return the means of a data set over the seeds, one row per variant."""
    setting = SETTINGS[name]
    data = setting.data()
    bases = [plain(setting, data, seed) for seed in seeds]
    base = 100 * statistics.mean(right(model, data) for model in bases)
    print(f"\n{name}: BASE-f {base:.1f}, J = {setting.n_attributes}, {len(seeds)} seeds")
    print("                      acc f  acc g fidelity  dead  CNS(2) CNS(5)  error"
          "   reference: acc f, fidelity, dead, CNS(2)")  # fmt: skip
    rows = {"BASE-f": {"accuracy f": base}}
    for variant in VARIANTS:
        each = [
            measured(setting, data, variant, seed=seed, base=model)
            for seed, model in zip(seeds, bases, strict=True)
        ]
        mean = {key: statistics.mean(one[key] for one in each) for key in each[0]}
        rows[variant.name] = mean
        print(
            f"{variant.name:<20} {mean['accuracy f']:6.1f} {mean['accuracy g']:6.1f} "
            f"{mean['fidelity']:8.1f} {mean['dead']:5.1f} {mean['CNS(2)']:7.2f} "
            f"{mean['CNS(5)']:6.2f} {mean['error']:6.3f}   "
            f"{variant.reference.get(name, '')}",
            flush=True,
        )
    return rows


def cost_of_a_step() -> float:
    """Return by what a step by design is slower than a plain one, on digits."""
    import redescribe as rd  # noqa: PLC0415 - other benchmarks run without it

    setting = SETTINGS["digits"]
    short = Setting(setting.data, setting.network, setting.layers, 16, 10, epochs=3)
    data = short.data()
    ratios = []
    for _ in range(3):
        started = time.process_time()
        plain(short, data, 0)
        usual = time.process_time() - started
        flint = rd.flint.FLINT(short.network(), short.layers, 16, 10, decoder="mlp")
        flint.build(data.x[:2])
        started = time.process_time()
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=".*attributes are dead")
            rd.flint.fit(flint, rd.flint.Batches(data.x, data.y, BATCH), epochs=3, lr=LR)
        ratios.append((time.process_time() - started) / usual)
    return statistics.median(ratios)


def report(path: str = "") -> None:
    """Print the tables and the cost; write them as JSON where a path is given."""
    from benchmarks.flint_mnist import table as mnist_table  # noqa: PLC0415 - uses this

    print("\nFLINT, means on the test part")
    told: dict[str, Any] = {
        "seeds": len(SEEDS),
        "tables": {name: table(name) for name in SETTINGS},
        "references": {v.name: v.reference for v in VARIANTS},
        "mnist": mnist_table(),
        "step_cost": cost_of_a_step(),
        "post_hoc_seconds": demo_network(),
    }
    print(f"\na step by design costs {told['step_cost']:.2f} × a plain one (digits)")
    if path:
        Path(path).write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


def demo_network() -> float:
    """Print and return how many seconds the demo's network takes post hoc."""
    import redescribe as rd  # noqa: PLC0415 - other benchmarks run without it
    from redescribe.datasets.wdbc import (  # noqa: PLC0415
        train_mlp,
        wdbc_halves,
        wdbc_views,
    )

    attributes, labels = wdbc_views()
    trained, explained = wdbc_halves()
    x = attributes.values.T.astype(np.float32)
    y = labels.values[0].astype(np.int64)
    model = train_mlp(x[trained], y[trained], seed=0)
    started = time.perf_counter()
    # Raw inputs differ by orders of magnitude: there is no decoder of them.
    flint = rd.flint.FLINT.post_hoc(model, ["hidden1", "hidden2"], 8, 2, decoder=None)
    rd.flint.fit(flint, rd.flint.Batches(x[trained], y[trained], BATCH), epochs=100, lr=LR)
    seconds = time.perf_counter() - started
    found = rd.flint.evaluate(flint, (x[explained], y[explained]))
    share = rd.flint.metrics.fidelity(found)
    print(f"the demo's network post hoc: {seconds:.1f} s, fidelity {100 * share:.1f} %")
    return seconds


if __name__ == "__main__":
    torch = import_module("torch")
    torch.set_num_threads(1)  # threads wait for each other over small batches
    report(*sys.argv[1:2])
