"""What one rule covers, and how often it is right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from redescribe._typing import Mask


@dataclass(frozen=True, slots=True)
class RuleEvidence:
    """Counts of one rule on one set of entities.

    Attributes
    ----------
    n_entities
        Entities looked at.
    n_covered
        Entities for which the rule holds.
    n_correct
        Of these, those to which the network gives the class of the rule.

    Examples
    --------
    >>> RuleEvidence(8, 4, 3).precision, RuleEvidence(8, 0, 0).precision
    (0.75, None)
    """

    n_entities: int
    n_covered: int
    n_correct: int

    @classmethod
    def of(cls, fires: Mask, correct: Mask) -> RuleEvidence:
        """Return the counts from where a rule fires, and where its class is the answer."""
        n_covered = int(np.count_nonzero(fires))
        return cls(fires.size, n_covered, int(np.count_nonzero(fires & correct)))

    @property
    def coverage(self) -> float | None:
        """Share of the entities for which the rule holds; None without entities."""
        return self.n_covered / self.n_entities if self.n_entities else None

    @property
    def precision(self) -> float | None:
        """Share of what it covers that has its class; None where it covers nothing."""
        return self.n_correct / self.n_covered if self.n_covered else None
