"""Names and categories that Siren and python-clired can read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from redescribe.readers.foreign_names import Escapes, ForeignNames, escaped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redescribe.core.view import View

ID_COLUMNS = frozenset(
    {
        *("id", "Id", "ID", "ids", "Ids", "IDS"),
        *("identifier", "Identifier", "identifiers", "Identifiers"),
    }
)
LATITUDES = frozenset(
    {
        *("lat", "Lat", "latitude", "Latitude"),
        *("lats", "Lats", "latitudes", "Latitudes"),
    }
)
LONGITUDES = frozenset(
    {
        *("long", "Long", "longitude", "Longitude"),
        *("longs", "Longs", "longitudes", "Longitudes"),
    }
)
SPARSE_COLUMNS = frozenset(
    {
        *("cid", "cids", "CID", "CIDS", "variable", "Variable"),
        *("variables", "Variables", "value", "Value", "values", "Values"),
    }
)
OTHER_COLUMNS = frozenset(
    {
        *("enabled_row", "enabled_rows", "enabled_col", "enabled_cols"),
        *("groups_col", "groups_cols", "cond_time", "cond_var", "cond_col", "timeid"),
    }
)
_RESERVED = ID_COLUMNS | LATITUDES | LONGITUDES | SPARSE_COLUMNS | OTHER_COLUMNS
_SIGN = "~"
_UNSAFE = re.compile(
    r"[<>=!?&|,;%\"\\{}()\[\]\u2227\u2228\u2264\u2265\u2208\u2209\u2260\u00ac\x00-\x1f\x7f\x85\u2028\u2029]"
    r"|\A\s+|\s+\Z|~(?=[0-9A-Fa-f]{2})|\A[@#'\d]|\A[+\-.](?=\d)"
)
_FIRST = re.compile(r"\A.", re.DOTALL)
_INDEX = re.compile(r"v\d+")
_UNSAFE_ID = re.compile(r"\A\s+|\s+\Z|\A#|[\x00-\x1f\x7f]|~(?=[0-9A-Fa-f]{2})")
# What reads as a number, a truth value or a missing value.
_NO_TEXT = frozenset(
    {
        "",
        "?",
        "na",
        "nan",
        "-",
        "t",
        "f",
        "true",
        "false",
        "inf",
        "infinity",
        "null",
        "none",
    }
)


def clired_name(name: str) -> str:
    """Return a name that begins with a letter or the like and has no sign of a query in it.

    >>> (
    ...     clired_name("worst radius"),
    ...     clired_name("a>b"),
    ...     clired_name("7th"),
    ...     clired_name("v3"),
    ... )
    ('worst radius', 'a~3Eb', '~37th', '~763')
    """
    text = escaped(name, _UNSAFE, sign=_SIGN)
    special = _INDEX.fullmatch(text) or text in _RESERVED or text.lower() in _NO_TEXT
    return _begun_otherwise(text) if special else text


def clired_names(views: Sequence[View]) -> ForeignNames:
    """Return how the tables write the names of these views; unique in each view.

    >>> from redescribe.core.view import View
    >>> clired_names([View.of("a", [[1.0]], names=["a>b"])]).attributes
    {'a': {'a>b': 'a~3Eb'}}
    """
    return ForeignNames.of(views, _ESCAPES)


def _category(category: str) -> str:
    text = escaped(category, _UNSAFE, sign=_SIGN)
    return _begun_otherwise(text) if text.lower() in _NO_TEXT else text


def _entity(entity: str) -> str:
    text = escaped(entity, _UNSAFE_ID, sign=_SIGN)
    return _begun_otherwise(text) if text.lower() in _NO_TEXT else text


def _begun_otherwise(text: str) -> str:
    return escaped(text, _FIRST, sign=_SIGN) or _SIGN


_ESCAPES = Escapes(name=clired_name, category=_category, entity=_entity, unique=False)
