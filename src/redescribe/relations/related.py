"""Everything that a run says about how neurons, layers and concepts belong together."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from redescribe.relations.layers import LayerTable, layer_table
from redescribe.relations.links import Links, links_of
from redescribe.relations.matching import Matching, match
from redescribe.relations.places import network_views, places_of
from redescribe.relations.roles import Roles, roles_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redescribe.core.assessed import AssessedSet, Cell
    from redescribe.core.dataset import Dataset
    from redescribe.relations.meanings import MeaningRule


@dataclass(frozen=True, slots=True)
class Related:
    """Roles of targets, links to concepts, layers against layers, matched neurons.

    Attributes
    ----------
    roles
        What each target stands for.
    links
        Which attribute occurs with which target.
    layers
        How well one layer is described by another.
    matchings
        Every two layers of neurons between which findings match some.
    """

    roles: Roles
    links: Links
    layers: LayerTable
    matchings: tuple[Matching, ...]

    def tables(self) -> dict[str, list[dict[str, Cell]]]:
        """Return the tables `roles`, `links`, `layers`, `matches` and `groups` as rows."""
        return {
            "roles": [role.row() for role in self.roles.roles],
            "links": [link.row() for link in self.links.links],
            "layers": [pair.row() for pair in self.layers.pairs],
            "matchings": [matching.row() for matching in self.matchings],
            "matches": [
                matching.places | found.row()
                for matching in self.matchings
                for found in matching.matches
            ],
            "groups": [
                matching.places | group.row()
                for matching in self.matchings
                for group in matching.groups
            ],
        }


def relate(
    assessed: AssessedSet,
    dataset: Dataset,
    *,
    networks: Sequence[str] = (),
    rule: MeaningRule | None = None,
) -> Related:
    """Return what the findings say about neurons, layers, networks and concepts.

    Parameters
    ----------
    assessed
        The findings; only confirmed ones count where there is a hold-out.
    dataset
        What they were mined on.
    networks
        Views whose numeric attributes are neurons too, though they were not captured here.
    rule
        When alternatives count as meanings of their own.

    Raises
    ------
    UnknownNameError
        If there is no such view.
    ViewError
        If one of `networks` has attributes that are no numbers.

    Examples
    --------
    >>> import numpy as np
    >>> import redescribe as rd
    >>> values = np.random.default_rng(0).normal(size=(200, 2))
    >>> data = rd.Dataset.of([rd.View.of("a", values), rd.View.of("b", 2 * values)])
    >>> found = rd.assess(rd.select(rd.mine(data)), data)
    >>> [
    ...     (m.left, m.right)
    ...     for m in relate(found, data, networks=["a", "b"]).matchings[0].matches
    ... ]
    [('a:x0', 'b:x0'), ('a:x1', 'b:x1')]
    """
    known = {*network_views(dataset), *(dataset.view(name).name for name in networks)}
    layers = [found for found in places_of(dataset).items() if found[0].view in known]
    matchings = (
        match(assessed, dataset, left, right)
        for left, right in combinations(layers, 2)
        # Within a view nothing is mined.
        if left[0].view != right[0].view
    )
    return Related(
        roles_of(assessed, dataset, rule, networks=networks),
        links_of(assessed),
        layer_table(assessed, dataset),
        tuple(found for found in matchings if found.matches or found.groups),
    )
