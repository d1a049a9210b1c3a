"""Columns of a view of attributes: values, on or off, scaled, and positions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from redescribe._validation import choose
from redescribe.discretize.two_bin import two_bin_splits
from redescribe.errors import ParameterError
from redescribe.flint.evaluation import Evaluation, evaluate
from redescribe.flint.interpret import check_tau, relevance_of
from redescribe.flint.learned_view import Kind
from redescribe.flint.params import Task
from redescribe.flint.positions import AXES, OFF, Position, positions
from redescribe.flint.thresholds import otsu

if TYPE_CHECKING:
    from redescribe._typing import Floats, Ints, Mask
    from redescribe.flint.batches import Data
    from redescribe.flint.model import FLINT

QUANTILE = 0.75
TOP = 0.99
SCALED = "scaled"
NEARLY = 1e-3
"""A column whose range is below this share of its largest value is nearly constant."""


class Binarise(StrEnum):
    """Where the threshold lies above which an attribute is on."""

    OTSU = "otsu"
    TWO_BIN = "two_bin"
    QUANTILE = "quantile"
    POSITIVE = "positive"
    RELEVANCE = "relevance"


class Scale(StrEnum):
    """What becomes 1 where an attribute is scaled."""

    MAX = "max"
    P99 = "p99"


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnParams:
    """Which columns a view of a FLINT has; as in `redescribe.flint.to_view`.

    Parameters
    ----------
    kind, binarise, tau, scale, keep_raw, positions
        As there.

    Raises
    ------
    ParameterError, UnknownNameError
        If there is no such option, or one would do nothing beside the others.

    Examples
    --------
    >>> ColumnParams(scale="max").scale
    <Scale.MAX: 'max'>
    """

    kind: Kind = Kind.ATTRIBUTES
    binarise: Binarise | None = None
    tau: float = 2.0
    scale: Scale | None = None
    keep_raw: bool = False
    positions: Position | None = None

    def __post_init__(self) -> None:
        check_tau(self.tau)
        kind = choose(Kind, self.kind, parameter="kind of view")
        object.__setattr__(self, "kind", kind)
        options: tuple[tuple[str, type[StrEnum]], ...] = (
            ("binarise", Binarise),
            ("scale", Scale),
            ("positions", Position),
        )
        for name, each in options:
            value = getattr(self, name)
            if value is None:
                continue
            object.__setattr__(self, name, choose(each, value, parameter=name))
            if kind in {Kind.NEURONS, Kind.PREDICTIONS}:
                em = f"{name} is of attributes, not of {kind.value}. Leave it out."
                raise ParameterError(em)
        numbers = kind is Kind.ATTRIBUTES and self.binarise is None
        if self.scale is not None and not numbers:
            what = kind.value if self.binarise is None else "columns that are on or off"
            em = f"scale is of the numbers of attributes, not of {what}. Leave it out."
            raise ParameterError(em)
        if self.keep_raw and self.scale is None:
            em = "keep_raw keeps columns beside scaled ones. Give scale, or leave it out."
            raise ParameterError(em)


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Columns of a view, and what each says of which attribute.

    Attributes
    ----------
    values
        ndarray of float64, shape (n_columns, n).
    numbers, aspects, thresholds, scales
        One per column, as in `LearnedRecord`.
    """

    values: Floats
    numbers: Ints
    aspects: tuple[str, ...]
    thresholds: Floats
    scales: Floats

    @classmethod
    def of(
        cls,
        values: Floats,
        thresholds: Floats | None = None,
        scales: Floats | None = None,
        *,
        aspect: str = "",
    ) -> Columns:
        """Return one column per attribute, of values of shape (n, J)."""
        n = values.shape[1]
        return cls(
            np.ascontiguousarray(values.T),
            np.arange(n),
            (aspect,) * n,
            np.full(n, np.nan) if thresholds is None else thresholds,
            np.ones(n) if scales is None else scales,
        )

    @staticmethod
    def beside(several: list[Columns]) -> Columns:
        """Return columns of several kinds, attribute by attribute."""
        numbers = np.concatenate([one.numbers for one in several])
        order = np.argsort(numbers, kind="stable")
        aspects = [aspect for one in several for aspect in one.aspects]
        return Columns(
            np.concatenate([one.values for one in several])[order],
            numbers[order],
            tuple(aspects[i] for i in order.tolist()),
            np.concatenate([one.thresholds for one in several])[order],
            np.concatenate([one.scales for one in several])[order],
        )

    def where(self, kept: Mask) -> Columns:
        """Return some of the columns."""
        rows = np.flatnonzero(kept)
        return Columns(
            self.values[rows],
            self.numbers[rows],
            tuple(self.aspects[i] for i in rows.tolist()),
            self.thresholds[rows],
            self.scales[rows],
        )

    def changing(self) -> Mask:
        """Return which columns are more than nearly constant, where they are known."""
        known = ~np.isnan(self.values)
        low = np.where(known, self.values, np.inf).min(axis=1)
        high = np.where(known, self.values, -np.inf).max(axis=1)
        size = np.maximum(np.abs(low), np.abs(high))
        some = known.any(axis=1)
        width = np.subtract(high, low, out=np.zeros(len(low)), where=some)
        changing: Mask = some & (width > 0) & (width >= NEARLY * size)
        return changing


