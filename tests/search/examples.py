"""Small views with something to find, and the tasks of their targets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from redescribe.core.constraint import Constraints
from redescribe.core.entities import EntityIndex
from redescribe.core.support import n_words
from redescribe.core.view import Attribute, AttributeKind, View
from redescribe.discretize.base import categorical_bins, discretize
from redescribe.discretize.modes import Discretization
from redescribe.discretize.quantile import bin_view
from redescribe.search.base import Task
from redescribe.search.baseline import baseline_grid
from redescribe.search.literals import target_view
from redescribe.search.params import SearchParams
from redescribe.search.registry import strategy
from redescribe.significance.tails import log_factorials
from redescribe.trees.rules import rules_of

if TYPE_CHECKING:
    from redescribe._typing import Floats
    from redescribe.core.binned import Bins

COLOURS = ("blue", "green", "grey", "red")


def view(name: str, columns: dict[str, Floats], *, nominal: tuple[str, ...] = ()) -> View:
    """A view of these columns; nominal ones hold the codes of four colours."""
    attributes = tuple(
        Attribute(column, AttributeKind.NOMINAL, COLOURS)
        if column in nominal
        else Attribute(column)
        for column in columns
    )
    values = np.array(list(columns.values()), np.float64)
    return View(name, EntityIndex.numbered(values.shape[1]), attributes, values)


def mixed(
    seed: int, n_entities: int, *, missing_share: float = 0.0, name: str = "y"
) -> View:
    """Three numeric attributes, one of few values, and a nominal one."""
    rng = np.random.default_rng(seed)
    a, b, c = rng.normal(size=(3, n_entities))
    columns = {"a": a, "b": b, "c": np.round(c), "k": rng.integers(0, 4, n_entities) + 0.0}
    for column in columns.values():
        column[rng.random(n_entities) < missing_share] = np.nan
    return view(name, columns, nominal=("k",))


def task(
    own: View,
    partner: View,
    params: SearchParams | None = None,
    mode: Discretization = Discretization.TWO_BIN,
) -> Task:
    """The search for the first attribute of a view."""
    params = params or SearchParams()
    attribute, values = own.attributes[0], own.values[0]
    n = len(own.entities)
    if attribute.is_numeric:
        bins = discretize(values, mode)
        fine = bin_view(own, params.trees.max_bins).bins[0]
        grid = baseline_grid(values, bins, fine, params.budget.max_cuts)
    else:
        bins = grid = categorical_bins(len(attribute.categories))
    binned = bin_view(partner, params.trees.max_bins)
    return Task(
        own=target_view(own.name, attribute, values, bins),
        grid=target_view(own.name, attribute, values, grid),
        view=bin_view(own, params.trees.max_bins, _coarse(own, mode)),
        position=0,
        partner=binned,
        partner_rules=rules_of([], np.zeros((0, n_words(n)), np.uint64), binned),
        partner_literals=strategy(params.search).prepare(binned, params),
        params=params,
        constraints=Constraints(),
        support_bounds=params.thresholds.support_bounds(n),
        log_factorials=log_factorials(n),
        seed=np.random.SeedSequence(0, spawn_key=(1, 2)),
    )


def _coarse(own: View, mode: Discretization) -> list[Bins]:
    return [
        discretize(values, mode)
        if attribute.is_numeric
        else categorical_bins(len(attribute.categories))
        for attribute, values in zip(own.attributes, own.values, strict=True)
    ]
