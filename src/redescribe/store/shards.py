"""What each shard of a search has worked: a small file of its own, so that none waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redescribe.store import schema
from redescribe.store.files import read_json, reading, write_record

if TYPE_CHECKING:
    from pathlib import Path

SHARDS = "shards"


def add_seconds(folder: Path, number: int, of: int, seconds: float) -> None:
    """Add the seconds of a session of a shard to those of its earlier ones.

    Raises
    ------
    StoreError
        If the file system refuses.
    """
    path = folder / SHARDS / f"{number}-of-{of}.json"
    spent = _seconds(path) if path.exists() else 0.0
    record: dict[str, schema.JSON] = {
        **schema.header(schema.SHARD),
        "shard": number,
        "of": of,
        "seconds": spent + seconds,
    }
    write_record(path, record)


def seconds_of_shards(folder: Path) -> float:
    """Return the seconds of all shards together; 0 where there was none.

    Raises
    ------
    StoreError
        If a file is broken.
    """
    return sum(map(_seconds, sorted((folder / SHARDS).glob("*-of-*.json"))))


def _seconds(path: Path) -> float:
    record = read_json(path)
    schema.check_encoding(record, schema.SHARD, path)
    with reading(path):
        return float(record["seconds"])  # type: ignore[arg-type]  # else it is broken
