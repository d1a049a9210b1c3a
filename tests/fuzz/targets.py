"""Readers of what strangers send, each as a function of bytes, and valid inputs of each."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from tests.readers.test_exitnerdom import LEFT, RIGHT, TEXT

import redescribe as rd
from redescribe.config.sources import resolve
from redescribe.core.grammar import parse_query, parse_redescription
from redescribe.errors import RedescribeError
from redescribe.readers.arff import read_arff
from redescribe.readers.delimited import read_delimited
from redescribe.readers.exitnerdom import read_rr
from redescribe.readers.exitnerdom_settings import read_settings
from redescribe.readers.tables import read
from redescribe.store.files import read_array, read_json, read_parquet
from redescribe.store.results import load
from redescribe.store.run import RunFolder

if TYPE_CHECKING:
    from collections.abc import Callable

ARFF = b"""% a comment
@relation 'people at home'
@attribute id string
@attribute 'age in years' numeric
@attribute smoker {no, yes, 'per haps'}
@data
p1, 30.5, no
'p 2', ?, yes
{0 p3, 1 4e1}
"""
CSV = b'id,age,"has ""it""",smoker\np1,30,1e3,true\np2,NA,"4",false\n'
QUERY = b'(a > 1.5 AND "b c" in {"x", "y"}) OR (NOT (0 < d <= 2)) <=> e = "f"'
TOML = b"""[study]
output = "run"
[views.x]
table = "x.csv"
columns = ["a*"]
[mine]
chunk_size = 4
[split]
hold_out = 0.3
"""
SETTINGS = b"Input1 = x.arff\nnumRandomRestarts = 2\nminJS = 0.5\n"


@dataclass(frozen=True, slots=True)
class Target:
    """A reader, and inputs that it accepts or nearly accepts.

    Attributes
    ----------
    read
        Reads bytes; raises errors of ours only.
    seeds
        What mutations begin with.
    """

    read: Callable[[bytes], object]
    seeds: tuple[bytes, ...]


def _of_file(reader: Callable[[Path], object], name: str) -> Callable[[bytes], object]:
    def read_bytes(content: bytes) -> object:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            path.write_bytes(content)
            return reader(path)

    return read_bytes


def _read_query(content: bytes) -> object:
    text = content.decode("utf-8", "surrogateescape")
    with suppress(RedescribeError):
        parse_query(text, "x")
    return parse_redescription(text, ("x", "y"))


def _read_rr(path: Path) -> object:
    return read_rr(path, [LEFT, RIGHT])


def _read_run(path: Path) -> object:
    """Read the file as every file of a run folder that is JSON, and the folder itself."""
    folder = path.parent
    for name in ("run.json", "result.json"):
        (folder / name).write_bytes(path.read_bytes())
    for look in (rd.run_status, lambda f: RunFolder.open(f).dataset(), load):
        with suppress(RedescribeError):
            look(folder)
    return read_json(path)


def _seed(write: Callable[[Path], object], name: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder) / name)
        return (Path(folder) / name).read_bytes()


def _write_table(path: Path) -> None:
    import pyarrow as pa  # noqa: PLC0415 - a seed only
    from pyarrow import parquet  # noqa: PLC0415

    parquet.write_table(pa.table({"id": ["a", "b"], "x": [1.0, None]}), path)


RUN = b"""{"encoding-type": "run", "encoding-version": "0.1", "key": "k",
"inputs_complete": true, "views": ["x"], "stages": {"assess": "done"},
"split": {"hold_out": 0.3, "stratify": "", "seed": 0},
"parameters": {"resample": {"permutations": 2}}, "chunks": {"mine": 2, "permute": 1}}
"""
RESULT = b"""{"encoding-type": "assessed-set", "encoding-version": "0.1",
"views": ["x", "y"], "evidence": {}, "sample": null, "seconds": 1.0, "n_entities": 0,
"targets": [], "findings": []}
"""

TARGETS = {
    "arff": Target(_of_file(read_arff, "t.arff"), (ARFF,)),
    "csv": Target(_of_file(read_delimited, "t.csv"), (CSV,)),
    "tsv": Target(_of_file(read_delimited, "t.tsv"), (CSV.replace(b",", b"\t"),)),
    "rr": Target(_of_file(_read_rr, "t.rr"), (TEXT.encode(),)),
    "settings": Target(_of_file(read_settings, "t.set"), (SETTINGS,)),
    "query": Target(_read_query, (QUERY,)),
    "toml": Target(_of_file(resolve, "study.toml"), (TOML,)),
    "run": Target(_of_file(_read_run, "t.json"), (RUN, RESULT)),
    "parquet": Target(_of_file(read, "t.parquet"), (_seed(_write_table, "t.parquet"),)),
    "stored table": Target(
        _of_file(read_parquet, "t.parquet"), (_seed(_write_table, "t.parquet"),)
    ),
    "npy": Target(
        _of_file(read, "t.npy"), (_seed(lambda p: np.save(p, np.eye(3)), "t.npy"),)
    ),
    "stored array": Target(
        _of_file(read_array, "t.npy"), (_seed(lambda p: np.save(p, np.eye(3)), "t.npy"),)
    ),
    "npz": Target(
        _of_file(read, "t.npz"), (_seed(lambda p: np.savez(p, values=np.eye(3)), "t.npz"),)
    ),
}
"""The readers by name."""


def survives(name: str, content: bytes) -> object:
    """Read the bytes; None if the reader refuses them with an error of ours."""
    try:
        return TARGETS[name].read(content)
    except RedescribeError:
        return None
