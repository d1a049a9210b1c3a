"""The JSON Schema says of every key what the parameter classes say."""

from __future__ import annotations

import json
from typing import Any

import pytest

from redescribe.config.parameters import Kind, Parameter, parameters
from redescribe.config.schema import json_schema

SCHEMA = json_schema()
KEYS = {
    "ge": "minimum",
    "gt": "exclusiveMinimum",
    "le": "maximum",
    "lt": "exclusiveMaximum",
}


def definition(node: dict[str, Any]) -> dict[str, Any]:
    """A node, or what it refers to."""
    reference = node.get("$ref")
    found = SCHEMA["$defs"][reference.rpartition("/")[2]] if reference else node
    assert isinstance(found, dict)
    return found


def node_at(place: tuple[str, ...]) -> dict[str, Any]:
    node = SCHEMA
    for key in place:
        node = definition(node)
        node = node["additionalProperties"] if key == "NAME" else node["properties"][key]
    return node


@pytest.mark.parametrize(
    "parameter", parameters(), ids=lambda parameter: ".".join(parameter.place)
)
def test_every_key_has_legend_default_range_and_mark(parameter: Parameter) -> None:
    node = node_at(parameter.place)
    assert node["description"] == parameter.legend
    assert node["default"] == parameter.default
    assert node["x-mark"] == ("core" if parameter.is_core else "advanced")
    if parameter.kind is Kind.OPTION:
        assert node["enum"] == list(parameter.options)
    elif parameter.kind in {Kind.SUPPORT, Kind.TEXTS, Kind.PATHS}:
        assert len(node["anyOf"]) >= 2
    else:
        kinds = {Kind.FLAG: "boolean", Kind.INTEGER: "integer", Kind.NUMBER: "number"}
        assert node["type"] == kinds.get(parameter.kind, "string")
    if parameter.bounds is not None and parameter.kind is not Kind.SUPPORT:
        limits = {KEYS[side]: getattr(parameter.bounds, side) for side in KEYS}
        assert {key: node.get(key) for key in limits} == limits


def test_unknown_keys_are_refused_everywhere() -> None:
    assert SCHEMA["additionalProperties"] is False
    for owner in SCHEMA["$defs"].values():
        assert owner["additionalProperties"] is False
        assert owner["description"]


def test_it_is_json() -> None:
    assert json.loads(json.dumps(SCHEMA, allow_nan=False)) == SCHEMA
