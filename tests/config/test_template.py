"""The template documents every parameter and is the defaults; the page is up to date."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from docs.make_configuration import page

from redescribe.config.model import StudyConfig
from redescribe.config.parameters import Parameter, parameters
from redescribe.config.sources import resolve
from redescribe.config.tables import flat
from redescribe.config.template import explanation, template, uncommented

DOCUMENT = Path(__file__).parents[2] / "docs" / "configuration.md"


def test_the_template_itself_sets_nothing(tmp_path: Path) -> None:
    path = tmp_path / "study.toml"
    path.write_text(template(), encoding="utf-8")
    resolved = resolve(path, environment={})
    assert resolved.config == StudyConfig()
    assert set(resolved.origins.values()) == {"default"}


def test_with_every_line_set_it_is_the_defaults(tmp_path: Path) -> None:
    path = tmp_path / "study.toml"
    path.write_text(uncommented(template()), encoding="utf-8")
    resolved = resolve(path, environment={})
    assert replace(resolved.config, views={}) == StudyConfig()
    assert list(resolved.config.views) == ["attributes", "neurons"]
    others = {
        o for place, o in resolved.origins.items() if place[:2] != ("views", "neurons")
    }
    assert "default" not in others


@pytest.mark.parametrize(
    "parameter", parameters(), ids=lambda parameter: ".".join(parameter.place)
)
def test_every_parameter_is_documented(parameter: Parameter) -> None:
    assert f"# {explanation(parameter)}\n#{parameter.name} = " in template()


def test_every_parameter_is_in_it_once() -> None:
    table = tomllib.loads(uncommented(template()))
    table["views"] = {"NAME": table["views"]["attributes"]}
    assert set(flat(table)) == {parameter.place for parameter in parameters()}


def test_the_page_is_up_to_date() -> None:
    message = "Run: python -m docs.make_configuration"
    assert DOCUMENT.read_text(encoding="utf-8") == page(), message
