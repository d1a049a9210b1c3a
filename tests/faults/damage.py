"""Ways to damage a file, and a small run to damage."""

from __future__ import annotations

import shutil
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from pyarrow import parquet

import redescribe as rd

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

N_ENTITIES = 120


def empty(content: bytes) -> bytes:
    return b""


def truncated(content: bytes) -> bytes:
    return content[: len(content) // 2]


def one_byte_short(content: bytes) -> bytes:
    return content.rstrip()[:-1]


def strange(content: bytes) -> bytes:
    return np.random.default_rng(0).bytes(200)


def one_bit_flipped(content: bytes, at: float) -> bytes:
    place = int(at * (len(content) - 1))
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "empty": empty,
    "truncated": truncated,
    "one byte short": one_byte_short,
    "strange": strange,
    **{
        f"bit at {at:.0%}": partial(one_bit_flipped, at=at)
        for at in (0.0, 0.13, 0.37, 0.5, 0.71, 0.93, 1.0)
    },
}


def dataset() -> rd.Dataset:
    """Two views of four attributes, two pairs of which go together; nothing is missing."""
    values = np.random.default_rng(0).normal(size=(N_ENTITIES, 4))
    noise = np.random.default_rng(1).normal(size=values.shape)
    return rd.Dataset.of([rd.View.of("x", values), rd.View.of("y", values + 0.3 * noise)])


def mined(folder: Path) -> rd.AssessedSet:
    """Mine that into a folder, or take up what is there: 4 chunks of 2 targets, nulls.

    The seconds, which no two runs share, are left out.
    """
    found = rd.run_stages(
        dataset(),
        folder,
        rd.MineParams(chunk_size=2, search=rd.SearchParams(search="beam")),
        resample_params=rd.ResampleParams(permutations=6),
    )
    return timeless(found)


def timeless(found: rd.AssessedSet) -> rd.AssessedSet:
    """Return findings without the seconds they took."""
    return replace(found, seconds=0.0)


def contents(folder: Path) -> dict[str, object]:
    """What the tables, parts and inputs of a run hold; run.json and seconds left out."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {
        path.relative_to(folder).as_posix(): (
            parquet.read_table(path).to_pylist()
            if path.suffix == ".parquet"
            else path.read_bytes()
        )
        for path in files
        if path.name not in {"run.json", "result.json"}
    }


def copied(source: Path, target: Path) -> Path:
    """Return a copy, files with their times."""
    shutil.copytree(source, target)
    return target
