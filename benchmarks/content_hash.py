"""A hash of what a run found, to compare runs that were made in different ways."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from pyarrow import parquet

if TYPE_CHECKING:
    from pathlib import Path

ALWAYS = ("assessed.parquet", "targets.parquet")
IF_SEARCHED = ("nulls.parquet", "recovery.parquet", "null_networks.parquet")


def content_hash(folder: Path) -> str:
    """Return a hash of the values in the tables of a run, not of its files."""
    digest = hashlib.sha256()
    searched = [name for name in IF_SEARCHED if (folder / name).exists()]
    for name in (*ALWAYS, *searched):
        table = parquet.read_table(folder / name)
        digest.update(repr((table.schema.names, table.to_pylist())).encode())
    return digest.hexdigest()
