"""The search, again and again, with null networks in the place of the one that explains."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from redescribe.core.network_null import NullKind, NullSeries
from redescribe.core.null_table import NullTable
from redescribe.core.resampling import Statistic
from redescribe.core.view import View
from redescribe.errors import (
    EntityMismatchError,
    ParameterError,
    UnknownNameError,
    ViewError,
)
from redescribe.executors.serial import SerialExecutor
from redescribe.mining.null_search import (
    PER_CHUNK,
    best_of_each,
    coded_targets,
    searched_kinds,
)
from redescribe.mining.params import MineParams
from redescribe.mining.tasks import plan_chunks
from redescribe.relations.places import network_views
from redescribe.significance.nulls import check_can_rotate, rotated

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from redescribe._typing import Floats
    from redescribe.core.dataset import Dataset
    from redescribe.core.protocols import Executor
    from redescribe.core.redescription import Kind
    from redescribe.mining.coded_target import CodedTarget
    from redescribe.mining.tasks import Chunk, SearchInput

_ROTATION_STAGE = 5


@dataclass(frozen=True, slots=True, eq=False)
class NetworkSearches:
    """All searches in which one network is replaced by null networks of one kind.

    Attributes
    ----------
    null
        The kind.
    partner
        The network that is replaced, on the mining part.
    untrained
        What replaces it, one after the other; empty where it is rotated.
    n_searches
        How many networks replace it.
    targets
        Neurons of other networks, each with this partner only.
    shared
        The input of the observed search.
    """

    null: NullKind
    partner: View
    untrained: tuple[View, ...]
    n_searches: int
    targets: tuple[CodedTarget, ...]
    shared: SearchInput

    @property
    def names(self) -> tuple[str, ...]:
        """How the run calls the targets."""
        part = self.shared.part
        return tuple(
            part.view(coded.target.view).target_name(coded.target.attribute)
            for coded in self.targets
        )

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of redescriptions that are searched."""
        return searched_kinds(self.shared)

    def chunks(self) -> list[NetworkChunk]:
        """Return the searches, cut into those that are done and stored together."""
        starts = range(0, self.n_searches, PER_CHUNK)
        return [
            NetworkChunk(
                number, range(start, min(start + PER_CHUNK, self.n_searches)), self
            )
            for number, start in enumerate(starts)
        ]

    def view(self, number: int) -> View:
        """Return the null network of a search; a rotation is drawn by its number alone."""
        if self.untrained:
            return self.untrained[number]
        name = zlib.crc32(self.partner.name.encode())
        seed = np.random.SeedSequence(
            self.shared.params.seed, spawn_key=(_ROTATION_STAGE, number, name)
        )
        return rotated(self.partner, seed)

    def table(self, maxima: Sequence[Floats]) -> NullSeries:
        """Return the maxima of all chunks, in order, as one table."""
        shape = (self.n_searches, len(self.targets), len(self.kinds), len(Statistic))
        values = np.concatenate(maxima).reshape(shape)
        searches = NullTable(self.names, self.kinds, values)
        return NullSeries(self.null, self.partner.name, searches)


@dataclass(frozen=True, slots=True, eq=False)
class NetworkChunk:
    """Searches of a series, by their numbers, that are done and stored together."""

    number: int
    searches: range
    series: NetworkSearches


def network_chunk(chunk: NetworkChunk) -> tuple[int, Floats]:
    """Return the number of a chunk and the maxima of its searches."""
    series = chunk.series
    views = dict.fromkeys(target.target.view for target in series.targets)
    maxima = [
        best_of_each(series.targets, series.shared.with_partner(series.view(number), views))
        for number in chunk.searches
    ]
    return chunk.number, np.stack(maxima)


def search_null_networks(
    dataset: Dataset,
    params: MineParams | None = None,
    *,
    rotations: int = 20,
    null_views: Mapping[str, Sequence[View]] | None = None,
    networks: Sequence[str] = (),
    executor: Executor | None = None,
) -> tuple[NullSeries, ...]:
    """Return what `mine` finds at best between networks where one of them means nothing.

    For every two views of networks, the neurons of one are explained by a null network in
    the place of the other: bins, literals and rules of it are made anew, and the whole
    search runs with the same settings and gates on the mining part.

    Parameters
    ----------
    dataset, params
        As in `mine`.
    rotations
        How often the layers of each network that explains are rotated.
    null_views
        By the name of the view that they replace: activations of untrained networks of the
        same architecture, with the same attributes; entities are joined by id.
    networks
        Views whose attributes are neurons too; those of captured networks are anyway.
    executor
        Where chunks of searches run; the result does not depend on it.

    Returns
    -------
    tuple of NullSeries
        One for each network that is rotated, then one for each with untrained networks.

    Raises
    ------
    ParameterError, UnknownNameError, ViewError, EntityMismatchError
        If no two views are networks, or what replaces a view does not fit.

    References
    ----------
    Specification of redescription mining, section 7.6.

    Examples
    --------
    >>> from redescribe.core.dataset import Dataset
    >>> from redescribe.core.entities import SplitParams
    >>> values = np.random.default_rng(0).normal(size=(100, 3))
    >>> views = [View.of("x", values), View.of("y", 2 * values)]
    >>> data = Dataset.of(views, SplitParams(hold_out=0))
    >>> found = search_null_networks(data, rotations=2, networks=["x", "y"])
    >>> [(series.null.value, series.partner, len(series.searches)) for series in found]
    [('rotated', 'x', 2), ('rotated', 'y', 2)]
    """
    planned = plan_null_networks(
        plan_chunks(dataset, params or MineParams()),
        rotations=rotations,
        null_views=null_views or {},
        networks=networks,
    )
    run = (executor or SerialExecutor()).map
    return tuple(
        series.table([maxima for _, maxima in run(network_chunk, series.chunks())])
        for series in planned
    )


