"""TOML as text: the lines of the keys, and tables written down."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from redescribe.config.parameters import Place
    from redescribe.store.schema import JSON

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


def place_text(place: Place) -> str:
    """Return a place as a dotted key of TOML.

    >>> place_text(("views", "a b", "table"))
    'views."a b".table'
    """
    return ".".join(key if _BARE_KEY.fullmatch(key) else _quoted(key) for key in place)


def value_text(value: JSON) -> str:
    """Return a text, number, truth value or list as TOML.

    >>> value_text(["a", 1.0, True])
    '["a", 1.0, true]'
    """
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(value_text, value))}]"
    return str(value)


def toml_text(table: Mapping[str, Any], comments: Mapping[Place, str]) -> str:
    """Return nested tables as TOML, with comments behind the keys that have one.

    >>> print(toml_text({"mine": {"seed": 1}}, {("mine", "seed"): "default"}))
    [mine]
    seed = 1  # default
    """
    sections = _sections(table, ())
    blocks = [
        [f"{place_text(place[-1:])} = {value_text(value)}" for place, value in keys.items()]
        for keys in sections
    ]
    width = max((len(line) for block in blocks for line in block), default=0)
    texts = []
    for keys, block in zip(sections, blocks, strict=True):
        section = next(iter(keys))[:-1]
        lines = [f"[{place_text(section)}]"]
        for place, line in zip(keys, block, strict=True):
            comment = comments.get(place)
            lines.append(line if comment is None else f"{line:<{width}}  # {comment}")
        texts.append("\n".join(lines))
    return "\n\n".join(texts)


def line_numbers(text: str) -> dict[Place, int]:
    r"""Return the line, from 1, on which each key and table of a valid TOML text begins.

    >>> line_numbers("[mine]\nseed = 1")
    {('mine',): 1, ('mine', 'seed'): 2}
    """
    numbers: dict[Place, int] = {}
    header, statement, start = "", list[str](), 1
    for number, line in enumerate(text.split("\n"), start=1):
        start = start if statement else number
        statement.append(line)
        try:
            table = tomllib.loads("\n".join([header, *statement]))
        except tomllib.TOMLDecodeError:
            continue  # a text or list that goes on in the next line
        if len(statement) == 1 and line.lstrip().startswith("["):
            header = line
        for place in _places(table, ()):
            numbers.setdefault(place, start)
        statement.clear()
    return numbers


def _places(table: Mapping[str, Any], section: Place) -> list[Place]:
    places: list[Place] = []
    for key, value in table.items():
        places.append((*section, key))
        if isinstance(value, Mapping):
            places += _places(value, (*section, key))
    return places


def _sections(table: Mapping[str, Any], section: Place) -> list[dict[Place, JSON]]:
    """The tables that have keys of their own, each before the tables within it."""
    keys: dict[Place, JSON] = {}
    below: list[dict[Place, JSON]] = []
    for key, value in table.items():
        if isinstance(value, Mapping):
            below += _sections(value, (*section, key))
        else:
            keys[*section, key] = value
    return [keys, *below] if keys else below


def _quoted(text: str) -> str:
    # JSON escapes what TOML wants escaped, but for DEL.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
