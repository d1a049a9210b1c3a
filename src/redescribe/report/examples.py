"""Which entities the pages show as examples: those first, so that the others go first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from redescribe.core.support import unpack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from redescribe._typing import Ints, Mask, Values
    from redescribe.core.assessed import AssessedSet, Finding
    from redescribe.core.dataset import Dataset

N_EXAMPLES = 12
"""Entities of one order that a page shows, as `web/src/data/ordering.ts` has it."""

_N_FINDINGS = 300
_N_NEURONS = 2000
_SEED = 1


def order_of_examples(assessed: AssessedSet, dataset: Dataset) -> Ints:
    """Return all entities, those first that more prominent examples are made of.

    First what every page opens with: the largest values of the best findings in their
    entities, and of the neurons; then their other parts and orders; then the rest, at
    random.
    """
    findings = [*assessed][:_N_FINDINGS]
    parts = [list(_parts(finding, dataset)) for finding in findings]
    values = [_first_values(finding, dataset) for finding in findings]
    neurons = [
        dataset.view(target.view).column(target.attribute)
        for target in assessed.targets[:_N_NEURONS]
    ]
    everything: Ints = np.arange(dataset.n_entities)
    chosen = [
        _largest(both, column) for (both, *_), column in zip(parts, values, strict=True)
    ]
    chosen += [_largest(everything, column) for column in neurons]
    for some, column in zip(parts, values, strict=True):
        for members in some:
            chosen += _orders(members, column)
    for column in neurons:
        chosen += _orders(everything, column)
    rest = np.random.default_rng(_SEED).permutation(dataset.n_entities)
    joined = np.concatenate([*chosen, rest])
    _, first = np.unique(joined, return_index=True)
    return joined[np.sort(first)]


def seeded_sample(members: Ints, n: int, *, seed: int) -> Ints:
    """Return what `seededSample` of the front end returns: mulberry32, a partial shuffle.

    Examples
    --------
    >>> seeded_sample(np.arange(10), 3, seed=1).tolist()
    [0, 1, 6]
    """
    if members.size <= n:
        return members
    order = np.arange(members.size)
    state = seed
    for i in range(n):
        state = (state + 0x6D2B79F5) & 0xFFFFFFFF
        t = ((state ^ (state >> 15)) * (1 | state)) & 0xFFFFFFFF
        t ^= (t + ((t ^ (t >> 7)) * (61 | t))) & 0xFFFFFFFF
        share = ((t ^ (t >> 14)) & 0xFFFFFFFF) / 2**32
        j = i + int(share * (members.size - i))
        order[[i, j]] = order[[j, i]]
    return members[np.sort(order[:n])]


def _orders(members: Ints, values: Values) -> Iterator[Ints]:
    """The members that each order of a page shows, as `choose` of the front end."""
    known = _sorted(members, values)
    yield known[:N_EXAMPLES]
    n_places = min(N_EXAMPLES, known.size)
    step = max(1.0, (known.size - 1) / (N_EXAMPLES - 1))
    yield known[np.floor(np.arange(n_places) * step + 0.5).astype(int)]
    yield seeded_sample(members, N_EXAMPLES, seed=_SEED)
    yield known[-N_EXAMPLES:]


def _largest(members: Ints, values: Values) -> Ints:
    return _sorted(members, values)[:N_EXAMPLES]


def _sorted(members: Ints, values: Values) -> Ints:
    own = values[members]
    order = np.argsort(-own, kind="stable")
    return members[order[: int(np.count_nonzero(~np.isnan(own)))]]


def _first_values(finding: Finding, dataset: Dataset) -> Values:
    query = finding.redescription.queries[0]
    return dataset.view(query.view).column(query.attributes[0])


def _parts(finding: Finding, dataset: Dataset) -> Iterator[Ints]:
    """The entities of all rules, of the first only, of others only, of none."""
    supports = finding.redescription.supports_on(dataset)
    n = dataset.n_entities
    holds = np.stack([unpack(support.satisfied, n) for support in supports])
    known: Mask = ~np.any([unpack(support.unknown, n) for support in supports], axis=0)
    every, some = holds.all(axis=0) & known, holds.any(axis=0) & known
    first = holds[0] & known & ~every
    for mask in (every, first, some & ~every & ~first, known & ~some):
        yield np.flatnonzero(mask)
