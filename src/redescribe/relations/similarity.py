"""How alike two layers are without any rules: correlation and CKA."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.stats import rankdata

from redescribe.errors import ViewError
from redescribe.significance.nulls import orthogonal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redescribe._typing import Floats, Ints
    from redescribe.core.view import View


def correlations(left: Floats, right: Floats, *, ranks: bool = False) -> Floats:
    """Return the correlation of every row of one table with every row of another.

    Parameters
    ----------
    left, right
        ndarrays of numbers, shapes (n_left, n_entities) and (n_right, n_entities).
    ranks
        Spearman's instead of Pearson's; ties share their mean rank.

    Returns
    -------
    ndarray of float64, shape (n_left, n_right)
        In [-1, 1]; 0 where a row is constant or has a missing value.

    Examples
    --------
    >>> correlations(
    ...     np.array([[1.0, 2.0, 3.0]]), np.array([[2.0, 4.0, 6.0], [1.0, 1.0, 1.0]])
    ... )
    array([[1., 0.]])
    """
    found: Floats = _standardised(left, ranks=ranks) @ _standardised(right, ranks=ranks).T
    return np.clip(found, -1.0, 1.0)


def one_to_one(values: Floats) -> tuple[Ints, Ints]:
    """Return rows and columns of the one-to-one assignment with the largest sum.

    >>> [places.tolist() for places in one_to_one(np.array([[1.0, 5.0], [2.0, 3.0]]))]
    [[0, 1], [1, 0]]
    """
    rows, columns = linear_sum_assignment(values, maximize=True)
    return rows, columns


def above_rotations(left: Floats, right: Floats, *, n_rotations: int = 5) -> float | None:
    """Return how much better neurons are matched than rotations of one layer.

    Mean |Pearson| of the one-to-one matching with the largest sum, less its mean over
    random rotations of the right layer: what is shared by neurons, not by layers. All of it
    in-sample, on the same entities.

    Parameters
    ----------
    left, right
        ndarrays of numbers, shapes (n_left, n_entities) and (n_right, n_entities).
    n_rotations
        Each drawn by its number.

    Returns
    -------
    float or None
        None where a value is missing.

    References
    ----------
    Specification of redescription mining, section 7.6.

    Examples
    --------
    >>> layer = np.random.default_rng(0).normal(size=(40, 200))
    >>> above_rotations(layer, layer) > 0.5
    True
    """
    if np.isnan(left).any() or np.isnan(right).any():
        return None
    centred = _centred(right)
    rotations = (
        orthogonal(len(right), np.random.default_rng(np.random.SeedSequence(number)))
        for number in range(n_rotations)
    )
    nulls = [_mean_match(left, rotation @ centred) for rotation in rotations]
    return _mean_match(left, right) - float(np.mean(nulls))


def _mean_match(left: Floats, right: Floats) -> float:
    found = np.abs(correlations(left, right))
    return float(found[one_to_one(found)].mean())


def linear_cka(left: Floats, right: Floats) -> float | None:
    """Return the linear centred kernel alignment of two layers on the same entities.

    1 for layers that are equal up to rotation, scale and shift: it does not see neurons.

    Parameters
    ----------
    left, right
        ndarrays of numbers, shapes (n_left, n_entities) and (n_right, n_entities).

    Returns
    -------
    float or None
        None where a layer is constant, or a value is missing.

    References
    ----------
    Kornblith et al., Similarity of neural network representations revisited, section 3.

    Examples
    --------
    >>> layer = np.array([[1.0, 2.0, 4.0], [0.0, 1.0, 0.0]])
    >>> linear_cka(layer, 3 * layer[::-1])
    1.0
    """
    x, y = (_centred(values) for values in (left, right))
    cross, own = np.linalg.norm(x @ y.T), np.linalg.norm(x @ x.T) * np.linalg.norm(y @ y.T)
    if not np.isfinite(own) or own <= 0:
        return None
    return float(cross**2 / own)


def rows_of(view: View, names: Sequence[str]) -> Floats:
    """Return numeric attributes of a view, shape (n_names, n_entities).

    Raises
    ------
    ViewError
        If an attribute is not numeric.
    """
    positions = [view.position(name) for name in names]
    for position in positions:
        if not view.attributes[position].is_numeric:
            em = (
                f"{view.attributes[position].name!r} of view {view.name!r} is "
                f"{view.attributes[position].kind}: only numbers are correlated. Leave the "
                "view out."
            )
            raise ViewError(em)
    return view.values[positions].astype(np.float64)


def _centred(values: Floats) -> Floats:
    centred: Floats = values - values.mean(axis=1, keepdims=True)
    return centred


def _standardised(values: Floats, *, ranks: bool) -> Floats:
    """Rows of mean 0 and length 1; rows without variance or with NaN become 0."""
    missing = np.isnan(values).any(axis=1)
    clean = np.where(np.expand_dims(missing, 1), 0.0, values)
    if ranks:
        clean = rankdata(clean, axis=1)
    centred = _centred(clean)
    length = np.linalg.norm(centred, axis=1, keepdims=True)
    # A constant row of large values is not exactly 0 when it is centred.
    tiny = 1e-12 * np.maximum(np.abs(clean).max(axis=1, keepdims=True, initial=0.0), 1e-300)
    scaled: Floats = np.where(length > tiny * np.sqrt(values.shape[1]), centred, 0.0)
    return scaled / np.where(length > 0, length, 1.0)
