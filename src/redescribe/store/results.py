"""Assessed sets <-> folders: tables for everyone, one record to rebuild the set exactly."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pyarrow as pa

from redescribe.core.assessed import AssessedSet
from redescribe.errors import StoreError
from redescribe.store import schema
from redescribe.store.atomic import is_free, storing
from redescribe.store.files import (
    RUN_AGAIN,
    read_json,
    read_parquet,
    reading,
    write_parquet,
    write_record,
)
from redescribe.store.parts import parts_done
from redescribe.store.records import (
    evidence_of,
    finding_of,
    finding_record,
    n_queries,
    near_duplicate_of,
    near_duplicate_records,
    report_of,
    report_record,
    sample_of,
    sample_record,
)
from redescribe.store.supports import SUPPORTS_DIGEST, read_supports, write_supports
from redescribe.store.tables import table_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from os import PathLike

    from redescribe.core.near_duplicate import NearDuplicate

RESULT, SUPPORTS = "result.json", "supports/assessed.npy"
NEAR_DUPLICATES = "near_duplicates.parquet"
TABLES = ("assessed.parquet", "targets.parquet", NEAR_DUPLICATES)


def save(assessed: AssessedSet, path: str | PathLike[str]) -> None:
    """Write an assessed set into a folder of its own; `load` gives an equal set back.

    The folder holds `assessed.parquet` (the columns of `AssessedSet.rows`),
    `targets.parquet`, `near_duplicates.parquet`, `supports/assessed.npy` and `result.json`.
    A set that was saved there before is replaced.

    Raises
    ------
    StoreError
        If the path is a run folder, holds other files, or the file system refuses.
    """
    folder = Path(path).resolve()
    with storing(folder):
        taken = folder.exists() and not is_free(folder)
    if taken and ((folder / "run.json").exists() or not (folder / RESULT).exists()):
        em = f"{folder} holds something else than a saved set. Choose another folder."
        raise StoreError(em)
    write_assessed(folder, assessed)


def load(path: str | PathLike[str]) -> AssessedSet:
    """Read the assessed set of a run folder, or one that `save` has written.

    Raises
    ------
    StoreError
        If there is none: the path does not exist, is no run folder, or the run is not
        finished; or if a file is broken.
    """
    folder = Path(path).resolve()
    if (folder / RESULT).exists():
        return read_assessed(folder)
    if not folder.exists():
        em = f"{folder} does not exist. Give the folder of a run."
        raise StoreError(em)
    if (folder / "run.json").exists():
        em = (
            f"{folder} is an unfinished run: {len(parts_done(folder))} parts are searched, "
            "but the findings are not tested yet. Start the same run with the same folder "
            "again; it goes on where it stopped."
        )
        raise StoreError(em)
    em = (
        f"{folder} is not a run folder: it has neither run.json nor {RESULT}. Give the "
        "folder of a run."
    )
    raise StoreError(em)


def write_assessed(folder: Path, assessed: AssessedSet) -> None:
    """Write the tables, the supports and, last, the record of an assessed set.

    Raises
    ------
    StoreError
        If the file system refuses.
    """
    # Old and new files are never mixed: without its record, there is no assessed set.
    with storing(folder / RESULT):
        (folder / RESULT).unlink(missing_ok=True)
    findings = table_of(assessed.rows(), assessed.columns)
    write_parquet(folder / "assessed.parquet", findings)
    write_parquet(folder / "targets.parquet", table_of(assessed.target_rows()))
    near = [row for finding in assessed for row in near_duplicate_records(finding)]
    near_table = pa.Table.from_pylist(near, schema=schema.NEAR_DUPLICATES)
    write_parquet(folder / NEAR_DUPLICATES, near_table)
    supports = [finding.redescription.supports for finding in assessed]
    digest = write_supports(folder / SUPPORTS, supports)
    record: dict[str, Any] = {
        **schema.header(schema.ASSESSED_SET),
        "views": list(assessed.views),
        "evidence": asdict(assessed.evidence),
        "sample": sample_record(assessed.sample),
        "seconds": assessed.seconds,
        "n_entities": supports[0][0].n_entities if supports else 0,
        SUPPORTS_DIGEST: digest,
        "targets": list(map(report_record, assessed.targets)),
        "findings": list(map(finding_record, assessed)),
    }
    write_record(folder / RESULT, record)


def read_assessed(folder: Path) -> AssessedSet:
    """Read what `write_assessed` has written.

    Raises
    ------
    StoreError
        If a file is missing or broken.
    """
    path = folder / RESULT
    record = cast("dict[str, Any]", read_json(path, RUN_AGAIN))
    schema.check_encoding(record, schema.ASSESSED_SET, path)
    with reading(path, RUN_AGAIN):
        findings = record["findings"]
        sizes = n_queries(finding["redescription"] for finding in findings)
        supports = read_supports(
            folder / SUPPORTS,
            sizes,
            record["n_entities"],
            digest=record.get(SUPPORTS_DIGEST),
        )
        near_duplicates = _read_near_duplicates(folder / NEAR_DUPLICATES, findings)
        return AssessedSet(
            tuple(map(finding_of, findings, supports, near_duplicates)),
            tuple(map(report_of, record["targets"])),
            tuple(record["views"]),
            evidence_of(record["evidence"]),
            record["seconds"],
            sample_of(record.get("sample")),  # runs from before samples have none
        )


def check_tables(folder: Path, names: Sequence[str]) -> None:
    """Check that tables for readers are there and whole.

    Raises
    ------
    StoreError
        If one is missing or broken.
    """
    for name in (*TABLES, *names):
        read_parquet(folder / name)


def _read_near_duplicates(
    path: Path, findings: Sequence[Mapping[str, Any]]
) -> list[tuple[NearDuplicate, ...]]:
    """The near duplicates of each finding; where none are counted, no file is needed."""
    # Folders that are older than the links have neither counts nor the file.
    counts = [finding.get("n_near_duplicates", 0) for finding in findings]
    near: dict[str, list[NearDuplicate]] = {finding["id"]: [] for finding in findings}
    if any(counts):
        table = read_parquet(path)
        with reading(path):
            rows = table.to_pylist()
            for row in rows:
                near[row["id"]].append(near_duplicate_of(row))
            if list(map(len, near.values())) != counts:
                em = f"{len(rows)} rows, which are not those that {RESULT} counts"
                raise ValueError(em)
    return [tuple(of_finding) for of_finding in near.values()]
