"""How names, numbers and categories are written: in a query, in a table."""

from __future__ import annotations

import json
import re

KEYWORDS = frozenset({"AND", "OR", "NOT", "in"})
_BARE = re.compile(r'[^\s"(){}<>=,]+')


def format_number(number: float) -> str:
    """Return the shortest text that reads back as the same double.

    >>> format_number(65.0), format_number(0.1)
    ('65', '0.1')
    """
    return repr(float(number)).removesuffix(".0")


def format_text(text: str) -> str:
    """Return a text in quotation marks, as JSON writes it.

    >>> format_text("worst radius")
    '"worst radius"'
    """
    return json.dumps(text, ensure_ascii=False)


def format_name(name: str) -> str:
    """Return an attribute name, quoted where the grammar needs it.

    >>> format_name("fc2:7"), format_name("worst radius")
    ('fc2:7', '"worst radius"')
    """
    bare = _BARE.fullmatch(name) and name not in KEYWORDS and not is_number(name)
    return name if bare else format_text(name)


def is_number(text: str) -> bool:
    """Return whether a word reads as a number.

    >>> is_number("1e-3"), is_number("fc2:7")
    (True, False)
    """
    try:
        float(text)
    except ValueError:
        return False
    return True


def power_of_ten(log10_value: float) -> float | None:
    """Return 10 ** value, or None where it underflows: a p of zero is never shown.

    >>> power_of_ten(-2.0), power_of_ten(-400.0)
    (0.01, None)
    """
    value = float(10.0**log10_value)
    return value or None
