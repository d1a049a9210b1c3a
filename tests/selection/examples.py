"""Random redescriptions: their supports need not follow from their queries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from redescribe.core.query import Conjunction, Interval, Query
from redescribe.core.redescription import (
    Kind,
    Redescription,
    RedescriptionSet,
    TargetReport,
    TargetState,
)
from redescribe.core.support import Support
from redescribe.selection.params import SelectParams
from redescribe.selection.weights import Weights

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from redescribe._typing import Mask

    Generator = np.random.Generator

ATTRIBUTES = tuple(f"a{i}" for i in range(6))


def query(
    view: str, attributes: Iterable[str], bound: float, *, negated: bool = False
) -> Query:
    """Each attribute above a bound."""
    literals = tuple(Interval(attribute, bound) for attribute in attributes)
    return Query(view, (Conjunction(literals, negated),))


def redescription(
    own: Query,
    partner: Query,
    supports: Sequence[Mask] | Mask,
    *,
    log10_p: float = -5.0,
    unknown: Sequence[Mask] = (),
) -> Redescription:
    """One of the first attribute of its own query."""
    target = own.attributes[0]
    hidden = unknown or [np.zeros_like(mask) for mask in supports]
    return Redescription(
        view=own.view,
        attribute=target,
        target=f"{own.view}:{target}",
        kind=Kind.INDIVIDUAL if len(own.attributes) == 1 else Kind.INTERACTION,
        queries=(own, partner),
        supports=tuple(
            Support.from_mask(mask, unknown=mask_unknown)
            for mask, mask_unknown in zip(supports, hidden, strict=True)
        ),
        work_mined=0.1,
        log10_p_mined=log10_p,
    )


def random_redescription(
    generator: Generator, n_entities: int, target: str, partner: str
) -> Redescription:
    """Two similar supports; one literal of the target, or two that also name another."""
    mask = generator.random(n_entities) < generator.uniform(0.1, 0.9)
    other = mask ^ (generator.random(n_entities) < generator.uniform(0, 0.3))
    hidden = generator.random((2, n_entities)) < generator.choice([0, 0.1])
    own = [target]
    if generator.random() < 0.3:
        own.append(str(generator.choice([a for a in ATTRIBUTES if a != target])))
    partners = generator.choice(ATTRIBUTES, generator.integers(1, 4), replace=False)
    return redescription(
        query("x", own, float(generator.integers(0, 3))),
        query(partner, map(str, partners), generator.random()),
        (mask & ~hidden[0], other & ~hidden[1]),
        log10_p=-float(generator.uniform(0, 20)),
        unknown=tuple(hidden),
    )


def random_redescriptions(
    seed: int, *, n: int = 20, n_targets: int = 1, partners: Sequence[str] = ("y",)
) -> list[Redescription]:
    """Some with equal supports, some with nearly equal ones, in no order."""
    generator = np.random.default_rng(seed)
    n_entities = int(generator.integers(60, 140))
    found: list[Redescription] = []
    for _ in range(n):
        target = ATTRIBUTES[generator.integers(n_targets)]
        partner = str(generator.choice(list(partners)))
        found.append(random_redescription(generator, n_entities, target, partner))
        if generator.random() < 0.3:
            found.append(_similar(found[generator.integers(len(found))], generator))
    return found


def _similar(found: Redescription, generator: Generator) -> Redescription:
    """The same target and partner, and supports that differ by at most two entities."""
    masks = [support.mask for support in found.supports]
    if generator.random() < 0.5:
        masks[0] = masks[0].copy()
        masks[0][generator.integers(0, masks[0].size, 2)] ^= True
    own, partner = found.queries
    names: Iterable[str] = partner.attributes
    if generator.random() < 0.5:
        names = map(str, generator.choice(ATTRIBUTES, 2, replace=False))
    return redescription(
        own, query(partner.view, names, generator.random()), masks, log10_p=-3.0
    )


def family(redescriptions: Sequence[Redescription]) -> RedescriptionSet:
    """A set with a report on each target that occurs."""
    names = sorted({r.attribute for r in redescriptions})
    reports = tuple(
        TargetReport("x", a, f"x:{a}", TargetState.DESCRIBED, "", 2, 0.5, None, 10)
        for a in names
    )
    n_entities = redescriptions[0].supports[0].n_entities if redescriptions else 0
    views = ("x", "y", "z")
    return RedescriptionSet(tuple(redescriptions), reports, views, n_entities, 0.1, 0.5)


def random_row(seed: int) -> str:
    """A row of random weights, in any order; some are not named, the Jaccard always is."""
    generator = np.random.default_rng([seed, 2])
    names = set(generator.choice(Weights._fields, generator.integers(0, 7))) | {"jaccard"}
    named = generator.permutation(sorted(names)).tolist()
    return ", ".join(f"{name} = {generator.uniform(0.01, 1):.3f}" for name in named)


def random_params(seed: int, **options: object) -> SelectParams:
    """Random weights, some of them 0."""
    generator = np.random.default_rng([seed, 1])
    weights = generator.random(len(Weights._fields)) * (generator.random(7) < 0.8)
    weights[0] = max(weights[0], 0.1)
    names = [f"weight_{name}" for name in Weights._fields]
    named = dict(zip(names, weights.tolist(), strict=True))
    return SelectParams(**(named | options))
