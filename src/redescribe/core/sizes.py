"""Bytes and seconds as people write them."""

from __future__ import annotations

import math
import re

from redescribe.errors import ParameterError

_UNITS = {"": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12}
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([kmgt]?b)?", re.IGNORECASE)


def format_bytes(n_bytes: int) -> str:
    """Return a number of bytes with two digits.

    >>> format_bytes(43_008_000), format_bytes(999), format_bytes(1_500)
    ('43 MB', '999 B', '1.5 kB')
    """
    size, unit = float(n_bytes), "B"
    for larger in ("kB", "MB", "GB", "TB"):
        if size < 1000:
            break
        size, unit = size / 1000, larger
    return f"{size:.2g} {unit}" if size < 10 else f"{size:.0f} {unit}"


def format_seconds(seconds: float) -> str:
    """Return a time that is an estimate, without digits that it does not have.

    >>> format_seconds(0.2), format_seconds(40.2), format_seconds(400), format_seconds(9000)
    ('1 s', '40 s', '7 min', '2.5 h')
    """
    if seconds < 90:
        return f"{math.ceil(seconds) if seconds < 10 else round(seconds)} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def parse_size(size: str | int) -> int:
    """Return a size such as "25MB" in bytes; a number is bytes.

    Raises
    ------
    ParameterError
        If it is no size.

    Examples
    --------
    >>> parse_size("25MB"), parse_size("1.5 kB"), parse_size(800)
    (25000000, 1500, 800)
    """
    match = _SIZE.fullmatch(str(size).strip())
    if match is None or not float(match[1]):
        em = (
            f"A size is a number with kB, MB, GB or TB, such as 25MB. Got {size!r} instead."
        )
        raise ParameterError(em)
    return int(float(match[1]) * _UNITS[(match[2] or "").lower().removeprefix("b")])