def attribute_columns(
    flint: FLINT,
    data: Data,
    evaluation: Evaluation,
    params: ColumnParams,
    *,
    scale_from: Data = None,
) -> Columns:
    """Return all columns of a view of attributes or relevances, dead ones too.

    Parameters
    ----------
    flint, data
        As in `redescribe.flint.to_view`.
    evaluation
        Of these data.
    params
        Which columns.
    scale_from
        Data on which scales are measured; None: the same.

    Raises
    ------
    ParameterError
        If positions are asked for and the attributes are not spatial.
    """
    columns = _values(evaluation, params)
    several = [columns]
    if params.scale is not None:
        reference = evaluation if scale_from is None else evaluate(flint, scale_from)
        scaled = _scaled(columns, reference, params.scale)
        several = [scaled, columns] if params.keep_raw else [scaled]
    if params.positions is not None:
        found = positions(flint, data, how=params.positions)
        if params.binarise is not None:  # only where attributes are on
            found = np.where(columns.values.T[:, :, None] > 0, found, np.nan)
        axes = AXES[found.shape[2]]
        several += [Columns.of(found[..., i], aspect=name) for i, name in enumerate(axes)]
    return Columns.beside(several)


def _values(evaluation: Evaluation, params: ColumnParams) -> Columns:
    """Values of all attributes, or whether they are on."""
    positive = np.maximum(evaluation.attributes, 0)
    values = positive if params.kind is Kind.ATTRIBUTES else relevances(evaluation)
    how = params.binarise
    if how is None:
        return Columns.of(values)
    if how is Binarise.RELEVANCE:
        values = relevances(evaluation)
        thresholds = np.full(values.shape[1], 1 / params.tau)
    elif how is Binarise.POSITIVE:
        thresholds = np.zeros(values.shape[1])
    elif how is Binarise.QUANTILE:
        thresholds = np.quantile(values, QUANTILE, axis=0)
    else:
        cut = otsu if how is Binarise.OTSU else _two_bin
        thresholds = np.array([cut(column) for column in values.T])
    return Columns.of((values > thresholds).astype(np.float64), thresholds)


def _scaled(columns: Columns, reference: Evaluation, how: Scale) -> Columns:
    """The same divided by maximum or percentile; by 1 where an attribute is dead there."""
    positive = np.maximum(reference.attributes, 0)
    found = positive.max(axis=0) if how is Scale.MAX else np.quantile(positive, TOP, axis=0)
    scales = np.where(found >= OFF, found, 1.0)
    return Columns.of(columns.values.T / scales, None, scales, aspect=SCALED)


def relevances(evaluation: Evaluation) -> Floats:
    """Return r of each attribute for what is predicted, shape (n, J).

    Of several labels or values, that for which the attribute counts most; where g predicts
    no label, nothing counts.

    >>> from torch import nn
    >>> from redescribe.flint import FLINT
    >>> net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))
    >>> relevances(evaluate(FLINT(net, ["1"], 5, 3), np.eye(4))).shape
    (4, 5)
    """
    n_values = evaluation.logits_g.shape[1]
    if evaluation.task is Task.MULTILABEL:
        each = relevance_of(evaluation)
        largest: Floats = np.nan_to_num(each, nan=-np.inf).max(axis=2).clip(min=0)
        return largest
    if evaluation.task is Task.REGRESSION and n_values > 1:
        several = [relevance_of(evaluation, cls=c) for c in range(n_values)]
        stacked = np.stack(several, axis=2)
        strongest = np.abs(stacked).argmax(axis=2)[..., None]
        taken: Floats = np.take_along_axis(stacked, strongest, axis=2)[..., 0]
        return taken
    return relevance_of(evaluation)


def _two_bin(column: Floats) -> float:
    """The split point of two_bin; the value itself where all are equal."""
    splits = two_bin_splits(np.sort(column))
    return float(splits[0]) if splits.size else float(column[0])
