"""Networks whose answers rules imitate: folds, inputs, outputs and weights as arrays."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from redescribe._typing import AnyArray, Floats, Ints

CACHE = Path(__file__).parents[1] / ".rules-cache"
"""Networks and results; delete it to measure everything anew."""
FOLDS = 5
HIDDEN = (64, 32)
SEEDS = {
    "wdbc": (0, 1, 2, 3, 4),
    "wine": (0,),
    "digits": (0,),
    "iris": (0,),
    "diabetes": (0,),
}
"""Repetitions of the folds of each data set; the seed of folds and network alike."""


@dataclass(frozen=True, eq=False)
class Fold:
    """One fold: what rules are made from, what they are tested on, and the network.

    Attributes
    ----------
    X, y, z
        Inputs, true classes, and logits of the network, shape (n, 1) or (n, n_classes).
    train, test
        Positions.
    layers
        Weights and biases; all but the last are followed by ReLU unless linear.
    linear
        Leading layers without ReLU: those that standardise.
    """

    name: str
    seed: int
    number: int
    X: Floats
    y: Ints
    z: Floats
    train: Ints
    test: Ints
    layers: tuple[tuple[Floats, Floats], ...]
    linear: int

    @property
    def key(self) -> str:
        """Name of the fold in files."""
        return f"{self.name}-{self.seed}-{self.number}"

    @property
    def answers(self) -> Ints:
        """The class that the network gives each entity."""
        if self.z.shape[1] == 1:
            return np.asarray(self.z[:, 0] > 0, np.int64)
        return np.asarray(self.z.argmax(axis=1), np.int64)

    def network(self, rows: AnyArray) -> Floats:
        """Logits for any inputs."""
        return self.hidden(rows)[-1]

    def hidden(self, rows: AnyArray) -> list[Floats]:
        """The outputs of all layers, the logits last."""
        found: list[Floats] = []
        values: Floats = np.asarray(rows, np.float64)
        for number, (weights, bias) in enumerate(self.layers):
            values = values @ weights + bias
            if self.linear <= number < len(self.layers) - 1:
                values = np.maximum(values, 0)
            found.append(values)
        return found

    def save(self, path: Path) -> None:
        """Write the fold, so that programs of other environments can read it."""
        arrays: dict[str, AnyArray] = {
            "X": self.X,
            "y": self.y,
            "z": self.z,
            "train": self.train,
            "test": self.test,
        }
        for number, (weights, bias) in enumerate(self.layers):
            arrays[f"w{number}"], arrays[f"b{number}"] = weights, bias
        about = {"name": self.name, "seed": self.seed, "number": self.number}
        arrays["about"] = np.array(json.dumps(about | {"linear": self.linear}))
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(path, **arrays)  # type: ignore[arg-type]  # of any dtype


def load_fold(path: Path) -> Fold:
    """Read a fold that was saved."""
    with np.load(path) as arrays:
        about: dict[str, Any] = json.loads(str(arrays["about"]))
        n_layers = sum(name.startswith("w") for name in arrays.files)
        layers = tuple((arrays[f"w{i}"], arrays[f"b{i}"]) for i in range(n_layers))
        main = {name: arrays[name] for name in ("X", "y", "z", "train", "test")}
    return Fold(layers=layers, **about, **main)


def folds(name: str, seeds: tuple[int, ...] | None = None) -> Iterator[Fold]:
    """Yield the folds of a data set, trained or from the cache."""
    for seed in SEEDS[name] if seeds is None else seeds:
        for number in range(FOLDS):
            path = CACHE / "folds" / f"{name}-{seed}-{number}.npz"
            if not path.exists():
                _train(name, seed)
            yield load_fold(path)


def inputs(name: str) -> tuple[Floats, Ints]:
    """Return inputs and classes; of diabetes, whether the progression is above 140."""
    from sklearn import datasets  # noqa: PLC0415 - it has no types

    loaders = {"wdbc": "breast_cancer"}
    bunch = getattr(datasets, f"load_{loaders.get(name, name)}")()
    target = bunch.target > 140 if name == "diabetes" else bunch.target
    return bunch.data.astype(np.float64), target.astype(np.int64)


def _train(name: str, seed: int) -> None:
    """Train and save the five networks of a repetition."""
    from sklearn.model_selection import StratifiedKFold  # noqa: PLC0415 - it has no types

    X, y = inputs(name)
    split = StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(X, y)
    for number, (train, test) in enumerate(split):
        layers, linear = (_mlp_of_wdbc if name == "wdbc" else _mlp)(
            X[train], y[train], seed
        )
        fold = Fold(name, seed, number, X, y, np.zeros((0, 1)), train, test, layers, linear)
        z = fold.network(X)
        whole = Fold(name, seed, number, X, y, z, train, test, layers, linear)
        whole.save(CACHE / "folds" / f"{whole.key}.npz")


def _mlp_of_wdbc(X: Floats, y: Ints, seed: int) -> tuple[Any, int]:
    """The example network of the library: 30-512-128-32-1, standardised inside."""
    from redescribe.datasets.wdbc import train_mlp  # noqa: PLC0415 - needs torch

    state = train_mlp(X, y, seed).state_dict()
    arrays = {name: value.numpy().astype(np.float64) for name, value in state.items()}
    names = [name.removesuffix(".weight") for name in arrays if name.endswith(".weight")]
    layers = [(arrays[f"{name}.weight"].T, arrays[f"{name}.bias"]) for name in names]
    return tuple(layers), 1


def _mlp(X: Floats, y: Ints, seed: int) -> tuple[Any, int]:
    """scikit-learn's perceptron on standardised inputs."""
    from sklearn.neural_network import MLPClassifier  # noqa: PLC0415 - it has no types

    mean, spread = X.mean(axis=0), X.std(axis=0)
    scale = np.divide(1, spread, out=np.zeros_like(spread), where=spread > 0)
    fitted = MLPClassifier(HIDDEN, max_iter=400, random_state=seed)
    fitted.fit((X - mean) * scale, y)
    layers = list(zip(fitted.coefs_, fitted.intercepts_, strict=True))
    return ((np.diag(scale), -mean * scale), *layers), 1
