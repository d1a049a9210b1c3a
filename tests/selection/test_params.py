"""Bounds, names and weights of the choice."""

from __future__ import annotations

import dataclasses
import inspect
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from redescribe.cli.mine import mine
from redescribe.core.entities import SplitParams
from redescribe.errors import ParameterError, UnknownNameError
from redescribe.mining.params import MineParams
from redescribe.selection.params import Score, SelectParams, Strategy
from redescribe.selection.weights import Weights
from redescribe.significance.params import AssessParams

shares = st.floats(0, 1)


@given(st.lists(shares, min_size=7, max_size=7))
def test_weights_have_the_sum_1(raw: list[float]) -> None:
    assume(sum(raw) > 1e-300)
    named: dict[str, Any] = dict(zip(_weight_fields(), raw, strict=True))
    weights = SelectParams(**named).weights
    assert sum(weights) == pytest.approx(1)
    assert min(weights) >= 0
    assert [weight == 0 for weight in raw if weight in {0, 1}] == [
        weight == 0 for weight, given in zip(weights, raw, strict=True) if given in {0, 1}
    ]


def test_the_published_defaults() -> None:
    weights = SelectParams().weights
    assert weights.jaccard / weights.p == pytest.approx(0.2 / 0.15)
    assert weights.p == weights.attributes == weights.entities == weights.coverage
    assert weights.stability == 0


def test_all_weights_zero_is_an_error() -> None:
    nothing: dict[str, Any] = dict.fromkeys(_weight_fields(), 0.0)
    with pytest.raises(ParameterError, match="All weights of SelectParams are 0"):
        SelectParams(**nothing)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("weight_jaccard", -0.1),
        ("weight_p", 1.1),
        ("weight_size", float("nan")),
        ("max_per_target", 0),
        ("size_norm", 0),
        ("near_duplicate", 1.5),
    ],
)
def test_bounds(name: str, value: float) -> None:
    with pytest.raises(ParameterError, match=f"'{name}' parameter of SelectParams"):
        SelectParams(**{name: value})  # type: ignore[arg-type]


def test_options_are_chosen_by_name() -> None:
    params = SelectParams(select="cover", score="jaccard")  # type: ignore[arg-type]
    assert params == SelectParams(select=Strategy.COVER, score=Score.JACCARD)
    with pytest.raises(UnknownNameError, match="There is no select 'covre'"):
        SelectParams(select="covre")  # type: ignore[arg-type]
    with pytest.raises(UnknownNameError, match="There is no score 'j'"):
        SelectParams(score="j")  # type: ignore[arg-type]


def test_a_row_is_the_weights_that_it_names() -> None:
    params = SelectParams(preferences=("size=0.25, jaccard=.75",))
    assert params.weights == Weights(0.75, 0, 0, 0, 0.25, 0, 0)
    assert params.rows == (params,)
    assert SelectParams().rows == (SelectParams(),)
    rows: Any = ["p=1", "size=1"]  # as TOML and the command line have them
    several = SelectParams(preferences=rows, max_per_target=7)
    assert several.preferences == ("p=1", "size=1")
    assert [row.preferences for row in several.rows] == [("p=1",), ("size=1",)]
    assert {row.max_per_target for row in several.rows} == {7}
    with pytest.raises(ParameterError, match=r"has 2 rows .* Take each of its 'rows'"):
        _ = several.weights


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (("jaccard",), r"row 'jaccard' of 'preferences' has 'jaccard'. Write it as"),
        (("",), r"row '' of 'preferences' has ''. Write it as 'jaccard=0.5,p=0.2'"),
        (("p=1,",), r"row 'p=1,' of 'preferences' has ''"),
        (("p=1", "p=1,p=1"), "row 'p=1,p=1' of 'preferences' names 'p' twice"),
        (("p=much",), r"has p=much. A weight is a number in the range \[0, 1\]"),
        (("p=1.5",), "has p=1.5. A weight is"),
        (("p=-1",), "has p=-1. A weight is"),
        (("p=nan",), "has p=nan. A weight is"),
        (("p=0,size=0",), "weighs nothing. Give at least one term more than 0"),
        ("p=1", r"row 'p' of 'preferences' has 'p'. Write it as"),
    ],
)
def test_what_is_no_row(rows: tuple[str, ...], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        SelectParams(preferences=rows)


def test_a_term_that_does_not_exist_names_the_nearest() -> None:
    with pytest.raises(
        UnknownNameError, match=r"has no term 'jacard'\. Did you mean 'jaccard'"
    ):
        SelectParams(preferences=("jacard=1",))


def test_preferences_stand_instead_of_other_weights() -> None:
    with pytest.raises(ParameterError, match="has 'preferences' and 'weight_size'"):
        SelectParams(preferences=("p=1",), weight_size=0.5)
    with pytest.raises(ParameterError, match="select='all' reports everything"):
        SelectParams(preferences=("p=1",), select=Strategy.ALL)


def test_a_row_weighs_something_that_the_strategy_looks_at() -> None:
    rows = ("jaccard=1", "p=1,stability=0.5,size=0")
    assert SelectParams(preferences=rows, select=Strategy.EXCHANGE).preferences == rows
    with pytest.raises(ParameterError, match=r"row 'p=1,.*' of .*Weigh one of: coverage,"):
        SelectParams(preferences=rows, select=Strategy.COVER)
    with pytest.raises(ParameterError, match="nothing that select='exchange' looks at"):
        SelectParams(preferences=("stability=1",), select=Strategy.EXCHANGE)


def test_no_option_has_the_name_of_another() -> None:
    own = {field.name for field in dataclasses.fields(SelectParams)}
    others: list[Any] = [MineParams(), SplitParams(), AssessParams()]
    taken: set[str] = set()
    while others:
        params = others.pop()
        for field in dataclasses.fields(params):
            value = getattr(params, field.name)
            if dataclasses.is_dataclass(value):
                others.append(value)
            taken.add(field.name)
    assert own & taken == set()
    assert own <= set(inspect.signature(mine).parameters)


def _weight_fields() -> list[str]:
    return [f"weight_{name}" for name in Weights._fields]
