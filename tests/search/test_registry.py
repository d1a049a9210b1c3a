"""Strategies by name, and those that packages add."""

from __future__ import annotations

from importlib.metadata import EntryPoint
from typing import TYPE_CHECKING

import pytest
from tests.mining import examples as data

from redescribe.errors import ParameterError, UnknownNameError
from redescribe.mining.miner import mine
from redescribe.mining.params import MineParams
from redescribe.search import registry
from redescribe.search.individual import Trees
from redescribe.search.params import LiteralSearch, Objective, SearchParams

if TYPE_CHECKING:
    from collections.abc import Iterator


class Again(Trees):
    """The trees under another name."""


@pytest.fixture
def with_an_added_strategy(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    added = EntryPoint("again", f"{__name__}:Again", registry.ENTRY_POINT)
    monkeypatch.setattr(EntryPoint, "load", lambda _: Again)
    monkeypatch.setattr(registry, "entry_points", lambda group: [added])
    registry.added.cache_clear()
    yield
    registry.added.cache_clear()
    registry.strategy.cache_clear()


@pytest.mark.usefixtures("with_an_added_strategy")
def test_packages_add_strategies() -> None:
    assert isinstance(registry.strategy("again"), Again)
    x, y, _ = data.mixed_views()
    dataset = data.dataset([x, y])
    found, expected = (
        mine(dataset, MineParams(search=SearchParams(search=name), max_views=2))
        for name in ("again", "trees")
    )
    assert [r.key for r in found] == [r.key for r in expected]
    with pytest.raises(UnknownNameError, match="Did you mean 'again'"):
        SearchParams(search="agian")


def test_an_unknown_name_is_refused_where_it_is_given() -> None:
    with pytest.raises(UnknownNameError, match="There is no search 'tree'"):
        SearchParams(search="tree")


def test_trees_have_one_objective() -> None:
    objective = LiteralSearch(objective=Objective.LOG_P)
    with pytest.raises(ParameterError, match="The objective 'log-p' is for"):
        SearchParams(search="trees", literals=objective)
    assert SearchParams(search="beam", literals=objective).literals.objective == "log-p"
