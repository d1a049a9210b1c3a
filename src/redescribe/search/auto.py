"""'auto': beam search, and trees for what it cannot describe."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from redescribe.search.beam import Beam
from redescribe.search.individual import Trees

if TYPE_CHECKING:
    from redescribe.core.binned import BinnedView
    from redescribe.search.base import Description, Task
    from redescribe.search.literal_pool import LiteralPool
    from redescribe.search.params import SearchParams


class Auto:
    """Asks 'beam', and 'trees', whose rules are longer, where that finds nothing.

    References
    ----------
    docs/decisions/0012-default-strategy.md and docs/strategies.md.
    """

    def __init__(self) -> None:
        self._beam, self._trees = Beam(), Trees()

    def prepare(self, partner: BinnedView, params: SearchParams) -> LiteralPool:
        """Return what 'beam' needs of a partner view."""
        return self._beam.prepare(partner, params)

    def describe(self, task: Task) -> Description | None:
        """Return what one of the two finds for one target and partner view."""
        found = self._beam.describe(task)
        if found is not None and found.candidates:
            return found
        grown = self._trees.describe(task)
        if found is None or grown is None:
            return grown or found
        return replace(grown, n_scored=found.n_scored + grown.n_scored)
