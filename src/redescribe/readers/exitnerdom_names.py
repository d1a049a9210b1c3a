"""Names that the reference implementation can read in its `.rr` files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from redescribe.readers.foreign_names import Escapes, ForeignNames, escaped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redescribe.core.view import View

# What the grammar of queries uses, and what would read as an escape already.
_UNSAFE_NAME = re.compile(
    r"[\s<>=()\x00-\x1f\x7f\u0085\u2028\u2029]|%(?=[0-9A-Fa-f]{2})|\A(?:AND|OR|NOT)\Z"
)
_UNSAFE_CATEGORY = re.compile(_UNSAFE_NAME.pattern + r"|['\"]")
_UNSAFE_ID = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]|%(?=[0-9A-Fa-f]{2})")
_APOSTROPHE = re.compile("'")
_NOTHING = "%"


def rr_name(name: str) -> str:
    """Return a name without blanks, brackets, signs of comparison and keywords.

    >>> rr_name("fc2:7"), rr_name("worst radius"), rr_name("a>b"), rr_name("AND")
    ('fc2:7', 'worst%20radius', 'a%3Eb', '%41%4E%44')
    """
    return escaped(name, _UNSAFE_NAME) or _NOTHING


def rr_names(views: Sequence[View]) -> ForeignNames:
    """Return how `.rr` files write the names of these views; unique over all of them.

    >>> from redescribe.core.view import View
    >>> a = View.of("a", [[1.0]], names=["worst radius"])
    >>> rr_names([a, View.of("b", [[2.0]], names=["x"])]).attributes
    {'a': {'worst radius': 'worst%20radius'}}
    """
    return ForeignNames.of(views, _ESCAPES)


def quoted_id(entity: str, *, always: bool = False) -> str:
    """Return an id for a list of ids: in quotes where blanks are in it.

    >>> quoted_id("165"), quoted_id("165", always=True), quoted_id("b c")
    ('165', "'165'", "'b c'")
    """
    plain = entity and not re.search(r"\s|\A['\"]", entity)
    if plain and not (always and "'" not in entity):
        return entity
    return f'"{entity}"' if "'" in entity else f"'{entity}'"


def _category(category: str) -> str:
    return escaped(category, _UNSAFE_CATEGORY) or _NOTHING


def _entity(entity: str) -> str:
    text = escaped(entity, _UNSAFE_ID)
    # Quotes of one kind only can enclose an id.
    return escaped(text, _APOSTROPHE) if "'" in text and '"' in text else text


_ESCAPES = Escapes(name=rr_name, category=_category, entity=_entity, unique=True)
