"""Which targets are drawn, where a sample of them is explained."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from redescribe.core.neuron import NeuronId
from redescribe.core.sample import SampleMethod
from redescribe.errors import QuerySyntaxError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from redescribe._typing import Values
    from redescribe.core.dataset import Dataset
    from redescribe.core.sample import SampleRequest
    from redescribe.mining.tasks import Target

_SAMPLE_STAGE = 2
_N_QUARTERS = 4


def draw_targets(
    targets: Sequence[Target], part: Dataset, request: SampleRequest | None, *, seed: int
) -> list[Target]:
    """Return the targets of a sample, in the order in which they stand.

    The draw starts from sorted names, so it depends neither on the order of the columns nor
    on that of the views, and the targets of a smaller sample of the same seed are among
    those of a larger one where the method is `random`.

    Parameters
    ----------
    targets
        The targets that were chosen.
    part
        The mining part; only `stratified` looks at its values.
    request
        Size and method; None is all targets. A size that reaches all gives all.
    seed
        Root seed of the search.

    Examples
    --------
    >>> from redescribe.core.dataset import Dataset
    >>> from redescribe.core.sample import SampleRequest
    >>> from redescribe.core.view import View
    >>> from redescribe.mining.tasks import Target
    >>> units = View.of("net", np.eye(6), names=[f"a:{i}" for i in range(6)])
    >>> part = Dataset.of([units, View.of("x", np.eye(6))])
    >>> targets = [Target("net", name, ("x",)) for name in units.names]
    >>> len(draw_targets(targets, part, SampleRequest.parse("stratified:4"), seed=0))
    4
    """
    if request is None:
        return list(targets)
    generator = np.random.default_rng(
        np.random.SeedSequence(seed, spawn_key=(_SAMPLE_STAGE,))
    )
    by_name = sorted(targets, key=lambda target: (target.view, target.attribute))
    shuffled = [by_name[i] for i in generator.permutation(len(by_name))]
    groups = _shuffled_groups(shuffled, _group_key(request), generator)
    shares = _layer_shares(request, [len(group) for group in groups])
    if request.method is SampleMethod.STRATIFIED:
        levels = _activity_levels(targets, part)
        drawn = [
            _by_quarters(group, share, levels, generator)
            for group, share in zip(groups, shares, strict=True)
        ]
    else:
        drawn = [group[:share] for group, share in zip(groups, shares, strict=True)]
    chosen = set(chain.from_iterable(drawn))
    return [target for target in targets if target in chosen]


def layer_of(target: Target) -> tuple[str, str, str]:
    """Return view, model and layer of a target; without a neuron id the view is the layer.

    >>> from redescribe.mining.tasks import Target
    >>> layer_of(Target("net", "a@fc2:7", ())), layer_of(Target("x", "age", ()))
    (('net', 'a', 'fc2'), ('x', '', 'x'))
    """
    try:
        neuron = NeuronId.parse(target.attribute)
    except QuerySyntaxError:
        return target.view, "", target.view
    return target.view, neuron.model, neuron.layer


def activity_level(values: Values) -> float:
    """Return where between its smallest and its largest value a unit is on average.

    It is 0 for a unit that never changes, the share of true for a Boolean, near 0 for a
    unit that is rarely active and near 1 for one that nearly always is. Unlike the mean it
    does not change when a unit is rescaled, as ReLU networks can be at will; unlike the
    share of entities that differ from the most frequent value it also tells units of smooth
    activations apart, where hardly any value occurs twice.

    Parameters
    ----------
    values
        ndarray of float, shape (n_entities,); NaN means missing and is left out.

    Examples
    --------
    >>> activity_level(np.array([0.0, 0.0, 0.0, 2.0])), activity_level(np.ones(3))
    (0.25, 0.0)
    """
    known = values[~np.isnan(values)].astype(np.float64)
    if not known.size or known.min() == known.max():
        return 0.0
    known /= np.abs(known).max()  # the range of the largest floats would overflow
    return float((known.mean() - known.min()) / (known.max() - known.min()))


def equal_shares(sizes: Sequence[int], total: int) -> list[int]:
    """Divide a total evenly among groups; what a group lacks, the others get.

    What is left over goes to the first groups that have more.

    >>> equal_shares([10, 2, 10], 9)
    [4, 2, 3]
    """
    total = min(total, sum(sizes))
    level, n_open = 0, len(sizes)
    left = total
    for size in sorted(sizes):
        level = left // n_open
        if size > level:
            break
        left -= size
        n_open -= 1
    else:
        return list(sizes)
    shares = [min(size, level) for size in sizes]
    larger = [group for group, size in enumerate(sizes) if size > level]
    for group in larger[: total - sum(shares)]:
        shares[group] += 1
    return shares


def proportional_shares(sizes: Sequence[int], total: int) -> list[int]:
    """Divide a total in proportion to the sizes of groups, by the largest remainders.

    Each share is within one of its exact value. Of equal remainders, the first are served.

    >>> proportional_shares([50, 30, 20], 5)
    [3, 1, 1]
    """
    n_members = sum(sizes)
    total = min(total, n_members)
    exact = [divmod(total * size, n_members) for size in sizes]
    shares = [share for share, _ in exact]
    by_remainder = sorted(range(len(sizes)), key=lambda group: -exact[group][1])
    for group in by_remainder[: total - sum(shares)]:
        shares[group] += 1
    return shares


def _group_key(request: SampleRequest) -> Callable[[Target], tuple[str, ...]]:
    """Layers do not matter to a random sample of all."""
    whole = request.method is SampleMethod.RANDOM and not request.per_layer
    return (lambda _: ()) if whole else layer_of


def _shuffled_groups(
    targets: Sequence[Target],
    key: Callable[[Target], tuple[str, ...]],
    generator: np.random.Generator,
) -> list[list[Target]]:
    """The groups in random order: in a tie the name of a group must not decide."""
    groups: dict[tuple[str, ...], list[Target]] = {}
    for target in targets:
        groups.setdefault(key(target), []).append(target)
    names = sorted(groups)
    return [groups[names[i]] for i in generator.permutation(len(names))]


def _layer_shares(request: SampleRequest, sizes: Sequence[int]) -> list[int]:
    if request.per_layer:
        return [min(size, request.size) for size in sizes]
    if request.method is SampleMethod.LAYERS:
        return equal_shares(sizes, request.size)
    return proportional_shares(sizes, request.size)


def _activity_levels(targets: Sequence[Target], part: Dataset) -> dict[Target, float]:
    wanted = {(target.view, target.attribute): target for target in targets}
    return {
        wanted[view.name, attribute]: activity_level(values)
        for view in part.views
        for attribute, values in zip(view.names, view.values, strict=True)
        if (view.name, attribute) in wanted
    }


def _by_quarters(
    members: Sequence[Target],
    size: int,
    levels: Mapping[Target, float],
    generator: np.random.Generator,
) -> list[Target]:
    """Draw from one layer, in proportion to its quarters of activity.

    Layers come first and quarters second: rounding both at once could leave out whole
    layers where there are more strata than targets to draw.
    """
    ranked = sorted(members, key=lambda target: (levels[target], target.attribute))
    quarter_of = {t: rank * _N_QUARTERS // len(ranked) for rank, t in enumerate(ranked)}
    quarters: list[list[Target]] = [[] for _ in range(_N_QUARTERS)]
    for target in members:
        quarters[quarter_of[target]].append(target)
    quarters = [quarters[i] for i in generator.permutation(_N_QUARTERS)]
    shares = proportional_shares([len(quarter) for quarter in quarters], size)
    return [
        target
        for quarter, share in zip(quarters, shares, strict=True)
        for target in quarter[:share]
    ]
