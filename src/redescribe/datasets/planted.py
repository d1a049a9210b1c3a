"""Data sets in which redescriptions are planted, so that a search can be asked for them."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import product
from typing import TYPE_CHECKING, Annotated

import numpy as np
from annotated_types import Interval as Bounds
from annotated_types import doc

from redescribe._validation import Count, OpenShare, PositiveCount, check_bounds, choose
from redescribe.core.dataset import Dataset
from redescribe.core.entities import SplitParams
from redescribe.core.query import Conjunction, Interval, Query
from redescribe.core.redescription import Kind
from redescribe.core.view import View
from redescribe.errors import ParameterError

if TYPE_CHECKING:
    from redescribe._typing import Floats, Ints, Mask

_GAP = 1.0


class TargetValues(StrEnum):
    """How the values of the target look on both sides of its planted literal.

    Attributes
    ----------
    SEPARATED
        0 where the literal is false, 1 + |z| where it is true, z standard normal: two
        states with a gap between them.
    RECTIFIED
        0 and |z|: a rectified unit, with activations down to 0.
    NORMAL
        z, cut at a quantile: nothing in the values shows where.
    """

    SEPARATED = "separated"
    RECTIFIED = "rectified"
    NORMAL = "normal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """The form of the planted query of one view.

    Raises
    ------
    ParameterError
        If there are too few literals for the form: a disjunction needs two, a negated term
        two of its own (NOT of one bound is a bound).

    Examples
    --------
    >>> Side(length=3, disjunction=True).term_lengths
    (1, 2)
    """

    length: Annotated[int, Bounds(ge=1, le=8), doc("literals, of distinct attributes")] = 1
    disjunction: Annotated[bool, doc("two conjunctions, joined by OR")] = False
    negation: Annotated[bool, doc("the last conjunction is negated")] = False

    def __post_init__(self) -> None:
        check_bounds(self)
        fewest = 1 + self.disjunction + self.negation
        if self.length < fewest:
            form = " and ".join(
                name for name in ("disjunction", "negation") if getattr(self, name)
            )
            em = (
                f"A planted side with {form} needs at least {fewest} literals. Got "
                f"length={self.length} instead."
            )
            raise ParameterError(em)

    @property
    def term_lengths(self) -> tuple[int, ...]:
        """Literals of each conjunction."""
        if not self.disjunction:
            return (self.length,)
        return (self.length // 2, self.length - self.length // 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantParams:
    """What is planted, in how much noise.

    >>> PlantParams(partner=Side(length=4), noise=0.05).noise
    0.05
    """

    own: Annotated[
        Side, doc("query of the target's view; its first literal is on the target")
    ] = field(default_factory=Side)
    partner: Annotated[Side, doc("query of each other view")] = field(
        default_factory=lambda: Side(length=2)
    )
    n_entities: Annotated[int, Bounds(ge=20), doc("entities")] = 500
    n_attributes: Annotated[PositiveCount, doc("attributes of each view")] = 10
    n_views: Annotated[int, Bounds(ge=2), doc("the target's view and its partners")] = 2
    share: Annotated[
        float, Bounds(gt=0, lt=1), doc("share of the entities that are in the planted set")
    ] = 0.3
    target: Annotated[TargetValues, doc("how the values of the target look")] = (
        TargetValues.SEPARATED
    )
    noise: Annotated[
        OpenShare, doc("share of the entities that change sides, each in one view")
    ] = 0.0
    missing: Annotated[OpenShare, doc("share of the cells of each view without value")] = (
        0.0
    )
    seed: Annotated[Count, doc("seed of the data and of the split")] = 0

    def __post_init__(self) -> None:
        chosen = choose(TargetValues, self.target, parameter="target")
        object.__setattr__(self, "target", chosen)
        check_bounds(self)
        longest = max(self.own.length, self.partner.length)
        if longest > self.n_attributes:
            em = (
                f"A planted query of {longest} literals needs as many attributes in its "
                f"view. Got n_attributes={self.n_attributes} instead."
            )
            raise ParameterError(em)


@dataclass(frozen=True, slots=True, eq=False)
class Planted:
    """A dataset and the redescription that was planted in it.

    Attributes
    ----------
    params
        What it was made with.
    dataset
        Views `own`, `partner`, `partner2`, …: numeric, float64, with the default hold-out.
    queries
        The planted query of each view, in the order of the views.
    truth
        ndarray of bool, shape (n_entities,): the planted set, before noise and missing
        values.
    """

    params: PlantParams
    dataset: Dataset
    queries: tuple[Query, ...]
    truth: Mask

    @property
    def target(self) -> str:
        """The target as `MineParams.targets` takes it: `own:ATTRIBUTE`."""
        return f"{self.queries[0].view}:{self.queries[0].attributes[0]}"

    @property
    def kind(self) -> Kind:
        """Individual where the target is alone in its view's query, else interaction."""
        return Kind.INDIVIDUAL if len(self.queries[0]) == 1 else Kind.INTERACTION


