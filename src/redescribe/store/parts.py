"""The results of one chunk of targets: written once, whole, never edited."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

import pyarrow as pa

from redescribe.errors import StoreError
from redescribe.store import schema
from redescribe.store.atomic import storing
from redescribe.store.files import (
    copy_file,
    metadata_of,
    read_parquet,
    reading,
    write_parquet,
)
from redescribe.store.records import (
    n_queries,
    redescription_of,
    redescription_record,
    report_of,
    report_record,
)
from redescribe.store.supports import SUPPORTS_DIGEST, read_supports, write_supports

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from redescribe.core.redescription import Redescription, TargetReport

TargetResult = tuple["TargetReport", tuple["Redescription", ...]]
"""What one target gave: its report and its redescriptions, perhaps none."""

_logger = logging.getLogger("redescribe.store")


def write_part(folder: Path, chunk: int, results: Sequence[TargetResult], key: str) -> None:
    """Write a part under its stage key: first the supports, then the Parquet file.

    Raises
    ------
    StoreError
        If the file system refuses.
    """
    table_path, supports_path = _paths(folder, chunk)
    found = [redescription for _, kept in results for redescription in kept]
    supports = [redescription.supports for redescription in found]
    metadata = {
        **schema.header(schema.PART),
        "stage-key": key,
        SUPPORTS_DIGEST: write_supports(supports_path, supports),
        "n_entities": str(found[0].supports[0].n_entities if found else 0),
        "n_kept": json.dumps([len(kept) for _, kept in results]),
        "n_candidates": str(sum(report.n_candidates for report, _ in results)),
        "targets": json.dumps([report_record(report) for report, _ in results]),
    }
    table = pa.Table.from_pylist(
        list(map(redescription_record, found)),
        schema=schema.REDESCRIPTIONS.with_metadata(metadata),
    )
    write_parquet(table_path, table)


def has_part(folder: Path, chunk: int, key: str, *, remove: bool = True) -> bool:
    """Return whether a part is whole and was made under this stage key.

    A broken part is removed, with a warning on the logger `redescribe.store`; with `remove`
    false nothing is changed, in a folder that another process may write.
    """
    table_path, supports_path = _paths(folder, chunk)
    if not table_path.exists():
        return False
    try:
        table, metadata = _read_table(table_path)
        with reading(table_path):
            sizes, n_entities = n_queries(table.to_pylist()), int(metadata["n_entities"])
            stored_key = metadata["stage-key"]
        read_supports(
            supports_path, sizes, n_entities, digest=metadata.get(SUPPORTS_DIGEST)
        )
    except StoreError as error:
        if remove:
            _logger.warning("A part is removed and will be made again: %s", error)
            with storing(table_path):
                table_path.unlink(missing_ok=True)
                supports_path.unlink(missing_ok=True)
        return False
    return stored_key == key


def copy_part(source: Path, target: Path, chunk: int) -> None:
    """Copy a part of one folder into another, unchanged.

    Raises
    ------
    StoreError
        If the file system refuses.
    """
    table_path, supports_path = _paths(source, chunk)
    new_table_path, new_supports_path = _paths(target, chunk)
    copy_file(supports_path, new_supports_path)
    copy_file(table_path, new_table_path)


def read_part(folder: Path, chunk: int) -> list[TargetResult]:
    """Read a part: one report and its redescriptions per target, as they were written.

    Raises
    ------
    StoreError
        If the part is missing or broken.
    """
    table_path, supports_path = _paths(folder, chunk)
    table, metadata = _read_table(table_path)
    with reading(table_path):
        records = table.to_pylist()
        supports = read_supports(
            supports_path,
            n_queries(records),
            int(metadata["n_entities"]),
            digest=metadata.get(SUPPORTS_DIGEST),
        )
        found = iter(list(map(redescription_of, records, supports)))
        reports = map(report_of, json.loads(metadata["targets"]))
        return [
            (report, tuple(next(found) for _ in range(n_kept)))
            for report, n_kept in zip(reports, json.loads(metadata["n_kept"]), strict=True)
        ]


def parts_done(folder: Path) -> list[int]:
    """Return the numbers of the parts that are there, ascending."""
    paths = (folder / "redescriptions").glob("part-*.parquet")
    numbers = (path.stem.removeprefix("part-") for path in paths)
    return sorted(int(number) for number in numbers if number.isdecimal())


def _read_table(path: Path) -> tuple[pa.Table, dict[str, str]]:
    table = read_parquet(path)
    metadata = metadata_of(table, path)
    schema.check_encoding(metadata, schema.PART, path)
    return table, metadata


def _paths(folder: Path, chunk: int) -> tuple[Path, Path]:
    name = f"part-{chunk:05d}"
    return (
        folder / "redescriptions" / f"{name}.parquet",
        folder / "supports" / f"{name}.npy",
    )
