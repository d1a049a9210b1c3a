"""The settings of a study, and their tables."""

from __future__ import annotations

import dataclasses

import pytest

from redescribe.config.model import StudyConfig, StudySettings, ViewSource
from redescribe.config.parameters import Parameter, entries, parameters
from redescribe.config.tables import build, flat, nested, table_of
from redescribe.errors import ConfigError, ParameterError
from redescribe.mining.params import MineParams
from redescribe.selection.params import SelectParams


def test_the_defaults_are_those_of_the_parameter_classes() -> None:
    config = StudyConfig()
    assert config.mine == MineParams()
    assert config.select == SelectParams()
    assert config.views == {}


def test_a_seed_has_its_bounds() -> None:
    with pytest.raises(ParameterError, match="'seed' parameter of StudySettings"):
        StudySettings(seed=-1)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (ViewSource(), r"\[views\.a\] needs 'table' or 'activations'\. Got neither\."),
        (ViewSource(table="t", activations="s"), "Got both"),
        (ViewSource(activations="s", id="i"), "has an 'id', which is for tables"),
    ],
)
def test_a_view_has_one_source(source: ViewSource, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        StudyConfig(views={"a": source})


def test_tables_and_classes_are_each_others_reverse() -> None:
    sources = {
        "a.b": ViewSource(table="t.csv", columns=("x", "y")),
        "c": ViewSource(table="u"),
    }
    config = StudyConfig(views=sources, mine=MineParams(targets=("c",)))
    table = table_of(config)
    assert build(StudyConfig, table) == config
    assert nested(flat(table)) == table
    assert nested(flat({"views": {"x": {}}})) == {"views": {"x": {}}}


def test_the_search_has_no_table_of_its_own() -> None:
    found = {entry.name: entry for entry in entries(MineParams)}
    fields = [field.name for field in dataclasses.fields(MineParams().search)]
    assert set(fields) < set(found)
    # The key of that name is the strategy.
    search = found["search"]
    assert isinstance(search, Parameter)
    assert search.default == "auto"


@pytest.mark.parametrize(
    "parameter", parameters(), ids=lambda parameter: ".".join(parameter.place)
)
def test_every_parameter_is_described(parameter: Parameter) -> None:
    assert parameter.legend
    assert "\n" not in parameter.legend
    assert parameter.values
    if parameter.kind.value in {"integer", "number"}:
        assert parameter.bounds is not None
    assert parameter.kind.value != "one of" or len(parameter.options) >= 2


def test_every_section_has_parameters_that_are_core() -> None:
    core = {parameter.section[0] for parameter in parameters() if parameter.is_core}
    assert core == {field.name for field in dataclasses.fields(StudyConfig)}


def test_what_is_called_core_exists() -> None:
    from redescribe.config import parameters as module  # noqa: PLC0415

    known = {(".".join(p.section), p.name) for p in parameters()}
    core = {(section, name) for section, names in module._CORE.items() for name in names}
    assert core <= known
