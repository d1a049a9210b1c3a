"""A target as codes: what its searches start from, also on permuted entities."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from redescribe.discretize.describable import why_not_describable
from redescribe.mining.tasks import seed_of
from redescribe.search.base import Task
from redescribe.search.baseline import baseline_grid
from redescribe.search.literals import halved, own_literals, target_view

if TYPE_CHECKING:
    from redescribe._typing import Ints
    from redescribe.core.binned import BinnedView
    from redescribe.discretize.modes import NotDescribable
    from redescribe.mining.tasks import SearchInput, Target


@dataclass(frozen=True, slots=True, eq=False)
class CodedTarget:
    """A target that can be described, coded in two ways.

    Attributes
    ----------
    target
        Its names and partners.
    position
        Its row in its view.
    own
        The target alone, coded by its coarse bins.
    grid
        The same, coded by the cuts that the one-literal baseline tries.
    """

    target: Target
    position: int
    own: BinnedView
    grid: BinnedView

    @classmethod
    def of(cls, target: Target, shared: SearchInput) -> CodedTarget:
        """Return a target on the entities of the mining part."""
        view = shared.part.view(target.view)
        position = view.position(target.attribute)
        attribute, values = view.attributes[position], view.values[position]
        bins = shared.coarse[target.view][position]
        own = target_view(view.name, attribute, values, bins)
        grid = own
        if attribute.is_numeric:
            fine = shared.binned[view.name].bins[position]
            cuts = shared.params.search.budget.max_cuts
            grid_bins = baseline_grid(values, bins, fine, cuts)
            grid = target_view(view.name, attribute, values, grid_bins)
            if not len(own_literals(own, shared.params.search, shared.support_bounds)):
                own = halved(grid)
        return cls(target, position, own, grid)

    def at(self, positions: Ints) -> CodedTarget:
        """Return the target on the entities at these positions, which may repeat."""
        grid = self.grid.take(positions)
        own = grid if self.own is self.grid else self.own.take(positions)
        return replace(self, own=own, grid=grid)

    def tasks(self, shared: SearchInput) -> list[Task]:
        """Return one search for each partner view; both are on the same entities."""
        view = self.target.view
        return [
            Task(
                own=self.own,
                grid=self.grid,
                view=shared.binned[view],
                position=self.position,
                partner=shared.binned[partner],
                partner_rules=shared.rules[view, partner],
                partner_literals=shared.literals[partner],
                params=shared.params.search,
                constraints=shared.constraints,
                support_bounds=shared.support_bounds,
                log_factorials=shared.log_factorials,
                seed=seed_of(shared.params.seed, view, self.target.attribute, partner),
            )
            for partner in self.target.partners
        ]


def reason_against(target: Target, shared: SearchInput) -> NotDescribable | None:
    """Return why a target cannot be described; None where it can."""
    view = shared.part.view(target.view)
    position = view.position(target.attribute)
    low, high = shared.support_bounds
    return why_not_describable(
        view.values[position],
        shared.coarse[target.view][position],
        is_numeric=view.attributes[position].is_numeric,
        min_support=low,
        max_support=high,
    )
