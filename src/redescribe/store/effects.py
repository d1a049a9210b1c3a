"""Effects of interventions <-> `effects.parquet` of a run folder."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from redescribe.core.effect import Effect, Effects, EffectsEvidence
from redescribe.store import schema
from redescribe.store.files import metadata_of, read_parquet, reading, write_parquet

if TYPE_CHECKING:
    from os import PathLike

EFFECTS = "effects.parquet"
_EVIDENCE = "evidence"


def write_effects(folder: str | PathLike[str], effects: Effects) -> Path:
    """Write `effects.parquet` into a folder and return its path.

    Raises
    ------
    StoreError
        If the file system refuses.
    """
    path = Path(folder) / EFFECTS
    table = pa.Table.from_pylist(effects.rows(), schema=schema.EFFECT_ROWS)
    evidence = json.dumps(asdict(effects.evidence))
    metadata = {**schema.header(schema.EFFECTS), _EVIDENCE: evidence}
    write_parquet(path, table.replace_schema_metadata(metadata))
    return path


def has_effects(folder: str | PathLike[str]) -> bool:
    """Return whether a folder has effects."""
    return (Path(folder) / EFFECTS).exists()


def read_effects(folder: str | PathLike[str]) -> Effects:
    """Read the effects of a run folder.

    Raises
    ------
    StoreError
        If there are none, or the file is broken.
    """
    path = Path(folder) / EFFECTS
    table = read_parquet(path)
    with reading(path):
        metadata = metadata_of(table, path)
        schema.check_encoding(metadata, schema.EFFECTS, path)
        evidence = EffectsEvidence(**json.loads(metadata[_EVIDENCE]))
        return Effects(tuple(map(Effect.of_row, table.to_pylist())), evidence)