def plan_null_networks(
    chunks: Sequence[Chunk],
    *,
    rotations: int,
    null_views: Mapping[str, Sequence[View]],
    networks: Sequence[str],
) -> list[NetworkSearches]:
    """Return the searches of null networks that belong to an observed search.

    Raises
    ------
    ParameterError, UnknownNameError, ViewError, EntityMismatchError
        As `search_null_networks`; also if networks are named and nothing replaces them.
    """
    given = {name: views for name, views in null_views.items() if views}
    if not rotations and not given:
        if networks:
            em = (
                "networks names views, but nothing replaces them. Ask for "
                "rotations (--rotations 20) or give untrained networks (--null-view "
                "VIEW=FILE)."
            )
            raise ParameterError(em)
        return []
    shared = chunks[0].shared
    known = _networks(shared.part, networks)
    partners = {
        partner
        for chunk in chunks
        for target in chunk.targets
        for partner in target.partners
        if {target.view, partner} <= set(known)
    }
    _check_pairs(shared, known, partners, given)
    untrained = {
        name: tuple(_replacing(view, shared.part.view(name)) for view in views)
        for name, views in given.items()
    }
    for name in partners if rotations else ():
        check_can_rotate(shared.part.view(name))
    targets = {
        partner: tuple(
            replace(coded, target=replace(coded.target, partners=(partner,)))
            for coded in coded_targets(chunks)
            if coded.target.view in known and partner in coded.target.partners
        )
        for partner in known
        if partner in partners
    }
    asked = [
        *((NullKind.ROTATED, name, ()) for name in targets if rotations),
        *((NullKind.UNTRAINED, name, untrained[name]) for name in targets if name in given),
    ]
    return [
        NetworkSearches(
            null,
            shared.part.view(name),
            views,
            len(views) or rotations,
            targets[name],
            shared,
        )
        for null, name, views in asked
        if targets[name]
    ]


def _networks(part: Dataset, named: Sequence[str]) -> tuple[str, ...]:
    """The views that are networks, in order."""
    known = {*network_views(part), *(part.view(name).name for name in named)}
    return tuple(name for name in part.names if name in known)


def _check_pairs(
    shared: SearchInput,
    networks: Sequence[str],
    partners: set[str],
    given: Mapping[str, Sequence[View]],
) -> None:
    """Some network explains another one, and what is given replaces such a network."""
    if not partners:
        em = (
            "Null networks replace a network that explains neurons of another one, but "
            f"there is no such pair: networks here: {', '.join(networks) or 'none'}. Say "
            "which views are networks where their neurons were not captured by redescribe "
            "(--network), and explain one by the other (--target, --partner)."
        )
        raise ParameterError(em)
    for name in given:
        if name not in partners:
            what = "No network whose neurons are explained has as partner a network called"
            raise UnknownNameError.among(what, name, sorted(partners))
    elsewhere = sorted(set(shared.params.required_views) - set(networks))
    if elsewhere:
        em = (
            f"Every finding must cover view {elsewhere[0]!r}, which is no network, so none "
            "relates two networks only and null networks have nothing to compare. Leave "
            "out --required-view, or --rotations and --null-view."
        )
        raise ParameterError(em)


def _replacing(null: View, view: View) -> View:
    """An untrained network with the name, attributes and mined entities of a view."""
    places = {entity: place for place, entity in enumerate(null.entities.ids)}
    missing = [entity for entity in view.entities.ids if entity not in places]
    if missing:
        em = (
            f"The untrained network for view {view.name!r} lacks {len(missing)} of its "
            f"{len(view.entities)} mined entities, such as {missing[0]!r}. Run it on the "
            "same inputs, with the same ids."
        )
        raise EntityMismatchError(em)
    unlike = set(view.names) ^ set(null.names)
    if unlike:
        name = next(n for n in (*view.names, *null.names) if n in unlike)
        has, lacks = ("view", "untrained network")
        if name not in view.names:
            has, lacks = lacks, has
        em = (
            f"The untrained network for view {view.name!r} has another architecture: "
            f"{name!r} is in the {has} and not in the {lacks}. Capture the same layers "
            "under the same name of the model."
        )
        raise ViewError(em)
    rows = [null.position(name) for name in view.names]
    if any(not null.attributes[row].is_numeric for row in rows):
        em = (
            f"The untrained network for view {view.name!r} has attributes that are no "
            "numbers. Give its activations."
        )
        raise ViewError(em)
    values = null.values[rows][:, [places[entity] for entity in view.entities.ids]]
    known = ~np.isnan(values)
    low = np.where(known, values, np.inf).min(axis=1)
    if not (np.where(known, values, -np.inf).max(axis=1) > low).any():
        em = (
            f"The untrained network for view {view.name!r} is dead: none of its "
            f"{len(rows)} neurons varies over the mined entities. Draw it with another "
            "seed."
        )
        raise ViewError(em)
    return View(view.name, view.entities, view.attributes, values)
