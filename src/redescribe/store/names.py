"""Names of layers and views as names of folders."""

from __future__ import annotations

import hashlib
from urllib.parse import quote

_LONGEST = 150


def folder_name(name: str) -> str:
    """Return a name percent-encoded, so that it is one folder on every file system.

    A very long name is cut and ends in a hash of the whole; the exact name is always stored
    in a file as well.

    Examples
    --------
    >>> folder_name("model.layers/3"), folder_name("..")
    ('model.layers%2F3', '%2E.')
    """
    encoded = quote(name, safe="") or "%"
    if encoded.startswith("."):
        encoded = f"%2E{encoded[1:]}"
    if len(encoded) <= _LONGEST:
        return encoded
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"{encoded[:_LONGEST].rpartition('%')[0] or encoded[:_LONGEST]}-{digest}"
