"""The JSON Schema of a configuration document, for editors."""

from __future__ import annotations

from typing import Any

from redescribe.config.document import document

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema: legends, types, ranges, defaults; `x-mark` says core or not.

    >>> json_schema()["properties"]["views"]["type"]
    'object'
    """
    schema = document().model_json_schema()
    return {"$schema": _DIALECT, **schema, "title": "Configuration of redescribe"}