def plant(params: PlantParams | None = None) -> Planted:
    """Return a dataset in which one redescription holds by construction.

    A random set of entities is drawn. In each view some attributes, at random positions,
    are made so that the planted query holds on exactly this set; all other attributes are
    independent standard normal noise.

    - *Noise*: the given share of the entities change sides, each in one random view, and
      the query of that view holds on the set so changed.
    - *A conjunction* that holds on a share s of the entities is made like one of n
      independent literals, each true on a share s^(1/n): every combination of false
      literals occurs as often as there. So no literal is idle: without one, a conjunction
      agrees with its set with a Jaccard of s^(1/n) only.
    - *A disjunction* holds by its first conjunction on one half of the set and by its
      second one on the other. *A negated* conjunction is false on its part of the set.
    - *Values* are standard normal draws, shifted so that each planted cut is at 0: which
      side of it satisfies the literal is random, and no gap shows where it is. Only the
      target has the values that `params.target` says.
    - *Missing values* are struck out last, at random, the target's as others'.

    The same seed gives the same planted set and attributes whatever the noise and the
    missing values are.

    Parameters
    ----------
    params
        Form, size, noise.

    Raises
    ------
    ParameterError
        If there are too few entities for every literal to exclude one on its own.

    Examples
    --------
    >>> planted = plant(PlantParams(partner=Side(length=2), seed=1))
    >>> print(*planted.queries, sep="   ")
    x1 > 0   x6 > 0 AND x9 <= 0
    >>> own, partner = planted.queries
    >>> len(own.on(planted.dataset.view("own"))), int(planted.truth.sum())
    (150, 150)
    """
    params = params or PlantParams()
    streams = np.random.SeedSequence(params.seed).spawn(3 + params.n_views)
    drawing, noise, gaps, *of_views = map(np.random.default_rng, streams)
    truth = _drawn(params.n_entities, params.share, drawing)
    views, queries = [], []
    for number, held in enumerate(_with_noise(truth, params, noise)):
        values, query = _planted_values(number, held, params, of_views[number])
        values.flat[np.flatnonzero(_drawn(values.size, params.missing, gaps))] = np.nan
        views.append(View.of(query.view, values.T))
        queries.append(query)
    dataset = Dataset.of(views, SplitParams(seed=params.seed))
    return Planted(params, dataset, tuple(queries), truth)


def _drawn(n: int, share: float, rng: np.random.Generator) -> Mask:
    """A share of n things, at random: exactly so many."""
    mask = np.zeros(n, np.bool_)
    mask[rng.choice(n, round(share * n), replace=False)] = True
    return mask


def _with_noise(
    truth: Mask, params: PlantParams, rng: np.random.Generator
) -> tuple[Mask, ...]:
    """The set on which the query of each view holds."""
    changed = _drawn(truth.size, params.noise, rng)
    where = rng.integers(params.n_views, size=truth.size)
    return tuple(truth ^ (changed & (where == view)) for view in range(params.n_views))


def _planted_values(
    number: int, held: Mask, params: PlantParams, rng: np.random.Generator
) -> tuple[Floats, Query]:
    """Values, (n_attributes, n_entities), of a view and its query, which holds on a set."""
    side = params.partner if number else params.own
    rows = rng.choice(params.n_attributes, side.length, replace=False).tolist()
    values = rng.normal(size=(params.n_attributes, held.size))
    parts = rng.permutation(np.arange(held.size) % len(side.term_lengths))
    terms: list[Conjunction] = []
    literals: list[Interval] = []
    for part, length in enumerate(side.term_lengths):
        holds = held & (parts == part)
        negated = side.negation and part == len(side.term_lengths) - 1
        for satisfied in _literal_masks(~holds if negated else holds, length, rng):
            row = rows[len(literals)]
            is_target = not number and not literals
            if is_target and params.target is not TargetValues.NORMAL:
                gap = _GAP if params.target is TargetValues.SEPARATED else 0.0
                values[row] = np.where(satisfied, gap + np.abs(values[row]), 0.0)
                literals.append(Interval(f"x{row}", low=0.0))
                continue
            above = is_target or bool(rng.random() < 0.5)
            high = satisfied if above else ~satisfied
            values[row] = _cut_at_zero(high, values[row], rng)
            bounds = (0.0, math.inf) if above else (-math.inf, 0.0)
            literals.append(Interval(f"x{row}", *bounds))
        terms.append(Conjunction(tuple(literals[-length:]), negated))
    name = f"partner{number if number > 1 else ''}" if number else "own"
    return values, Query(name, tuple(terms))


def _literal_masks(holds: Mask, length: int, rng: np.random.Generator) -> Mask:
    """Where each literal of a conjunction is true, (length, n_entities)."""
    outside = rng.permutation(np.flatnonzero(~holds))
    patterns = np.array(list(product((False, True), repeat=length))[1:])
    n_false = patterns.sum(axis=1)
    p = holds.mean() ** (1 / length)
    weights = p ** (length - n_false) * (1 - p) ** n_false
    total = weights.sum() or 1.0  # 0 where the conjunction holds everywhere
    ends = np.rint(np.cumsum(weights) / total * outside.size)
    counts: Ints = np.diff(ends, prepend=0).astype(np.int64)
    if not holds.any() or (counts[n_false == 1] < 1).any():
        em = (
            f"A planted conjunction of {length} literals on {int(holds.sum())} of "
            f"{holds.size} entities leaves a literal without work. Raise n_entities, or "
            "bring share nearer to 0.5."
        )
        raise ParameterError(em)
    satisfied = np.ones((length, holds.size), np.bool_)
    satisfied[:, outside] = ~np.repeat(patterns, counts, axis=0).T
    return satisfied


def _cut_at_zero(high: Mask, draws: Floats, rng: np.random.Generator) -> Floats:
    """The draws, dealt out anew and shifted: above 0 exactly where `high`."""
    n_low = high.size - int(high.sum())
    ascending = np.sort(draws)
    ascending -= ascending[n_low - 1 : n_low + 1].mean()
    values = np.empty_like(draws)
    values[~high] = rng.permutation(ascending[:n_low])
    values[high] = rng.permutation(ascending[n_low:])
    return values
