"""Two views of which it is known, attribute by attribute, what relates them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from redescribe.core.view import View

if TYPE_CHECKING:
    from collections.abc import Iterable

    from redescribe._typing import Floats, Mask
    from redescribe.core.redescription import Redescription

OWN, PARTNER = "own", "partner"
SHIFT = 6.0
"""How far the values of a planted attribute move where its hidden signal is on."""
COMMON = 0.5
"""Variance that the other attributes of a view have in common."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """What a data set is like.

    Attributes
    ----------
    n_entities, n_attributes
        Of each of the two views.
    n_planted
        Attributes of each view that carry a hidden signal: attribute i of one view and
        attribute i of the other carry the same one, two of one view never do.
    share
        How often a signal is on.
    noise
        How often an attribute has the wrong value of its signal, on each side.
    missing
        How often a cell has no value.
    """

    n_entities: int
    n_attributes: int
    n_planted: int = 0
    share: float = 0.3
    noise: float = 0.1
    missing: float = 0.0

    def views(self, seed: int) -> tuple[View, View]:
        """Return both views; entities are independent draws of one law."""
        rng = np.random.default_rng(seed)
        signals = rng.random((self.n_planted, self.n_entities)) < self.share
        own = View.of(OWN, self._values(signals, rng))
        return own, View.of(PARTNER, self._values(signals, rng))

    def _values(self, signals: Mask, rng: np.random.Generator) -> Floats:
        """The values of a view, (n_entities, n_attributes), the planted ones first."""
        values: Floats = rng.normal(size=(self.n_attributes, self.n_entities))
        # Attributes of one view depend on each other, so do tests of null findings.
        common = rng.normal(size=self.n_entities)
        others = values[self.n_planted :]
        others *= np.sqrt(1 - COMMON)
        others += np.sqrt(COMMON) * common
        wrong = rng.random(signals.shape) < self.noise
        values[: self.n_planted] += SHIFT * (signals ^ wrong)
        values[rng.random(values.shape) < self.missing] = np.nan
        return values.T

    def planted_in(self, found: Redescription) -> frozenset[int]:
        """Return the numbers of the signals that both queries of a finding speak about.

        Empty for a null finding: no attribute of its left query has its signal in common
        with one of its right query, so the two queries are independent by construction,
        whatever else they say.
        """
        left, right = (self._signals(query.attributes) for query in found.queries)
        return left & right

    def carries_signal(self, attribute: str) -> bool:
        """Whether an attribute, `x0` or the like, is a planted one."""
        return int(attribute.removeprefix("x")) < self.n_planted

    def _signals(self, attributes: Iterable[str]) -> frozenset[int]:
        return frozenset(
            int(name.removeprefix("x")) for name in attributes if self.carries_signal(name)
        )
