"""Breast-cancer data of Wisconsin, and the small networks that classify it."""

from __future__ import annotations

from collections import OrderedDict
from importlib import import_module
from typing import TYPE_CHECKING

import numpy as np

from redescribe._lazy import require
from redescribe.core.entities import EntityIndex
from redescribe.core.view import Attribute, AttributeKind, View

if TYPE_CHECKING:
    from numpy.typing import ArrayLike
    from torch.nn import Linear, Module, Sequential

    from redescribe._typing import Floats, Ints

HIDDEN = (512, 128, 32)
DIAGNOSES = ("benign", "malignant")
"""Categories of the diagnosis; the code of malignant is 1."""

_N_TRAINED, _BATCH, _RATE = 284, 32, 1e-3


def wdbc_views() -> tuple[View, View]:
    """Return the 30 measurements of 569 tumours and their diagnoses, as two views.

    Nothing is missing. The data come with scikit-learn; nothing is loaded from the network.

    Returns
    -------
    attributes
        View "attributes": numeric, such as `worst_radius`; float64.
    labels
        View "labels": the nominal `diagnosis`, benign or malignant.

    References
    ----------
    Street, Wolberg, Mangasarian (1993): Nuclear feature extraction for breast tumor
    diagnosis.

    Examples
    --------
    >>> attributes, labels = wdbc_views()
    >>> attributes.values.shape, attributes.names[20]
    ((30, 569), 'worst_radius')
    """
    bunch = import_module("sklearn.datasets").load_breast_cancer()
    n_entities = len(bunch.target)
    entities = EntityIndex(tuple(f"tumour-{i:03d}" for i in range(n_entities)))
    names = [str(name).replace(" ", "_") for name in bunch.feature_names]
    attributes = View.of("attributes", bunch.data, names=names, entities=entities)
    diagnosis = Attribute("diagnosis", AttributeKind.NOMINAL, DIAGNOSES)
    malignant = (bunch.target_names[bunch.target] == "malignant").astype(np.float64)
    return attributes, View("labels", entities, (diagnosis,), malignant.reshape(1, -1))


def wdbc_halves(seed: int = 0) -> tuple[Ints, Ints]:
    """Return the positions of the trained and of the explained half, stratified.

    Parameters
    ----------
    seed
        Of the division.

    Returns
    -------
    trained, explained
        ndarray of int64, ascending, disjoint: 284 and 285 of the 569 entities.

    Examples
    --------
    >>> trained, explained = wdbc_halves()
    >>> trained.size, explained.size
    (284, 285)
    """
    malignant = wdbc_views()[1].values[0]
    divide = import_module("sklearn.model_selection").train_test_split
    trained, explained = divide(
        np.arange(malignant.size),
        train_size=_N_TRAINED,
        stratify=malignant,
        random_state=seed,
    )
    return np.sort(trained), np.sort(explained)


def train_mlp(
    X: ArrayLike,
    y: ArrayLike,
    seed: int,
    *,
    hidden: tuple[int, ...] = HIDDEN,
    epochs: int = 40,
) -> Module:
    """Return a trained multilayer perceptron with one logit, in evaluation mode.

    Its layers are `standardised`, `hidden0`, `hidden1`, … (each linear and ReLU) and
    `output`. Standardisation is a part of the network, so it takes raw values. Trained with
    Adam on the binary cross-entropy; torch's global random state is left as it was.

    Parameters
    ----------
    X
        Array of floats, shape (n_entities, n_attributes), without NaN.
    y
        Array of 0 and 1, shape (n_entities,).
    seed
        Of the weights and of the batches: the same seed gives the same network on one
        machine.
    hidden
        Units of each hidden layer.
    epochs
        Passes over the data.

    Returns
    -------
    network
        A `torch.nn.Sequential` from shape (n, n_attributes), float32, to (n, 1).

    Raises
    ------
    MissingExtraError
        If torch is not installed.

    Examples
    --------
    >>> X = np.array([[0.0], [1.0], [2.0], [3.0]])
    >>> network = train_mlp(X, [0, 0, 1, 1], seed=0, hidden=(4,), epochs=1)
    >>> [name for name, _ in network.named_children()]
    ['standardised', 'hidden0', 'output']
    """
    torch = require("torch", extra="torch", purpose="Training the example networks")
    values = np.asarray(X, dtype=np.float64)
    inputs = torch.as_tensor(values, dtype=torch.float32)
    targets = torch.as_tensor(np.asarray(y), dtype=torch.float32).reshape(-1, 1)
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed)  # not those of devices
        network = _network(values, hidden)
        learned = [weight for weight in network.parameters() if weight.requires_grad]
        optimiser = torch.optim.Adam(learned, lr=_RATE)
        loss = torch.nn.BCEWithLogitsLoss()
        for _ in range(epochs):
            for rows in torch.randperm(len(inputs)).split(_BATCH):
                optimiser.zero_grad()
                loss(network(inputs[rows]), targets[rows]).backward()
                optimiser.step()
    network.zero_grad()
    return network.eval()


def _network(values: Floats, hidden: tuple[int, ...]) -> Sequential:
    nn = require("torch.nn", extra="torch", purpose="Training the example networks")
    sizes = (values.shape[1], *hidden)
    layers: OrderedDict[str, Module] = OrderedDict(standardised=_standardiser(values))
    for i, (n_inputs, n_units) in enumerate(zip(sizes[:-1], hidden, strict=True)):
        layers[f"hidden{i}"] = nn.Sequential(nn.Linear(n_inputs, n_units), nn.ReLU())
    layers["output"] = nn.Linear(sizes[-1], 1)
    network: Sequential = nn.Sequential(layers)
    return network


def _standardiser(values: Floats) -> Linear:
    """A fixed layer that gives each attribute mean 0 and variance 1; constants give 0."""
    torch = require("torch", extra="torch", purpose="Training the example networks")
    deviations = values.std(axis=0)
    scale = np.divide(1, deviations, out=np.zeros_like(deviations), where=deviations > 0)
    layer: Linear = torch.nn.Linear(scale.size, scale.size)
    layer.requires_grad_(requires_grad=False)
    layer.weight.copy_(torch.as_tensor(np.diag(scale)))
    layer.bias.copy_(torch.as_tensor(-values.mean(axis=0) * scale))
    return layer
