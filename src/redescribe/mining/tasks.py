"""Which targets are mined against which views, and in which chunks."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import numpy as np

from redescribe.core.constraint import Constraints
from redescribe.discretize.base import bin_labels, categorical_bins, discretize
from redescribe.discretize.quantile import bin_view
from redescribe.errors import ParameterError, UnknownNameError, ViewError
from redescribe.mining.sampling import draw_targets
from redescribe.search.registry import strategy
from redescribe.search.shared import shared_rules
from redescribe.significance.tails import log_factorials

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from redescribe._typing import Floats, Int32s, Ints
    from redescribe.core.binned import BinnedView, Bins
    from redescribe.core.dataset import Dataset
    from redescribe.core.view import View
    from redescribe.mining.params import MineParams
    from redescribe.search.literal_pool import LiteralPool
    from redescribe.trees.rules import RuleList

_SEARCH_STAGE = 1


@dataclass(frozen=True, slots=True)
class Target:
    """One attribute to explain, and the views that may explain it."""

    view: str
    attribute: str
    partners: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class SearchInput:
    """What all chunks of a search share; read only.

    Attributes
    ----------
    part
        The mining part of the dataset.
    binned
        Each view of it as fine codes.
    rules
        Per view of targets and partner view, rules of the partner for any target.
    literals
        Per partner view, what the strategy has prepared of it.
    coarse
        Bins of the attributes of each view as targets.
    labels
        Of each view, what trees predict together (`joint_labels`).
    constraints
        What is demanded of the attributes of each view.
    support_bounds
        Inclusive counts of entities.
    log_factorials
        log(i!) for i = 0 … n_entities.
    """

    part: Dataset
    binned: Mapping[str, BinnedView]
    rules: Mapping[tuple[str, str], RuleList]
    literals: Mapping[str, LiteralPool | None]
    coarse: Mapping[str, list[Bins]]
    labels: Mapping[str, Int32s]
    params: MineParams
    constraints: Constraints
    support_bounds: tuple[int, int]
    log_factorials: Floats

    @classmethod
    def of(cls, dataset: Dataset, params: MineParams) -> SearchInput:
        """Return the input of a search on the mining part of a dataset."""
        part = dataset.mining_part
        constraints = Constraints.parse(params.constraints)
        constraints.check(part)
        for name in params.search.language.views:
            part.view(name)
        bounds = params.search.thresholds.support_bounds(part.n_entities)
        if bounds[0] > bounds[1]:
            em = (
                f"min_support is {bounds[0]} and max_support {bounds[1]} of "
                f"{part.n_entities} mining entities: no support can be within. Lower "
                "min_support (--min-support), raise max_support, or use more entities."
            )
            raise ParameterError(em)
        coarse = {view.name: target_bins(view, params) for view in part.views}
        binned = {
            view.name: _binned(view, coarse[view.name], params, constraints)
            for view in part.views
        }
        labels = {view.name: joint_labels(view, coarse[view.name]) for view in part.views}
        rules, literals = _serving_all(
            binned, coarse, labels, params, min_support=bounds[0]
        )
        return cls(
            part,
            binned,
            rules,
            literals,
            coarse,
            labels,
            params,
            constraints,
            bounds,
            log_factorials(part.n_entities),
        )

    def at(self, positions: Mapping[str, Ints]) -> SearchInput:
        """Return the input of a search in which each view has other entities.

        For permutations and resamples: `positions` names, for each view, the entities that
        take the places 0, 1, …. Bins stay; `part` stays that of the original entities.
        """
        binned = {name: view.take(positions[name]) for name, view in self.binned.items()}
        labels = {name: rows[:, positions[name]] for name, rows in self.labels.items()}
        n_entities = next(iter(binned.values())).n_entities
        bounds = self.params.search.thresholds.support_bounds(n_entities)
        rules, literals = _serving_all(
            binned, self.coarse, labels, self.params, min_support=bounds[0]
        )
        return replace(
            self,
            binned=binned,
            rules=rules,
            literals=literals,
            labels=labels,
            support_bounds=bounds,
            log_factorials=log_factorials(n_entities),
        )

    def with_partner(self, partner: View, target_views: Iterable[str]) -> SearchInput:
        """Return the input of a search in which one view is replaced, as the only partner.

        For null networks: bins, rules and literals of `partner`, which has the name and the
        mined entities of the view that it replaces, are made anew with the same settings,
        for targets of `target_views`. All else stays, also `part`.
        """
        coarse, name = target_bins(partner, self.params), partner.name
        binned = _binned(partner, coarse, self.params, self.constraints)
        search = self.params.search
        rules = {
            (view, name): shared_rules(
                self.labels[view],
                binned,
                coarse,
                search,
                min_support=self.support_bounds[0],
                seed=seed_of(self.params.seed, view, name),
            )
            for view in target_views
        }
        literals = {name: strategy(search.search).prepare(binned, search)}
        return replace(
            self, binned={**self.binned, name: binned}, rules=rules, literals=literals
        )


def _binned(
    view: View, coarse: list[Bins], params: MineParams, constraints: Constraints
) -> BinnedView:
    """A view as fine codes, without what is forbidden."""
    forbidden = constraints.forbidden(view.name)
    binned = bin_view(view, params.search.trees.max_bins, coarse).without(forbidden)
    if not (binned.n_bins > 1).any():
        em = (
            f"View {view.name!r} cannot be mined: each of its {len(view.attributes)} "
            f"attributes is {'forbidden, ' if forbidden else ''}constant or missing on all "
            f"{len(view.entities)} mining entities. Check the file or leave the view out."
        )
        raise ViewError(em)
    return binned


def _serving_all(
    binned: Mapping[str, BinnedView],
    coarse: Mapping[str, list[Bins]],
    labels: Mapping[str, Int32s],
    params: MineParams,
    *,
    min_support: int,
) -> tuple[dict[tuple[str, str], RuleList], dict[str, LiteralPool | None]]:
    """Rules per view of targets and partner view, and literals per partner view."""
    rules = {
        (view, partner): shared_rules(
            labels[view],
            binned[partner],
            coarse[partner],
            params.search,
            min_support=min_support,
            seed=seed_of(params.seed, view, partner),
        )
        for view in binned
        for partner in binned
        if view != partner
    }
    prepare = strategy(params.search.search).prepare
    literals = {
        name: prepare(view, params.search)
        for name, view in binned.items()
        if not params.partners or name in params.partners
    }
    return rules, literals


def seed_of(seed: int, *names: str) -> np.random.SeedSequence:
    """Return the seed of what is done for named things.

    Names, not positions: another view more must not change the result of a target.
    """
    key = (_SEARCH_STAGE, *(zlib.crc32(name.encode()) for name in names))
    return np.random.SeedSequence(seed, spawn_key=key)


def target_bins(view: View, params: MineParams) -> list[Bins]:
    """Return the coarse bins of every attribute of a view, as a target."""
    return [
        discretize(values, params.discretizer)
        if attribute.is_numeric
        else categorical_bins(len(attribute.categories))
        for attribute, values in zip(view.attributes, view.values, strict=True)
    ]


def joint_labels(view: View, coarse: list[Bins]) -> Int32s:
    """Return the labels of a view that trees predict together, (n_targets, n_entities).

    These are all attributes of a view that has a nominal or Boolean one, else none: units
    of a layer are many, and each has trees of its own.
    """
    if all(attribute.is_numeric for attribute in view.attributes):
        return np.empty((0, len(view.entities)), np.int32)
    return np.array(list(map(bin_labels, view.values, coarse)), np.int32)


@dataclass(frozen=True, slots=True, eq=False)
class Chunk:
    """Targets that are mined, and stored, together."""

    number: int
    targets: tuple[Target, ...]
    shared: SearchInput


def plan_chunks(dataset: Dataset, params: MineParams) -> list[Chunk]:
    """Return all work, cut into chunks that do not depend on the workers.

    Where `params.neurons` asks for a sample, only its targets are mined.

    Raises
    ------
    UnknownNameError, ParameterError
        If a target or partner does not exist, or a target has no partner left.
    """
    available = choose_targets(dataset, params)
    shared = SearchInput.of(dataset, params)
    targets = draw_targets(available, shared.part, params.sample, seed=params.seed)
    size = params.chunk_size
    return [
        Chunk(number, tuple(targets[start : start + size]), shared)
        for number, start in enumerate(range(0, len(targets), size))
    ]


def choose_targets(dataset: Dataset, params: MineParams) -> list[Target]:
    """Return the targets in the order of the views and their attributes.

    A text in `params.targets` is a view, VIEW:ATTRIBUTE, the id of a captured neuron, or a
    glob of any of these. What is a name is never read as a glob.

    Raises
    ------
    UnknownNameError, ParameterError
        As `plan_chunks`.
    """
    for partner in params.partners:
        dataset.view(partner)
    wanted = dict.fromkeys(
        pair for text in params.targets or dataset.names for pair in _resolve(text, dataset)
    )
    _check_views(dataset, params)
    constraints = Constraints.parse(params.constraints)
    targets = []
    for view in dataset.views:
        partners = tuple(
            name for name in params.partners or dataset.names if name != view.name
        )
        forbidden = constraints.forbidden(view.name)
        for attribute in view.names:
            if (view.name, attribute) in wanted and attribute not in forbidden:
                if not partners:
                    em = (
                        f"View {view.name!r} is the only partner and a target. Name "
                        "another partner view."
                    )
                    raise ParameterError(em)
                _check_coverage(view.name, partners, params)
                targets.append(Target(view.name, attribute, partners))
    if not targets:
        named = ", ".join(repr(f"{view}:{attribute}") for view, attribute in wanted)
        em = (
            f"Nothing is left to explain, for each target is forbidden: {named}. Name "
            "other targets (--target) or forbid less (--constraint)."
        )
        raise ParameterError(em)
    return targets


def _check_views(dataset: Dataset, params: MineParams) -> None:
    """Required views exist, and a finding has room for them."""
    for name in params.required_views:
        dataset.view(name)
    if len(set(params.required_views)) > params.max_views:
        em = (
            f"{len(set(params.required_views))} views are required, but max_views is "
            f"{params.max_views}. Raise it (--max-views) or require fewer views."
        )
        raise ParameterError(em)


def _check_coverage(view: str, partners: tuple[str, ...], params: MineParams) -> None:
    """A finding about a target of this view can cover the required views."""
    missing = sorted(set(params.required_views) - {view, *partners})
    rest = set(params.required_views) - {view}
    if missing or len(rest) >= params.max_views:
        what = (
            f"view {missing[0]!r}, which is required, is not among the partners"
            if missing
            else f"{len(rest)} further views are required and max_views is "
            f"{params.max_views}"
        )
        em = (
            f"Targets of view {view!r} cannot be described: {what}. Name other targets "
            "(--target), partners or required views."
        )
        raise ParameterError(em)


def _resolve(text: str, dataset: Dataset) -> list[tuple[str, str]]:
    if text in dataset.names:
        return [(text, attribute) for attribute in dataset.view(text).names]
    view_name, _, attribute = text.partition(":")
    is_view = view_name in dataset.names
    if is_view and attribute in dataset.view(view_name).names:
        return [(view_name, attribute)]
    # The id of a neuron may start with the name of its view: fc2:7 of the view fc2.
    found = [(view.name, text) for view in dataset.views if text in view.names]
    if found:
        return found
    if any(mark in text for mark in "*?["):
        return _matching(text, dataset)
    if is_view and attribute:
        dataset.view(view_name).position(attribute)
    what = "There is no view or attribute"
    raise UnknownNameError.among(what, text, dataset.names)


def _matching(text: str, dataset: Dataset) -> list[tuple[str, str]]:
    """What a glob matches; within a view that it names exactly, if something is there."""
    for view in dataset.views:
        within = text.removeprefix(f"{view.name}:")
        found = [
            (view.name, name)
            for name in view.names
            if within != text and (fnmatchcase(name, within) or fnmatchcase(name, text))
        ]
        if found:
            return found
    names = {
        (view.name, name): (view.name, name, f"{view.name}:{name}")
        for view in dataset.views
        for name in view.names
    }
    found = [
        place for place, texts in names.items() if any(fnmatchcase(t, text) for t in texts)
    ]
    if not found:
        known = [*dataset.names, *(texts[-1] for texts in names.values())]
        what = "No view or attribute matches"
        raise UnknownNameError.among(what, text, known)
    return found
