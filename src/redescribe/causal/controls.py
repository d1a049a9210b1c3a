"""What an effect is compared with: permuted membership, random ranges, matched units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from redescribe.core.effect import Controls
from redescribe.core.neuron import NeuronId
from redescribe.errors import QuerySyntaxError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from redescribe._typing import Floats, Ints, Mask
    from redescribe.core.view import View

_LARGEST = 1 << 22
"""Numbers in memory at a time."""
_SAME = 1e-9
"""Sums of the same numbers in another order differ by less, relatively."""


def contrast(values: Floats, inside: Mask) -> float | None:
    """Return the mean inside minus the mean outside; None where one of them is empty.

    >>> contrast(np.array([3.0, 1.0, 1.0]), np.array([True, False, False]))
    2.0
    """
    if inside.all() or not inside.any():
        return None
    return float(values[inside].mean() - values[~inside].mean())


def permutation_p(
    values: Floats, inside: Mask, strata: Ints, *, n_permutations: int, seed: SeedLike
) -> float:
    """Return the two-sided p-value of the contrast under permuted membership.

    Membership is permuted among the entities of each stratum. The smaller tail, each
    (1 + permutations at least as far) / (1 + permutations), counts twice.

    Parameters
    ----------
    values
        ndarray of float64, shape (n,).
    inside
        ndarray of bool, shape (n,); the p-value is 1 where it is all or none.
    strata
        ndarray of int64, shape (n,): the stratum of each entity.
    n_permutations
        How many.
    seed
        Of the permutations.

    References
    ----------
    Specification of redescription mining, section 10.

    Examples
    --------
    >>> values, inside = np.arange(20.0), np.arange(20) >= 10
    >>> strata = np.zeros(20, np.int64)
    >>> permutation_p(values, inside, strata, n_permutations=999, seed=1)
    0.002
    >>> permutation_p(np.ones(20), inside, strata, n_permutations=999, seed=1)
    1.0
    """
    generator = np.random.default_rng(seed)
    sums = np.zeros(n_permutations)
    observed = 0.0
    for stratum in np.unique(strata):
        members = np.flatnonzero(strata == stratum)
        n_inside = int(inside[members].sum())
        observed += float(values[members][inside[members]].sum())
        sums += _sums(values[members], n_inside, n_permutations, generator)
    return two_sided(observed, sums, _SAME * float(np.abs(values).sum()))


def two_sided(observed: float, null: Floats, tolerance: float) -> float:
    """Return twice the smaller tail of a null distribution, at most 1.

    >>> two_sided(3.0, np.array([0.0, 1.0, 2.0]), 0.0)
    0.5
    """
    n_above = int((null >= observed - tolerance).sum())
    n_below = int((null <= observed + tolerance).sum())
    return min(1.0, 2 * (1 + min(n_above, n_below)) / (1 + len(null)))


def sign_p(sums: Floats, *, n_permutations: int, seed: SeedLike) -> float:
    """Return the two-sided p-value of a sum of differences under random signs.

    Parameters
    ----------
    sums
        ndarray of float64, shape (n,): the differences, or their sums over groups.
    n_permutations, seed
        How often signs are drawn, and of what seed.

    Examples
    --------
    >>> sign_p(np.ones(20), n_permutations=999, seed=0)
    0.002
    >>> sign_p(np.zeros(0), n_permutations=999, seed=0)
    1.0
    """
    generator = np.random.default_rng(seed)
    block = max(1, _LARGEST // max(1, sums.size))
    null = []
    for first in range(0, n_permutations, block):
        shape = (min(block, n_permutations - first), sums.size)
        signs = generator.integers(0, 2, shape, dtype=np.int8).astype(np.float64)
        null.append((2 * signs - 1) @ sums)
    tolerance = _SAME * float(np.abs(sums).sum())
    return two_sided(float(sums.sum()), np.concatenate(null), tolerance)


def _sums(
    values: Floats, n_inside: int, n_permutations: int, generator: np.random.Generator
) -> Floats:
    """Sums of random subsets of `n_inside` values, one for each permutation."""
    if n_inside in {0, values.size}:
        return np.full(n_permutations, values.sum() if n_inside else 0.0)
    # The smaller of the two groups is drawn; the other one is the rest.
    n_drawn = min(n_inside, values.size - n_inside)
    block = max(1, _LARGEST // values.size)
    sums = []
    for first in range(0, n_permutations, block):
        shape = (min(block, n_permutations - first), values.size)
        permuted = generator.permuted(np.broadcast_to(values, shape), axis=1)
        sums.append(permuted[:, :n_drawn].sum(axis=1))
    drawn = np.concatenate(sums)
    return drawn if n_drawn == n_inside else values.sum() - drawn


def auc(values: Floats, inside: Mask) -> float | None:
    """Return P(value inside > value outside), ties by half; None where one is empty.

    >>> auc(np.array([3.0, 1.0, 1.0]), np.array([True, True, False]))
    0.75
    """
    from scipy.stats import rankdata  # noqa: PLC0415 - scipy.stats takes long to import

    n_inside, n_outside = int(inside.sum()), int((~inside).sum())
    if not n_inside or not n_outside:
        return None
    ranks = rankdata(values)[inside].sum() - n_inside * (n_inside + 1) / 2
    return float(ranks / (n_inside * n_outside))


@dataclass(frozen=True, slots=True, eq=False)
class RandomRange:
    """A range of a unit: its ends, and the tested entities in it."""

    low: float
    high: float
    members: Mask


def random_ranges(
    values: Floats, n_members: int, n_ranges: int, seed: SeedLike
) -> Iterator[RandomRange]:
    """Yield random ranges of a unit that hold as many entities each.

    Equal activations are divided at random, so that the mass is the same.

    Parameters
    ----------
    values
        ndarray of float64, shape (n,): activations of the tested entities.
    n_members
        Entities of each range; without any, or with all of them, there is no range.
    n_ranges
        How many.
    seed
        Of the ranges.

    Examples
    --------
    >>> values = np.array([0.1, 0.4, 0.2, 0.3])
    >>> [int(found.members.sum()) for found in random_ranges(values, 2, 3, 0)]
    [2, 2, 2]
    """
    if n_members in {0, values.size}:
        return
    generator = np.random.default_rng(seed)
    for _ in range(n_ranges):
        order = np.lexsort((generator.random(values.size), values))
        start = int(generator.integers(values.size - n_members + 1))
        chosen = order[start : start + n_members]
        members = np.zeros(values.size, np.bool_)
        members[chosen] = True
        yield RandomRange(float(values[chosen[0]]), float(values[chosen[-1]]), members)


def matched_units(view: View, attribute: str, n_controls: int) -> tuple[NeuronId, ...]:
    """Return the units of the same layer that are most alike in how they are active.

    They are compared by the share of entities for which they are not 0 and by their mean
    activation, each in standard deviations over the layer. Units that are constant are no
    controls.

    Parameters
    ----------
    view
        Of the network, usually over the mining part.
    attribute
        The neuron id of the unit.
    n_controls
        At most so many, the nearest first.

    References
    ----------
    Specification of redescription mining, section 10.

    Examples
    --------
    >>> from redescribe.core.view import View
    >>> view = View.of("n", [[0, 0, 9], [1, 1, 0], [2, 3, 0]], names=["f:0", "f:1", "f:2"])
    >>> [neuron.unit for neuron in matched_units(view, "f:0", 1)]
    [1]
    """
    own = NeuronId.parse(attribute)
    layer = [
        (neuron, row)
        for neuron, row in zip(map(_neuron, view.names), view.values, strict=True)
        if neuron is not None
        and (neuron.model, neuron.layer, neuron.reducer)
        == (own.model, own.layer, own.reducer)
    ]
    profiles = np.array(
        [(np.mean(row[~np.isnan(row)] != 0), np.nanmean(row)) for _, row in layer]
    )
    deviations = profiles.std(axis=0)
    profiles /= np.where(deviations > 0, deviations, 1.0)
    place = next(i for i, (neuron, _) in enumerate(layer) if neuron == own)
    distances = np.hypot(*(profiles - profiles[place]).T)
    order = np.argsort(distances, kind="stable").tolist()
    usable = [
        i for i in order if i != place and np.nanmin(layer[i][1]) < np.nanmax(layer[i][1])
    ]
    return tuple(layer[i][0] for i in usable[:n_controls])


def against_controls(effect: float, controls: Sequence[float]) -> Controls:
    """Return an effect among those of its controls.

    >>> against_controls(1.0, [0.5, 0.1, 2.0])
    Controls(n=3, effect=0.8666666666666667, p_value=0.5)
    """
    if not controls:
        return Controls(0, None, None)
    n_above = sum(control >= effect for control in controls)
    return Controls(
        len(controls),
        float(np.mean(controls)),
        (1 + n_above) / (1 + len(controls)),
    )


def _neuron(name: str) -> NeuronId | None:
    try:
        return NeuronId.parse(name)
    except QuerySyntaxError:
        return None


SeedLike = int | np.random.SeedSequence
"""What a generator is made of."""
