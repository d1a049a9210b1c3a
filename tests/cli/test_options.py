"""Options follow from the parameter classes, and read counts, shares and percentages."""

from __future__ import annotations

import dataclasses
import inspect
from typing import TYPE_CHECKING, Any, get_args

import pytest
import typer

from redescribe.cli.mine import mine
from redescribe.cli.options import support_bound, with_parameters
from redescribe.cli.rules import rules
from redescribe.core.entities import SplitParams
from redescribe.mining.params import MineParams
from redescribe.search.params import SearchParams
from redescribe.significance.params import AssessParams

if TYPE_CHECKING:
    from collections.abc import Callable

OWNERS = (MineParams, SplitParams, AssessParams)


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("10", 10),
        ("1", 1),
        ("1.0", 1.0),
        ("0.05", 0.05),
        ("5%", 0.05),
        ("100%", 1.0),
        (0.8, 0.8),
        (10, 10),
    ],
)
def test_bounds_on_supports(text: str | float, bound: float) -> None:
    read = support_bound(text)
    assert read == bound
    assert isinstance(read, int) is isinstance(bound, int)


@pytest.mark.parametrize("text", ["", "%", "ten", "1.5", "101%", "10.0", "inf", "1e3"])
def test_what_is_no_bound(text: str) -> None:
    with pytest.raises(typer.BadParameter, match="is no count"):
        support_bound(text)


@pytest.mark.parametrize("command", [mine, rules])
def test_only_bounds_on_supports_are_read_as_counts_or_shares(
    command: Callable[..., None],
) -> None:
    read = {
        parameter.name
        for parameter in inspect.signature(command).parameters.values()
        for part in get_args(parameter.annotation)
        if getattr(part, "parser", None) is support_bound
    }
    assert read == ({"min_support", "max_support"} if command is mine else set())


def test_each_field_is_an_option_with_its_default() -> None:
    options = inspect.signature(mine).parameters
    types = [
        type(getattr(SearchParams(), f.name)) for f in dataclasses.fields(SearchParams)
    ]
    nested = [found for found in types if dataclasses.is_dataclass(found)]
    assert len(nested) == len(types) - 1
    for owner in (*OWNERS, *nested, SearchParams):
        for field in dataclasses.fields(owner):
            if field.default is not dataclasses.MISSING:
                expected: Any = field.default
                if isinstance(expected, tuple):
                    expected = list(expected)
                assert options[field.name].default == expected


def test_a_name_in_two_classes_is_one_option() -> None:
    seen: dict[str, object] = {}

    @with_parameters(MineParams, SplitParams)
    def command(*, parameters: dict[str, object]) -> None:
        seen.update(parameters)

    options = {name: p.default for name, p in inspect.signature(command).parameters.items()}
    command(**(options | {"seed": 7}))
    assert [name for name in seen if name == "seed"] == ["seed"]
    assert seen["seed"] == 7
