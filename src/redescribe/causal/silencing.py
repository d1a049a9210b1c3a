"""One unit silenced: its effect, beside permutations, random ranges and matched units."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce
from operator import and_
from typing import TYPE_CHECKING

import numpy as np

from redescribe.causal import controls
from redescribe.causal.params import PREDICTED
from redescribe.core.dataset import strata_of
from redescribe.core.effect import Check, Controls, Effect, RangeEffect
from redescribe.errors import ParameterError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from redescribe._typing import Floats, Ints, Mask
    from redescribe.causal.params import CausalParams
    from redescribe.causal.ranges import DescribedUnit
    from redescribe.causal.replacement import Replacement
    from redescribe.core.dataset import Dataset

_PERMUTING, _RANGES = 12, 13
"""First parts of spawn keys."""


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """An effect without its interval.

    Attributes
    ----------
    effect
        All that is known of it.
    changes
        Absolute change of the watched output of each tested entity.
    sides
        ndarray of float64, shape (2, n): which of them are inside, and outside.
    """

    effect: Effect
    changes: Floats
    sides: Floats


@dataclass(frozen=True, slots=True, eq=False)
class _Where:
    """Where the partner rule of a finding holds, among the tested entities.

    `inside` and `known` are Booleans; `strata` are the classes within which is permuted,
    and `within` their name.
    """

    inside: Mask
    known: Mask
    strata: Ints
    within: str

    def contrast(self, changes: Floats, members: Mask) -> float | None:
        chosen = members & self.known
        return controls.contrast(changes[chosen], self.inside[chosen])


@dataclass(frozen=True, slots=True, eq=False)
class Ablation:
    """Silences units of one network and compares its outputs; made by `of`.

    Attributes
    ----------
    replacement
        Runs the network with a unit replaced.
    params
        How to test.
    part
        The tested entities.
    outputs
        What the network gives for them, shape (n, n_outputs).
    watched
        The number of the output that is watched, for each of them.
    scale
        Standard deviation of the watched output.
    """

    replacement: Replacement
    params: CausalParams
    part: Dataset
    outputs: Floats
    watched: Ints
    scale: float

    @classmethod
    def of(cls, replacement: Replacement, params: CausalParams) -> Ablation:
        """Return what compares with the unchanged network.

        Raises
        ------
        ParameterError
            If the network has no such output.
        """
        dataset = replacement.dataset
        outputs = replacement.forward.outputs(replacement.tested)
        watched = _watched(outputs, params.output)
        spread = outputs.var(axis=0)
        if params.output != PREDICTED:
            spread = spread[watched[:1]]
        part = dataset.hold_out_part if dataset.split.held_out.size else dataset
        return cls(
            replacement, params, part, outputs, watched, float(np.sqrt(spread.mean()))
        )

    def draft(self, unit: DescribedUnit) -> Draft:
        """Return the effect of silencing a unit."""
        redescription, params = unit.redescription, self.params
        where = self._where(unit)
        outside = self.replacement.outside(unit)
        changed = self.replacement.outputs(unit.neuron, outside)
        changes = self._changes(changed)
        everything = np.ones(changes.size, np.bool_)
        effect = where.contrast(changes, everything)
        p_value = self._p(unit, changes, where, everything)
        sides = np.array([where.inside, ~where.inside & where.known], np.float64)
        signed = changed - self.outputs
        size = effect / self.scale if effect is not None and self.scale > 0 else None
        return Draft(
            Effect(
                id=unit.finding.id,
                key=redescription.key,
                view=self.replacement.view,
                target=redescription.target,
                check=params.how,
                about=params.output,
                n_inside=int(sides[0].sum()),
                n_outside=int(sides[1].sum()),
                inside=_mean(changes, sides[0]),
                outside=_mean(changes, sides[1]),
                effect=effect,
                effect_low=None,
                effect_high=None,
                effect_size=size,
                p_value=1.0 if p_value is None else p_value,
                q_value=1.0,
                n_permutations=params.permutations,
                within=where.within,
                controls=self._controls(unit, effect, where, outside),
                in_range=self._in_range(unit, changes, where),
                changes_inside=_means(signed, sides[0]),
                changes_outside=_means(signed, sides[1]),
            ),
            changes,
            sides,
        )

    def _where(self, unit: DescribedUnit) -> _Where:
        """Where the partner rules hold; strata that they are about divide nothing."""
        own = self.replacement.view
        partners = [q for q in unit.redescription.queries if q.view != own]
        support = reduce(and_, (q.on(self.part.view(q.view)) for q in partners))
        within = self.params.strata or self.part.split.params.stratify
        view, _, attribute = within.partition(":")
        if any(q.view == view and attribute in q.attributes for q in partners):
            within = ""
        strata = np.zeros(self.part.n_entities, np.int64)
        if within:
            labels = strata_of(self.part.views, within, parameter="strata")
            strata = np.unique(list(map(str, labels)), return_inverse=True)[1]
        return _Where(support.mask, ~support.unknown_mask, strata.astype(np.int64), within)

    def _p(
        self, unit: DescribedUnit, changes: Floats, where: _Where, members: Mask
    ) -> float | None:
        """The p-value of a contrast; None where one side is empty."""
        chosen = members & where.known
        inside = where.inside[chosen]
        if inside.all() or not inside.any():
            return None
        return controls.permutation_p(
            changes[chosen],
            inside,
            where.strata[chosen],
            n_permutations=self.params.permutations,
            seed=self._seed(_PERMUTING, unit),
        )

    def _changes(self, changed: Floats, rows: Mask | None = None) -> Floats:
        """Absolute change of the watched output, of all tested entities or of some."""
        chosen = np.arange(self.watched.size) if rows is None else np.flatnonzero(rows)
        watched = self.watched[chosen]
        before = self.outputs[chosen, watched]
        changes: Floats = np.abs(changed[np.arange(chosen.size), watched] - before)
        return changes

    def _controls(
        self, unit: DescribedUnit, effect: float | None, where: _Where, outside: Mask
    ) -> Controls:
        """The same with matched units: the same entities outside, the same partner rule."""
        if effect is None:
            return Controls(0, None, None)
        own = self.replacement
        mined = own.dataset.mining_part.view(own.view)
        n_controls = self.params.controls
        found = []
        for neuron in controls.matched_units(mined, str(unit.neuron), n_controls):
            changes = self._changes(own.outputs(neuron, outside))
            value = where.contrast(changes, where.known)
            if value is not None:
                found.append(value)
        return controls.against_controls(effect, found)

    def _in_range(self, unit: DescribedUnit, changes: Floats, where: _Where) -> RangeEffect:
        """The contrast among the entities in the range, beside those of random ranges."""
        values = self.part.view(self.replacement.view).column(str(unit.neuron))
        where = replace(where, known=where.known & ~np.isnan(values))
        members = unit.holds(values) & where.known
        effect = where.contrast(changes, members)
        random = []
        if effect is not None:
            random = list(self._random_effects(unit, changes, where, members))
        return RangeEffect(
            n_inside=int((members & where.inside).sum()),
            n_outside=int((members & ~where.inside).sum()),
            effect=effect,
            auc=controls.auc(changes[members], where.inside[members]),
            p_value=self._p(unit, changes, where, members),
            n_random=len(random),
            p_random=controls.against_controls(effect or 0.0, random).p_value,
        )

    def _random_effects(
        self, unit: DescribedUnit, changes: Floats, where: _Where, members: Mask
    ) -> Iterator[float]:
        """The contrast in random ranges of the unit with as many tested entities."""
        own, name = self.replacement, str(unit.neuron)
        places = np.flatnonzero(where.known)
        values = self.part.view(own.view).column(name)[places].astype(np.float64)
        mined = own.dataset.mining_part.view(own.view).column(name)
        seed, n_ranges = self._seed(_RANGES, unit), self.params.ranges
        ranges = controls.random_ranges(values, int(members.sum()), n_ranges, seed)
        for number, one in enumerate(ranges, start=1):
            rows = np.zeros(members.size, np.bool_)
            rows[places[one.members]] = True
            if own.how is not Check.ZERO:  # what is outside depends on the range
                outside = (mined < one.low) | (mined > one.high)
                if not outside.any():
                    continue
                changed = own.outputs(unit.neuron, outside, rows=rows, number=number)
                changes = changes.copy()
                changes[rows] = self._changes(changed, rows)
            value = where.contrast(changes, rows)
            if value is not None:
                yield value

    def _seed(self, purpose: int, unit: DescribedUnit) -> np.random.SeedSequence:
        """A seed that follows from the finding, not from the order of the work."""
        key = int(unit.redescription.key, 16)
        parts = (purpose, key >> 32, key & 0xFFFFFFFF)
        return np.random.SeedSequence(self.params.seed, spawn_key=parts)


def _watched(outputs: Floats, output: str) -> Ints:
    """The number of the watched output of each entity."""
    if output == PREDICTED:
        # Of one output both classes change alike: it is a logit and its negative.
        predicted: Ints = outputs.argmax(axis=1)
        return predicted
    if int(output) >= outputs.shape[1]:
        em = f"The network has {outputs.shape[1]} outputs, from 0. Got output={output!r}."
        raise ParameterError(em)
    return np.full(len(outputs), int(output), np.int64)


def _mean(values: Floats, weights: Floats) -> float | None:
    return float(values @ weights / weights.sum()) if weights.any() else None


def _means(changes: Floats, weights: Floats) -> tuple[float, ...]:
    if not weights.any():
        return ()
    return tuple((weights @ changes / weights.sum()).tolist())
