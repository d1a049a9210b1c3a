"""Networks that mean nothing: the neurons of a layer mixed by a random rotation."""

from __future__ import annotations

import zlib
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from redescribe.core.neuron import NeuronId
from redescribe.core.view import View
from redescribe.errors import QuerySyntaxError, ViewError

if TYPE_CHECKING:
    from redescribe._typing import Floats, Ints


def rotated(view: View, seed: int | np.random.SeedSequence) -> View:
    """Return a view whose layers are centred and multiplied by random orthogonal matrices.

    All distances and angles between entities stay, and with them all that is linear in a
    layer as a whole; only which directions are the neurons is lost. So a rotation tells
    whether an agreement is that of *neurons*, or of layers alone. A layer of one neuron is
    only mirrored.

    Parameters
    ----------
    view
        Numeric, without missing values; of the mining part, where nothing may be read
        early. Each layer that neuron ids name is rotated by itself, and all attributes
        with other names together.
    seed
        Each layer draws from a child of it that is made of the layer's name.

    Returns
    -------
    view
        Of the same name, entities and attributes; float64. The sums have one fixed order.

    Raises
    ------
    ViewError
        If an attribute is no number or has missing values.

    References
    ----------
    Specification of redescription mining, section 7.6. Stewart (1980): The efficient
    generation of random orthogonal matrices, on the signs.

    Examples
    --------
    >>> view = View.of("net", [[0.0, 2.0], [4.0, 0.0], [2.0, 1.0]])
    >>> turned = rotated(view, seed=0)
    >>> float(np.linalg.norm(turned.values[:, 0] - turned.values[:, 1]))
    4.47
    """
    check_can_rotate(view)
    root = (
        seed if isinstance(seed, np.random.SeedSequence) else np.random.SeedSequence(seed)
    )
    values = np.empty(view.values.shape)
    for layer, rows in _layers(view).items():
        key = (*root.spawn_key, zlib.crc32(layer.encode()))
        child = np.random.SeedSequence(root.entropy, spawn_key=key)
        matrix = orthogonal(len(rows), np.random.default_rng(child))
        centred = view.values[rows].astype(np.float64)
        centred -= centred.mean(axis=1, keepdims=True)
        # Not `@`: how BLAS adds up depends on its threads.
        values[rows] = np.einsum("ij,jk->ik", matrix, centred)
    return View(view.name, view.entities, view.attributes, values)


def check_can_rotate(view: View) -> None:
    """Check that the attributes of a view can be mixed with each other.

    Raises
    ------
    ViewError
        If an attribute is no number or has missing values.
    """
    for attribute, row in zip(view.attributes, view.values, strict=True):
        if not attribute.is_numeric:
            what = f"is {attribute.kind}"
        elif np.isnan(row).any():
            what = f"has {int(np.isnan(row).sum())} missing values"
        else:
            continue
        em = (
            f"View {view.name!r} cannot be rotated, which mixes all attributes of a layer: "
            f"{attribute.name!r} {what}. Leave the attribute out of the view, or its "
            "entities, or ask for no rotations (--rotations 0)."
        )
        raise ViewError(em)


def orthogonal(size: int, generator: np.random.Generator) -> Floats:
    """Return a random orthogonal matrix, each as likely as any other (Haar's measure).

    >>> matrix = orthogonal(3, np.random.default_rng(0))
    >>> np.allclose(matrix @ matrix.T, np.eye(3))
    True
    """
    matrix, triangle = np.linalg.qr(generator.normal(size=(size, size)))
    # Without the signs of the diagonal, the law depends on how QR is computed.
    signed: Floats = matrix * np.where(np.diag(triangle) < 0, -1.0, 1.0)
    return signed


def _layers(view: View) -> dict[str, Ints]:
    """The rows of each layer; what has no neuron id is one layer, with an empty name."""
    rows: dict[str, list[int]] = {}
    for row, attribute in enumerate(view.attributes):
        layer = _layer_of(attribute.name)
        rows.setdefault(layer, []).append(row)
    return {layer: np.array(found) for layer, found in rows.items()}


def _layer_of(attribute: str) -> str:
    try:
        neuron = NeuronId.parse(attribute)
    except QuerySyntaxError:
        return ""
    return str(replace(neuron, unit=0))
