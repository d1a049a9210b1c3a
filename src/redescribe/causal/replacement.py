"""What a silenced unit becomes, from the mining part, and what the network then gives."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from redescribe.causal import interventions
from redescribe.causal.interventions import REDUCERS, Units
from redescribe.core.effect import Check
from redescribe.errors import CaptureError, ParameterError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from contextlib import AbstractContextManager

    from redescribe._typing import Floats, Ints, Mask
    from redescribe.capture.network import Side
    from redescribe.causal.forward import Forward
    from redescribe.causal.ranges import DescribedUnit
    from redescribe.core.dataset import Dataset
    from redescribe.core.neuron import NeuronId

_DONORS = 11
"""First part of the spawn key of donors."""
_TOLERANCE = 0.02
"""Share of the spread of a unit by which recomputed activations may differ on average."""


def place_of(neuron: NeuronId, side: Side) -> Units:
    """Return where a unit is; reducers that ranges do not know are left out.

    >>> from redescribe.capture.network import Side
    >>> from redescribe.core.neuron import NeuronId
    >>> place_of(NeuronId("conv", 3, reducer="max"), Side.OUTPUT).reducer
    'max'
    """
    reducer = neuron.reducer if neuron.reducer in REDUCERS else ""
    return Units(neuron.layer, (neuron.unit,), side, reducer=reducer)


@dataclass(frozen=True, slots=True, eq=False)
class Replacement:
    """Runs a network with one unit replaced; constants come from the mining part.

    Attributes
    ----------
    forward
        The network.
    dataset, view
        What it was explained with, and which view is its own.
    side
        The side of the layers that was captured.
    how
        Zero, mean or resample.
    seed
        Of the donors.
    """

    forward: Forward
    dataset: Dataset
    view: str
    side: Side
    how: Check
    seed: int
    _means: dict[NeuronId, Floats] = field(init=False, default_factory=dict)

    @property
    def tested(self) -> Ints:
        """Positions of the held-out entities; of all where nothing is held out."""
        split = self.dataset.split
        return split.held_out if split.held_out.size else split.mined

    def outputs(
        self,
        neuron: NeuronId,
        outside: Mask,
        *,
        rows: Mask | None = None,
        number: int = 0,
    ) -> Floats:
        """Return the outputs of the tested entities with a unit replaced.

        Parameters
        ----------
        neuron
            The unit.
        outside
            The mined entities whose activations may take its place.
        rows
            Which of the tested entities; None is all.
        number
            Of the draw of donors.

        Raises
        ------
        ParameterError
            If there is no entity outside.
        """
        positions = self.tested if rows is None else self.tested[rows]
        change = self._change(neuron, outside, positions.size, number)
        return self.forward.outputs(positions, change)

    def outside(self, unit: DescribedUnit) -> Mask:
        """Return the mined entities whose unit lies outside of its described range."""
        values = self.dataset.mining_part.view(self.view).column(str(unit.neuron))
        return ~unit.holds(values) & ~np.isnan(values)

    def check_activations(self, units: Iterable[DescribedUnit]) -> None:
        """Compare activations of the tested entities with those of the view.

        Raises
        ------
        CaptureError
            If they differ: another model, other inputs, or another order.
        """
        view = self.dataset.view(self.view)
        for neuron in dict.fromkeys(unit.neuron for unit in units):
            if neuron.reducer not in REDUCERS:
                continue
            stored = view.column(str(neuron))[self.tested].astype(np.float64)
            at = place_of(neuron, self.side)
            values = self.forward.values(self.tested, at)[:, 0]
            spread = np.nanmean(np.abs(stored - np.nanmean(stored)))
            difference = np.nanmean(np.abs(values - stored))
            if difference > _TOLERANCE * spread + 1e-6:
                em = (
                    f"The model gives other activations of {str(neuron)!r} than the view "
                    f"{self.view!r}: they differ by {difference:.3g} on average, and "
                    f"entities by {spread:.3g}. Give the model of that view, and one input "
                    "per entity of the run, in its order."
                )
                raise CaptureError(em)

    def _change(
        self, neuron: NeuronId, outside: Mask, n_rows: int, number: int
    ) -> AbstractContextManager[None]:
        model, at = self.forward.model, place_of(neuron, self.side)
        if self.how is Check.ZERO:
            return interventions.zero(model, at)
        if not outside.any():
            em = (
                f"All mined entities lie in the range of {str(neuron)!r}, so there is no "
                "value outside of it. Use how='zero' (--how zero)."
            )
            raise ParameterError(em)
        if self.how is Check.MEAN:
            return interventions.mean(model, at, [self._mean(neuron, outside)])
        seed = np.random.SeedSequence(self.seed, spawn_key=(_DONORS, number))
        donors = np.random.default_rng(seed).choice(np.flatnonzero(outside), n_rows)
        positions = self.dataset.split.mined[donors]
        return interventions.resample(model, at, self.forward.activations(positions, at))

    def _mean(self, neuron: NeuronId, outside: Mask) -> float:
        """Mean over entities and positions; what was run once is kept."""
        if neuron not in self._means:
            at = replace(place_of(neuron, self.side), reducer="mean")
            values = self.forward.values(self.dataset.split.mined, at)
            self._means[neuron] = values[:, 0]
        return float(self._means[neuron][outside].mean())
