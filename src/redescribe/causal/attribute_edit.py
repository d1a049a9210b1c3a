"""Move an input attribute across the bound of a literal; see if the unit follows."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from redescribe._validation import choose
from redescribe.capture.network import Side
from redescribe.causal import controls
from redescribe.causal.ablation import network_view
from redescribe.causal.effects import contrast_intervals, evidence_of, judged
from redescribe.causal.forward import running
from redescribe.causal.interventions import REDUCERS
from redescribe.causal.params import CausalParams
from redescribe.causal.ranges import described_units
from redescribe.causal.replacement import Replacement, place_of
from redescribe.core.effect import Check, Controls, Effect
from redescribe.core.entities import units_of
from redescribe.core.query import Interval, Query
from redescribe.errors import ParameterError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import torch
    from torch.nn import Module

    from redescribe._typing import Floats, Ints, Mask
    from redescribe.causal.ranges import DescribedUnit
    from redescribe.core.assessed import Finding
    from redescribe.core.dataset import Dataset
    from redescribe.core.effect import Effects

    ToInput = Callable[[Floats], Any]

_SIGNS, _OTHERS = 14, 15
"""First parts of spawn keys."""


def edit_attributes(  # noqa: PLR0913 - the public door: every choice has a name and a default
    model: Module,
    findings: Iterable[Finding],
    dataset: Dataset,
    attributes: str,
    *,
    to_input: ToInput | None = None,
    view: str = "",
    side: Side | str = Side.OUTPUT,
    top: int | None = None,
    params: CausalParams | None = None,
    device: torch.device | str | None = None,
) -> Effects:
    """Edit inputs across the bounds of partner rules and count how often the unit follows.

    For each literal of a finding on a numeric input attribute, the value of each tested
    entity is moved to the nearest one on the other side of the literal that was observed on
    the mining part; all other attributes stay. Entities count for which the rule and the
    range of the unit agree before, and the rule changes by the edit. The unit follows where
    its activation then enters or leaves its own range with the rule.

    Control edits move other numeric attributes, which the rule does not name, by as many
    ranks among the observed values; back where that would leave them. The effect is the
    share of edits that the unit follows less that of the control edits of the same
    entities. Its p-value comes from random signs of these differences, one sign per entity
    or group.

    Parameters
    ----------
    model, findings, dataset, view, side, top, params, device
        As in `redescribe.causal.ablation.intervene`.
    attributes
        The view that the model's inputs are made of.
    to_input
        Makes the model's input from values, float64 of shape (n, n_attributes) in the order
        of the view: for instance standardises and casts them. Without it they are passed as
        they are.

    Returns
    -------
    Effects
        One per finding and literal; `inside` is the share that follows, `outside` that of
        control edits.

    Raises
    ------
    ParameterError, UnknownNameError
        If there is no such view or layer, or no finding relates units to it by a literal on
        a number.
    CaptureError
        If the network gives other activations than those of the view.

    References
    ----------
    Specification of redescription mining, section 10.
    """
    params = params or CausalParams()
    name = network_view(dataset, view)
    source = dataset.view(attributes)
    units = [
        unit
        for unit in described_units(findings, name, None)
        if unit.redescription.query(attributes) is not None
    ][:top]
    as_input = to_input or _as_they_are
    chosen_side = choose(Side, side, parameter="side")
    values = source.values.T.astype(np.float64)
    inputs = as_input(values)
    with running(model, inputs, batch_size=params.batch_size, device=device) as forward:
        network = Replacement(forward, dataset, name, chosen_side, Check.ZERO, params.seed)
        network.check_activations(units)
        editor = _Editor(network, attributes, as_input, params)
        drafts = [draft for unit in units for draft in editor.drafts(unit)]
    if not drafts:
        em = (
            f"No finding describes units of {name!r} by a bound on a number of "
            f"{attributes!r}. Name the view of the model's inputs."
        )
        raise ParameterError(em)
    part = dataset.hold_out_part if dataset.split.held_out.size else dataset
    intervals = contrast_intervals(
        [draft.differences for draft in drafts],
        [draft.sides for draft in drafts],
        part,
        params.seed,
    )
    effects = [
        draft.effect
        if draft.effect.effect is None or ends is None
        else replace(draft.effect, effect_low=ends[0], effect_high=ends[1])
        for draft, ends in zip(drafts, intervals, strict=True)
    ]
    return judged(effects, evidence_of(dataset, params))


@dataclass(frozen=True, slots=True, eq=False)
class Moves:
    """Where a literal sends the values of an attribute.

    Attributes
    ----------
    values
        The nearest observed values on the other side; the same where there is none.
    steps
        By how many ranks of the observed values they moved.
    """

    values: Floats
    steps: Ints


def moves_across(literal: Interval, values: Floats, observed: Floats) -> Moves:
    """Return the nearest observed values on the other side of a literal.

    Parameters
    ----------
    literal
        On the attribute.
    values
        ndarray of float64, shape (n,).
    observed
        ndarray of float64, shape (m,), sorted, without NaN: values of the mining part, each
        as often as it was observed.

    Examples
    --------
    >>> moves_across(Interval("a", 2.0), np.array([1.0, 5.0]), np.array([1.0, 2, 3, 4]))
    Moves(values=array([3., 2.]), steps=array([ 2, -3]))
    """
    holds = _within(literal, observed)
    inside = _within(literal, values)
    moved = values.copy()
    for side, goals in ((inside, observed[~holds]), (~inside, observed[holds])):
        rows = np.flatnonzero(side & ~np.isnan(values))
        if goals.size and rows.size:
            moved[rows] = _nearest(goals, values[rows])
    return Moves(moved, _ranks(observed, moved) - _ranks(observed, values))


def stepped(values: Floats, observed: Floats, steps: Ints) -> Floats:
    """Return values moved by ranks of the observed ones; back where they would leave.

    >>> observed = np.array([1.0, 2.0, 3.0, 4.0])
    >>> stepped(np.array([1.0, 4.0]), observed, np.array([2, 2]))
    array([3., 2.])
    """
    ranks = _ranks(observed, values)
    there, back = ranks + steps, ranks - steps
    inside = (there >= 0) & (there < observed.size)
    new = np.clip(np.where(inside, there, back), 0, observed.size - 1)
    return np.where(np.isnan(values), values, observed[new])


@dataclass(frozen=True, slots=True, eq=False)
class _EditDraft:
    effect: Effect
    differences: Floats
    sides: Floats


@dataclass(frozen=True, slots=True, eq=False)
class _Editor:
    network: Replacement
    attributes: str
    to_input: ToInput
    params: CausalParams

    def drafts(self, unit: DescribedUnit) -> Iterator[_EditDraft]:
        """One for each literal on a number; those of no other kind can be edited."""
        query = unit.redescription.query(self.attributes)
        if query is None or unit.neuron.reducer not in REDUCERS:
            return
        for literal in dict.fromkeys(query.literals):
            if isinstance(literal, Interval):
                yield self._draft(unit, query, literal)

    def _draft(self, unit: DescribedUnit, query: Query, literal: Interval) -> _EditDraft:
        dataset, tested = self.network.dataset, self.network.tested
        view = dataset.view(self.attributes)
        whole = view.values.T.astype(np.float64)[tested]
        column = view.position(literal.attribute)
        moves = moves_across(literal, whole[:, column], self._observed(column))
        edited = whole.copy()
        edited[:, column] = moves.values
        before, after = self._holds(query, whole), self._holds(query, edited)
        agrees = self._range(unit, tested, whole) == before
        rows = np.flatnonzero(agrees & (before != after))
        follows = np.zeros(tested.size)
        others = self._others(unit, query)
        shares = np.zeros((len(others), tested.size))
        if rows.size:
            own = before[rows]
            follows[rows] = self._range(unit, tested[rows], edited[rows]) != own
            for number, other in enumerate(others):
                control = whole[rows].copy()
                observed = self._observed(other)
                control[:, other] = stepped(control[:, other], observed, moves.steps[rows])
                shares[number, rows] = self._range(unit, tested[rows], control) != own
        return self._effect(unit, literal, rows, (follows, shares))

    def _effect(
        self,
        unit: DescribedUnit,
        literal: Interval,
        rows: Ints,
        flips: tuple[Floats, Floats],
    ) -> _EditDraft:
        """What flips of the unit by own and by control edits say."""
        follows, shares = flips
        sides = np.zeros((2, follows.size))
        sides[0, rows] = 1.0
        # Without another attribute there is nothing to compare with: not testable.
        known = rows.size > 0 and len(shares) > 0
        differences = follows - shares.mean(axis=0) if known else follows
        effect = float(differences[rows].mean()) if known else None
        p_value, compared = 1.0, Controls(len(shares), None, None)
        if effect is not None:
            p_value = self._p(unit, literal, differences)
            share = float(follows[rows].mean())
            compared = controls.against_controls(
                share, shares[:, rows].mean(axis=1).tolist()
            )
        found = Effect(
            id=unit.finding.id,
            key=unit.redescription.key,
            view=self.network.view,
            target=unit.redescription.target,
            check=Check.EDIT,
            about=str(literal),
            n_inside=rows.size,
            n_outside=rows.size * len(shares),
            inside=float(follows[rows].mean()) if rows.size else None,
            outside=float(shares[:, rows].mean()) if known else None,
            effect=effect,
            effect_low=None,
            effect_high=None,
            effect_size=effect,
            p_value=p_value,
            q_value=1.0,
            n_permutations=self.params.permutations,
            within="",
            controls=compared,
            in_range=None,
        )
        return _EditDraft(found, differences, sides)

    def _p(self, unit: DescribedUnit, literal: Interval, differences: Floats) -> float:
        """Two-sided p-value of the sum of differences under random signs of groups."""
        groups = units_of(self.network.dataset.entities.take(self.network.tested))
        sums = np.array([differences[group].sum() for group in groups])
        text = f"{unit.redescription.key} {literal}".encode()
        part = int.from_bytes(hashlib.sha256(text).digest()[:4], "big")
        seed = np.random.SeedSequence(self.params.seed, spawn_key=(_SIGNS, part))
        return controls.sign_p(
            sums[sums != 0], n_permutations=self.params.permutations, seed=seed
        )

    def _others(self, unit: DescribedUnit, query: Query) -> list[int]:
        """Numeric attributes that the rule does not name and that vary: a seeded sample."""
        mined = self.network.dataset.mining_part.view(self.attributes)
        free = [
            i
            for i, attribute in enumerate(mined.attributes)
            if attribute.is_numeric
            and attribute.name not in query.attributes
            and np.nanmin(mined.values[i]) < np.nanmax(mined.values[i])
        ]
        key = int(unit.redescription.key, 16)
        parts = (_OTHERS, key >> 32, key & 0xFFFFFFFF)
        seed = np.random.SeedSequence(self.params.seed, spawn_key=parts)
        n_drawn = min(len(free), self.params.controls)
        drawn = np.random.default_rng(seed).permutation(len(free))[:n_drawn]
        return [free[i] for i in sorted(drawn.tolist())]

    def _observed(self, column: int) -> Floats:
        """The known values of an attribute on the mining part, sorted."""
        row = self.network.dataset.mining_part.view(self.attributes).values[column]
        return np.sort(row[~np.isnan(row)]).astype(np.float64)

    def _holds(self, query: Query, values: Floats) -> Mask:
        view = self.network.dataset.view(self.attributes)
        positions = self.network.tested
        return query.on(replace(view.take(positions), values=values.T)).mask

    def _range(self, unit: DescribedUnit, positions: Ints, values: Floats) -> Mask:
        """Whether the unit lies in its range when the network sees these values."""
        forward = self.network.forward.with_inputs(self.to_input(values))
        at = place_of(unit.neuron, self.network.side)
        return unit.holds(forward.values(np.arange(positions.size), at)[:, 0])


def _as_they_are(values: Floats) -> Floats:
    return values


def _within(literal: Interval, values: Floats) -> Mask:
    above = values >= literal.low if literal.low_closed else values > literal.low
    below = values <= literal.high if literal.high_closed else values < literal.high
    inside: Mask = above & below
    return inside


def _nearest(goals: Floats, values: Floats) -> Floats:
    """The nearest goal of each value; goals are sorted, ties go down."""
    place = np.searchsorted(goals, values)
    low, high = goals[np.maximum(place - 1, 0)], goals[np.minimum(place, goals.size - 1)]
    return np.where(np.abs(values - low) <= np.abs(high - values), low, high)


def _ranks(observed: Floats, values: Floats) -> Ints:
    """The rank of each value: how many observed ones are smaller."""
    return np.searchsorted(observed, values).astype(np.int64)
